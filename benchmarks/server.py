"""One gunicorn on loopback for as long as a `with` block lasts."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from benchmarks.client import Client

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60


class Server:
    """The same process model for the floor and the portal: one worker, four threads."""

    def __init__(self, application: str, probe: str, environment: dict[str, str], log: Path) -> None:
        self.application, self.probe, self.log = application, probe, log
        self.environment = {**os.environ, **environment, "PYTHONUTF8": "1"}
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    def __enter__(self) -> Self:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        command = [
            sys.executable, "-m", "gunicorn", self.application, "--bind", f"127.0.0.1:{self.port}", "--workers", "1",
            "--threads", "4", "--worker-class", "gthread", "--keep-alive", "30", "--no-control-socket",
        ]  # fmt: skip
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                if Client(self.port).get(self.probe).status < 500:
                    return self
            except OSError:
                time.sleep(0.1)
        self.stop()
        raise RuntimeError(f"{self.application} did not start:\n{self.log.read_text()[-2000:]}")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()

    def megabytes(self) -> float:
        """Proportional memory of the master and its worker together."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return round(sum(pss(pid) for pid in [str(self.process.pid), *children]) / 1024, 1)


def pss(pid: str) -> int:
    """Kilobytes of one process, shared pages counted in proportion."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0
