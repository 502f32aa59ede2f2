"""Papers are composed from the bank, approved by a second person, closed by the clock; nobody is ranked."""

import uuid
from datetime import date, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns.activities.models import Activity
from campaigns.quizzes import metrics
from campaigns.quizzes.actions import attempts, draws
from campaigns.quizzes.actions import papers as actions
from campaigns.quizzes.models import Answer, Attempt, Draw, PrizeEntry, Quiz
from campaigns.quizzes.queries import attempts as tries
from campaigns.quizzes.queries import papers as queries
from campaigns.quizzes.rules import draw as rules
from portal.access.roles import Role
from portal.access.scope import scope_of
from portal.accounts.phone_codes import phone_hash, visitor_for
from portal.dashboards.models import MetricRollup
from portal.jobs import runner
from portal.notifications import reminders
from portal.notifications.models import Message, Outgoing
from portal.privacy import registry
from portal.privacy.actions import withdraw
from portal.privacy.rules import ConsentType
from portal.reviews import inbox
from portal.reviews.workflow import WorkflowError
from portal.workdays import rules as workday_rules
from portal.workdays.models import Holiday
from tests.factories.quizzes import make_question, make_quiz, try_quiz

PHONES = [f"1380013800{n}" for n in range(8)]


def _typed(tree, **fields):
    today = timezone.localdate()
    return {
        "unit": tree.pingding.unit_no, "title": "家风问答", "slug": "jiafeng", "mode": "contest", "opens_on": today,
        "closes_on": today + timedelta(days=3), "minutes": "20", "pass_score": "60", "excellent_score": "90",
        "attempts_per_day": "1", "shuffle": "on", "prize_count": "0", "form_token": str(uuid.uuid4()), **fields,
    }  # fmt: skip


def _stock(unit):
    for kind, number in (("single", 12), ("multi", 6), ("true_false", 6)):
        for _n in range(number):
            make_question(unit, kind=kind)


def test_from_planning_to_the_public_page(tree, signed_in, client):
    writer, reviewer = (
        signed_in(Role.COUNTY_OP, tree.pingding),
        signed_in(Role.COUNTY_REVIEWER, tree.pingding),
    )
    _stock(tree.pingding)
    answer = writer.post("/staff/quizzes/papers/new/", _typed(tree), follow=True)
    page = answer.content.decode()
    assert 'value="10"' in page and "题库现有" in page
    parts = {"parts-TOTAL_FORMS": "3", "parts-INITIAL_FORMS": "3", "points": "5"}
    for number, (kind, count) in enumerate((("single", 10), ("multi", 5), ("true_false", 5))):
        parts |= {f"parts-{number}-kind": kind, f"parts-{number}-count": count}
    writer.post("/staff/quizzes/papers/jiafeng/compose/", parts)
    quiz = Quiz.objects.get()
    assert quiz.items.count() == 20
    assert "正确答案" in writer.get("/staff/quizzes/papers/jiafeng/preview/").content.decode()
    writer.post("/staff/quizzes/papers/jiafeng/step/", {"step": "submit"})
    assert client.get("/quizzes/jiafeng/").status_code == 404
    writer.post("/staff/quizzes/papers/jiafeng/step/", {"step": "approve"})
    reviewer.post("/staff/quizzes/papers/jiafeng/step/", {"step": "approve"})
    quiz.refresh_from_db()
    assert quiz.is_open and "开始答题" in client.get("/quizzes/jiafeng/").content.decode()
    assert quiz.items.first().snapshot["stem"]


def test_lack_in_the_bank_is_named(tree, signed_in):
    writer = signed_in(Role.COUNTY_OP, tree.pingding)
    make_question(tree.pingding)
    writer.post("/staff/quizzes/papers/new/", _typed(tree))
    parts = {
        "parts-TOTAL_FORMS": "1",
        "parts-INITIAL_FORMS": "1",
        "points": "5",
        "parts-0-kind": "single",
        "parts-0-count": "3",
    }
    answer = writer.post("/staff/quizzes/papers/jiafeng/compose/", parts)
    assert answer.status_code == 422 and "只有 1 题可用" in answer.content.decode()


def test_by_hand_only_usable_questions(tree, signed_in):
    writer = signed_in(Role.COUNTY_OP, tree.pingding)
    own, foreign = make_question(tree.pingding), make_question(tree.yuxian)
    writer.post("/staff/quizzes/papers/new/", _typed(tree))
    writer.post("/staff/quizzes/papers/jiafeng/pick/", {"chosen": [own.pk, foreign.pk], "points": "5"})
    assert [item.question for item in Quiz.objects.get().items.all()] == [own]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"closes_on": ""}, "竞答要有截止日期"),
        ({"closes_on": "2020-01-01"}, "不能早于开始日期"),
        ({"excellent_score": "50"}, "不能低于及格分"),
        ({"slug": "resume"}, "请换一个"),
        ({"slug": "中文"}, "slug"),
        ({"mode": "practice", "prize_count": "3"}, "练习没有抽奖"),
        ({"prize_count": "3"}, "请写明奖品"),
        ({"attempts_per_day": "0"}, "每天 1 到 20 次"),
        ({"minutes": "-5"}, "0"),
    ],
)
def test_odd_papers_come_back(tree, signed_in, change, words):
    answer = signed_in(Role.COUNTY_OP, tree.pingding).post(
        "/staff/quizzes/papers/new/", _typed(tree, **change)
    )
    assert (
        answer.status_code == 422
        and "家风问答" in answer.content.decode()
        and words in answer.content.decode()
    )
    assert not Quiz.objects.exists()


def test_form_sent_twice_and_address_taken(tree, signed_in):
    writer, typed = signed_in(Role.COUNTY_OP, tree.pingding), None
    typed = _typed(tree)
    for _press in range(2):
        writer.post("/staff/quizzes/papers/new/", typed)
    assert Quiz.objects.count() == 1
    again = writer.post("/staff/quizzes/papers/new/", _typed(tree))
    assert again.status_code == 422 and Quiz.objects.count() == 1


def test_nobody_approves_their_own_and_others_are_outside(tree, person, writer, reviewer, contest):
    draft = actions.plan_quiz(actor=writer, unit=tree.pingding, fields={
        "slug": "own", "title": "自己的", "mode": "practice", "opens_on": timezone.localdate(), "closes_on": None})  # fmt: skip
    actions.set_questions(
        actor=writer, quiz=draft, questions=[make_question(tree.pingding) for _n in range(20)]
    )
    actions.submit_quiz(actor=writer, quiz=draft)
    for other in (writer, person(Role.COUNTY_REVIEWER, tree.yuxian)):
        with pytest.raises(PermissionDenied):
            actions.approve_quiz(actor=other, quiz=draft)
    assert {group.source.code for group in inbox.groups(scope_of(reviewer))} == {"quizzes"}
    actions.approve_quiz(actor=reviewer, quiz=draft)
    assert not Draw.objects.filter(quiz=draft).exists() and Draw.objects.filter(quiz=contest).exists()


def test_begun_paper_cannot_be_changed(tree, writer, contest):
    try_quiz(contest)
    with pytest.raises(WorkflowError, match="已经有人答题"):
        actions.step_quiz(actor=writer, quiz=contest, name="withdraw", reason="改题")
    with pytest.raises(WorkflowError):
        actions.edit_quiz(actor=writer, quiz=contest, fields={"title": "另一个"})


def test_clock_reminds_once_and_closes_once(contest, writer):
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        reminders.run()
        reminders.run()
        assert actions.close_past() == 0
    assert Message.objects.filter(user=writer, title="知识问答快截止").count() == 1
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        assert (actions.close_past(), actions.close_past()) == (1, 0)
    contest.refresh_from_db()
    assert contest.status == "closed"


def test_public_figures_are_totals_and_topics_and_small_ones_are_hidden(contest, client):
    for _n in range(4):
        try_quiz(contest, right=3)
    Quiz.objects.filter(pk=contest.pk).update(
        closes_on=timezone.localdate() - timedelta(days=1), opens_on=timezone.localdate() - timedelta(days=2)
    )
    contest.refresh_from_db()
    assert tries.totals(contest, list(contest.items.all())).accuracy is None
    assert "不足 5" in client.get(contest.get_absolute_url()).content.decode()
    Quiz.objects.filter(pk=contest.pk).update(closes_on=timezone.localdate() + timedelta(days=1))
    contest.refresh_from_db()
    try_quiz(contest, right=3)
    Quiz.objects.filter(pk=contest.pk).update(closes_on=timezone.localdate() - timedelta(days=1))
    page = client.get(contest.get_absolute_url()).content.decode()
    assert "75%" in page and "廉洁文化" in page and "第一名" not in page


def test_participations_are_a_figure_of_the_holder(tree, contest):
    for _n in range(3):
        try_quiz(contest)
    attempts.begin(quiz=contest, token=str(uuid.uuid4()), visitor="x")
    runner.run_all()
    row = MetricRollup.objects.get(source="quizzes", unit=tree.pingding)
    assert row.values.get("quizzes.participations", row.rows) == 3
    assert MetricRollup.objects.get(source="quizzes", unit=tree.city).rows == 3
    assert metrics.pending().count() == 0


def test_lists_cost_the_same_for_one_and_three(tree, signed_in, writer, reviewer):
    client, counts = signed_in(Role.COUNTY_OP, tree.pingding), []
    make_quiz(writer, reviewer, tree.pingding)
    for address in ("/staff/quizzes/", "/quizzes/"):
        client.get(address)
        cache.clear()  # neither page nor menu may hide what a list costs
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        counts.append(len(seen))
    for _n in range(2):
        make_quiz(writer, reviewer, tree.pingding)
    for address, count in zip(("/staff/quizzes/", "/quizzes/"), counts, strict=True):
        cache.clear()
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        assert len(seen) == count


def test_ended_paper_becomes_one_draft_of_the_activity_log(tree, contest, signed_in, writer):
    try_quiz(contest)
    with pytest.raises(WorkflowError, match="结束后"):
        actions.log_as_activity(actor=writer, quiz=contest)
    actions.step_quiz(actor=writer, quiz=contest, name="close", reason="提前结束")
    client = signed_in(Role.COUNTY_OP, tree.pingding)
    for _press in range(2):
        client.post(f"/staff/quizzes/papers/{contest.slug}/log/")
    activity = Activity.objects.get()
    contest.refresh_from_db()
    assert contest.activity == activity and activity.online_visits == 1 and activity.headcount is None
    stranger = signed_in(Role.COUNTY_OP, tree.yuxian)
    assert stranger.post(f"/staff/quizzes/papers/{contest.slug}/log/").status_code == 404


def test_early_close_ends_open_tries_too(contest, writer):
    begun, _code = attempts.begin(quiz=contest, token=str(uuid.uuid4()), visitor="x")
    actions.step_quiz(actor=writer, quiz=contest, name="close", reason="提前结束")
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        begun = Attempt.objects.select_related("quiz").get()
        with pytest.raises(attempts.TimeOver):
            attempts.keep(attempt=begun, chosen={contest.items.first().pk: [0]})
    assert Attempt.objects.get().score == 0


# -- the draw -------------------------------------------------------------------------------------


@pytest.fixture
def entries(contest):
    return [draws.enter(attempt=try_quiz(contest), phone=phone, consent=True) for phone in PHONES]


@pytest.fixture
def over(contest, entries):
    Quiz.objects.filter(pk=contest.pk).update(
        opens_on=timezone.localdate() - timedelta(days=9), closes_on=timezone.localdate() - timedelta(days=1)
    )
    actions.close_past()
    contest.refresh_from_db()
    return contest


def test_one_number_per_phone_and_none_without_right(contest):
    first = draws.enter(attempt=try_quiz(contest), phone=PHONES[0], consent=True)
    assert draws.enter(attempt=try_quiz(contest), phone=PHONES[0], consent=True) == first
    with pytest.raises(WorkflowError, match="及格后"):
        draws.enter(attempt=try_quiz(contest, right=1), phone=PHONES[1], consent=True)
    with pytest.raises(WorkflowError, match="未成年人"):
        draws.enter(attempt=try_quiz(contest, is_minor=True), phone=PHONES[1], consent=True)
    with pytest.raises(WorkflowError, match="勾选同意"):
        draws.enter(attempt=try_quiz(contest), phone=PHONES[1], consent=False)
    assert PrizeEntry.objects.count() == 1


def test_two_people_draw_and_everybody_can_repeat_it(over, writer, reviewer, client):
    prize_draw = Draw.objects.get()
    before = client.get(f"/quizzes/{over.slug}/draw/").content.decode()
    assert prize_draw.commitment in before and prize_draw.seed not in before
    draws.draw_prizes(actor=writer, quiz=over)
    assert prize_draw.seed not in client.get(f"/quizzes/{over.slug}/draw/").content.decode()
    with pytest.raises(PermissionDenied):
        draws.confirm(actor=writer, quiz=over)
    draws.confirm(actor=reviewer, quiz=over)
    prize_draw.refresh_from_db()
    page = client.get(f"/quizzes/{over.slug}/draw/").content.decode()
    assert prize_draw.seed in page and rules.commitment(prize_draw.seed) == prize_draw.commitment
    assert prize_draw.winners == rules.winners(prize_draw.seed, range(1, 9), 2)
    assert "138****" in page and not any(phone in page for phone in PHONES)
    assert sum("中奖" in row.text for row in Outgoing.objects.all()) == 2


def test_draw_waits_for_the_end_and_can_be_sent_back(contest, entries, writer, reviewer):
    with pytest.raises(WorkflowError, match="结束后"):
        draws.draw_prizes(actor=writer, quiz=contest)
    actions.step_quiz(actor=writer, quiz=contest, name="close", reason="提前结束")
    draws.draw_prizes(actor=writer, quiz=contest)
    first = Draw.objects.get().winners
    draws.send_back(actor=reviewer, quiz=contest, reason="名单要核对")
    draws.draw_prizes(actor=writer, quiz=contest)
    assert Draw.objects.get().winners == first


def test_phones_of_winners_need_a_reason(over, writer, reviewer, signed_in, tree):
    draws.draw_prizes(actor=writer, quiz=over)
    draws.confirm(actor=reviewer, quiz=over)
    client = signed_in(Role.COUNTY_OP, tree.pingding)
    assert not any(phone in client.get(over.staff_url).content.decode() for phone in PHONES)
    assert (
        client.post(f"/staff/quizzes/papers/{over.slug}/winners/", {"reveal-reason": ""}).status_code == 422
    )
    shown = client.post(
        f"/staff/quizzes/papers/{over.slug}/winners/", {"reveal-reason": "联系领奖"}
    ).content.decode()
    assert sum(phone in shown for phone in PHONES) == 2


def test_publicity_ends_and_phones_are_forgotten(over, writer, reviewer):
    marked, browser = Attempt.objects.filter(quiz=over).order_by("pk")[:2]
    mark = attempts.visitor_of_phone(over, PHONES[0])
    Attempt.objects.filter(pk=marked.pk).update(visitor=mark)
    draws.draw_prizes(actor=writer, quiz=over)
    draws.confirm(actor=reviewer, quiz=over)
    assert draws.purge_phones(timezone.now() + timedelta(days=30)) == 0
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert (draws.finish_notices(), draws.finish_notices()) == (1, 0)
    later = timezone.now() + timedelta(days=120)
    assert (draws.purge_phones(later), draws.purge_phones(later)) == (8, 0)
    assert not PrizeEntry.objects.exclude(phone="").exists()
    assert not Attempt.objects.filter(visitor=mark).exists()  # what was made from the number goes with it
    browser.refresh_from_db()
    assert browser.visitor and marked.answers.exists()
    attempts.purge_attempts(timezone.now() + timedelta(days=400))
    assert not marked.answers.exists()
    assert PrizeEntry.objects.exclude(phone_shown="").count() == 2  # the published result stays


def test_withdrawn_consent_takes_the_number_out(over_open, entries):
    entry = entries[0]
    withdraw(
        actor=visitor_for(entry.phone_hash), target=entry, kind=ConsentType.PROCESSING, reason="不想参加了"
    )
    entry.refresh_from_db()
    assert entry.phone == "" and queries.entries_in(over_open) == list(range(2, 9))
    person = registry.Person(phone_hash=phone_hash(PHONES[1]))
    source = registry.SOURCES["prize_entries"]
    assert source.export(person)[0]["phone"] == PHONES[1]
    assert source.erase(person, visitor_for(person.phone_hash)) == 1
    assert source.export(person) == [] and queries.entries_in(over_open) == list(range(3, 9))


@pytest.fixture
def over_open(contest):
    return contest


def test_answers_are_forgotten_and_figures_stay(contest):
    try_quiz(contest)
    attempts.begin(quiz=contest, token=str(uuid.uuid4()), visitor="left")
    assert attempts.purge_attempts(timezone.now() + timedelta(days=20)) == 0
    assert attempts.purge_attempts(timezone.now() + timedelta(days=40)) == 1
    later = timezone.now() + timedelta(days=400)
    assert (attempts.purge_attempts(later), attempts.purge_attempts(later)) == (1, 0)
    assert (
        not Answer.objects.exists()
        and Attempt.objects.get().score == 100
        and Attempt.objects.get().visitor == ""
    )


@pytest.mark.parametrize(("day", "until"), [("2026-09-30", "2026-10-10"), ("2026-09-18", "2026-09-22")])
def test_winners_are_shown_for_three_working_days(over, writer, reviewer, day, until):
    for on, kind, name in workday_rules.PUBLISHED[
        2026
    ]:  # off from 10-01 to 10-07, at work on 09-20 and 10-10
        Holiday.objects.create(date=on, kind=kind, name=name)
    draws.draw_prizes(actor=writer, quiz=over)
    with time_machine.travel(f"{day}T09:00:00+08:00", tick=False):
        shown = draws.confirm(actor=reviewer, quiz=over)
    assert shown.notice_until == date.fromisoformat(until)
