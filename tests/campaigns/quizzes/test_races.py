"""Real threads on the real database: one phone begins a contest on two devices in the same moment."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from campaigns.quizzes.actions import attempts
from campaigns.quizzes.models import Attempt, Quiz
from campaigns.quizzes.queries import attempts as tries
from portal.reviews.workflow import WorkflowError

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("per_day", "begun"), [(1, 1), (2, 2)])
def test_a_phone_that_begins_three_times_at_once_has_the_tries_of_a_day(contest, monkeypatch, per_day, begun):
    Quiz.objects.filter(pk=contest.pk).update(attempts_per_day=per_day)
    quiz, mark = Quiz.objects.get(pk=contest.pk), attempts.visitor_of_phone(contest, "13800138000")
    all_have_looked, look, found = threading.Barrier(3), tries.next_try, []
    seen = threading.local()

    def look_together(*args):
        answer = look(*args)
        if not getattr(seen, "once", False):
            seen.once = True
            all_have_looked.wait(30)
        return answer

    monkeypatch.setattr(tries, "next_try", look_together)

    def start():
        try:
            attempts.begin(quiz=quiz, token=str(uuid.uuid4()), visitor=mark)
            found.append("begun")
        except WorkflowError as error:
            found.append(str(error.message))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=start) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found.count("begun") == begun
    assert {text for text in found if text != "begun"} == {f"今天的 {per_day} 次已经答完，明天再来。"}
    assert sorted(Attempt.objects.values_list("try_no", flat=True)) == list(range(1, begun + 1))


def test_a_start_at_midnight_belongs_to_one_day_and_an_old_page_says_so(contest):
    mark = attempts.visitor_of_phone(contest, "13800138000")
    day = timezone.localdate() - timedelta(days=1)
    token = str(uuid.uuid4())
    attempts.begin(quiz=contest, token=token, visitor=mark)
    assert tries.next_try(contest, mark, timezone.localdate()) is None
    assert tries.next_try(contest, mark, day) == 1
    Attempt.objects.update(
        client_token=None, visitor="", started_on=None, try_no=None
    )  # as the yearly purge leaves it
    with pytest.raises(WorkflowError, match="放得太久"):
        attempts.begin(quiz=contest, token=token, visitor=mark)
