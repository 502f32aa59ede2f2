"""Assignment, scoring, recusal, closing, promotion."""

import threading
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from families.works.actions.own import withdraw
from families.works.entry import AuthorEntry
from families.works.rules import Status
from portal.access.roles import Role
from portal.accounts.phone_codes import phone_hash, visitor_for
from portal.journal.models import JournalEntry
from portal.notifications import reminders
from portal.notifications.models import Message
from portal.reviews.judging import actions, queries
from portal.reviews.judging.models import JudgedItem, JudgeProfile, Recusal, Sheet
from portal.reviews.judging.rules import Outcome, SheetState, StageState
from portal.reviews.workflow import StaleState, WorkflowError
from tests.factories.judging import make_accepted, make_judges, make_scoring, make_stage, score, score_all
from tests.factories.people import give, make_user

pytestmark = pytest.mark.django_db
GOOD = ("30", "20", "20", "10")


def test_one_click_gives_every_work_three_judges_and_presses_twice_to_no_effect(call, staff, judges, works):
    stage = make_stage(call, staff, judges)
    report = queries.fairness_of(stage)
    assert (report.is_complete, report.plan.spread, len(report.plan.pairs)) == (True, 0, 12)
    with pytest.raises(WorkflowError):
        actions.open_stage(actor=staff["manager"], stage=stage)
    assert actions.assign(actor=staff["manager"], stage=stage) == 12
    assert actions.assign(actor=staff["manager"], stage=stage) == 0
    assert Sheet.objects.count() == 12
    with pytest.raises(PermissionDenied):
        actions.open_stage(actor=judges[0], stage=stage)
    actions.open_stage(actor=staff["manager"], stage=stage)
    works[0].refresh_from_db()
    assert works[0].status == Status.FIRST_JUDGE
    assert Message.objects.filter(user__in=judges, title="有作品请您评审").count() == 4


def test_the_same_form_makes_one_round_and_a_call_one_first_round(call, staff, judges, works):
    token = "5d0e7c1e-1111-4222-8333-444455556666"
    first = make_stage(call, staff, judges, token=token)
    assert make_stage(call, staff, judges, token=token) == first
    with pytest.raises(WorkflowError):
        make_stage(call, staff, judges)


def test_final_round_wants_five_judges(call, staff, judges, works):
    with pytest.raises(WorkflowError, match="5"):
        make_stage(call, staff, judges, kind="final")


OTHER_NAMES = {"second_author": "欧阳守廉", "pen_name": "荷塘", "household_name": "李家大"}


@pytest.mark.parametrize(
    "how",
    [
        "household",
        "village",
        "unit",
        "staff",
        "namesake",
        "second_author",
        "pen_name",
        "household_name",
        "entered",
        "instructor",
        "taught",
    ],
)
def test_conflicts_are_found_by_rule(call, staff, judges, tree, how):
    own = (AuthorEntry("李守正", "1970-05"), AuthorEntry("欧阳·守廉", "1980-01", pen_name="荷塘"))
    work = make_accepted(
        call, tree, staff, phone="13900000001", authors=own, household="李家大院", instructors=("王大明",)
    )
    other = make_accepted(call, tree, staff, phone="13900000002", unit=tree.nanguan, author_name="王小二")
    judge = judges[0]
    if how == "household":
        type(judge).objects.filter(pk=judge.pk).update(phone_hash=phone_hash("13900000001"))
    elif how == "village":
        JudgeProfile.objects.create(user=judge, home_unit=tree.dongguan)
    elif how == "unit":
        JudgeProfile.objects.create(user=judge, work_unit=tree.dongguan)
    elif how == "staff":
        give(judge, Role.VILLAGE_OP, tree.dongguan)
    elif how == "namesake":
        type(judge).objects.filter(pk=judge.pk).update(display_name="李守正")
    elif how in OTHER_NAMES:
        type(judge).objects.filter(pk=judge.pk).update(display_name=OTHER_NAMES[how])
    elif how == "entered":
        type(work).every.filter(pk=work.pk).update(entered_by=judge)
    elif how == "taught":
        type(work).every.filter(pk=work.pk).update(instructor=f"王大明、{judge.display_name}")
    else:
        type(work).every.filter(pk=work.pk).update(extra={"instructor": judge.display_name})
    stage = make_stage(call, staff, judges)
    actions.assign(actor=staff["manager"], stage=stage)
    mine = set(Sheet.objects.filter(judge=judge).values_list("item__target_id", flat=True))
    assert work.pk not in mine
    assert Recusal.objects.get(judge=judge, declared=False).item.target_id == work.pk
    assert Sheet.objects.filter(item__target_id=work.pk).count() == 3
    assert Sheet.objects.filter(item__target_id=other.pk).count() == 3


def test_what_cannot_reach_three_is_reported_and_opens_only_with_a_reason(call, staff, tree, works):
    judges = make_judges(tree, 3)
    JudgeProfile.objects.create(user=judges[0], home_unit=tree.dongguan)
    stage = make_stage(call, staff, judges)
    report = queries.fairness_of(stage)
    assert len(report.short) == 4
    assert report.judges[0].auto == 4
    actions.assign(actor=staff["manager"], stage=stage)
    with pytest.raises(WorkflowError):
        actions.open_stage(actor=staff["manager"], stage=stage)
    actions.open_stage(actor=staff["manager"], stage=stage, reason="专家有限")
    assert stage.status == StageState.SCORING


def test_declared_recusal_finds_a_substitute_who_is_told(call, staff, judges, works):
    make_scoring(call, staff, judges)
    sheet = Sheet.objects.filter(judge=judges[0]).select_related("item__stage").first()
    score(sheet, *GOOD)
    with pytest.raises(PermissionDenied):
        actions.recuse(actor=judges[1], sheet=sheet, reason="不是我的")
    substitute = actions.recuse(actor=judges[0], sheet=sheet, reason="认出是亲戚")
    sheet.refresh_from_db()
    assert (sheet.state, sheet.values, sheet.total) == (SheetState.RECUSED, {}, None)
    assert substitute not in (None, judges[0])
    assert Sheet.objects.filter(item=sheet.item, judge=substitute, is_substitute=True).exists()
    assert Message.objects.filter(user=substitute).count() == 2
    with pytest.raises(StaleState):
        score(sheet, *GOOD)


def test_drafts_keep_partial_scores_and_handing_in_wants_all(call, staff, judges, works):
    make_scoring(call, staff, judges)
    sheet = Sheet.objects.filter(judge=judges[0]).first()
    kept = score(sheet, "30", hand_in=False)
    assert (kept.state, kept.values, kept.total) == (SheetState.DRAFT, {"0": "30"}, None)
    with pytest.raises(WorkflowError):
        score(sheet, "30")
    with pytest.raises(WorkflowError):
        score(sheet, "36", "1", "1", "1")
    assert score(sheet, *GOOD).total == Decimal("80.0")
    assert score(sheet, "31", "20", "20", "10").total == Decimal("81.0")


def test_double_post_is_one_score_and_an_old_page_is_refused(call, staff, judges, works):
    make_scoring(call, staff, judges)
    sheet = Sheet.objects.filter(judge=judges[0]).select_related("item__stage", "item__criteria").first()
    values = {n: Decimal(v) for n, v in enumerate(GOOD)}
    for _time in range(2):
        actions.save_sheet(actor=judges[0], sheet=sheet, values=values, version=0, hand_in=True)
    assert JournalEntry.objects.filter(verb="judging.scored").count() == 1
    with pytest.raises(StaleState):
        actions.save_sheet(
            actor=judges[0], sheet=sheet, values={**values, 0: Decimal(1)}, version=0, hand_in=True
        )
    sheet.refresh_from_db()
    assert sheet.total == Decimal("80.0")


def test_closed_round_refuses_scores_and_shows_them_only_then(call, staff, judges, works):
    stage = make_scoring(call, staff, judges)
    sheet = Sheet.objects.filter(judge=judges[0]).first()
    score(sheet, *GOOD)
    assert queries.table_of(stage) == []
    with pytest.raises(WorkflowError):
        actions.close_stage(actor=staff["manager"], stage=stage)
    stage.refresh_from_db()
    assert stage.status == StageState.SCORING
    actions.close_stage(actor=staff["manager"], stage=stage, reason="时间到了")
    with pytest.raises(StaleState):
        score(sheet, "1", "1", "1", "1")
    with pytest.raises(StaleState):
        actions.recuse(actor=judges[0], sheet=sheet, reason="太晚了")
    line = next(row for row in queries.table_of(stage) if row["item"].pk == sheet.item_id)
    assert line["scores"] == [(judges[0].display_name, Decimal("80.0"))]
    assert line["item"].raw == Decimal("80.00")


def test_ranks_ties_and_promotion_decided_by_people(call, staff, judges, works):
    stage = make_scoring(call, staff, judges, keep_number=1)
    equal = {works[0].pk, works[1].pk}
    score_all(stage, lambda s: ("35", "25", "25", "15") if s.item.target_id in equal else GOOD)
    actions.close_stage(actor=staff["manager"], stage=stage)
    tied = {item.target_id: item for item in stage.things.all()}
    assert {pk for pk, item in tied.items() if item.is_tied and item.raw_rank == 1} == equal
    with pytest.raises(WorkflowError, match="组长"):
        actions.decide(actor=staff["manager"], stage=stage, promoted={tied[works[0].pk].pk})
    order = [tied[works[1].pk].pk, tied[works[0].pk].pk]
    with pytest.raises(PermissionDenied):
        actions.part_tie(actor=judges[1], stage=stage, order=order, reason="更切题")
    with pytest.raises(WorkflowError):
        actions.part_tie(actor=judges[0], stage=stage, order=order, reason="")
    actions.part_tie(actor=judges[0], stage=stage, order=order, reason="更切题")
    assert queries.proposal_of(stage) == {tied[works[1].pk].pk}
    with pytest.raises(WorkflowError, match="理由"):
        actions.decide(actor=staff["manager"], stage=stage, promoted={tied[works[2].pk].pk})
    chosen = {tied[works[1].pk].pk, tied[works[2].pk].pk}
    actions.decide(actor=staff["manager"], stage=stage, promoted=chosen, reason="多留一件")
    assert JudgedItem.objects.get(pk=tied[works[2].pk].pk).outcome_reason == "多留一件"
    assert JudgedItem.objects.get(pk=tied[works[0].pk].pk).outcome == Outcome.OUT
    second = make_stage(call, staff, judges, kind="second")
    assert set(second.things.values_list("target_id", flat=True)) == {works[1].pk, works[2].pk}


def test_what_its_author_takes_back_leaves_the_round(call, staff, judges, works, enter):
    stage = make_scoring(call, staff, judges)
    work = works[0]
    work.refresh_from_db()
    withdraw(actor=visitor_for(work.phone_hash), work=work)
    sheet = Sheet.objects.filter(item__target_id=work.pk).select_related("judge").first()
    page = enter(sheet.judge).get(sheet.get_absolute_url())
    assert work.text not in page.content.decode()
    assert actions.drop_gone(stage) == 1
    assert actions.drop_gone(stage) == 0
    assert set(Sheet.objects.filter(item__target_id=work.pk).values_list("state", flat=True)) == {
        SheetState.GONE
    }


def test_reminders_reach_only_judges_with_work_left(call, staff, judges, works):
    make_scoring(call, staff, judges, due_on=timezone.localdate())
    for sheet in Sheet.objects.filter(judge=judges[0]).select_related(
        "item__stage", "item__criteria", "judge"
    ):
        score(sheet, *GOOD)
    for _time in range(2):
        assert reminders.run()["judging.left"] == 3
    told = Message.objects.filter(key__startswith="judging.left:").values_list("user_id", flat=True)
    assert sorted(told) == sorted(judge.pk for judge in judges[1:])


@pytest.mark.django_db(transaction=True)
def test_two_posts_at_once_leave_one_score(call, staff, judges, works):
    make_scoring(call, staff, judges)
    pk = Sheet.objects.filter(judge=judges[0]).values_list("pk", flat=True)[0]
    answers: list[str] = []

    def post(first: str) -> None:
        try:
            sheet = Sheet.objects.select_related("item__stage", "item__criteria", "judge").get(pk=pk)
            values = {0: Decimal(first), 1: Decimal(1), 2: Decimal(1), 3: Decimal(1)}
            actions.save_sheet(actor=sheet.judge, sheet=sheet, values=values, version=0, hand_in=True)
            answers.append("kept")
        except StaleState:
            answers.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=post, args=(first,)) for first in ("10", "20")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["kept", "refused"]
    assert Sheet.objects.get(pk=pk).version == 1


def test_outsiders_of_another_county_organise_nothing(call, staff, judges, works, tree):
    stage = make_stage(call, staff, judges)
    stranger = make_user(Role.CITY_OP, tree.pingding)
    with pytest.raises(PermissionDenied):
        actions.assign(actor=stranger, stage=stage)
