"""Naming of bases: who may do what, scores, quota, notice, plate, re-check, removal by two people."""

import re
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from campaigns.venues import wiring
from campaigns.venues.actions import bases as actions
from campaigns.venues.models import DemoBase
from campaigns.venues.queries import bases as queries
from campaigns.venues.rules import bases as rules
from campaigns.venues.rules.venues import months_later
from portal.access.permissions import Perm
from portal.access.roles import Role
from portal.access.scope import scope_of
from portal.metrics import SOURCES
from portal.notifications import reminders
from portal.notifications.models import Message
from portal.reviews.workflow import SamePerson, StaleState, WorkflowError
from tests.factories.activities import make_activity
from tests.factories.venues import make_base, make_batch, make_venue

FULL = {row["code"]: Decimal(row["weight"]) for row in rules.DEFAULT_CRITERIA}


class Cast:
    """The people of one naming."""

    def __init__(self, tree, person):
        self.village = person(Role.VILLAGE_OP, tree.dongguan)
        self.township = person(Role.TOWNSHIP_OP, tree.guanshan)
        self.county = person(Role.COUNTY_OP, tree.pingding)
        self.review = person(Role.COUNTY_REVIEWER, tree.pingding)
        self.scorer = person(Role.CITY_OP, tree.city)
        self.head = person(Role.CITY_REVIEWER, tree.city)
        self.leader = person(Role.CITY_LEADER, tree.city)
        self.other = person(Role.COUNTY_LEADER, tree.pingding)


@pytest.fixture
def cast(tree, person):
    return Cast(tree, person)


def _to_decision(cast, batch, venue, share=1):
    base = actions.apply(actor=cast.village, batch=batch, venue=venue)
    actions.edit(actor=cast.village, base=base, intro="情况", regulations="", activity_ids=[])
    actions.submit(actor=cast.village, base=base)
    actions.step(actor=cast.review, base=base, name="take")
    actions.recommend(actor=cast.review, base=base, opinion="同意推荐")
    points = {code: (value * share).quantize(Decimal("0.1")) for code, value in FULL.items()}
    for person in (cast.review, cast.scorer):
        actions.score(actor=person, base=base, points=points, visited_on=timezone.localdate())
    actions.step(actor=cast.review, base=base, name="scored")
    return base


def _named(cast, batch, venue):
    base = _to_decision(cast, batch, venue)
    actions.decide(actor=cast.leader, base=base, approval_basis="党组会议纪要第 5 期")
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        actions.name_base(actor=cast.leader, base=base, plate_no="2026-001")
    return base


def test_an_application_walks_to_its_plate(tree, cast):
    for number in range(2):
        make_activity(tree.dongguan, status="county_ok", title=f"场{number}")
    make_activity(tree.dongguan, status="draft")
    make_activity(tree.dongguan, status="county_ok", starts_at=timezone.now() - timedelta(days=400))
    batch, venue = make_batch(tree.city), make_venue(tree.dongguan)
    base = actions.apply(actor=cast.village, batch=batch, venue=venue, client_token="a")
    assert actions.apply(actor=cast.village, batch=batch, venue=venue, client_token="a").pk == base.pk
    assert queries.sessions_of(base) == 2, "linked from the log, not typed"
    with pytest.raises(WorkflowError, match="情况介绍"):
        actions.submit(actor=cast.village, base=base)
    base.delete()
    base = _to_decision(cast, batch, venue)
    assert queries.score_of(base) == 100
    with pytest.raises(ValidationError, match="批准依据"):
        actions.decide(actor=cast.leader, base=base, approval_basis=" ")
    with pytest.raises(PermissionDenied):
        actions.decide(actor=cast.other, base=base, approval_basis="纪要")
    actions.decide(actor=cast.leader, base=base, approval_basis="党组会议纪要第 5 期")
    assert base.title_word == "实践基地"
    assert base.public_until == queries.last_public_day(timezone.localdate(), 5)
    with pytest.raises(WorkflowError, match="公示还没有结束"):
        actions.name_base(actor=cast.leader, base=base, plate_no="2026-001")
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        actions.name_base(actor=cast.leader, base=base, plate_no="2026-001")
        assert base.review_due == months_later(timezone.localdate(), 12)
    assert base.status == "named" and SOURCES["bases"].counted().count() == 1


def test_two_applications_for_one_venue_cannot_run_at_once(tree, cast):
    batch, venue = make_batch(tree.city), make_venue(tree.dongguan)
    actions.apply(actor=cast.village, batch=batch, venue=venue)
    with pytest.raises(WorkflowError, match="已有一份申报"):
        actions.apply(actor=cast.village, batch=batch, venue=venue)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_base(batch, venue)


@pytest.mark.parametrize("why", ["pool", "period", "closed", "elsewhere"])
def test_who_cannot_apply(tree, cast, why):
    batch, venue = make_batch(tree.city), make_venue(tree.dongguan)
    if why == "pool":
        batch.pool.add(tree.nanguan)
    elif why == "period":
        batch.closes_on = timezone.localdate() - timedelta(days=1)
    elif why == "closed":
        venue = make_venue(tree.dongguan, status="closed")
    else:
        batch = make_batch(tree.yuxian)
    with pytest.raises(WorkflowError):
        actions.apply(actor=cast.village, batch=batch, venue=venue)
    assert not DemoBase.objects.exists()


def test_the_township_does_not_check_for_the_county(tree, cast):
    base = make_base(make_batch(tree.city), make_venue(tree.dongguan), status="submitted", submitted_by=cast.village)  # fmt: skip
    with pytest.raises(PermissionDenied):
        actions.step(actor=cast.township, base=base, name="take")
    actions.step(actor=cast.county, base=base, name="take")
    assert base.status == "county_check"


def test_who_handed_it_in_neither_checks_nor_scores_nor_decides(tree, cast):
    batch, venue = make_batch(tree.city), make_venue(tree.pingding)
    base = make_base(batch, venue, status="submitted", submitted_by=cast.county, created_by=cast.county)
    with pytest.raises(SamePerson):
        actions.step(actor=cast.county, base=base, name="take")
    base = make_base(
        make_batch(tree.city), make_venue(tree.pingding), status="site_visit", submitted_by=cast.county
    )
    with pytest.raises(SamePerson):
        actions.score(actor=cast.county, base=base, points=FULL, visited_on=timezone.localdate())


def test_scores_need_two_people_and_eighty_points(tree, cast):
    base = make_base(make_batch(tree.city), make_venue(tree.dongguan), status="site_visit")
    actions.score(actor=cast.review, base=base, points=FULL, visited_on=timezone.localdate())
    with pytest.raises(WorkflowError, match="两位"):
        actions.step(actor=cast.review, base=base, name="scored")
    with pytest.raises(ValidationError, match="0 到满分"):
        actions.score(
            actor=cast.scorer, base=base, points=FULL | {"team": Decimal("10.5")}, visited_on=timezone.localdate()
        )  # fmt: skip
    low = _to_decision(cast, make_batch(tree.city), make_venue(tree.dongguan), share=Decimal("0.79"))
    with pytest.raises(WorkflowError, match="没有达到"):
        actions.decide(actor=cast.leader, base=low, approval_basis="纪要")


def test_a_demonstration_title_needs_the_number_of_a_document(tree, cast):
    base = _to_decision(cast, make_batch(tree.city), make_venue(tree.dongguan))
    with pytest.raises(ValidationError, match="文号"):
        actions.decide(actor=cast.leader, base=base, approval_basis="通知", title_word="示范基地")
    actions.decide(
        actor=cast.leader, base=base, approval_basis="通知", approval_no="阳妇发〔2026〕5号", title_word="示范基地"
    )  # fmt: skip
    assert base.title == "清廉家庭示范基地"
    with pytest.raises(IntegrityError), transaction.atomic():
        DemoBase.objects.filter(pk=base.pk).update(approval_no="")


def test_over_the_quota_only_with_a_reason(tree, cast):
    batch = make_batch(tree.city, child_least=1, child_most=1)
    make_base(batch, make_venue(tree.nanguan), status="named")
    base = _to_decision(cast, batch, make_venue(tree.dongguan))
    with pytest.raises(ValidationError, match="名额已满"):
        actions.decide(actor=cast.leader, base=base, approval_basis="纪要")
    actions.decide(actor=cast.leader, base=base, approval_basis="纪要", quota_reason="两村并建")
    line = next(line for line in queries.quota(batch) if line.unit == tree.pingding)
    assert (line.filled, line.over) == (2, 1)


def test_quota_lists_units_in_division_order_with_two_queries(tree):
    batch = make_batch(tree.city)
    make_base(batch, make_venue(tree.xiushui), status="named")
    make_base(batch, make_venue(tree.dongguan), status="submitted")
    with CaptureQueriesContext(connection) as found:
        lines = queries.quota(batch)
    assert len(found) == 2
    assert [line.unit for line in lines] == sorted((line.unit for line in lines), key=lambda unit: unit.path)
    shown = {line.unit.short_name: (line.filled, line.waiting, line.short) for line in lines}
    assert shown["平定县"] == (0, 1, 2) and shown["盂县"] == (1, 0, 1)


def test_an_objection_freezes_this_base_alone(tree, cast):
    batch, until = make_batch(tree.city), timezone.localdate() - timedelta(days=1)
    rows = [
        make_base(
            batch, make_venue(unit), status="publicity", public_from=until, public_until=until,
            approval_basis="纪要", decided_by=cast.head,
        )
        for unit in (tree.dongguan, tree.nanguan)
    ]  # fmt: skip
    objection = actions.object_to(actor=cast.review, base=rows[0], received_on=until, facts="有人反映")
    with pytest.raises(WorkflowError, match="核查"):
        actions.name_base(actor=cast.leader, base=rows[0], plate_no="A-1")
    actions.name_base(actor=cast.leader, base=rows[1], plate_no="A-1")
    actions.answer_objection(actor=cast.county, objection=objection, finding="unsubstantiated", decision="查无实据")  # fmt: skip
    with pytest.raises(WorkflowError, match="已经办结"):
        actions.answer_objection(
            actor=cast.county, objection=objection, finding="substantiated", decision="再"
        )
    with pytest.raises(ValidationError, match="已经用过"):
        actions.name_base(actor=cast.leader, base=rows[0], plate_no="A-1")
    assert rows[0].status == "publicity"
    actions.name_base(actor=cast.leader, base=rows[0], plate_no="A-2")
    assert rows[0].status == "named"


def test_a_true_objection_ends_the_naming(tree, cast):
    day = timezone.localdate() - timedelta(days=1)
    base = make_base(make_batch(tree.city), make_venue(tree.dongguan), status="publicity", public_from=day, public_until=day, approval_basis="纪要")  # fmt: skip
    row = actions.object_to(actor=cast.review, base=base, received_on=day, facts="属实的反映")
    actions.answer_objection(actor=cast.review, objection=row, finding="substantiated", decision="核实")
    with pytest.raises(WorkflowError, match="核查属实"):
        actions.name_base(actor=cast.leader, base=base, plate_no="A-1")
    actions.step(actor=cast.leader, base=base, name="stop", reason="异议属实")
    assert base.status == "not_named"


def test_removal_needs_two_people_and_reasons(tree, cast):
    base = _named(cast, make_batch(tree.city), make_venue(tree.dongguan))
    with pytest.raises(WorkflowError, match="两个人"):
        actions.remove(actor=cast.leader, base=base, reason="全年没有活动")
    actions.propose_removal(actor=cast.head, base=base, reason="全年没有活动")
    with pytest.raises(WorkflowError, match="已经有人"):
        actions.propose_removal(actor=cast.review, base=base, reason="再提")
    with pytest.raises(SamePerson):
        actions.remove(actor=cast.head, base=base, reason="同意")
    with pytest.raises(WorkflowError, match="理由"):
        actions.remove(actor=cast.leader, base=base, reason="")
    actions.remove(actor=cast.leader, base=base, reason="同意摘牌")
    assert base.status == "removed" and base.plate_no
    assert SOURCES["bases"].counted().count() == 0


def test_yearly_recheck_rectifies_within_three_months(tree, cast):
    base = make_base(make_batch(tree.city), make_venue(tree.dongguan), status="named")
    actions.step(actor=cast.review, base=base, name="review")
    latest = rules.latest_rectification(timezone.localdate())
    for day in (None, timezone.localdate(), latest + timedelta(days=1)):
        with pytest.raises(ValidationError, match="三个月"):
            actions.review(actor=cast.review, base=base, outcome="rectify", note="展板旧", rectify_by=day)
    assert not base.reviews.exists()
    actions.review(actor=cast.review, base=base, outcome="rectify", note="展板旧", rectify_by=latest)
    assert base.status == "rectifying"
    actions.review(actor=cast.review, base=base, outcome="ok", note="已换新")
    assert base.status == "named" and base.reviews.count() == 2 and base.rectify_by is None
    with pytest.raises(StaleState):
        actions.review(actor=cast.review, base=base, outcome="ok", note="再来")


def test_recheck_and_ended_notices_are_reminded_once(tree, person):
    with time_machine.travel("2026-06-01 09:00+08:00", tick=False):
        cast = Cast(tree, person)
        make_base(
            make_batch(tree.city), make_venue(tree.dongguan), status="named", review_due=date(2026, 6, 20)
        )
        make_base(
            make_batch(tree.city), make_venue(tree.nanguan), status="publicity", public_from=date(2026, 5, 20),
            public_until=date(2026, 5, 29), approval_basis="纪要",
        )  # fmt: skip
        reminders.run()
        reminders.run()
    told = Message.objects.filter(title="基地复核和公示到期")
    assert told.filter(user=cast.review, text__contains="年度复核").count() == 1
    assert told.filter(user=cast.leader, text__contains="公示已满").count() == 1
    assert not told.filter(user=cast.village).exists()


def test_removal_naming_and_recheck_wait_in_the_inbox_of_who_decides(tree, cast):
    batch, today = make_batch(tree.city), timezone.localdate()
    base = _named(cast, batch, make_venue(tree.dongguan))
    assert base not in queries.waiting_for(scope_of(cast.leader))
    actions.propose_removal(actor=cast.head, base=base, reason="长期不开放")
    assert base in queries.waiting_for(scope_of(cast.leader))
    assert base not in queries.waiting_for(scope_of(cast.head)), "not what they proposed"
    over, running = (
        make_base(
            batch, make_venue(tree.nanguan), status="publicity", public_from=today - timedelta(days=9),
            public_until=today + timedelta(days=days), approval_basis="纪要",
        )
        for days in (-1, 0)
    )  # fmt: skip
    found = queries.waiting_for(scope_of(cast.leader))
    assert over in found and running not in found
    again = make_base(batch, make_venue(tree.nanguan), status="annual_review", plate_no="2026-009")
    assert again in queries.waiting_for(scope_of(cast.review))
    assert again not in queries.waiting_for(scope_of(cast.leader))


def test_inbox_shows_each_what_is_theirs_in_a_fixed_number_of_queries(tree, cast):
    batch = make_batch(tree.city)
    mine = make_base(batch, make_venue(tree.dongguan), status="submitted", submitted_by=cast.village)
    scope_of(cast.review).lines_for(Perm.VENUE_CHECK)  # the grants are read once for a person
    with CaptureQueriesContext(connection) as one:
        assert list(queries.waiting_for(scope_of(cast.review))) == [mine]
    for _more in range(2):
        make_base(batch, make_venue(tree.dongguan), status="site_visit", submitted_by=cast.county)
    ready = make_base(batch, make_venue(tree.nanguan), status="decision", checked_by=cast.head)
    with CaptureQueriesContext(connection) as many:
        assert len(queries.waiting_for(scope_of(cast.review))) == 3
    assert len(many) == len(one)
    assert list(queries.waiting_for(scope_of(cast.county))) == [mine], "not what they handed in"
    assert ready in queries.waiting_for(scope_of(cast.leader))
    assert ready not in queries.waiting_for(scope_of(cast.head)), "not what they checked"
    for nobody in (cast.township, cast.village, cast.other):
        assert not queries.waiting_for(scope_of(nobody)).exists()


def test_inbox_of_bases_reads_its_rows_once_and_says_since_when(tree, cast):
    batch, long_ago = make_batch(tree.city), timezone.now() - timedelta(days=700)
    shown = []
    for unit in (tree.dongguan, tree.nanguan, tree.guanshan):
        base = make_base(batch, make_venue(unit), status="annual_review", plate_no=f"2026-{unit.pk}")
        type(base).objects.filter(pk=base.pk).update(submitted_at=long_ago, updated_at=timezone.now())
        scope = scope_of(cast.review)
        scope.lines_for(Perm.VENUE_CHECK)
        with CaptureQueriesContext(connection) as queried:
            items = wiring._base_items(scope, 10)
        shown.append((len(items), len(queried)))
    assert [number for number, _queries in shown] == [1, 2, 3] and len(
        {asked for _number, asked in shown}
    ) == 1
    assert all(item.since > timezone.now() - timedelta(days=1) for item in items)


def test_weights_sum_to_a_hundred_and_stay_once_scored(tree, cast):
    today = timezone.localdate()
    fields = {"name": "甲", "year": 2026, "opens_on": today, "closes_on": today}
    with pytest.raises(ValidationError, match="100"):
        actions.save_batch(
            actor=cast.scorer, unit=tree.city, fields=fields | {"criteria": rules.default_criteria()[1:]}, pool=[]
        )  # fmt: skip
    batch = actions.save_batch(actor=cast.scorer, unit=tree.city, fields=fields, pool=[tree.dongguan])
    with pytest.raises(ValidationError, match="同名"):
        actions.save_batch(actor=cast.scorer, unit=tree.city, fields=fields, pool=[])
    base = make_base(batch, make_venue(tree.dongguan), status="site_visit")
    actions.score(actor=cast.review, base=base, points=FULL, visited_on=today)
    changed = [{"code": "x", "label": "全部", "weight": 100}]
    with pytest.raises(ValidationError, match="已经有人打分"):
        actions.save_batch(
            actor=cast.scorer, unit=tree.city, fields={"criteria": changed}, pool=[], batch=batch
        )
    with pytest.raises(PermissionDenied):
        actions.save_batch(actor=cast.county, unit=tree.city, fields=fields | {"name": "乙"}, pool=[])


@given(st.dictionaries(st.sampled_from(sorted(FULL)), st.decimals(-5, 60, places=1), max_size=5))
def test_totals_never_leave_the_range(points):
    fits = set(points) == set(FULL) and all(0 <= value <= FULL[code] for code, value in points.items())
    try:
        total = rules.total_of(points, rules.DEFAULT_CRITERIA)
    except ValueError:
        assert not fits
    else:
        assert fits and 0 <= total <= 100


def test_just_below_the_pass_mark_is_not_rounded_up_to_it():
    assert rules.average([Decimal("80.0"), Decimal("79.9")]) == Decimal("79.95") < rules.PASS_SCORE
    assert rules.average([Decimal("80.0"), Decimal("80.0"), Decimal("80.0")]) >= rules.PASS_SCORE
    assert rules.average([]) is None


# -- pages -----------------------------------------------------------------------------------------


def _tag(html, name):
    """The input of that name."""
    return re.search(rf'<input[^>]*name="{name}"[^>]*>', html)[0]


def test_the_whole_way_through_the_pages(tree, signed_in, client):
    city, village = signed_in(Role.CITY_OP, tree.city), signed_in(Role.VILLAGE_OP, tree.dongguan)
    review, leader = signed_in(Role.COUNTY_REVIEWER, tree.pingding), signed_in(Role.CITY_LEADER, tree.city)
    venue, today = make_venue(tree.dongguan), timezone.localdate().isoformat()
    form = {
        "form_token": str(uuid4()), "unit": tree.city.unit_no, "name": "2026 年第一批", "year": "2026", "title_word": "实践基地",
        "total": "10", "child_least": "2", "child_most": "3", "pass_score": "80", "public_days": "5", "opens_on": today,
        "closes_on": today, "criteria_text": "组织领导与制度 20\n阵地建设 25\n活动成效 30\n队伍 10\n特色 15",
        "pool_text": f"{tree.dongguan.unit_no}\n南关社区",
    }  # fmt: skip
    bad = city.post(
        "/staff/venues/batches/new/", form | {"criteria_text": "全部 90", "pool_text": "没有的村"}
    )
    assert bad.status_code == 422 and "90 分" in bad.content.decode() and "没有的村" in bad.content.decode()
    page = city.post("/staff/venues/batches/new/", form)
    batch = page.headers["Location"]
    assert "还差 2 个" in city.get(batch).content.decode()
    answer = village.post(f"{batch}apply/", {"venue": venue.no, "form_token": str(uuid4())})
    base = DemoBase.objects.get()
    assert answer.headers["Location"] == f"{base.staff_url}edit/"
    over = village.post(f"{base.staff_url}edit/", {"intro": "字" * 1501, "act": "submit"})
    assert over.status_code == 422 and "超出 1 字" in over.content.decode()
    village.post(
        f"{base.staff_url}edit/", {"intro": "有家风馆一处", "act": "submit", "form_token": str(uuid4())}
    )
    review.post(f"{base.staff_url}step/", {"step": "take"})
    review.post(f"{base.staff_url}recommend/", {"recommend-opinion": "同意推荐"})
    base.refresh_from_db()
    points = {f"score-p_{row['code']}": row["weight"] for row in base.batch.criteria}
    wrong = review.post(
        f"{base.staff_url}score/", points | {"score-visited_on": today, next(iter(points)): "99"}
    )
    assert wrong.status_code == 422
    assert "autofocus" in _tag(wrong.content.decode(), "score-p_rules")
    assert "autofocus" not in _tag(review.get(base.staff_url).content.decode(), "score-p_rules")
    review.post(f"{base.staff_url}score/", points | {"score-visited_on": today})
    own, others = review.get(base.staff_url).content.decode(), city.get(base.staff_url).content.decode()
    assert "100 分（" in own and "100 分（" not in others and "已有 1 位打了分" in others
    city.post(f"{base.staff_url}score/", points | {"score-visited_on": today})
    assert "100 分（" in city.get(base.staff_url).content.decode()
    review.post(f"{base.staff_url}step/", {"step": "scored"})
    data = {
        "decide-title_word": "实践基地",
        "decide-approval_basis": "党组会议纪要第 5 期",
        "decide-public_from": today,
    }
    assert city.post(f"{base.staff_url}decide/", data).status_code == 403
    leader.post(f"{base.staff_url}decide/", data)
    base.refresh_from_db()
    assert base.status == "publicity"
    notices = client.get("/venues/notices/").content.decode()
    assert venue.name in notices and "党组会议纪要" in notices
    DemoBase.objects.update(public_until=timezone.localdate() - timedelta(days=1))
    assert venue.name not in client.get("/venues/notices/").content.decode()
    leader.post(f"{base.staff_url}name/", {"name-plate_no": "2026-001"})
    base.refresh_from_db()
    assert base.status == "named"
    for person in (city, village, review, leader):
        assert "2026-001" in person.get(base.staff_url).content.decode()
    outsider = signed_in(Role.COUNTY_OP, tree.yuxian)
    assert outsider.get(base.staff_url).status_code == 404
    assert "2026-001" in leader.get("/staff/venues/bases/?status=plate").content.decode()
