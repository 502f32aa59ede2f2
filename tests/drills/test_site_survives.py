"""A queue that is away or mute, a power cut, a reload under load."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest

from tests.drills.site import ROOT, kill_group, within
from tests.ports import free_port

pytestmark = pytest.mark.drill
WRITER = """
import django, sys
django.setup()
from django.db import transaction
from portal.access.actors import SYSTEM
from portal.journal.actions import record
from portal.journal.verbs import VERBS, Verb
from portal.units.models import Unit
VERBS["drill.written"] = Verb("drill.written", "写入")
unit = Unit.objects.create(unit_no="140000000000", name="省", short_name="省", level=1, path="0001", depth=1)
while True:
    with transaction.atomic():
        entry = record("drill.written", actor=SYSTEM, target=unit, unit=unit)
    print(entry.pk, flush=True)
"""


def test_pages_stay_up_without_redis(make_site):
    site = make_site(PORTAL_REDIS_URL=f"redis://127.0.0.1:{free_port()}/0")
    site.web()
    for path in ("/", "/accounts/login/"):
        status, seconds = site.get(path)
        assert status == 200
        assert seconds <= 3


def test_pages_stay_up_when_redis_is_mute(make_site):
    """It takes the connection and never answers, like a host behind a firewall that drops packets."""
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen(64)
        site = make_site(PORTAL_REDIS_URL=f"redis://127.0.0.1:{mute.getsockname()[1]}/0")
        site.web()
        status, seconds = site.get("/accounts/login/")
    assert status == 200
    assert seconds <= 4


def start_writing(site, written):
    """A process that writes journal entries and prints the number of each once it is committed."""
    return subprocess.Popen(
        [sys.executable, "-c", WRITER],
        cwd=ROOT,
        env=site.environment,
        stdout=written,
        stderr=(site.folder / "writer.log").open("wb"),
        start_new_session=True,
    )


def test_power_cut_while_writing(make_site):
    site = make_site()
    with (site.folder / "written").open("w+b") as written:
        writer = start_writing(site, written)
        within(30, lambda: os.fstat(written.fileno()).st_size > 2000, "some hundred entries")
        kill_group(writer)
        written.seek(0)
        acknowledged = [int(line) for line in written.read().split(b"\n")[:-1] if line]
    present = {row[0] for row in site.rows("SELECT id FROM portal_journalentry")}
    assert set(acknowledged) <= present
    assert site.rows("PRAGMA integrity_check") == [("ok",)]
    assert site.manage("verify_journal", check=False).returncode == 0


def test_reload_under_load_loses_no_request(make_site):
    site = make_site()
    web = site.web()
    answers: list[int] = []
    over = threading.Event()

    def ask() -> None:
        while not over.is_set():
            answers.append(site.get("/healthz")[0])

    visitors = [threading.Thread(target=ask) for _ in range(4)]
    for visitor in visitors:
        visitor.start()
    for _ in range(3):
        time.sleep(2)
        web.send_signal(signal.SIGHUP)
    time.sleep(3)
    over.set()
    for visitor in visitors:
        visitor.join()
    assert len(answers) > 100
    assert set(answers) == {200}


def test_backup_while_people_write_comes_back_elsewhere(make_site, tmp_path):
    site = make_site()
    with (site.folder / "written").open("w+b") as written:
        writer = start_writing(site, written)
        within(30, lambda: os.fstat(written.fileno()).st_size > 2000, "some hundred entries")
        written.seek(0)
        before = {int(line) for line in written.read().split(b"\n")[:-1] if line}
        site.manage("backup", str(tmp_path / "backups"))
        kill_group(writer)
    (folder,) = (tmp_path / "backups").iterdir()
    other = make_site(empty=True)
    other.manage("restore", str(folder))
    assert before <= {row[0] for row in other.rows("SELECT id FROM portal_journalentry")}
    other.manage("verify_journal")
    other.web()
    assert other.get("/accounts/login/")[0] == 200
