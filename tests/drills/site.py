"""One site on the embedded default in a folder of its own: its processes, its database, its pages."""

import contextlib
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.ports import free_port

ROOT = Path(__file__).resolve().parent.parent.parent


def within(seconds: float, condition: Callable[[], Any], what: str) -> Any:
    """Wait until `condition` is true; says `what` did not happen otherwise."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.2)
    raise AssertionError(f"not within {seconds} s: {what}")


class Site:
    """Starts and kills; every process leads a group of its own."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder, self.port = folder, free_port()
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")},
            "DJANGO_SETTINGS_MODULE": "tests.drills.settings",
            "PORTAL_DATA_DIR": str(folder),
            "PYTHONUTF8": "1",
            **environment,
        }
        self.running: list[subprocess.Popen[bytes]] = []

    def manage(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            text=True,
            capture_output=True,
            check=check,
            timeout=600,
        )

    def shell(self, code: str) -> str:
        """Run a few lines inside the site's Django."""
        return self.manage("shell", "--no-imports", "-v", "0", "-c", code).stdout

    def start(self, name: str, *command: str, **environment: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=ROOT,
                env={**self.environment, **environment},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.running.append(process)
        return process

    def web(self, **environment: str) -> subprocess.Popen[bytes]:
        process = self.start(
            "web", "gunicorn", "portal.wsgi:application", "--bind", f"127.0.0.1:{self.port}", "--threads", "4",
            "--no-control-socket",
            "--workers", "2", **environment,
        )  # fmt: skip
        within(90, lambda: self.get("/healthz")[0] == 200, "the site answers")
        return process

    def worker(self, concurrency: int = 1) -> subprocess.Popen[bytes]:
        return self.start(
            "worker", "celery", "-A", "portal", "worker", "--concurrency", str(concurrency), "-l", "INFO"
        )

    def beat(self, number: int = 1) -> subprocess.Popen[bytes]:
        schedule = str(self.folder / f"beat-{number}")
        return self.start(
            "beat", "celery", "-A", "portal", "beat", "--schedule", schedule, "--pidfile=", "-l", "INFO"
        )

    def get(self, path: str, timeout: float = 20) -> tuple[int, float]:
        """Status (0 when nobody answered) and seconds."""
        started = time.monotonic()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=timeout) as answer:
                answer.read()
                return answer.status, time.monotonic() - started
        except urllib.error.HTTPError as error:
            return error.code, time.monotonic() - started
        except OSError:
            return 0, time.monotonic() - started

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Read the site's database from outside."""
        with contextlib.closing(sqlite3.connect(self.folder / "portal.sqlite3", timeout=20)) as link:
            # The check constraints use Django's REGEXP; integrity_check evaluates them.
            link.create_function("REGEXP", 2, lambda pattern, text: bool(re.search(pattern, str(text))))
            return link.execute(query, values).fetchall()

    def jobs(self, kind: str, state: str) -> int:
        return int(
            self.rows("SELECT count(*) FROM portal_job WHERE kind = ? AND state = ?", kind, state)[0][0]
        )

    def stop(self) -> None:
        for process in self.running:
            kill_group(process)
        shutil.rmtree(self.folder, ignore_errors=True)


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Like a power cut for this process and everything it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def children(process: subprocess.Popen[bytes]) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]
