"""Job pages: one's own, and all of them for who runs the portal."""

import uuid

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.access.roles import Role
from portal.jobs import actions, runner
from portal.jobs.models import Job
from portal.jobs.registry import KINDS, Kind
from portal.journal.models import JournalEntry


@pytest.fixture(autouse=True)
def _kinds(monkeypatch):
    def write(run):
        run.attach("台账.csv", "text/csv", "单位,场次\n".encode())
        return {"message": "写好了"}

    def broken(run):
        raise ValueError("disk is full")

    monkeypatch.setitem(KINDS, "test.write", Kind("test.write", write))
    monkeypatch.setitem(KINDS, "test.broken", Kind("test.broken", broken, attempts=1))


def test_person_follows_the_own_job_and_fetches_the_file(signed_in, tree):
    client = signed_in(Role.COUNTY_OP, tree.pingding)
    job = actions.enqueue("test.write", by=client.user)
    path = f"/staff/jobs/{job.public_id}/"
    page = client.get(path).content.decode()
    assert "every 2s" in page
    assert client.get(f"{path}file/").status_code == 404
    runner.run_all()
    page = client.get(path, headers={"HX-Request": "true"}).content.decode()
    assert "写好了" in page
    assert "every 2s" not in page
    assert "<html" not in page
    answer = client.get(f"{path}file/")
    assert b"".join(answer.streaming_content).decode().startswith("单位")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_job_of_another_person_is_not_there(signed_in, tree):
    owner, other = signed_in(Role.COUNTY_OP, tree.pingding), signed_in(Role.COUNTY_OP, tree.pingding)
    job = actions.enqueue("test.write", by=owner.user)
    runner.run_all()
    for path in (f"/staff/jobs/{job.public_id}/", f"/staff/jobs/{job.public_id}/file/"):
        assert other.get(path).status_code == 404
    assert other.get(f"/staff/jobs/{uuid.uuid4()}/").status_code == 404


def test_system_administrator_sees_the_job_but_not_its_file(signed_in, tree):
    owner, admin = signed_in(Role.COUNTY_OP, tree.pingding), signed_in(Role.SYS_ADMIN, tree.city)
    job = actions.enqueue("test.write", by=owner.user)
    runner.run_all()
    assert admin.get(f"/staff/jobs/{job.public_id}/").status_code == 200
    assert admin.get(f"/staff/jobs/{job.public_id}/file/").status_code == 404


def test_failed_job_is_tried_again_by_who_may(signed_in, tree):
    admin, city = signed_in(Role.SYS_ADMIN, tree.city), signed_in(Role.CITY_OP, tree.city)
    job = actions.enqueue("test.broken", by=city.user)
    runner.run_all()
    page = admin.get("/ops/jobs/?state=failed").content.decode()
    assert "disk is full" in page
    assert city.post(f"/ops/jobs/{job.public_id}/retry/").status_code == 403
    assert admin.post(f"/ops/jobs/{job.public_id}/retry/").status_code == 302
    job.refresh_from_db()
    assert job.state == "queued"
    assert JournalEntry.objects.filter(verb="job.retried").count() == 1


def test_periodic_work_shows_its_last_and_next_run(signed_in, tree):
    admin = signed_in(Role.SYS_ADMIN, tree.city)
    admin.get("/ops/periodic/")
    with CaptureQueriesContext(connection) as before:
        assert "还没有执行过" in admin.get("/ops/periodic/").content.decode()
    actions.enqueue_periodic()
    with CaptureQueriesContext(connection) as after:
        assert "排队中" in admin.get("/ops/periodic/").content.decode()
    assert len(after) <= len(before) + 1  # the latest runs, however many


def test_list_costs_the_same_for_one_and_three(signed_in, tree):
    admin = signed_in(Role.SYS_ADMIN, tree.city)
    actions.enqueue("test.write", by=admin.user)
    for _ in range(2):  # the counts behind the menu are kept
        admin.get("/ops/jobs/")
    with CaptureQueriesContext(connection) as one:
        admin.get("/ops/jobs/")
    for _ in range(3):
        actions.enqueue("test.write", by=admin.user)
    with CaptureQueriesContext(connection) as three:
        admin.get("/ops/jobs/")
    assert len(one) == len(three)


@pytest.mark.parametrize(
    ("role", "target"),
    [(Role.SYS_ADMIN, "/ops/jobs/"), (Role.CITY_OP, "/ops/jobs/"), (Role.AUDIT_ADMIN, "/ops/journal/")],
)
def test_ops_leads_to_what_the_role_may_see(signed_in, tree, role, target):
    assert signed_in(role, tree.city).get("/ops/")["Location"] == target


@pytest.mark.parametrize("path", ["/ops/", "/ops/jobs/", "/ops/periodic/"])
def test_others_do_not_get_in(signed_in, tree, path):
    assert signed_in(Role.VILLAGE_OP, tree.dongguan).get(path).status_code == 403
    assert Job.objects.count() == 0


def test_periodic_work_is_started_by_hand_once_a_minute(signed_in, tree):
    admin = signed_in(Role.SYS_ADMIN, tree.city)
    with time_machine.travel(timezone.now(), tick=False):
        for _ in range(2):
            assert admin.post("/ops/periodic/run/", {"name": "jobs.purge"}).status_code == 302
    job = Job.objects.get(kind="jobs.purge")
    runner.run(job.pk)
    page = admin.get("/ops/periodic/").content.decode()
    assert "没有要处理的" in page and "现在执行" in page
    assert admin.post("/ops/periodic/run/", {"name": "no.such"}).status_code == 404
    assert (
        signed_in(Role.CITY_OP, tree.city).post("/ops/periodic/run/", {"name": "jobs.purge"}).status_code
        == 403
    )
