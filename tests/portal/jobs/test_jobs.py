"""Rows first: nothing is lost by a broker, nothing done twice by two of anything."""

import threading
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connections
from django.utils import timezone

from portal.jobs import actions, runner
from portal.jobs.models import Job, JobState
from portal.jobs.registry import KINDS, PERIODIC, Kind, Periodic
from portal.jobs.words import KIND_WORDS

ran: list[int] = []


@pytest.fixture(autouse=True)
def _kinds(monkeypatch):
    ran.clear()

    def note(run, *, number):
        ran.append(number)
        run.progress(1, 1)
        return {"number": number}

    def broken(run):
        raise ValueError("not today")

    monkeypatch.setitem(KINDS, "test.note", Kind("test.note", note))
    monkeypatch.setitem(KINDS, "test.broken", Kind("test.broken", broken, attempts=2))


@pytest.mark.django_db
def test_job_runs_once_and_keeps_its_result():
    job = actions.enqueue("test.note", args={"number": 7})
    assert runner.run(job.pk) is True
    assert runner.run(job.pk) is False
    job.refresh_from_db()
    assert (job.state, job.result, ran) == (JobState.DONE, {"number": 7}, [7])


@pytest.mark.django_db
def test_same_slot_is_the_same_job():
    first = actions.enqueue("test.note", args={"number": 1}, slot="one")
    assert actions.enqueue("test.note", args={"number": 2}, slot="one").pk == first.pk
    assert runner.run_all() == 1


@pytest.mark.django_db
def test_error_is_kept_and_tried_again_then_given_up():
    job = actions.enqueue("test.broken")
    runner.run(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.QUEUED and "not today" in job.error and job.run_after > timezone.now()
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        runner.run(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.FAILED


@pytest.mark.django_db
def test_job_of_a_dead_worker_comes_back():
    job = actions.enqueue("test.note", args={"number": 3})
    assert actions.claim(job.pk) is not None
    assert actions.sweep() == 0
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        assert actions.sweep() == 1
        with time_machine.travel(timezone.now() + timedelta(minutes=2)):
            assert runner.run_all() == 1
    assert ran == [3]


@pytest.mark.django_db
def test_message_lost_by_the_broker_is_published_again():
    actions.enqueue("test.note", args={"number": 4})
    assert runner.dispatch(lambda job_id: None) == 1
    assert runner.dispatch(lambda job_id: None) == 0
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        assert runner.dispatch(runner.run) == 1
    assert ran == [4]


@pytest.mark.django_db
def test_second_beat_adds_nothing(monkeypatch):
    monkeypatch.setitem(KINDS, "test.hourly", Kind("test.hourly", lambda run: None))
    monkeypatch.setitem(PERIODIC, "test.hourly", Periodic("test.hourly", 3600))
    actions.enqueue_periodic()
    count = Job.objects.count()
    assert count == len(PERIODIC)
    actions.enqueue_periodic()
    assert Job.objects.count() == count


@pytest.mark.django_db(transaction=True)
def test_two_workers_share_one_job():
    job = actions.enqueue("test.note", args={"number": 5})
    barrier, wins = threading.Barrier(4), []

    def work():
        try:
            barrier.wait(10)
            wins.append(runner.run(job.pk))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(wins) == [False, False, False, True]
    assert ran == [5]


def test_every_periodic_job_has_a_name_people_understand():
    assert sorted(set(PERIODIC) - set(KIND_WORDS)) == []


def test_daily_work_is_done_at_night_of_the_site():
    zone = timezone.get_default_timezone()
    noon = datetime(2026, 5, 6, 12, tzinfo=zone)
    found = {
        name: timezone.localtime(spec.after(noon)) for name, spec in PERIODIC.items() if spec.every == 86_400
    }
    assert found
    for name, moment in found.items():
        assert moment.hour < 6, name
        assert PERIODIC[name].number_at(moment) == PERIODIC[name].number_at(noon) + 1, name
