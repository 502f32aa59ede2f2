"""A disk that really is full: a small tmpfs as the place for files (drill, needs to be root on Linux)."""

import os
import shutil
import subprocess
import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from portal.files import queries, specs
from portal.files.models import StoredFile
from portal.files.rules import Limits
from portal.jobs.models import Job
from portal.jobs.runner import run_all
from tests.portal.files import samples

pytestmark = [pytest.mark.drill, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def tiny_disk(tmp_path: Path, settings: Any) -> Iterator[Path]:
    if os.name != "posix" or os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("needs to be root to mount a small disk")
    place = tmp_path / "disk"
    place.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(place)], check=False)
    if done.returncode:
        pytest.skip("mounting is not allowed here")
    settings.MEDIA_ROOT = place
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=False)


def test_twenty_uploads_on_a_disk_for_ten(tiny_disk: Path, client: Client) -> None:
    spec = specs.write(specs.Spec("photos", Limits(50, 10)))
    token = str(uuid.uuid4())
    answers: Counter[int] = Counter()
    for number in range(20):
        noise = samples.Image.effect_noise((640, 400 + number), 90).convert("RGB")
        body = {
            "form_token": token,
            "spec": spec,
            "file": samples.upload(samples.encoded(noise, "JPEG", quality=95)),
        }
        answers[client.post("/files/stage/", body, headers={"accept": "application/json"}).status_code] += 1
    assert set(answers) == {201, 507}
    assert StoredFile.objects.count() == answers[201]
    assert list(queries.missing()) == []
    assert list(queries.orphans(timedelta(0))) == []
    run_all(rounds=3)
    assert list(queries.missing()) == []
    assert list(queries.orphans(timedelta(0))) == []
    assert not StoredFile.objects.filter(state="failed").exists()
    subprocess.run(["mount", "-o", "remount,size=60m", str(tiny_disk)], check=True)
    Job.objects.filter(state="queued").update(run_after="2020-01-01T00:00:00Z", published_at=None)
    run_all()
    assert StoredFile.objects.filter(state="ready").count() == answers[201]
    assert list(queries.orphans(timedelta(0))) == []
