"""Anybody answers; what is chosen is kept at once; time is the server's; two presses make one result."""

import json
import time
import uuid
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from campaigns.quizzes.actions import attempts
from campaigns.quizzes.models import Answer, Attempt, Quiz
from campaigns.quizzes.queries import attempts as tries
from portal import vault
from portal.accounts import phone_codes
from portal.notifications.models import Outgoing
from portal.reviews.workflow import WorkflowError
from portal.ui import captcha
from tests.factories.quizzes import make_quiz, try_quiz

TOKEN = "11111111-2222-3333-4444-555555555555"


PHONE = "13800138000"


def _verified(client, phone=PHONE):
    """The browser has proved its phone a minute ago."""
    now, session = int(time.time()), client.session
    session[phone_codes.SESSION_KEY] = {"phone": vault.encrypt(phone), "began": now, "seen": now}
    session.save()


def _begin(client, quiz, age="adult", token=TOKEN):
    if age == "adult" and quiz.has_prize and phone_codes.SESSION_KEY not in client.session:
        _verified(client)
    return client.post(f"/quizzes/{quiz.slug}/start/", {"age": age, "form_token": token})


def _right(quiz):
    return {f"i{item.pk}": item.snapshot["answer"] for item in quiz.items.all()}


def test_whole_paper_without_script_from_start_to_result(contest, client):
    assert contest.title in client.get("/quizzes/").content.decode()
    page = client.get(f"/quizzes/{contest.slug}/").content.decode()
    assert "只练习，不留手机号" in page and "每个手机号每天" in page
    _begin(client, contest)
    page = client.get(f"/quizzes/{contest.slug}/answer/").content.decode()
    assert page.count('data-question="') == 4 and "续答码" in page
    answer = client.post(
        f"/quizzes/{contest.slug}/answer/", {**_right(contest), "action": "submit"}, follow=True
    )
    shown = answer.content.decode()
    assert "100" in shown and "优秀" in shown and "廉洁文化" in shown
    assert "因为条文这样写" not in shown  # a contest explains after closing
    contest.refresh_from_db()
    assert (contest.participations, contest.passed_count) == (1, 1)


def test_each_choice_is_kept_and_found_again_on_another_phone(contest, client):
    _begin(client, contest)
    item = contest.items.first()
    said = client.post(f"/quizzes/{contest.slug}/save/", {"item": item.pk, "chosen": "0"})
    assert said.json() == {"saved": True, "done": 1}
    code = client.session["quiz_codes"][contest.slug]
    other = Client()
    answer = other.post("/quizzes/resume/", {"code": f"{code[:4].lower()} {code[4:]}"}, follow=True)
    assert answer.redirect_chain[-1][0] == f"/quizzes/{contest.slug}/answer/"
    assert 'value="0" checked' in answer.content.decode()
    wrong = other.post("/quizzes/resume/", {"code": "AAAAAAAA"})
    assert wrong.status_code == 422 and "没有找到这个续答码" in wrong.content.decode()


def test_two_presses_make_one_result(contest, client):
    _begin(client, contest)
    _begin(client, contest)
    for _press in range(2):
        client.post(f"/quizzes/{contest.slug}/answer/", {**_right(contest), "action": "submit"})
    contest.refresh_from_db()
    assert Attempt.objects.count() == 1 and contest.participations == 1
    assert {item.answered for item in contest.items.all()} == {1}


def test_late_answer_is_refused_kindly_and_earlier_ones_count(contest, client):
    _begin(client, contest)
    first, second = list(contest.items.all())[:2]
    client.post(f"/quizzes/{contest.slug}/save/", {"item": first.pk, "chosen": "0"})
    with time_machine.travel(timezone.now() + timedelta(minutes=21)):
        said = client.post(f"/quizzes/{contest.slug}/save/", {"item": second.pk, "chosen": "0"})
        assert said.status_code == 409 and "之前选的都已保存" in said.json()["text"]
        page = client.get(f"/quizzes/{contest.slug}/result/").content.decode()
    attempt = Attempt.objects.get()
    assert attempt.score == 25 and attempt.is_late and "时间到了" in page


def test_left_open_is_handed_in_by_the_clock_and_empty_ones_go(contest):
    begun, _code = attempts.begin(quiz=contest, token=TOKEN, visitor="a")
    attempts.keep(attempt=begun, chosen={contest.items.first().pk: [0]})
    attempts.begin(quiz=contest, token=str(uuid.uuid4()), visitor="b")
    with time_machine.travel(timezone.now() + timedelta(minutes=30)):
        attempts.finish_overdue()
        attempts.finish_overdue()
    contest.refresh_from_db()
    assert Attempt.objects.get().score == 25 and contest.participations == 1


def test_contest_has_tries_per_day_and_practice_has_none(contest, practice):
    try_quiz(contest, visitor="same")
    with pytest.raises(WorkflowError, match="明天再来"):
        attempts.begin(quiz=contest, token=TOKEN, visitor="same")
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert attempts.begin(quiz=contest, token=TOKEN, visitor="same")[0].score is None
    for _n in range(3):
        try_quiz(practice, visitor="same")


def test_practice_is_explained_at_once_contest_after_closing(contest, practice, client):
    _begin(client, practice)
    client.post(f"/quizzes/{practice.slug}/answer/", {"action": "submit"})
    assert "因为条文这样写" in client.get(f"/quizzes/{practice.slug}/result/").content.decode()
    _begin(client, contest, token=str(uuid.uuid4()))
    client.post(f"/quizzes/{contest.slug}/answer/", {**_right(contest), "action": "submit"})
    code = client.session["quiz_codes"][contest.slug]
    with time_machine.travel(timezone.now() + timedelta(days=5)):
        answer = Client().post("/quizzes/resume/", {"code": code}, follow=True)
    assert "因为条文这样写" in answer.content.decode()


def test_minors_practise_without_prize(contest, client):
    _begin(client, contest, age="minor")
    client.post(f"/quizzes/{contest.slug}/answer/", {**_right(contest), "action": "submit"})
    page = client.get(f"/quizzes/{contest.slug}/result/").content.decode()
    assert Attempt.objects.get().mode == "practice" and "登记抽奖" not in page and "因为条文这样写" in page
    assert "这次不能登记抽奖" in client.get(f"/quizzes/{contest.slug}/prize/").content.decode()


def test_multiple_choice_earns_all_or_nothing(tree, writer, reviewer):
    quiz = make_quiz(writer, reviewer, tree.pingding, number=1, pass_score=5, excellent_score=5)
    item = quiz.items.get()
    item.snapshot = {**item.snapshot, "kind": "multi", "answer": [0, 1]}
    item.save()
    scores = []
    for chosen in ([0], [0, 1], [0, 1, 2]):
        attempt, _code = attempts.begin(quiz=quiz, token=str(uuid.uuid4()), visitor=attempts.new_visitor())
        attempts.keep(attempt=attempt, chosen={item.pk: chosen})
        scores.append(attempts.hand_in(attempt=attempt).score)
    assert scores == [0, 100, 0]


def test_order_is_the_persons_own_and_stays(contest):
    attempt, _code = attempts.begin(quiz=contest, token=TOKEN, visitor="a")
    first = [(row.item.pk, [index for index, *_rest in row.options]) for row in tries.asked(attempt)]
    again = [(row.item.pk, [index for index, *_rest in row.options]) for row in tries.asked(attempt)]
    assert first == again
    orders = set()
    for number in range(6):
        other, _code = attempts.begin(quiz=contest, token=str(uuid.uuid4()), visitor=f"b{number}")
        orders.add(tuple(row.item.pk for row in tries.asked(other)))
    assert len(orders) > 1


@pytest.mark.parametrize("body", [{"item": "999"}, {"item": "x"}, {"item": "1" * 30}, {}])
def test_odd_saves_change_nothing(contest, client, body):
    _begin(client, contest)
    client.post(f"/quizzes/{contest.slug}/save/", {**body, "chosen": ["99", "-1", "x"]})
    assert not Answer.objects.exclude(chosen=[]).exists()


def test_draft_and_foreign_papers_are_not_public(tree, writer, contest, client):
    Quiz.objects.filter(pk=contest.pk).update(status="draft")
    assert client.get(f"/quizzes/{contest.slug}/").status_code == 404
    assert client.get("/quizzes/nothing/").status_code == 404


# -- the draw -------------------------------------------------------------------------------------


def _captcha():
    puzzle = captcha.challenge()
    return {
        "captcha_token": puzzle["token"],
        "captcha_answer": str(json.loads(vault.decrypt(puzzle["token"]))["sum"]),
    }


def test_contest_with_a_prize_counts_the_tries_of_a_phone_in_every_browser(contest, client):
    address, other = f"/quizzes/{contest.slug}/start/", Client()
    data = {"age": "adult", "form_token": TOKEN, "phone": PHONE}
    assert "请填短信验证码" in client.post(address, data).content.decode().replace("请填写", "请填")
    assert not Attempt.objects.exists()
    client.post(address, data | {"action": "send_code"} | _captcha())
    code = Outgoing.objects.latest("pk").text.split("验证码 ")[1][:6]
    assert client.post(address, data | {"code": code}).status_code == 302
    client.post(f"/quizzes/{contest.slug}/answer/", {**_right(contest), "action": "submit"})
    assert PHONE not in Attempt.objects.get().visitor
    _verified(other)
    again = other.post(address, {"age": "adult", "form_token": str(uuid.uuid4())})
    assert again.status_code == 409 and "明天再来" in again.content.decode()
    assert other.post(address, {"age": "practice", "form_token": str(uuid.uuid4())}).status_code == 302
    assert Attempt.objects.latest("pk").mode == "practice"


def test_only_who_passed_leaves_the_phone_of_the_try(contest, client):
    _begin(client, contest)
    client.post(f"/quizzes/{contest.slug}/answer/", {**_right(contest), "action": "submit"})
    address = f"/quizzes/{contest.slug}/prize/"
    refused = client.post(address, {"phone": PHONE, "action": "enter"})
    assert refused.status_code == 422 and "请先勾选同意" in refused.content.decode()
    _verified(client, "13900139000")
    foreign = client.post(address, {"phone": "13900139000", "consent": "on", "action": "enter"})
    assert foreign.status_code == 409 and "开始答题时验证的那个手机号" in foreign.content.decode()
    _verified(client)
    done = client.post(address, {"phone": PHONE, "consent": "on", "action": "enter"}, follow=True)
    assert "您的编号是 1 号" in done.content.decode() and "138****8000" in done.content.decode()


def test_who_failed_may_not_enter(contest, client):
    _begin(client, contest)
    client.post(f"/quizzes/{contest.slug}/answer/", {"action": "submit"})
    assert "这次不能登记抽奖" in client.get(f"/quizzes/{contest.slug}/prize/").content.decode()
    assert phone_codes.PURPOSES["prize"]
