"""Each name of the environment is read once and documented."""

import re

from portal.settings import env
from tests.guards.source import ROOT, python_files, short

TEST_ONLY = {"PORTAL_TEST_POSTGRES_URL", "PORTAL_TEST_REDIS_URL", "PORTAL_TEST_MADE"}


def test_every_setting_is_in_the_example_file_and_the_other_way_round():
    text = (ROOT / ".env.example").read_text("utf-8")
    documented = set(re.findall(r"^#?\s*(PORTAL_[A-Z0-9_]+)=", text, re.MULTILINE))
    assert documented == set(env.DECLARED) - TEST_ONLY


def test_the_environment_is_read_in_one_place():
    found = [
        short(path)
        for path in python_files()
        if re.search(r"os\.environ(?!\.setdefault)|os\.getenv", path.read_text("utf-8"))
        and short(path) != "portal/settings/env.py"
    ]
    assert found == []
