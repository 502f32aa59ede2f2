"""The processes of the demo: started together, watched, restarted a few times, stopped together."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

RESTARTS, WITHIN_SECONDS = 3, 60
GRACE_SECONDS = 20
LOG_LIMIT = 5 * 1024 * 1024
PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """One process in a session of its own, so that Ctrl-C reaches it only through us."""

    name: str
    command: list[str]
    log: Path
    environment: dict[str, str]
    cwd: Path
    process: subprocess.Popen[bytes] | None = None
    deaths: list[float] = field(default_factory=list)

    def start(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=self.cwd, env=self.environment, stdin=subprocess.DEVNULL, stdout=log,
                stderr=subprocess.STDOUT, start_new_session=True, preexec_fn=die_with_parent,  # noqa: PLW1509
            )  # fmt: skip

    def ended(self) -> int | None:
        """Its exit code once it has ended, else None."""
        return self.process.poll() if self.process else None

    def send(self, number: int) -> None:
        """A signal to its whole process group; quietly nothing when it is gone."""
        if self.process and self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)

    def sweep(self) -> None:
        """Kill what a dead leader may have left in its group (pool children, gunicorn workers)."""
        if self.process:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def may_restart(self, now: float) -> bool:
        """True for the first few deaths within a minute."""
        self.deaths = [moment for moment in self.deaths if now - moment < WITHIN_SECONDS] + [now]
        return len(self.deaths) <= RESTARTS

    def tail(self, lines: int = 15) -> str:
        """The last lines of its log."""
        try:
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])
        except OSError:
            return ""


def stop_all(children: list[Child], grace: float = GRACE_SECONDS) -> bool:
    """Ask all to stop, wait, then kill; True when every one stopped by itself."""
    for child in children:
        leader = child.process
        if leader and leader.poll() is None:
            leader.send_signal(signal.SIGTERM)  # the leader stops its own children gracefully
    deadline = time.monotonic() + grace
    while time.monotonic() < deadline and any(child.process and child.ended() is None for child in children):
        time.sleep(0.05)
    gentle = all(child.process is None or child.ended() is not None for child in children)
    for child in children:
        child.send(signal.SIGKILL)
        child.sweep()
        if child.process:
            child.process.wait()
    return gentle


def die_with_parent() -> None:
    """Linux: the child is asked to stop when we are killed without a chance to stop it ourselves."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
