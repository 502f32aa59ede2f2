"""Killed workers, doubled schedulers, a queue that forgets: work is done, and done once."""

import os
import signal

import pytest

from tests.drills.site import children, kill_group, within

pytestmark = pytest.mark.drill
SLOW = "from portal.jobs.actions import enqueue; enqueue('drill.slow', args={'seconds': 6})"
MANY = (
    "from portal.jobs.actions import enqueue\nfor n in range(200): enqueue('drill.quick', args={'number': n})"
)


@pytest.mark.parametrize("victim", ["child", "worker"])
def test_killed_in_the_middle_of_a_job(make_site, victim):
    site = make_site()
    worker = site.worker()
    site.beat()
    site.shell(SLOW)
    within(30, lambda: site.jobs("drill.slow", "running"), "the job starts")
    if victim == "child":
        for pid in children(worker):
            os.kill(pid, signal.SIGKILL)
    else:
        kill_group(worker)
        site.worker()
    within(60, lambda: site.jobs("drill.slow", "done") == 1, "the job is done after all")
    assert site.rows("SELECT count(*), max(attempts) FROM portal_job WHERE kind = 'drill.slow'") == [(1, 2)]


def test_two_schedulers_start_each_slot_once(make_site):
    site = make_site()
    site.worker()
    site.beat(1)
    site.beat(2)
    within(60, lambda: site.rows("SELECT count(*) FROM portal_job WHERE slot LIKE '%@%'")[0][0], "a tick")
    doubled = site.rows("SELECT slot FROM portal_job WHERE slot LIKE '%@%' GROUP BY slot HAVING count(*) > 1")
    assert doubled == []
    assert site.rows("SELECT max(attempts) FROM portal_job WHERE state = 'done'")[0][0] in {None, 1}


def test_queue_that_forgets_everything(make_site, redis_server):
    port, _ = redis_server
    site = make_site(PORTAL_REDIS_URL=f"redis://127.0.0.1:{port}/0")
    site.shell(MANY)
    # Published by a dispatcher whose messages then vanish: what FLUSHALL does to a full queue.
    site.shell("from portal.jobs.runner import dispatch\ndispatch(lambda number: None)")
    assert site.jobs("drill.quick", "queued") == 200
    site.worker()
    within(90, lambda: site.jobs("drill.quick", "done") == 200, "all 200 jobs are done")
    assert site.rows("SELECT max(attempts) FROM portal_job WHERE kind = 'drill.quick'") == [(1,)]
