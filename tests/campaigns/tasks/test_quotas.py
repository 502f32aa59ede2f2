"""Quotas as a tree: live numbers, reasons beyond them, splits that fit."""

import threading
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from campaigns.tasks import actions, quotas
from campaigns.tasks.evidence import NAMED
from campaigns.tasks.models import Quota, QuotaEntry
from campaigns.tasks.rules import split_fault
from portal.access.roles import Role
from portal.access.scope import scope_of
from portal.reviews.workflow import WorkflowError
from portal.units.models import Level
from tests.factories.activities import make_activity
from tests.factories.units import make_unit

ROWS = "shares"


def _quota(actor, tree, **fields):
    values = {
        "title": "示范基地", "total": 10, "kind": NAMED, "parts": [(tree.pingding, 2, 3), (tree.yuxian, 2, 3)],
    }  # fmt: skip
    return actions.create_quota(actor=actor, unit=tree.city, **(values | fields))


def _fill(actor, quota, unit, label, **fields):
    return actions.add_entry(actor=actor, quota=quota, unit=unit, kind=NAMED, label=label, **fields)


def test_filled_short_and_over_are_live_and_beyond_needs_a_reason(person, tree):
    city, county = person(Role.CITY_OP, tree.city), person(Role.COUNTY_OP, tree.pingding)
    quota = _quota(city, tree)
    with pytest.raises(PermissionDenied):
        _fill(county, quota, tree.yuxian, "越界")
    _fill(county, quota, tree.guanshan, "冠山镇基地")
    lines = {line.share.unit: line.fill for line in quotas.sheet(quota).lines}
    assert (lines[tree.pingding].filled, lines[tree.pingding].short, lines[tree.yuxian].short) == (1, 1, 2)
    _fill(county, quota, tree.pingding, "二")
    _fill(county, quota, tree.pingding, "三")
    with pytest.raises(WorkflowError, match=r"3 个已满.*理由"):
        _fill(county, quota, tree.pingding, "四")
    entry = _fill(county, quota, tree.pingding, "四", over_reason="红色基地，市里同意")
    assert entry.over_reason
    lines = {line.share.unit: line.fill for line in quotas.sheet(quota).lines}
    assert (lines[tree.pingding].over, lines[tree.pingding].tone) == (1, "bad")
    assert quotas.in_list(scope_of(city)).get().filled == 4
    with pytest.raises(WorkflowError, match="已经登记过"):
        _fill(county, quota, tree.pingding, "二", over_reason="再来")
    with pytest.raises(WorkflowError, match="理由"):
        actions.remove_entry(actor=county, entry=entry, reason="")
    actions.remove_entry(actor=county, entry=entry, reason="重复")
    assert QuotaEntry.objects.count() == 3


def test_total_is_a_limit_of_its_own(person, tree):
    city = person(Role.CITY_OP, tree.city)
    quota = _quota(city, tree, total=1)
    _fill(city, quota, tree.yuxian, "一")
    with pytest.raises(WorkflowError, match="总数 1 已满"):
        _fill(city, quota, tree.pingding, "二")
    assert quotas.sheet(quota).asks_too_much


def test_quota_counts_existing_records_once(person, tree):
    city, county = person(Role.CITY_OP, tree.city), person(Role.COUNTY_OP, tree.pingding)
    quota = _quota(city, tree, kind="activity")
    mine, foreign = (
        make_activity(tree.dongguan, status="county_ok"),
        make_activity(tree.xiushui, status="county_ok"),
    )

    def fill(activity):
        return actions.add_entry(
            actor=county, quota=quota, unit=tree.pingding, kind="activity", key=f"activity:{activity.pk}"
        )

    assert fill(mine).label == mine.title
    with pytest.raises(WorkflowError, match="已经登记过"):
        fill(mine)
    with pytest.raises(WorkflowError, match="本单位的记录"):
        fill(foreign)


def test_split_must_fit_its_share_and_counts_upwards(person, tree):
    city, county, other = (
        person(Role.CITY_OP, tree.city), person(Role.COUNTY_OP, tree.pingding), person(Role.COUNTY_OP, tree.yuxian),
    )  # fmt: skip
    second = make_unit(tree.pingding, "140321101000", "冶西镇", Level.TOWNSHIP)
    quota = _quota(city, tree)
    share = quota.shares.get(unit=tree.pingding)

    def split(actor, *parts, unit=tree.pingding):
        return actions.create_quota(
            actor=actor, unit=unit, title="", total=0, kind=NAMED, parts=list(parts), parent=share
        )

    with pytest.raises(PermissionDenied):
        split(other, (tree.guanshan, 0, 3))
    with pytest.raises(WorkflowError, match="合计 4，超过本单位名额 3"):
        split(county, (tree.guanshan, 0, 2), (second, 0, 2))
    with pytest.raises(WorkflowError, match="合计 1，达不到"):
        split(county, (tree.guanshan, 0, 1))
    with pytest.raises(WorkflowError, match="下级"):
        split(county, (tree.xiushui, 0, 3))
    child = split(county, (tree.guanshan, 1, 2), (second, 0, 1))
    with pytest.raises(WorkflowError, match="已经分解过"):
        split(county, (tree.guanshan, 1, 2), (second, 0, 1))
    _fill(county, child, second, "冶西一")
    with pytest.raises(WorkflowError, match="冶西镇的名额 1 个已满"):
        _fill(county, child, second, "冶西二")
    assert quotas.sheet(quota).lines[0].fill.filled == 1
    assert (quotas.sheet(child).total.filled, child.total) == (1, 3)


@pytest.mark.django_db(transaction=True)
def test_two_entries_at_once_cannot_both_take_the_last_place(person, tree):
    city = person(Role.CITY_OP, tree.city)
    quota = _quota(city, tree, parts=[(tree.pingding, 0, 1)])
    refused, gate = [], threading.Barrier(2)

    def go(label):
        try:
            gate.wait(timeout=60)
            _fill(city, Quota.objects.get(pk=quota.pk), tree.pingding, label)
        except WorkflowError as error:
            refused.append(str(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(label,)) for label in ("甲", "乙")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert (QuotaEntry.objects.count(), len(refused)) == (1, 1)


def _page(tree, **fields):
    rows = {"shares-TOTAL_FORMS": "2", "shares-INITIAL_FORMS": "2"}
    for number, unit in enumerate([tree.pingding, tree.yuxian]):
        rows |= {f"shares-{number}-unit_no": unit.unit_no, f"shares-{number}-minimum": "2",
                 f"shares-{number}-maximum": "3"}  # fmt: skip
    head = {"title": "示范基地", "total": "10", "unit": tree.city.unit_no, "kind": NAMED}
    return rows | head | {"form_token": str(uuid.uuid4())} | fields


def test_pages(signed_in, tree):
    city, county = signed_in(Role.CITY_OP, tree.city), signed_in(Role.COUNTY_OP, tree.pingding)
    wrong = city.post("/staff/tasks/quotas/new/", _page(tree, **{"shares-0-maximum": "1"}))
    assert wrong.status_code == 422
    assert "至多不能小于至少" in wrong.content.decode()
    form = _page(tree)
    city.post("/staff/tasks/quotas/new/", form)
    city.post("/staff/tasks/quotas/new/", form)
    quota = Quota.objects.get()
    path = f"/staff/tasks/quotas/{quota.pk}/"
    for number in range(3):
        county.post(f"{path}fill/", {"unit": tree.pingding.unit_no, "label": f"基地{number}"})
    full = county.post(f"{path}fill/", {"unit": tree.pingding.unit_no, "label": "多一个"})
    assert full.status_code == 409
    assert "多一个" in full.content.decode()
    assert "over_reason" in full.context["entry_form"].errors
    assert county.post(f"{path}fill/", {"unit": tree.yuxian.unit_no, "label": "别县"}).status_code == 422
    share = quota.shares.get(unit=tree.pingding)
    split = {
        "shares-TOTAL_FORMS": "1", "shares-INITIAL_FORMS": "1", "shares-0-unit_no": tree.guanshan.unit_no,
        "shares-0-minimum": "0", "shares-0-maximum": "9",
    }  # fmt: skip
    address = f"/staff/tasks/quotas/shares/{share.pk}/split/"
    assert "超过本单位名额" in county.post(address, split).content.decode()
    assert county.post(address, split | {"shares-0-maximum": "3"}).status_code == 302
    assert signed_in(Role.COUNTY_OP, tree.yuxian).get(address).status_code == 404
    assert "看下级" in city.get(path).content.decode()
    entry = QuotaEntry.objects.first()
    county.post(f"{path}entries/{entry.pk}/remove/", {"removal-reason": "写错"})
    assert QuotaEntry.objects.count() == 2
    assert signed_in(Role.COUNTY_OP, tree.yuxian).get(path).status_code == 200  # it has a share
    assert signed_in(Role.TOWNSHIP_OP, tree.xiushui).get(path).status_code == 404


numbers = st.tuples(st.integers(0, 9), st.integers(0, 9))


@given(st.integers(0, 9), st.integers(0, 20), st.lists(numbers, min_size=1, max_size=6))
def test_a_split_without_fault_can_always_be_filled_within_its_share(low, more, parts):
    high = low + more
    if split_fault(minimum=low, maximum=high, parts=parts):
        return
    assert all(a <= b for a, b in parts)
    assert sum(a for a, _b in parts) <= high
    assert low <= sum(b for _a, b in parts) <= high
