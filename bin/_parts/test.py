"""bin/test: every test this machine can run, on SQLite and again on PostgreSQL + Redis; says what did not run."""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

import bootstrap
import migrated
import servers
from sentences import CannotGoOn, Exit, say, tell

ROOT = bootstrap.ROOT
NO_TESTS = 5
KNOWN = ("postgres", "redis", "browser", "ffmpeg")


@dataclass
class Run:
    """One call of pytest: its marker expression, its environment, and what came out."""

    title: str
    markers: str
    environment: dict[str, str] = field(default_factory=dict)
    processes: int = 2
    code: int = 0
    seconds: float = 0.0
    notes: dict = field(default_factory=dict)


def main(argv: list[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    options, rest = parse(argv)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        required = words_of_require()
        python = bootstrap.ensure(bootstrap.DEVELOPMENT)
        found = servers.look(python)
        runs = plan(options, found, rest)
        with tempfile.TemporaryDirectory(prefix="portal-made-") as folder, copies(python, runs, Path(folder)):
            for run in runs:
                call_pytest(python, run, rest, options)
        return report(runs, found, required, options)
    except CannotGoOn as error:
        return tell(error)
    except KeyboardInterrupt:
        return int(Exit.INTERRUPTED)


def parse(argv: list[str] | None) -> tuple[argparse.Namespace, list[str]]:
    parser = argparse.ArgumentParser(
        prog="bin/test",
        description="Runs the suite on SQLite, then again on PostgreSQL and Redis where they can be reached."
        " Everything else on the command line goes to pytest (bin/test tests/portal -k inbox).",
        epilog="REQUIRE=postgres,redis,browser,ffmpeg makes a missing one a failure. PORTAL_TEST_POSTGRES_URL and"
        " PORTAL_TEST_REDIS_URL name the servers (default postgres://postgres@127.0.0.1:5432,"
        " redis://127.0.0.1:6379/15). The last lines say what did not run, and why.",
    )
    parser.add_argument(
        "--full", action="store_true", help="also every page x role x width, whole corpora, links"
    )
    parser.add_argument(
        "--drills", action="store_true", help="also the fault matrix (starts and kills processes)"
    )
    parser.add_argument("--only", choices=("sqlite", "postgres"), help="only this half of the suite")
    parser.add_argument("-n", dest="processes", default=None, help="processes of pytest-xdist (default 2)")
    parser.add_argument("-m", dest="markers", default="", help="a marker expression on top of ours")
    return parser.parse_known_args(argv)


def words_of_require() -> list[str]:
    """What must not be missing, from REQUIRE; an unknown word is refused."""
    words = [word.strip() for word in os.environ.get("REQUIRE", "").split(",") if word.strip()]
    for word in words:
        if word not in KNOWN:
            known = ", ".join(KNOWN)
            raise CannotGoOn(
                Exit.USAGE, f"REQUIRE 只认识 {known}，不认识 {word}。", f"REQUIRE knows {known}, not {word}."
            )
    return words


def plan(options: argparse.Namespace, found: servers.Found, rest: list[str]) -> list[Run]:
    """The calls of pytest that this machine allows."""
    without = [name for name, asked in (("full", options.full),) if not asked]
    without += [name for name in ("browser", "ffmpeg") if not getattr(found, name)]
    processes = int(options.processes) if options.processes else (0 if names_one_file(rest) else 2)
    runs = []
    if options.only != "postgres":
        markers = nothing_of([*without, "drill", "postgres", *([] if redis_here(found) else ["redis"])])
        redis = {"PORTAL_TEST_REDIS_URL": found.redis_url} if redis_here(found) else {}
        runs.append(Run("SQLite", markers, redis, processes))
    if found.postgres and options.only != "sqlite":
        markers = nothing_of(
            [*without, "drill", "sqlite", "once", "browser", *([] if found.redis else ["redis"])]
        )
        title = "PostgreSQL + Redis" if found.redis else "PostgreSQL"
        runs.append(Run(title, markers, servers_of(found), processes))
    if options.drills:
        runs.append(Run("drills", "drill", servers_of(found), 0))
    for run in runs:
        run.markers = f"({run.markers}) and ({options.markers})" if options.markers else run.markers
    return runs


def names_one_file(rest: list[str]) -> bool:
    """A single test file starts quicker without a second process."""
    paths = [word for word in rest if word.split("::")[0].endswith(".py")]
    return len(paths) == 1


def redis_here(found: servers.Found) -> bool:
    """Tests of Redis run in the first half only when there is no second one."""
    return bool(found.redis and not found.postgres)


def nothing_of(markers: list[str]) -> str:
    return " and ".join(f"not {marker}" for marker in markers)


def servers_of(found: servers.Found) -> dict[str, str]:
    """Environment of a run on the servers."""
    values = {}
    if found.postgres:
        values["PORTAL_TEST_POSTGRES_URL"] = servers.with_database(
            found.postgres_url, f"portal_{os.getpid()}"
        )
    if found.redis:
        values["PORTAL_TEST_REDIS_URL"] = found.redis_url
    return values


def call_pytest(python: Path, run: Run, rest: list[str], options: argparse.Namespace) -> None:
    """One pytest with its output on our terminal; what it counted comes back through a file."""
    say(f"\n== {run.title} ==")
    with tempfile.TemporaryDirectory(prefix="portal-test-") as scratch:
        notes = Path(scratch) / "notes.json"
        environment = {
            **environment_in(Path(scratch)),
            **run.environment,
            "PYTHONPATH": str(ROOT / "bin" / "_parts" / "plugins"),
            "PORTAL_TEST_NOTES": str(notes),
            "HYPOTHESIS_PROFILE": "searching" if options.full else "steady",  # tests/conftest.py
        }
        command = [str(python), "-m", "pytest", "-p", "run_notes", "--migrations", "-m", run.markers]
        command += [*spread(run), "--durations=30", "--durations-min=3", *rest]
        started = time.monotonic()
        run.code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
        run.seconds = time.monotonic() - started
        if notes.exists():
            run.notes = json.loads(notes.read_text(encoding="utf-8"))


def environment_in(scratch: Path) -> dict[str, str]:
    """What every process of a run inherits: nothing of the portal's own, its files in a folder that goes away."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    return {
        **kept,
        "PORTAL_DATA_DIR": str(scratch / "data"),
        "TMPDIR": str(scratch),
        "PYTHONUTF8": "1",
        "PGOPTIONS": "-c synchronous_commit=off",  # nobody mourns a test database after a power cut
    }


def copies(python: Path, runs: list[Run], folder: Path) -> AbstractContextManager[None]:
    return migrated.made(python, runs, environment_in(folder), folder)


def spread(run: Run) -> list[str]:
    return ["-n", str(run.processes), "--dist", "worksteal"] if run.processes else ["-p", "no:xdist"]


def report(runs: list[Run], found: servers.Found, required: list[str], options: argparse.Namespace) -> int:
    """The last lines: what ran, what did not and why; returns the exit code."""
    say("\n== ran ==")
    failed = False
    for run in runs:
        counts = ", ".join(f"{number} {name}" for name, number in run.notes.get("counts", {}).items())
        empty = run.code == NO_TESTS and not run.notes.get("counts")
        failed |= run.code not in {0, NO_TESTS}
        state = "no test matched" if empty else counts or f"pytest ended with {run.code}"
        say(f"{run.title}: {state} in {run.seconds:.0f}s{'' if run.code in {0, NO_TESTS} else '   FAILED'}")
    for run in runs:
        for name, why in run.notes.get("unsteady", {}).items():
            say(f"unsteady: {name} passed only at the second try ({run.title}): {why}")
    failed |= bool(runs) and all(run.code == NO_TESTS for run in runs)
    say("== did not run, and why ==")
    missing = [name for name in required if not getattr(found, name)]
    for line in [*found.reasons(), *not_asked(options), *skipped(runs)] or ["nothing: everything ran"]:
        say(line)
    for name in missing:
        say(f"REQUIRED and missing: {name}")
    return int(Exit.FAILED) if failed or missing else int(Exit.OK)


def not_asked(options: argparse.Namespace) -> list[str]:
    lines = []
    if options.only:
        lines.append(f"the other half: --only {options.only} was asked for")
    if not options.full:
        lines.append("full: every page x role x width and the whole corpora, with bin/test --full")
    if not options.drills:
        lines.append("drills: the fault matrix, with bin/test --drills")
    return lines


def skipped(runs: list[Run]) -> list[str]:
    """Skips inside a run, counted by their reason."""
    lines = []
    for run in runs:
        for why, number in run.notes.get("skipped", {}).items():
            lines.append(f"{run.title}: {number} skipped: {why}")
    return lines


if __name__ == "__main__":
    sys.exit(main())
