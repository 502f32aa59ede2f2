"""bin/test, bin/check and the catalogue: what they plan, what they say at the end, what they end with."""

import json
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from tests.bin.conftest import PARTS


@pytest.fixture
def suite(parts):
    import importlib.util
    from pathlib import Path

    path = Path(__file__).resolve().parent.parent.parent / "bin" / "_parts" / "test.py"
    spec = importlib.util.spec_from_file_location("portal_suite", path)  # `test` is a name of the library
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def found(parts):
    import servers

    def make(**have):
        return servers.Found("postgres://postgres@127.0.0.1:5432", "redis://127.0.0.1:6379/15", **have)

    return make


def options(suite, *words):
    return suite.parse(list(words))[0]


def test_everything_here_runs_both_halves(suite, found):
    runs = suite.plan(
        options(suite),
        found(postgres=True, redis=True, browser="/usr/bin/chromium", ffmpeg="/usr/bin/ffmpeg"),
        [],
    )
    assert [run.title for run in runs] == ["SQLite", "PostgreSQL + Redis"]
    assert runs[0].markers == "not full and not drill and not postgres and not redis"
    assert runs[1].markers == "not full and not drill and not sqlite and not once and not browser"
    assert (
        runs[1]
        .environment["PORTAL_TEST_POSTGRES_URL"]
        .startswith("postgres://postgres@127.0.0.1:5432/portal_")
    )


def test_bare_machine_runs_sqlite_and_says_what_is_missing(suite, found, capsys):
    here = found(why_postgres="refused", why_redis="refused")
    runs = suite.plan(options(suite), here, [])
    assert [run.title for run in runs] == ["SQLite"]
    assert "not browser" in runs[0].markers
    assert "not ffmpeg" in runs[0].markers
    runs[0].notes = {"counts": {"passed": 3, "skipped": 1}, "skipped": {"no clock": 1}}
    assert suite.report(runs, here, [], options(suite)) == 0
    said = capsys.readouterr().out
    for words in (
        "3 passed",
        "postgres:",
        "redis:",
        "browser:",
        "ffmpeg:",
        "no clock",
        "bin/test --full",
        "bin/test --drills",
    ):
        assert words in said


def test_what_passed_only_at_the_second_try_is_named(suite, found, capsys):
    here = found(postgres=True, redis=True, browser="/usr/bin/chromium")
    runs = suite.plan(options(suite), here, [])
    runs[0].notes = {"counts": {"passed": 2}, "unsteady": {"tests/browser/test_x.py::test_late": "E  late"}}
    assert suite.report(runs, here, [], options(suite)) == 0
    said = capsys.readouterr().out
    assert (
        "unsteady: tests/browser/test_x.py::test_late passed only at the second try (SQLite): E  late" in said
    )
    assert said.count("unsteady") == 1


TRIED = """
import pathlib, pytest
seen = pathlib.Path(__file__).with_name("seen")

@pytest.mark.browser
def test_late():
    first = not seen.exists()
    seen.touch()
    assert not first

@pytest.mark.browser
def test_broken():
    assert False

def test_of_a_rule():
    seen_here = pathlib.Path(__file__).with_name("rule")
    first = not seen_here.exists()
    seen_here.touch()
    assert not first
"""


def test_a_second_try_is_only_for_browsers_and_processes(tmp_path):
    (tmp_path / "test_tried.py").write_text(TRIED)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = browser: x\n")
    notes = tmp_path / "notes.json"
    plugins = PARTS / "plugins"
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PORTAL_", "PYTEST_", "DJANGO_"))
    }
    subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "run_notes", "-p", "no:django", "-p", "no:xdist", "-q", str(tmp_path)],
        env={**kept, "PYTHONPATH": str(plugins), "PORTAL_TEST_NOTES": str(notes)}, cwd=tmp_path, capture_output=True, check=False,
    )  # fmt: skip
    told = json.loads(notes.read_text())
    assert told["counts"] == {"passed": 1, "failed": 2}
    assert [name.split("::")[1] for name in told["unsteady"]] == ["test_late"]


@pytest.mark.parametrize("code", [0, 1])
def test_processes_of_a_half_copy_one_migrated_database(suite, found, monkeypatch, tmp_path, code):
    """Made for each half before it starts, dropped at the end, also when one could not be made."""
    import migrated

    called = []

    class Process:
        returncode = code

        def __init__(self, command, *, env, **_kept):
            called.append((*command[-2:], env.get("PORTAL_TEST_POSTGRES_URL", "")))

        def __class_getitem__(cls, _kind):
            return cls

        def communicate(self):
            return "", "no room"

        def poll(self):
            return code

    monkeypatch.setattr(migrated.subprocess, "Popen", Process)
    monkeypatch.setattr(suite.os, "getpid", lambda: 7)
    here = found(postgres=True, redis=True, browser="/usr/bin/chromium")
    runs = suite.plan(options(suite, "--drills"), here, [])
    url = "postgres://postgres@127.0.0.1:5432/portal_7"
    raised = None
    try:
        with migrated.made(tmp_path, runs, {}, tmp_path):
            given = [run.environment.get("PORTAL_TEST_MADE") for run in runs]
            assert given == [str(tmp_path / "made.sqlite3"), "portal_7_made", None]
    except migrated.CannotGoOn as error:
        raised = error
    assert (raised is not None) == bool(code)
    file = str(tmp_path / "made.sqlite3")
    assert called == [("make", file, ""), ("make", "portal_7_made", url), ("drop", "portal_7_made", url)]


def test_nothing_is_dropped_while_it_is_still_being_made(suite, found, monkeypatch, tmp_path):
    """Ctrl-C ends this process; what makes the databases is ended and waited for first."""
    import migrated

    said = []

    class Process:
        returncode = None

        def __init__(self, command, **_kept):
            self.what = command[-2]
            said.append(f"start {self.what}")

        def __class_getitem__(cls, _kind):
            return cls

        def poll(self):
            return self.returncode

        def terminate(self):
            said.append("end")
            self.returncode = -15

        def communicate(self):
            if self.what == "make" and self.returncode is None:
                raise KeyboardInterrupt
            said.append("ended")
            return "", ""

    monkeypatch.setattr(migrated.subprocess, "Popen", Process)
    here = found(postgres=True, redis=True, browser="/usr/bin/chromium")
    runs = suite.plan(options(suite), here, [])
    with pytest.raises(KeyboardInterrupt), migrated.made(tmp_path, runs, {}, tmp_path):
        pytest.fail("nothing was made")
    assert said == ["start make", "start make", "end", "ended", "end", "ended", "start drop", "ended"]


def test_required_and_missing_is_a_failure(suite, found, capsys):
    here = found(redis=True, browser="/usr/bin/chromium", why_postgres="refused")
    runs = suite.plan(options(suite), here, [])
    assert suite.report(runs, here, ["postgres", "redis"], options(suite)) == 1
    assert "REQUIRED and missing: postgres" in capsys.readouterr().out


def test_unknown_word_in_require_is_refused(suite, monkeypatch):
    monkeypatch.setenv("REQUIRE", "postgres,oracle")
    with pytest.raises(Exception, match="not oracle"):
        suite.words_of_require()


@pytest.mark.parametrize(
    ("codes", "expected"), [((0, 0), 0), ((0, 1), 1), ((2, 0), 1), ((0, 5), 0), ((5, 5), 1)]
)
def test_one_broken_half_breaks_the_whole(suite, found, codes, expected):
    here = found(postgres=True, redis=True, browser="/usr/bin/chromium")
    runs = suite.plan(options(suite), here, [])
    for run, code in zip(runs, codes, strict=True):
        run.code = code
    assert suite.report(runs, here, [], options(suite)) == expected


def test_own_markers_are_added_to_ours(suite, found):
    runs = suite.plan(options(suite, "-m", "browser"), found(browser="/usr/bin/chromium"), [])
    assert runs[0].markers.endswith("and (browser)")


def test_server_that_does_not_answer_has_a_reason(parts):
    import sys
    from pathlib import Path

    import servers

    why = servers.attempt(Path(sys.executable), servers.TRY_REDIS, "redis://127.0.0.1:1/0")
    assert "refused" in why


def test_check_names_itself_in_the_table(parts, capsys):
    import check

    good = SimpleNamespace(name="lint", code=0, seconds=0.1, output="All checks passed!\n")
    bad = SimpleNamespace(name="types", code=1, seconds=2.0, output="x.py:1: error\n")
    assert check.report([good]) == 0
    assert check.report([good, bad]) == 1
    said = capsys.readouterr().out
    assert "all 1 passed" in said
    assert "1 of 2 failed: types" in said
    assert "x.py:1: error" in said


def test_messages_are_found_in_python_under_any_name(parts):
    import catalogue

    source = """
from django.utils.translation import gettext_lazy as _, pgettext_lazy as p
a = _("活动")
b = p("单位", "户")
c = ngettext("一项", "多项", 3)
d = _(variable)
"""
    assert {tuple(message) for message, _ in catalogue.in_python(source)} == {
        (None, "活动", None),
        ("单位", "户", None),
        (None, "一项", "多项"),
    }


def test_messages_are_found_in_templates(parts):
    import catalogue

    source = (
        '{% translate "活动" %}{% blocktranslate count n=3 %}一项{% plural %}{{ n }} 项{% endblocktranslate %}'
        '{% translate "户" context "单位" %}<c-card title="{% translate \'标题\' %}">{{ x|default:_("无") }}'
    )
    assert {tuple(message) for message in catalogue.in_template(source)} == {
        (None, "活动", None),
        (None, "一项", "%(n)s 项"),
        ("单位", "户", None),
        (None, "标题", None),
        (None, "无", None),
    }


def test_two_processes_of_one_run_use_two_redis_databases(monkeypatch):
    from pathlib import Path

    monkeypatch.syspath_prepend(
        str(Path(__file__).resolve().parent.parent.parent / "bin" / "_parts" / "plugins")
    )
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)
    import run_notes

    assert run_notes.own_redis("redis://127.0.0.1:6379/15", "gw0").endswith("/15")
    assert run_notes.own_redis("redis://127.0.0.1:6379/15", "gw1").endswith("/14")
