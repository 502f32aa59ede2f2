"""A wrong environment is told in one sentence, whichever command is run."""

import os
import subprocess
import sys

import pytest

from tests.guards.source import ROOT

GOOD = "k" * 60


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"PORTAL_SECRET_KEY": ""}, "PORTAL_SECRET_KEY"),
        ({"PORTAL_DEBUG": "1"}, "PORTAL_DEBUG"),
        ({"PORTAL_DEMO": "1"}, "PORTAL_DEMO"),
        ({"PORTAL_UPLOAD_MAX_MB": "many"}, "PORTAL_UPLOAD_MAX_MB"),
    ],
)
def test_production_refuses_in_one_sentence(wrong, said, tmp_path):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PORTAL_", "DJANGO_"))}
    environment = kept | {
        "PORTAL_MODE": "production", "PORTAL_SECRET_KEY": GOOD, "PORTAL_DATA_DIR": str(tmp_path), **wrong,
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert said in done.stderr
