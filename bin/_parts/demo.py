"""bin/demo: from a fresh clone to a running portal with demo data, on the embedded default (no servers needed)."""

import argparse
import errno
import fcntl
import hashlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import unicodedata
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType
from typing import IO

import bootstrap
from processes import Child, stop_all
from sentences import CannotGoOn, Exit, cannot_write, data_not_ready, disk_full, port_busy, say, tell

ROOT = bootstrap.ROOT
OURS = ".portal-data"
APPS = ("portal", "campaigns", "families", "volunteers")
READY_SECONDS = 120
LOCAL = {"127.0.0.1", "localhost", "::1"}


class Stopped(BaseException):
    """A signal arrived while the set-up was running."""


class Stop:
    """Asked for by the first signal once the processes run; before that a signal ends the set-up. No event of
    `threading`: setting one in a signal handler waits forever when the signal came while its lock was held."""

    serving = False
    asked = False

    def wait(self, seconds: float) -> bool:
        """Sleep until asked, at most so long; returns whether somebody asked."""
        end = time.monotonic() + seconds
        while not self.asked and time.monotonic() < end:
            time.sleep(0.05)
        return self.asked


def main(argv: list[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    options = parse(argv)
    stop = Stop()
    listen_for_signals(stop)
    try:
        return demo(options, stop)
    except CannotGoOn as error:
        return tell(error)
    except (Stopped, KeyboardInterrupt):
        say("\n已中断；再运行一次会接着准备。/ Interrupted; run it again to go on.")
        return int(Exit.INTERRUPTED)


def parse(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bin/demo",
        description="启动带演示数据的平台，Ctrl-C 停止。 Starts the portal with demo data on the embedded default"
        " (SQLite, files, a worker and a scheduler); Ctrl-C stops it. Starting again keeps the data.",
        epilog="exit codes: 10 no Python 3.11, 11 port busy, 12 folder not writable, 13 no network, 14 disk full,"
        " 15 set-up failed, 16 not ready in time, 17 a process kept dying, 18 data folder in use,"
        " 19 --reset of a folder that is not the portal's",
    )
    parser.add_argument("--port", type=port_number, default=8000, help="port of the site (default 8000)")
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1: this machine)"
    )
    parser.add_argument(
        "--data", type=Path, help="data folder (default $PORTAL_DATA_DIR or .data in the checkout)"
    )
    parser.add_argument(
        "--reset", action="store_true", help="throw the demo's data away and start with fresh data"
    )
    return parser.parse_args(argv)


def port_number(text: str) -> int:
    value = int(text)
    if not 1 <= value <= 65535:
        raise argparse.ArgumentTypeError("1-65535")
    return value


def listen_for_signals(stop: Stop) -> None:
    """The first signal asks for a clean stop; during the set-up it ends the running step."""

    def on_signal(number: int, frame: FrameType | None) -> None:
        if stop.serving:
            stop.asked = True
        else:
            raise Stopped

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, on_signal)


def demo(options: argparse.Namespace, stop: Stop) -> int:
    """Check what can be checked, set up, start, serve until told to stop."""
    check_port(options.host, options.port)
    data = data_folder(options.data)
    lock = claim(data, reset=options.reset)
    try:
        python = bootstrap.ensure()
        environment = environment_for(data, options)
        prepare(python, environment, data)
        return serve(children_of(python, environment, data, options), data, options, stop)
    finally:
        lock.close()


def check_port(host: str, port: int) -> None:
    """Before anything else: a busy port is said at once, not after a minute of set-up."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno in {errno.EADDRINUSE, errno.EACCES, errno.EADDRNOTAVAIL}:
                raise port_busy(host, port) from error
            raise CannotGoOn(
                Exit.USAGE, f"地址不可用：{host}", f"This address cannot be used: {host}"
            ) from error


def data_folder(chosen: Path | None) -> Path:
    """The data folder, made if missing and proven writable."""
    named = chosen or os.environ.get("PORTAL_DATA_DIR") or ROOT / ".data"
    folder = Path(named).expanduser().absolute()
    bootstrap.require_writable(folder)
    return folder


def claim(data: Path, *, reset: bool) -> IO[str]:
    """One demo per data folder; with `reset`, an empty folder that is known to be ours."""
    known = (data / OURS).exists() or data == ROOT / ".data"
    handle = (data / OURS).open("a+") if known or not reset or not any(data.iterdir()) else None
    if handle is None:
        raise CannotGoOn(
            Exit.NOT_OUR_FOLDER,
            f"{data} 不是演示数据文件夹，没有删除任何内容。",
            f"{data} was not made by bin/demo; nothing was deleted.",
        )
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        handle.close()
        raise CannotGoOn(
            Exit.DATA_IN_USE,
            f"另一个演示正在使用 {data}，请先停止它，或用 --data 指定别的文件夹。",
            f"Another demo is using {data}; stop it first, or name another folder with --data.",
        ) from error
    if reset:
        empty(data)
    return handle


def empty(data: Path) -> None:
    """Remove everything in our data folder except the claim on it."""
    say(f"清空演示数据 … / emptying {data} …")
    for entry in data.iterdir():
        if entry.name == OURS:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def environment_for(data: Path, options: argparse.Namespace) -> dict[str, str]:
    """What the children see: the embedded default in this folder, whatever the shell had set."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    site = {
        "DJANGO_SETTINGS_MODULE": "portal.settings.base",
        "PORTAL_MODE": "embedded",
        "PORTAL_DEMO": "1",
        "PORTAL_DATA_DIR": str(data),
        "PORTAL_BASE_URL": address(options),
        "PYTHONUNBUFFERED": "1",
        "PYTHONUTF8": "1",
    }
    if options.host not in LOCAL:
        site["PORTAL_ALLOWED_HOSTS"] = "*"
    return {**kept, **site}


def address(options: argparse.Namespace) -> str:
    """The address to print: a wildcard is reached through this machine's own name."""
    host = "127.0.0.1" if options.host in {"0.0.0.0", "::"} else options.host  # noqa: S104 - compared, not bound
    return f"http://[{host}]:{options.port}" if ":" in host else f"http://{host}:{options.port}"


def prepare(python: Path, environment: dict[str, str], data: Path) -> None:
    """Migrate and load the demo, unless this very code did so already; output is shown only when it fails."""
    note, code = data / "run" / "prepared", digest_of_code()
    whole = (data / "portal.sqlite3").exists() and (data / "demo-accounts.json").exists()
    if whole and note.exists() and note.read_text() == code:
        return
    say("准备数据 … / preparing the data …")
    result = subprocess.run(
        [str(python), str(ROOT / "bin" / "_parts" / "prepare.py")], cwd=ROOT, env=environment, text=True,
        errors="replace", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    if result.returncode:
        known = bootstrap.classify(result.stdout)
        raise (
            known if known.code == Exit.DISK_FULL else data_not_ready(known.details or result.stdout[-2000:])
        )
    note.parent.mkdir(exist_ok=True)
    note.write_text(code)


def digest_of_code() -> str:
    """Changes with any module of the project: names, sizes and times are enough and take no time."""
    found = hashlib.sha256()
    for path in sorted(path for app in APPS for path in (ROOT / app).rglob("*.py")):
        facts = path.stat()
        found.update(f"{path.relative_to(ROOT)} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return found.hexdigest()


def children_of(
    python: Path, environment: dict[str, str], data: Path, options: argparse.Namespace
) -> list[Child]:
    """The web server, the worker and the scheduler."""
    logs = data / "logs"
    logs.mkdir(exist_ok=True)
    (data / "run").mkdir(exist_ok=True)
    (data / "static").mkdir(exist_ok=True)  # empty: the demo serves from the finders, whitenoise only looks
    bind = f"[{options.host}]:{options.port}" if ":" in options.host else f"{options.host}:{options.port}"
    celery = [str(python), "-m", "celery", "-A", "portal"]
    commands = {
        "web": [
            str(python), "-m", "gunicorn", "portal.wsgi:application", "--bind", bind, "--workers", "1", "--threads",
            "8", "--timeout", "120", "--graceful-timeout", "10", "--access-logfile", "-", "--no-control-socket",
            "--worker-tmp-dir", str(data / "run"),
        ],
        "worker": [
            *celery, "worker", "--concurrency", "1", "--loglevel", "INFO", "--without-gossip", "--without-mingle",
        ],
        "beat": [
            *celery, "beat", "--loglevel", "INFO", "--schedule", str(data / "run" / "beat-schedule"), "--pidfile", "",
        ],
    }  # fmt: skip
    return [
        Child(name, command, logs / f"{name}.log", environment, ROOT) for name, command in commands.items()
    ]


def serve(children: list[Child], data: Path, options: argparse.Namespace, stop: Stop) -> int:
    """Start the processes, wait until the site answers, print how to get in, watch until the end."""
    stop.serving = True
    try:
        for child in children:
            child.start()
        wait_until_ready(children, options, stop)
        if not stop.asked:
            announce(data, options)
            watch(children, stop)
    finally:
        say("\n正在停止 … / stopping …")
        gentle = stop_all(children)
    say(
        "已停止，数据保留在 " + str(data) + " / stopped; the data stays."
        if gentle
        else "已强制停止。 / killed."
    )
    return int(Exit.OK)


def wait_until_ready(children: list[Child], options: argparse.Namespace, stop: Stop) -> None:
    """Until /healthz answers 200; a process that ends meanwhile is reported with its last lines."""
    deadline = time.monotonic() + READY_SECONDS
    while not stop.asked and not healthy(options):
        for child in children:
            if child.ended() is not None:
                raise died(child)
        if time.monotonic() > deadline:
            raise CannotGoOn(
                Exit.NOT_READY,
                f"网站在 {READY_SECONDS} 秒内没有就绪，日志见上。",
                f"The site did not answer within {READY_SECONDS} seconds; the end of its log stands above.",
                children[0].tail(),
            )
        stop.wait(0.1)


def healthy(options: argparse.Namespace) -> bool:
    try:
        with urllib.request.urlopen(f"{address(options)}/healthz", timeout=5) as answer:  # noqa: S310 - our own http
            return answer.status == 200
    except (urllib.error.URLError, http.client.HTTPException, OSError, ValueError):
        return False


def died(child: Child) -> CannotGoOn:
    return CannotGoOn(
        Exit.PROCESS_DIED,
        f"进程 {child.name} 退出了（{child.ended()}），已全部停止，完整日志：{child.log}",
        f"The {child.name} process ended ({child.ended()}); everything was stopped. Full log: {child.log}",
        child.tail(),
    )


def watch(children: list[Child], stop: Stop) -> None:
    """Restart a process that died; give up when it keeps dying."""
    while not stop.wait(0.3):
        for child in children:
            if child.ended() is None:
                continue
            if not child.may_restart(time.monotonic()):
                raise died(child)
            say(
                f"进程 {child.name} 退出了（{child.ended()}），重新启动 … / {child.name} ended, restarting it …"
            )
            child.sweep()
            child.start()


def announce(data: Path, options: argparse.Namespace) -> None:
    """The address, the password, the accounts and the second factors of the administrators."""
    told = json.loads((data / "demo-accounts.json").read_text(encoding="utf-8"))
    say(f"\n网址 address: {address(options)}/")
    say(f"password: {told['password']}\n")
    rows = [
        (row["username"], row.get("name", ""), row.get("role", ""), row.get("unit", ""))
        for row in told["accounts"]
    ]
    for line in table([("账号 account", "姓名 name", "角色 role", "单位 unit"), *rows]):
        say("  " + line)
    secrets = [row for row in told["accounts"] if row.get("totp_secret")]
    if secrets:
        say("\n  动态口令密钥 TOTP secrets")
        for line in table([(row["username"], row["totp_secret"]) for row in secrets]):
            say("  " + line)
    say(f"\n数据 data: {data}    日志 logs: {data / 'logs'}")
    say("按 Ctrl-C 停止。 / Ctrl-C stops it.")


def table(rows: list[tuple[str, ...]]) -> list[str]:
    """Columns aligned for a terminal, where a Han character is two cells wide."""
    widths = [max(cells(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(text + " " * (widths[i] - cells(text)) for i, text in enumerate(row)).rstrip()
        for row in rows
    ]


def cells(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except OSError as problem:
        if problem.errno in {errno.ENOSPC, errno.EDQUOT}:
            sys.exit(tell(disk_full(problem.filename or ROOT)))
        if problem.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
            sys.exit(tell(cannot_write(problem.filename or ROOT, problem.strerror)))
        raise
