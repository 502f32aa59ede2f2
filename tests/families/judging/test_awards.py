"""Tiers by ratio, two people, public notice, embargo, announcement."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from families.judging import actions, queries
from families.judging.models import Award
from families.judging.queries import publicity_end
from families.judging.rules import SHARES, ListState, Tier, award, caps_of
from families.works.actions.own import withdraw
from families.works.models import Work
from families.works.rules import Status
from families.works.timeline import entries_of
from portal.access.roles import Role
from portal.access.scope import scope_of
from portal.accounts.phone_codes import visitor_for
from portal.notifications.models import Outgoing
from portal.reviews.judging import actions as judging
from portal.reviews.workflow import SamePerson, StaleState, WorkflowError
from tests.factories.judging import make_accepted, make_scoring, score_all
from tests.factories.people import give

pytestmark = pytest.mark.django_db


def test_shares_round_halves_up_and_caps_hold():
    caps = caps_of([])
    found = award(range(20), 20, caps)
    assert [list(found.values()).count(tier) for tier in Tier] == [1, 2, 3, 4]
    assert set(SHARES) == set(caps)
    named = [
        {"name": "一等奖", "share": 5, "most": 2},
        {"name": "优秀奖", "share": 20, "most": None},
        {"name": "优秀组织奖", "share": 50, "most": None},
    ]
    capped = award(range(100), 100, caps_of(named))
    assert [list(capped.values()).count(tier) for tier in Tier] == [2, 0, 0, 20]  # just what the call names
    assert award([], 0, caps) == {}


def test_notice_counts_working_days():
    assert publicity_end(date(2026, 11, 27), 5) == date(2026, 12, 4)  # a Friday
    assert publicity_end(date(2026, 11, 28), 1) == date(2026, 11, 30)


@pytest.fixture
def scored(call, staff, judges, tree):
    """Ten works of grown-ups and two of children, one round closed, each with its own mean."""
    works = [make_accepted(call, tree, staff, phone=f"1380000{n:04d}") for n in range(10)]
    works += [
        make_accepted(call, tree, staff, phone=f"1390000{n:04d}", birth_ym=f"{timezone.localdate().year - 16}-01", author_name="李小明",
                      audience="organisation")
        for n in range(2)
    ]  # fmt: skip
    stage = make_scoring(call, staff, judges)
    places = {work.pk: n for n, work in enumerate(works)}

    def scores(sheet):
        first = str(sheet.item.criteria.items[0]["weight"] - places[sheet.item.target_id])
        return [first, *("5" for _one in sheet.item.criteria.items[1:])]

    score_all(stage, scores)
    judging.close_stage(actor=staff["manager"], stage=stage)
    return works, stage


def listed(call, staff):
    row = actions.draft_awards(actor=staff["manager"], call=call)
    assert actions.draft_awards(actor=staff["manager"], call=call) == row
    return row


def test_the_whole_way_from_ratio_to_announcement(call, staff, judges, scored, client, enter):
    works, _stage = scored
    row = listed(call, staff)
    tiers = dict(row.awards.values_list("work_id", "tier"))
    assert tiers[works[0].pk] == Tier.FIRST
    assert tiers[works[1].pk] == Tier.SECOND
    give(staff["manager"], Role.CITY_REVIEWER, call.unit)
    scope_of(staff["manager"], fresh=True)
    results = f"/works/calls/{call.slug}/results/"
    actions.propose(actor=staff["manager"], row=row)
    with pytest.raises(SamePerson):
        actions.confirm(actor=staff["manager"], row=row, first=timezone.localdate())
    assert client.get(results).status_code == 404
    assert Work.every.get(pk=works[0].pk).family_status == "评审中"
    actions.confirm(actor=staff["decider"], row=row, first=timezone.localdate())
    assert client.get(results).status_code == 200
    work = Work.every.get(pk=works[0].pk)
    assert work.family_status == "评审中"
    assert not any("获奖" in str(entry["title"]) for entry in entries_of(work))
    with pytest.raises(WorkflowError):
        actions.announce(actor=staff["decider"], row=row)
    before = Outgoing.objects.count()
    later = datetime.combine(row.publicity_to + timedelta(days=1), datetime.min.time()).replace(hour=9)
    with time_machine.travel(timezone.make_aware(later), tick=True):
        assert actions.announce(actor=staff["decider"], row=row) == len(tiers)
        with pytest.raises(StaleState):
            actions.announce(actor=staff["decider"], row=row)
    assert Outgoing.objects.count() - before == len(works)
    states = dict(Work.every.filter(call=call).values_list("pk", "status"))
    assert {states[pk] for pk in tiers} == {Status.AWARDED}
    assert {states[work.pk] for work in works if work.pk not in tiers} == {Status.NOT_AWARDED}
    assert any("获奖" in str(entry["title"]) for entry in entries_of(Work.every.get(pk=works[0].pk)))


def test_embargo_keeps_the_result_back(call, staff, scored):
    row = listed(call, staff)
    actions.propose(actor=staff["manager"], row=row)
    today = timezone.localdate()
    actions.confirm(actor=staff["decider"], row=row, first=today, embargo_on=today + timedelta(days=60))
    with time_machine.travel(timezone.now() + timedelta(days=30), tick=True):
        row.refresh_from_db()
        assert not row.is_ripe
    with time_machine.travel(timezone.now() + timedelta(days=61), tick=True):
        assert row.is_ripe


def test_people_change_tiers_with_a_reason_and_the_list_can_come_back(call, staff, scored):
    works, _stage = scored
    row = listed(call, staff)
    tiers = {works[2].pk: "first"}
    with pytest.raises(WorkflowError, match="理由"):
        actions.change_awards(actor=staff["manager"], row=row, tiers=tiers, reason="", contact="")
    actions.change_awards(
        actor=staff["manager"], row=row, tiers=tiers, reason="评委组长意见", contact="家儿部"
    )
    actions.propose(actor=staff["manager"], row=row)
    with pytest.raises(StaleState):
        actions.change_awards(actor=staff["manager"], row=row, tiers={}, reason="再改", contact="")
    actions.send_back(actor=staff["decider"], row=row, reason="请再核")
    row.refresh_from_db()
    actions.change_awards(
        actor=staff["manager"], row=row, tiers={works[3].pk: "first"}, reason="核对后", contact=""
    )
    actions.propose(actor=staff["manager"], row=row)
    assert Work.every.get(pk=works[2].pk).status == Status.FINAL_JUDGE
    assert Work.every.get(pk=works[3].pk).status == Status.PROPOSED


def test_what_is_taken_back_after_the_round_makes_room_for_the_next(call, staff, scored):
    works, _stage = scored
    row = listed(call, staff)
    assert row.awards.get(tier=Tier.FIRST).work_id == works[0].pk
    works[0].refresh_from_db()
    withdraw(actor=visitor_for(works[0].phone_hash), work=works[0])
    lines = queries.candidates_of(row)
    assert works[0].pk not in {line["work"].pk for line in lines}
    offered = {line["work"].pk: line["offered"] for line in lines}
    assert offered[works[1].pk] == Tier.FIRST
    tiers = {pk: tier for pk, tier in offered.items() if tier}
    actions.change_awards(actor=staff["manager"], row=row, tiers=tiers, reason="", contact="")
    assert row.awards.get(tier=Tier.FIRST).work_id == works[1].pk


def test_an_objection_strikes_one_work_only(call, staff, scored, client):
    works, _stage = scored
    row = listed(call, staff)
    actions.propose(actor=staff["manager"], row=row)
    actions.confirm(actor=staff["decider"], row=row, first=timezone.localdate())
    award_row = Award.objects.get(list=row, work=works[0])
    with pytest.raises(WorkflowError):
        actions.strike(actor=staff["decider"], award=award_row, reason="")
    award_row.refresh_from_db()
    actions.strike(actor=staff["decider"], award=award_row, reason="非原创")
    page = client.get(f"/works/calls/{call.slug}/results/").content.decode()
    assert works[0].no not in page
    assert works[1].no in page


def test_minors_stand_without_a_tier_and_nobody_by_name_without_consent(call, staff, scored):
    works, _stage = scored
    row = listed(call, staff)
    child = works[10]
    Award.objects.filter(list=row, work=child).delete()
    Award.objects.create(list=row, work=child, tier="first", bucket_label="家规家训 · 少儿组")
    actions.propose(actor=staff["manager"], row=row)
    actions.confirm(actor=staff["decider"], row=row, first=timezone.localdate())
    shown = dict(queries.on_show(row))
    assert list(dict(shown["家规家训 · 少儿组"])) == [""]
    lines = [line for tiers in shown.values() for _tier, rows in tiers for line in rows]
    assert {line["name"] for line in lines} == {""}
    assert {line["title"] for line in lines} == {""}


def test_pages_of_the_list(call, staff, scored, enter):
    manager, decider = enter(staff["manager"]), enter(staff["decider"])
    base = f"/staff/judging/calls/{call.slug}/"
    assert manager.post(f"{base}draft/").status_code == 302
    page = manager.get(f"{base}awards/")
    assert page.status_code == 200
    form = page.context["form"]
    data = {name: form[name].value() or "" for name in form.fields if name.startswith("tier_")}
    data |= {"reason": "", "contact": "家儿部 0353-0000000", "action": "submit", "form_token": ""}
    assert manager.post(f"{base}awards/", data).status_code == 302
    assert decider.post(f"{base}awards/confirm/", {"confirm-first": ""}).status_code == 422
    today = timezone.localdate().isoformat()
    assert (
        decider.post(f"{base}awards/confirm/", {"confirm-first": today, "confirm-embargo_on": ""}).status_code
        == 302
    )
    row = queries.list_of(call)
    assert row.status == ListState.PUBLICITY
    assert decider.post(f"{base}awards/announce/").status_code == 409
    assert decider.get(f"{base}awards/").status_code == 200
    assert manager.post(f"{base}awards/announce/").status_code == 403
