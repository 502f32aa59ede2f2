"""Packages: written by city and county, fulfilled by what was logged, never ticked by hand."""

import io
from datetime import date, timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from campaigns.activities.models import Activity, ActivityUnit
from campaigns.packages import actions, queries, registry
from campaigns.packages.models import Package, PackageItem
from campaigns.packages.registry import Fulfilment, by_subtree
from campaigns.packages.rules import PATTERNS
from campaigns.planning.actions import confirm_receipt
from portal.access.roles import Role
from portal.access.scope import scope_of
from portal.jobs import runner
from portal.notifications.models import Message
from portal.reviews.workflow import WorkflowError
from portal.units.models import Unit
from tests.factories.activities import make_activity, make_campaign
from tests.factories.planning import make_package, make_policy, make_tag_set

KIND = "activities.kind"
NEW = "/staff/packages/new/"


@pytest.fixture
def city(signed_in, tree):
    return signed_in(Role.CITY_OP, tree.city)


@pytest.fixture
def county(signed_in, tree):
    return signed_in(Role.COUNTY_OP, tree.yuxian)


def _form(*rows, units=(), **fields):
    year = timezone.localdate().year
    data = {
        "name": "盂县“七个一”清廉家庭创建", "starts_on": f"{year}-01-01", "ends_on": f"{year}-12-31",
        "units": [unit.unit_no for unit in units], "items-TOTAL_FORMS": str(len(rows)), "items-INITIAL_FORMS": "0",
    }  # fmt: skip
    for number, row in enumerate(rows):
        data |= {f"items-{number}-{name}": value for name, value in row.items()}
    return data | fields


VISIT = {"name": "一次清廉家访", "way": f"{KIND}:family_visit", "needed": "1"}
TALKS = {"name": "两场宣讲", "way": f"{KIND}:talk", "needed": "2"}


def _table(package, *units):
    lines = queries.matrix(
        package, Unit.objects.filter(pk__in=[unit.pk for unit in units]).order_by("path")
    ).lines
    return {line.unit.short_name: [cell.done for cell in line.cells] for line in lines}


# -- writing one ------------------------------------------------------------------------------------


def test_county_writes_opens_and_its_townships_are_told(county, person, tree):
    clerk = person(Role.TOWNSHIP_OP, tree.xiushui)
    answer = county.post(NEW, _form(VISIT, TALKS, units=[tree.xiushui]))
    package = Package.objects.get()
    assert answer.url == package.staff_url
    assert (package.unit, package.status) == (tree.yuxian, "draft")
    assert not Message.objects.exists()
    county.post(f"{package.staff_url}step/", {"step": "open"})
    runner.run_all()
    assert "盂县“七个一”" in Message.objects.get(user=clerk).title


def test_draft_is_hidden_from_those_it_will_address(county, signed_in, tree):
    county.post(NEW, _form(VISIT, units=[tree.xiushui]))
    package, clerk = Package.objects.get(), signed_in(Role.TOWNSHIP_OP, tree.xiushui)
    assert clerk.get(package.staff_url).status_code == 404
    county.post(f"{package.staff_url}step/", {"step": "open"})
    assert clerk.get(package.staff_url).status_code == 200


def test_addressed_unit_sees_its_row_and_changes_nothing(city, signed_in, tree):
    package = make_package(
        tree.city, tree.pingding, tree.yuxian, items=(("一次清廉家访", KIND, "family_visit", 1),)
    )
    client = signed_in(Role.COUNTY_OP, tree.pingding)
    page = client.get(package.staff_url)
    assert [line.unit for line in page.context["lines"]] == [tree.pingding]
    assert client.get(f"{package.staff_url}edit/").status_code == 403
    assert client.post(f"{package.staff_url}step/", {"step": "close", "reason": "不做了"}).status_code == 403
    with pytest.raises(PermissionDenied):
        actions.set_items(actor=client.user, package=package, items=[])
    assert len(city.get(package.staff_url).context["lines"]) == 2


def test_outsider_sees_nothing(signed_in, tree):
    package = make_package(tree.pingding, tree.guanshan, items=(("一次清廉家访", KIND, "family_visit", 1),))
    client = signed_in(Role.COUNTY_OP, tree.yuxian)
    assert client.get(package.staff_url).status_code == 404
    assert client.get(f"{package.staff_url}export.xlsx").status_code == 404
    assert client.post(f"{package.staff_url}copy/", {"unit": tree.yuxian.unit_no}).status_code == 404
    assert client.get("/staff/packages/").context["page"].total == 0
    assert signed_in(Role.TOWNSHIP_OP, tree.guanshan).get(NEW).status_code == 403


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"name": "一次清廉家访", "way": ""}, "请选由什么完成"),
        ({"name": "", "way": f"{KIND}:talk"}, "请写内容"),
        ({"name": "甲", "way": f"{KIND}:nothing"}, "items-0-way"),
        ({"name": "甲", "way": f"{KIND}:talk", "needed": "0"}, "至少 1 次"),
    ],
)
def test_mistakes_in_an_item_are_told_and_nothing_is_lost(county, row, words):
    page = county.post(NEW, _form(row, name="保留的名称")).content.decode()
    assert words in page and "保留的名称" in page
    assert not Package.objects.exists()


def test_two_items_of_one_name_and_a_period_that_runs_back(county):
    assert "同名" in county.post(NEW, _form(VISIT, VISIT)).content.decode()
    back = county.post(NEW, _form(VISIT, ends_on="2000-01-01"))
    assert "早于开始日期" in back.content.decode()
    assert not Package.objects.exists()


def test_page_sent_twice_is_one_package(county):
    data = _form(VISIT, form_token="5d0e7c1e-1111-4222-8333-444455556666")
    for _time in range(2):
        county.post(NEW, data)
    assert (Package.objects.count(), PackageItem.objects.count()) == (1, 1)


def test_items_are_reordered_renamed_and_keep_their_identity(county, tree):
    package = make_package(
        tree.yuxian,
        tree.xiushui,
        items=(("甲", KIND, "talk", 1), ("乙", KIND, "works", 1), ("丙", KIND, "quiz", 1)),
    )
    one, two, _three = package.items.all()
    rows = (
        {"pk": one.pk, "place": "2", "name": "乙", "way": f"{KIND}:talk", "needed": "3"},
        {"pk": two.pk, "place": "1", "name": "甲", "way": f"{KIND}:works", "needed": "1"},
    )
    county.post(f"{package.staff_url}edit/", _form(*rows, units=[tree.xiushui]))
    assert list(package.items.values_list("pk", "name", "needed")) == [(two.pk, "甲", 1), (one.pk, "乙", 3)]


def test_empty_package_cannot_be_opened(person, tree):
    user = person(Role.COUNTY_OP, tree.yuxian)
    package = make_package(tree.yuxian, status="draft")
    with pytest.raises(WorkflowError, match="还没有写内容"):
        actions.step(actor=user, package=package, name="open")
    actions.set_items(
        actor=user, package=package, items=[{"name": "甲", "fulfilment": KIND, "option": "talk", "needed": 1}]
    )
    with pytest.raises(WorkflowError, match="由哪些单位"):
        actions.step(actor=user, package=package, name="open")
    with pytest.raises(WorkflowError, match="可以下发的下级"):
        actions.edit_package(actor=user, package=package, fields={}, units=[tree.guanshan])


def test_patterns_fill_the_form_and_every_line_is_known(county):
    for code, pattern in PATTERNS.items():
        page = county.get(f"{NEW}?pattern={code}")
        known = {value for _label, rows in registry.choices() for value, _words in rows}
        assert {f"{line.fulfilment}:{line.option}" for line in pattern.lines} <= known
        assert all(line.name in page.content.decode() for line in pattern.lines)
    assert [len(pattern.lines) for pattern in PATTERNS.values()] == [7, 4, 6]


def test_copy_makes_an_own_draft_once(signed_in, tree):
    package = make_package(tree.city, tree.yuxian, items=(("甲", KIND, "talk", 2),))
    client = signed_in(Role.COUNTY_OP, tree.yuxian)
    data = {"unit": tree.yuxian.unit_no, "form_token": "5d0e7c1e-1111-4222-8333-444455556666"}
    for _time in range(2):
        client.post(f"{package.staff_url}copy/", data)
    made = Package.objects.get(unit=tree.yuxian)
    assert (made.status, made.copied_from, list(made.units.all())) == ("draft", package, [tree.xiushui])
    assert made.items.get().needed == 2
    foreign = client.post(f"{package.staff_url}copy/", {"unit": tree.pingding.unit_no})
    assert foreign.status_code == 302 and Package.objects.count() == 2


# -- counting ---------------------------------------------------------------------------------------


def test_what_lower_units_logged_counts_once_approved(tree):
    package = make_package(tree.city, tree.pingding, tree.yuxian, items=(("两场宣讲", KIND, "talk", 2),))
    make_activity(tree.dongguan, status="county_ok")
    make_activity(tree.guanshan, status="city_ok")
    make_activity(tree.guanshan, status="submitted")
    make_activity(tree.guanshan, status="county_ok", kind="works")
    make_activity(tree.yuxian, status="county_ok", starts_at=timezone.now() - timedelta(days=400))
    assert _table(package, tree.pingding, tree.yuxian) == {"平定县": [2], "盂县": [0]}


def test_joint_activity_counts_for_each_organiser_and_once_in_a_common_superior(tree):
    package = make_package(
        tree.city, tree.city, tree.pingding, tree.yuxian, items=(("一场宣讲", KIND, "talk", 1),)
    )
    row = make_activity(tree.guanshan, status="county_ok")
    for unit in (tree.dongguan, tree.nanguan, tree.xiushui):
        ActivityUnit.objects.create(activity=row, unit=unit)
    assert _table(package, tree.city, tree.pingding, tree.yuxian) == {
        "阳泉市": [1],
        "平定县": [1],
        "盂县": [1],
    }


def test_tagged_activity_and_confirmed_document_fulfil(person, tree):
    campaign = make_campaign(tree.city)
    one, two = make_tag_set(tree.city, "家人助廉", "家规倡廉", campaign=campaign)
    policy = make_policy(campaign, tree.pingding, tree.yuxian)
    confirm_receipt(
        actor=person(Role.COUNTY_OP, tree.pingding), receipt=policy.receipts.get(unit=tree.pingding)
    )
    make_activity(tree.dongguan, status="county_ok").tags.add(one, two)
    items = (
        ("甲", "activities.tag", str(one.pk), 1), ("乙", "planning.receipt", "", 1),
        ("丙", "planning.receipt", str(policy.pk), 1), ("丁", "planning.receipt", "999", 1), ("戊", "no.such", "", 1),
    )  # fmt: skip
    package = make_package(tree.city, tree.pingding, tree.yuxian, items=items)
    assert _table(package, tree.pingding, tree.yuxian) == {"平定县": [1, 1, 1, 0, 0], "盂县": [0, 0, 0, 0, 0]}


def test_number_opens_exactly_the_rows_behind_it(city, tree):
    package = make_package(tree.city, tree.pingding, items=(("两场宣讲", KIND, "talk", 2),))
    counted = {
        make_activity(tree.dongguan, status="county_ok").pk,
        make_activity(tree.pingding, status="city_ok").pk,
    }
    make_activity(tree.pingding, status="county_ok", kind="works")
    make_activity(tree.yuxian, status="county_ok")
    line = city.get(package.staff_url).context["table"].lines[0]
    listed = city.get(line.cells[0].url).context["page"]
    assert {row.obj.pk for row in listed.rows} == counted
    assert line.cells[0].done == len(counted) and line.is_done


def test_gaps_only_and_order_of_the_tree(city, tree):
    package = make_package(tree.city, tree.pingding, tree.yuxian, items=(("一场宣讲", KIND, "talk", 1),))
    make_activity(tree.pingding, status="county_ok")
    assert [line.unit for line in city.get(package.staff_url).context["lines"]] == [
        tree.pingding,
        tree.yuxian,
    ]
    assert [line.unit for line in city.get(f"{package.staff_url}?show=gaps").context["lines"]] == [
        tree.yuxian
    ]


def test_workbench_tells_a_unit_what_it_still_lacks(signed_in, tree):
    make_package(
        tree.city, tree.pingding, items=(("一场宣讲", KIND, "talk", 1), ("一次家访", KIND, "family_visit", 1))
    )
    client = signed_in(Role.COUNTY_OP, tree.pingding)
    make_activity(tree.dongguan, status="county_ok")
    page = client.get("/staff/").content.decode()
    assert "“几个一”还差" in page and "一次家访" in page
    make_activity(tree.dongguan, status="county_ok", kind="family_visit")
    assert "“几个一”还差" not in client.get("/staff/").content.decode()


def test_export_holds_what_the_page_shows(city, tree):
    package = make_package(tree.city, tree.pingding, items=(("=SUM(1)", KIND, "talk", 2),))
    make_activity(tree.pingding, status="county_ok")
    answer = city.get(f"{package.staff_url}export.xlsx")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[2][0] == "单位" and rows[3][:3] == ("平定县妇联", 1, "0/1")
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_public_page_lists_items_without_units(client, tree):
    campaign = make_campaign(tree.city)
    make_package(
        tree.city, tree.pingding, campaign=campaign, items=(("一次清廉家访", KIND, "family_visit", 1),)
    )
    make_package(
        tree.city, campaign=campaign, status="draft", name="还没下发", items=(("甲", KIND, "talk", 1),)
    )
    page = client.get(campaign.get_absolute_url()).content.decode()
    assert "一次清廉家访" in page and "还没下发" not in page and "平定县" not in page


def test_matrix_and_list_ask_the_same_number_of_questions(city, tree):
    package = make_package(tree.city, tree.pingding, items=(("一场宣讲", KIND, "talk", 1),))
    make_activity(tree.pingding, status="county_ok")

    def count(address):
        with CaptureQueriesContext(connection) as context:
            assert city.get(address).status_code == 200
        return len(context)

    addresses = [package.staff_url, "/staff/packages/", f"{package.staff_url}export.xlsx"]
    for address in addresses:
        city.get(address)
    before = [count(address) for address in addresses]
    for unit in (tree.yuxian, tree.zone):
        package.unit_links.create(unit=unit)
        make_package(tree.city, unit, items=(("一场宣讲", KIND, "talk", 1),))
        row = make_activity(unit, status="county_ok")
        ActivityUnit.objects.create(activity=row, unit=tree.pingding)
    assert [count(address) for address in addresses] == before


def test_more_items_of_one_way_cost_no_more_questions(tree):
    one = make_package(tree.city, tree.pingding, items=(("甲", KIND, "talk", 1),))
    many = make_package(
        tree.city,
        tree.pingding,
        items=tuple((kind, KIND, kind, 1) for kind in ("talk", "works", "quiz", "show")),
    )
    make_activity(tree.dongguan, status="county_ok", kind="works")
    units = Unit.objects.filter(pk=tree.pingding.pk)
    numbers = []
    for package in (one, many):
        with CaptureQueriesContext(connection) as context:
            table = queries.matrix(package, units.all())
        numbers.append(len(context))
    assert numbers[0] == numbers[1]
    assert [cell.done for cell in table.lines[0].cells] == [0, 1, 0, 0]


# -- registry ---------------------------------------------------------------------------------------


def test_fulfilment_of_another_slice_is_asked_with_units_period_and_option(monkeypatch, tree):
    asked = []

    def count(unit_ids, start, end, option):
        asked.append((sorted(unit_ids), start, end, option))
        return {tree.pingding.pk: 4}

    way = Fulfilment("pledges.signed", "签订承诺", count, lambda: [("v1", "第一版")])
    monkeypatch.setitem(registry.FULFILMENTS, "pledges.signed", way)
    items = (("甲", "pledges.signed", "v1", 5), ("乙", "pledges.signed", "v1", 4))
    package = make_package(
        tree.city,
        tree.pingding,
        tree.yuxian,
        items=items,
        starts_on=date(2020, 1, 1),
        ends_on=date(2020, 6, 30),
    )
    table = queries.matrix(
        package, Unit.objects.filter(pk__in=[tree.pingding.pk, tree.yuxian.pk]).order_by("path")
    )
    assert asked == [(sorted([tree.pingding.pk, tree.yuxian.pk]), date(2020, 1, 1), date(2020, 6, 30), "v1")]
    assert [[cell.left for cell in line.cells] for line in table.lines] == [[1, 0], [5, 4]]
    assert registry.words_of("pledges.signed", "v1") == "签订承诺：第一版"
    with pytest.raises(ImproperlyConfigured):
        registry.register(Fulfilment("pledges.signed", "别的", lambda *_said: {}))


@given(
    st.dictionaries(st.integers(1, 9), st.text("AB", min_size=1, max_size=3), max_size=5),
    st.lists(st.tuples(st.text("AB", min_size=1, max_size=4), st.integers(0, 9)), max_size=8),
)
def test_counts_are_folded_into_every_unit_above(paths, counted):
    found = by_subtree(paths, iter(counted))
    assert found == {pk: sum(n for at, n in counted if at.startswith(path)) for pk, path in paths.items()}


def test_no_list_of_units_stands_in_the_order_of_a_figure(tree, person):
    package = make_package(tree.city, tree.pingding, tree.yuxian, items=(("一场宣讲", KIND, "talk", 1),))
    make_activity(tree.yuxian, status="county_ok")
    scope = scope_of(person(Role.CITY_OP, tree.city))
    assert list(queries.addressed(package, scope)) == [tree.pingding, tree.yuxian]
    assert Activity.objects.count() == 1


def test_activity_with_two_tags_counts_once_for_each(tree):
    one, two = make_tag_set(tree.city, "家人助廉", "家规倡廉", campaign=make_campaign(tree.city))
    joint = make_activity(tree.dongguan, status="county_ok")
    joint.tags.add(one, two)
    ActivityUnit.objects.create(activity=joint, unit=tree.xiushui)
    make_activity(tree.dongguan, status="county_ok").tags.add(two)
    items = (("甲", "activities.tag", str(one.pk), 1), ("乙", "activities.tag", str(two.pk), 1))
    package = make_package(tree.city, tree.pingding, tree.yuxian, items=items)
    assert _table(package, tree.pingding, tree.yuxian) == {"平定县": [1, 2], "盂县": [1, 1]}
