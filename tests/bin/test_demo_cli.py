"""bin/demo at the terminal: its sentences, exit codes, start and stop. No network, no real portal."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import ports

pytestmark = pytest.mark.process
PATIENCE = 120  # seconds; a busy machine is slow, a hanging process is not waited for


@pytest.mark.parametrize("name", ["demo", "test", "check", "bench"])
def test_help_is_answered_without_set_up(command, checkout, name):
    shutil.rmtree(checkout / ".venv")
    answer = command(name, "--help")
    assert answer.returncode == 0
    assert f"bin/{name}" in answer.stdout
    assert not (checkout / ".venv").exists()


def test_missing_python_is_one_sentence_in_each_language(command, tmp_path):
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in ("bash", "env", "dirname"):
        (tools / tool).symlink_to(shutil.which(tool))
    answer = command("demo", PATH=str(tools))
    assert answer.returncode == 10
    zh, en = answer.stderr.strip().splitlines()
    assert "Python 3.11" in zh
    assert "was not found" in en


def test_old_python_is_passed_over(command, tmp_path):
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in ("bash", "env", "dirname"):
        (tools / tool).symlink_to(shutil.which(tool))
    old = tools / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")  # what `sys.version_info < (3, 11)` gives on an old one
    old.chmod(0o755)
    assert command("demo", "--help", PATH=str(tools)).returncode == 10


def test_busy_port_is_said_before_any_set_up(command, checkout):
    shutil.rmtree(checkout / ".venv")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = command("demo", "--port", str(port))
    assert answer.returncode == 11
    assert f"端口 {port} 已被占用" in answer.stderr
    assert not (checkout / ".venv").exists()


def test_folder_that_cannot_be_written(command, free_port, tmp_path):
    in_the_way = tmp_path / "a-file"
    in_the_way.write_text("")
    answer = command("demo", "--port", str(free_port), "--data", str(in_the_way / "data"))
    assert answer.returncode == 12
    assert "不可写" in answer.stderr
    assert "cannot be written" in answer.stderr


def test_reset_leaves_a_foreign_folder_alone(command, free_port, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    (home / "letter.txt").write_text("dear")
    answer = command("demo", "--port", str(free_port), "--data", str(home), "--reset")
    assert answer.returncode == 19
    assert (home / "letter.txt").read_text() == "dear"


def test_failing_preparation_shows_its_output(command, checkout, free_port):
    (checkout / "bin" / "_parts" / "prepare.py").write_text("raise SystemExit('the seed is broken')\n")
    answer = command("demo", "--port", str(free_port))
    assert answer.returncode == 15
    assert "the seed is broken" in answer.stderr


def test_web_process_that_dies_is_reported_and_nothing_stays(command, checkout, free_port):
    (checkout / "portal" / "wsgi.py").write_text("raise RuntimeError('no site today')\n")
    answer = command("demo", "--port", str(free_port))
    assert answer.returncode == 17
    assert "no site today" in answer.stderr
    assert running_in(checkout) == []


class Demo:
    """A running bin/demo whose output is read line by line."""

    def __init__(self, checkout: Path, *args: str) -> None:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("PORTAL_")}
        self.process = subprocess.Popen(
            [str(checkout / "bin" / "demo"), *args],
            env={**kept, "PYTHONUTF8": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.lines: list[str] = []

    def read_until(self, text: str) -> None:
        """Wait for this text; the process is ended when it does not come, so that nothing waits for ever."""
        with self._limit():
            for line in self.process.stdout:
                self.lines.append(line.rstrip("\n"))
                if text in line:
                    return
        raise AssertionError("\n".join(self.lines))

    def stop(self, number: int = signal.SIGINT) -> int:
        with self._limit():
            self.process.send_signal(number)
            self.lines += self.process.stdout.read().splitlines()
            return self.process.wait()

    @contextlib.contextmanager
    def _limit(self) -> Iterator[None]:
        timer = threading.Timer(PATIENCE, self.process.kill)
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_starts_prints_how_to_get_in_and_stops_cleanly(checkout, free_port, number):
    running = Demo(checkout, "--port", str(free_port))
    try:
        running.read_until("Ctrl-C")
        assert f"网址 address: http://127.0.0.1:{free_port}/" in running.lines
        assert "password: stub-password" in running.lines
        assert any("city" in line and "阳泉市妇联" in line for line in running.lines)
        assert any("sysadmin" in line and "JBSWY3DP" in line for line in running.lines)
        with urllib.request.urlopen(f"http://127.0.0.1:{free_port}/healthz") as answer:
            assert answer.status == 200
    finally:
        code = running.stop(number)
    assert code == 0, "\n".join(running.lines)
    assert running_in(checkout) == []


def test_data_is_prepared_again_only_after_the_code_changed(checkout, free_port):
    def start_and_stop():
        running = Demo(checkout, "--port", str(free_port))
        running.read_until("Ctrl-C")
        assert running.stop() == 0
        return (checkout / ".data" / "preparations").read_text()

    assert start_and_stop() == "x"
    assert start_and_stop() == "x"
    (checkout / "portal" / "models.py").write_text("")
    assert start_and_stop() == "xx"


def test_second_demo_on_the_same_data_is_refused(checkout, free_port, command):
    running = Demo(checkout, "--port", str(free_port))
    try:
        running.read_until("Ctrl-C")
        answer = command("demo", "--port", str(ports.free_port()))
        assert answer.returncode == 18
        assert "Another demo is using" in answer.stderr
    finally:
        running.stop()


def test_process_that_dies_is_started_again(checkout, free_port):
    running = Demo(checkout, "--port", str(free_port))
    try:
        running.read_until("Ctrl-C")
        os.kill(beat_of(checkout), signal.SIGKILL)
        running.read_until("restarting it")
    finally:
        code = running.stop()
    assert code == 0, "\n".join(running.lines)


def beat_of(checkout: Path) -> int:
    """The scheduler's process; it may still be starting when the address is printed."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        for pid in working_in(checkout):
            with contextlib.suppress(OSError):
                if "beat" in command_line(pid):
                    return pid
        time.sleep(0.1)
    raise AssertionError("no scheduler was started")


def running_in(checkout: Path) -> list[int]:
    """Processes still working in this checkout, after a moment to leave."""
    deadline = time.monotonic() + 20
    while (found := working_in(checkout)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return found


def working_in(checkout: Path) -> list[int]:
    return [int(path.name) for path in Path("/proc").glob("[0-9]*") if working_folder(path) == str(checkout)]


def working_folder(process: Path) -> str:
    try:
        return str((process / "cwd").readlink())
    except OSError:
        return ""


def command_line(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
