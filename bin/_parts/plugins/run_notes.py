"""A pytest plugin: writes what a run counted, and why it skipped, to the file named by PORTAL_TEST_NOTES."""

import json
import os
from collections import Counter
from pathlib import Path

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    target = os.environ.get("PORTAL_TEST_NOTES")
    if not target or hasattr(config, "workerinput"):
        return
    stats = terminalreporter.stats
    wanted = ("passed", "failed", "error", "skipped", "xfailed", "xpassed")
    reasons = Counter(reason(report) for report in stats.get("skipped", []))
    notes = {
        "counts": {name: len(stats[name]) for name in wanted if stats.get(name)},
        "skipped": dict(reasons),
        "broken": [report.nodeid for report in [*stats.get("failed", []), *stats.get("error", [])]],
    }
    Path(target).write_text(json.dumps(notes), encoding="utf-8")


def reason(report: pytest.TestReport) -> str:
    longrepr = report.longrepr
    text = longrepr[2] if isinstance(longrepr, tuple) else str(longrepr)
    return text.removeprefix("Skipped: ")
