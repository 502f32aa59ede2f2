"""A migrated database for each half of the suite, made once before the processes that copy it start."""

import subprocess
import urllib.parse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import bootstrap
from sentences import CannotGoOn, Exit

MADE = "PORTAL_TEST_MADE"
POSTGRES = "PORTAL_TEST_POSTGRES_URL"


@contextmanager
def made(python: Path, runs: Sequence[Any], inherited: dict[str, str], scratch: Path) -> Iterator[None]:
    """Running thirty migrations takes most of a minute: both databases are made side by side, and only for runs whose
    processes share one. They live as long as this call of bin/test, so that none is ever older than the code."""
    names = {run.environment.get(POSTGRES, ""): "" for run in runs if run.processes}
    for url in names:
        database = f"{urllib.parse.urlsplit(url).path.strip('/')}_made"
        names[url] = database if url else str(scratch / "made.sqlite3")
    environments = {url: {**inherited, **({POSTGRES: url} if url else {})} for url in names}

    def start(what: str, url: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [str(python), "-m", "tests.migrated", what, names[url]], cwd=bootstrap.ROOT, text=True,
            env=environments[url], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip

    making: list[subprocess.Popen[str]] = []
    try:
        for url in names:
            making.append(start("make", url))
        finish(making)
        for run in runs:
            if run.processes:
                run.environment[MADE] = names[run.environment.get(POSTGRES, "")]
        yield
    finally:
        for process in making:  # after Ctrl-C they are at work still, and would make again what is dropped
            if process.poll() is None:
                process.terminate()
                process.communicate()
        for process in [start("drop", url) for url in names if url]:
            process.communicate()  # where nothing was made there is nothing to drop: what went wrong has been said


def finish(processes: Sequence[subprocess.Popen[str]]) -> None:
    """Wait for all of them; the first that failed speaks."""
    said = [process.communicate()[1] for process in processes]
    for process, errors in zip(processes, said, strict=True):
        if process.returncode:
            raise CannotGoOn(
                Exit.FAILED,
                "测试用的数据库没有建成。",
                "The database of the tests could not be made.",
                "\n".join(errors.splitlines()[-15:]),
            )
