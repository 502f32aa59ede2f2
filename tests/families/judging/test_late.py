"""Works accepted after a round was made, and works that leave it in the middle."""

from collections import Counter
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from families.works.actions.own import put_back, withdraw
from families.works.actions.review import accept, pass_format
from families.works.models import Work
from families.works.rules import PublishState, Status, TakedownReason
from families.works.timeline import entries_of
from portal.access.roles import Role
from portal.accounts.phone_codes import visitor_for
from portal.jobs.models import Job
from portal.notifications.models import Message
from portal.reviews.judging import actions, queries
from portal.reviews.judging.models import JudgeProfile, Recusal, Sheet
from portal.reviews.judging.rules import SheetState
from portal.reviews.workflow import StaleState, WorkflowError
from tests.factories.judging import make_accepted, make_scoring, make_stage, score, score_all
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
GOOD = ("30", "20", "20", "10")


def late(call, tree, staff, number, **fields):
    return [make_accepted(call, tree, staff, phone=f"1370000{n:04d}", **fields) for n in range(number)]


def loads(stage):
    return Counter(Sheet.objects.filter(item__stage=stage).values_list("judge_id", flat=True))


def test_late_works_go_to_the_least_burdened_judges_who_are_told(call, tree, staff, judges, works):
    stage = make_scoring(call, staff, judges)  # four works, four judges: three each
    assert queries.late_report(stage).things == 0
    with pytest.raises(WorkflowError, match="没有可以补入"):
        actions.add_late(actor=staff["manager"], stage=stage)
    new = late(call, tree, staff, 3)
    stage.refresh_from_db()
    with pytest.raises(PermissionDenied):
        actions.add_late(actor=judges[0], stage=stage)
    report, before = queries.late_report(stage), loads(stage)
    told = Message.objects.filter(title="有作品请您评审").count()
    assert (report.things, len(report.plan.pairs), report.plan.spread) == (3, 9, 1)
    assert actions.add_late(actor=staff["manager"], stage=stage) == 3
    after = loads(stage)
    assert {line.judge.pk: line.added for line in report.judges} == dict(after - before)
    assert max(after.values()) - min(after.values()) == 1
    assert {Work.every.get(pk=work.pk).status for work in new} == {Status.FIRST_JUDGE}
    assert list(stage.things.values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6, 7]
    assert Message.objects.filter(title="有作品请您评审").count() == told + 4
    stage.refresh_from_db()
    with pytest.raises(WorkflowError, match="没有可以补入"):
        actions.add_late(actor=staff["manager"], stage=stage)
    assert sum(loads(stage).values()) == 21


def test_an_old_page_and_a_closed_round_take_nothing_in(call, tree, staff, judges, works):
    stage = make_scoring(call, staff, judges)
    late(call, tree, staff, 1)
    stage.refresh_from_db()
    score(Sheet.objects.filter(item__stage=stage)[0], *GOOD)
    with pytest.raises(StaleState):
        actions.add_late(actor=staff["manager"], stage=stage)
    actions.close_stage(actor=staff["manager"], stage=stage, reason="时间到了")
    stage.refresh_from_db()
    with pytest.raises(StaleState):
        actions.add_late(actor=staff["manager"], stage=stage)
    assert stage.things.count() == 4


def test_late_works_keep_away_from_their_neighbours_and_want_a_reason_when_short(
    call, tree, staff, judges, works
):
    for judge in judges[:2]:
        JudgeProfile.objects.create(user=judge, home_unit=tree.nanguan)
    stage = make_scoring(call, staff, judges)
    [work] = late(call, tree, staff, 1, unit=tree.nanguan)
    stage.refresh_from_db()
    assert queries.late_report(stage).short == [("家规家训 · 成人组", 1, 1)]
    with pytest.raises(WorkflowError, match="理由"):
        actions.add_late(actor=staff["manager"], stage=stage)
    stage.refresh_from_db()
    assert stage.things.count() == 4
    actions.add_late(actor=staff["manager"], stage=stage, reason="专家有限")
    item = stage.things.get(target_id=work.pk)
    assert set(item.sheets.values_list("judge_id", flat=True)) == {judge.pk for judge in judges[2:]}
    assert Recusal.objects.filter(item=item).count() == 2


def test_before_scoring_late_works_join_and_the_one_click_assigns_them(call, tree, staff, judges, works):
    stage = make_stage(call, staff, judges)
    [work] = late(call, tree, staff, 1)
    stage.refresh_from_db()
    assert actions.add_late(actor=staff["manager"], stage=stage) == 1
    assert not Sheet.objects.exists()
    stage.refresh_from_db()
    assert actions.assign(actor=staff["manager"], stage=stage) == 15
    work.refresh_from_db()
    assert work.status == Status.ACCEPTED


def test_later_rounds_take_only_what_was_promoted(call, tree, staff, judges, works):
    stage = make_scoring(call, staff, judges)
    score_all(stage, lambda sheet: (str(10 + sheet.item.number), "20", "20", "10"))
    actions.close_stage(actor=staff["manager"], stage=stage)
    actions.decide(actor=staff["manager"], stage=stage, promoted=queries.proposal_of(stage))
    late(call, tree, staff, 1)
    second = make_stage(call, staff, judges, kind="second")
    assert queries.late_report(second).things == 0


def test_what_a_call_changed_in_its_criteria_holds_in_its_next_round(call, tree, staff, judges, works):
    stage = make_stage(call, staff, judges)
    own = [{"name": "切题", "weight": 60}, {"name": "真情", "weight": 40}]
    actions.set_criteria(actor=staff["manager"], stage=stage, sets={stage.criteria.get().pk: own})
    stage.refresh_from_db()
    actions.assign(actor=staff["manager"], stage=stage)
    stage.refresh_from_db()
    actions.open_stage(actor=staff["manager"], stage=stage)
    with pytest.raises(StaleState):
        actions.set_criteria(actor=staff["manager"], stage=stage, sets={stage.criteria.get().pk: own})
    score_all(stage, lambda sheet: (str(10 + sheet.item.number), "20"))
    actions.close_stage(actor=staff["manager"], stage=stage)
    actions.decide(actor=staff["manager"], stage=stage, promoted=queries.proposal_of(stage))
    assert make_stage(call, staff, judges, kind="second").criteria.get().items == own


def test_the_page_shows_the_report_and_takes_them_in(call, tree, staff, judges, works, enter):
    stage = make_scoring(call, staff, judges)
    client, address = enter(staff["manager"]), f"{stage.get_absolute_url()}late/"
    assert "没有可以补入的作品" in client.get(address).content.decode()
    late(call, tree, staff, 2)
    assert "补入 2 件" in client.get(stage.get_absolute_url()).content.decode()
    assert "补入 2 件" in client.get(address).content.decode()
    assert enter(make_user(Role.CITY_OP, tree.pingding)).get(address).status_code == 404
    assert enter(judges[0]).get(address).status_code == 403
    assert client.post(address).status_code == 302
    assert client.post(address).status_code == 409
    assert stage.things.count() == 6


@pytest.mark.parametrize("how", ["withdrawn", "taken down"])
def test_scores_of_what_left_count_no_more_even_after_closing(call, tree, staff, judges, works, how):
    stage = make_scoring(call, staff, judges, keep_number=2)
    best = works[0]
    score_all(stage, lambda s: ("35", "25", "25", "15") if s.item.target_id == best.pk else
              (str(10 + s.item.number), "20", "20", "10"))  # fmt: skip
    actions.close_stage(actor=staff["manager"], stage=stage)
    assert stage.things.get(target_id=best.pk).raw_rank == 1
    best.refresh_from_db()
    if how == "withdrawn":
        withdraw(actor=visitor_for(best.phone_hash), work=best)
        assert Job.objects.filter(kind="judging.drop_gone").count() == 1
    else:
        Work.every.filter(pk=best.pk).update(
            publish_state=PublishState.TAKEN_DOWN, taken_down_for=TakedownReason.OBJECTION
        )
    assert actions.drop_gone(stage) == 1
    item = stage.things.get(target_id=best.pk)
    assert item.is_gone
    assert set(item.sheets.values_list("state", "total")) == {(SheetState.GONE, None)}
    ranks = sorted(stage.things.filter(is_gone=False).values_list("raw_rank", flat=True))
    assert ranks == [1, 2, 3]
    assert item.pk not in queries.proposal_of(stage)
    assert actions.decide(actor=staff["manager"], stage=stage, promoted=queries.proposal_of(stage)) == 2
    assert all(row["item"].raw < Decimal(100) for row in queries.table_of(stage))


def accepted_again(work, staff):
    put_back(actor=visitor_for(work.phone_hash), work=work)
    pass_format(actor=staff["decider"], work=work)
    accept(actor=staff["second"], work=work)


def test_a_work_put_back_while_its_round_is_open_is_judged_anew(call, tree, staff, judges, works, client):
    stage = make_scoring(call, staff, judges)
    work = Work.every.get(pk=works[0].pk)
    score_all(stage, lambda _sheet: GOOD)
    item = stage.things.get(target_id=work.pk)
    away = item.sheets.first().judge
    Recusal.objects.create(item=item, judge=away, declared=True, reason="亲戚")
    withdraw(actor=visitor_for(work.phone_hash), work=work)
    assert actions.drop_gone(stage) == 1
    Work.every.filter(pk=work.pk).update(is_minor=True)  # as a corrected birth month makes it
    work = Work.every.get(pk=work.pk)
    accepted_again(work, staff)
    stage.refresh_from_db()
    assert queries.late_report(stage).things == 1
    assert actions.add_late(actor=staff["manager"], stage=stage) == 1
    item.refresh_from_db()
    work.refresh_from_db()
    assert [entry["title"] for entry in entries_of(work)].count("进入评审") == 2
    assert (work.status, item.is_gone, stage.things.count()) == (Status.FIRST_JUDGE, False, 4)
    assert (item.bucket, item.bucket_label) == ("MOTTO|minor", "家规家训 · 少儿组")
    assert item.criteria.key == "MOTTO|child"
    fresh = item.sheets.all()
    assert {(sheet.state, sheet.total) for sheet in fresh} == {(SheetState.OPEN, None)}
    assert len(fresh) == 3 and away.pk not in {sheet.judge_id for sheet in fresh}
    score_all(stage, lambda sheet: [str(one["weight"]) for one in sheet.item.criteria.items])
    actions.close_stage(actor=staff["manager"], stage=stage)
    assert stage.things.filter(raw__isnull=False).count() == 4

    withdraw(actor=visitor_for(work.phone_hash), work=work)
    closed = Work.every.get(pk=work.pk)
    with pytest.raises(WorkflowError, match="那一轮评审已经结束"):
        put_back(actor=visitor_for(work.phone_hash), work=closed)
