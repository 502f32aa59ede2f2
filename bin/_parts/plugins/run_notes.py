"""A pytest plugin: writes what a run counted, and why it skipped, to the file named by PORTAL_TEST_NOTES.

Tests clear the cache, so each process of a run gets a database of the Redis server for itself.
"""

import json
import os
from collections import Counter
from pathlib import Path

import pytest

REDIS = "PORTAL_TEST_REDIS_URL"
REAL = {"browser", "drill", "process"}
# Those that take longest, begun first: at the end both processes have short ones left to share.
LONG = ("tests/browser/", "tests/bin/", "tests/families/test_accessible", "tests/families/judging/reach", "tests/families/letters/test_reach",
        "tests/portal/test_backups", "tests/guards/test_access")  # fmt: skip


def own_redis(url: str, worker: str) -> str:
    """gw0 keeps the database that was named, gw1 takes the one below it, and so on."""
    server, _, number = url.rpartition("/")
    return f"{server}/{int(number) - int(worker.removeprefix('gw'))}"


if os.environ.get(REDIS) and os.environ.get("PYTEST_XDIST_WORKER"):
    os.environ[REDIS] = own_redis(os.environ[REDIS], os.environ["PYTEST_XDIST_WORKER"])


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long ones first (pytest-django has sorted before). A real browser or a real process may be late for reasons of the
    machine: such a test is tried once more, and bin/test names it (docs/decisions/0007)."""
    for item in items:
        if REAL & {mark.name for mark in item.iter_markers()}:
            item.add_marker(pytest.mark.flaky(reruns=1))
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    target = os.environ.get("PORTAL_TEST_NOTES")
    if not target or hasattr(config, "workerinput"):
        return
    stats = terminalreporter.stats
    wanted = ("passed", "failed", "error", "skipped", "xfailed", "xpassed")
    reasons = Counter(reason(report) for report in stats.get("skipped", []))
    broken = [report.nodeid for report in [*stats.get("failed", []), *stats.get("error", [])]]
    notes = {
        "counts": {name: len(stats[name]) for name in wanted if stats.get(name)},
        "skipped": dict(reasons),
        "broken": broken,
        "unsteady": {one.nodeid: where(one) for one in stats.get("rerun", []) if one.nodeid not in broken},
    }
    Path(target).write_text(json.dumps(notes), encoding="utf-8")


def where(report: pytest.TestReport) -> str:
    """The line of the test that failed, and what it said."""
    file = report.nodeid.partition("::")[0]
    told = [line.strip() for line in report.longreprtext.splitlines() if line.startswith((file, "E  "))]
    return " | ".join(told)[:400]


def reason(report: pytest.TestReport) -> str:
    longrepr = report.longrepr
    text = longrepr[2] if isinstance(longrepr, tuple) else str(longrepr)
    return text.removeprefix("Skipped: ")
