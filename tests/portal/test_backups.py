"""A backup is whole, proves itself, and comes back elsewhere as it was."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from portal import backups

SCRIPT = """
import django; django.setup()
from portal.accounts.models import User
from portal.units.models import Unit
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
{body}
"""


def _manage(folder, *arguments, body=""):
    env = {
        "PATH": os.environ["PATH"], "PORTAL_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "portal.settings.base",
        "PYTHONPATH": str(settings.ROOT), "PORTAL_LOG_LEVEL": "ERROR",
    }  # fmt: skip
    command = (
        [sys.executable, "-c", SCRIPT.format(body=body)]
        if body
        else [sys.executable, "manage.py", *arguments]
    )
    return subprocess.run(
        command, cwd=settings.ROOT, env=env, capture_output=True, text=True, timeout=180, check=False
    )


def test_backup_comes_back_in_another_place_and_a_changed_one_is_refused(tmp_path):
    old, new, store = tmp_path / "old", tmp_path / "new", tmp_path / "backups"
    for folder in (old, new, store):
        folder.mkdir()
    if settings.MIGRATED and connection.vendor == "sqlite":
        shutil.copy(settings.MIGRATED, old / "portal.sqlite3")
    else:
        assert _manage(old, "migrate", "-v0").returncode == 0
    body = (
        "User.objects.create_user('zhang', 'Plain-Test-1234', display_name='张')\n"
        "default_storage.save('masters/a.bin', ContentFile(b'picture'))\n"
    )
    assert _manage(old, body=body).returncode == 0
    made = _manage(old, "backup", str(store))
    assert made.returncode == 0, made.stderr
    folder = made.stdout.strip()
    done = _manage(new, "restore", folder)
    assert done.returncode == 0, done.stderr
    check = _manage(
        new,
        body="print(User.objects.get(username='zhang').check_password('Plain-Test-1234'),"
        " default_storage.open('masters/a.bin').read())",
    )
    assert check.stdout.strip() == "True b'picture'"
    again = _manage(new, "restore", folder)
    assert again.returncode != 0
    assert "not empty" in again.stderr
    with Path(folder, "files/masters/a.bin").open("ab") as handle:
        handle.write(b"!")
    with pytest.raises(backups.BackupError, match="changed"):
        backups.check(Path(folder))
