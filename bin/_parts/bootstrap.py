"""Makes and keeps `.venv`: quick when nothing changed, whole again after an interrupted set-up.

Only the standard library: this runs before anything is installed. The state file is written last, so a
`.venv` without a "ready" state is rebuilt from scratch (packages come from the installer's own cache).
"""

import errno
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from processes import die_with_parent
from sentences import CannotGoOn, cannot_write, disk_full, no_network, say, set_up_failed

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = Path(os.environ.get("PORTAL_VENV") or ROOT / ".venv")
STATE = "portal-setup.json"
RUNTIME = ("requirements.txt",)
DEVELOPMENT = ("requirements.txt", "requirements-dev.txt")
NEEDED_MB = {RUNTIME: 500, DEVELOPMENT: 1200}

DISK_SIGNS = ("no space left on device", "enospc", "os error 28", "disk quota exceeded", "[errno 28]")
READ_ONLY_SIGNS = (
    "read-only file system",
    "permission denied",
    "os error 30",
    "os error 13",
    "[errno 13]",
    "[errno 30]",
)
NETWORK_SIGNS = (
    "name resolution", "newconnectionerror", "failed to establish a new connection", "connection refused",
    "connection reset", "connecttimeout", "timed out", "network is unreachable", "dns error",
    "error sending request", "failed to fetch", "client error (connect)", "tcp connect error", "proxyerror",
    "no address associated", "nodename nor servname", "could not fetch url", "network connectivity is disabled",
)  # fmt: skip


def ensure(files: tuple[str, ...] = RUNTIME) -> Path:
    """The Python of a `.venv` that holds what `files` pin; builds it first when it does not."""
    if is_ready(files):
        return python_of(VENV)
    require_writable(VENV.parent)
    with one_at_a_time():
        if not is_ready(files):
            build(files)
    return python_of(VENV)


def python_of(venv: Path) -> Path:
    return venv / "bin" / "python"


def digests(files: tuple[str, ...]) -> dict[str, str]:
    return {name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in files}


def state() -> dict:
    try:
        return json.loads((VENV / STATE).read_text())
    except (OSError, ValueError):
        return {}


def is_ready(files: tuple[str, ...]) -> bool:
    """True when the last set-up ended well with exactly these pins and its Python still runs."""
    kept = state()
    if kept.get("state") != "ready" or not python_of(VENV).exists():
        return False
    wanted = digests(files)
    if any(kept.get("files", {}).get(name) != digest for name, digest in wanted.items()):
        return False
    return subprocess.run([python_of(VENV), "-c", ""], capture_output=True, check=False).returncode == 0


def build(files: tuple[str, ...]) -> None:
    """Build or complete `.venv`; leaves a "ready" state behind only when everything is in place."""
    kept = state()
    need = NEEDED_MB.get(files, 500)
    if shutil.disk_usage(VENV.parent).free < need * 1024 * 1024:
        raise disk_full(VENV.parent, need)
    had: dict[str, str] = {}
    try:
        if kept.get("state") == "ready" and runs():
            say("依赖有变化，正在更新 .venv … / requirements changed, updating .venv …")
            had = kept.get("files", {})
        else:
            afresh(interrupted=kept.get("state") == "building")
        write_state("building", {})
        install(files)
        write_state("ready", {**had, **digests(files)})
    except OSError as error:
        raise from_oserror(error) from error


def runs() -> bool:
    python = python_of(VENV)
    return (
        python.exists()
        and subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode == 0
    )


def afresh(*, interrupted: bool) -> None:
    """An empty virtual environment at VENV, whatever stood there before."""
    if interrupted:
        say("上次的准备没有完成，重新开始 … / the last set-up was interrupted, starting afresh …")
    else:
        say("首次准备运行环境，约一分钟 … / setting up .venv, about a minute …")
    if VENV.exists():
        shutil.rmtree(VENV)
    VENV.mkdir(parents=True)
    write_state("building", {})
    bare = ["--without-pip"] if shutil.which("uv") else []
    result = run([sys.executable, "-m", "venv", *bare, str(VENV)])
    if result.returncode and not bare:  # Debian without python3-venv: pip of the system can still serve
        result = run([sys.executable, "-m", "venv", "--clear", "--without-pip", str(VENV)])
        write_state("building", {})
    if result.returncode:
        raise classify(result.stdout)


def install(files: tuple[str, ...]) -> None:
    """Install the pins with uv where it can be had, else with pip."""
    target = ROOT / files[-1]
    uv = find_uv()
    if uv:
        result = run(
            [*uv, "pip", "install", "--quiet", "--python", str(python_of(VENV)), *mirror(), "-r", str(target)]
        )
        if result.returncode == 0:
            return
        if any(sign in result.stdout.lower() for sign in DISK_SIGNS):
            raise classify(result.stdout)
    result = run([*pip(), "install", "--quiet", "--retries", "2", "-r", str(target)])
    if result.returncode:
        raise classify(result.stdout)


def find_uv() -> list[str]:
    """How to call uv: from PATH, or fetched into `.venv`; empty when it cannot be had."""
    on_path = shutil.which("uv")
    if on_path:
        return [on_path]
    if run([str(python_of(VENV)), "-c", "import uv"]).returncode == 0:
        return [str(python_of(VENV)), "-m", "uv"]
    result = run([*pip(), "install", "--quiet", "--retries", "1", "uv"])
    return [str(python_of(VENV)), "-m", "uv"] if result.returncode == 0 else []


def pip() -> list[str]:
    """How to call a pip that installs into `.venv`."""
    own = [str(python_of(VENV)), "-m", "pip"]
    if run([*own, "--version"]).returncode == 0:
        return own
    if run([str(python_of(VENV)), "-m", "ensurepip", "--default-pip"]).returncode == 0:
        return own
    return [sys.executable, "-m", "pip", "--python", str(python_of(VENV))]


def mirror() -> list[str]:
    """uv does not read pip's configuration: hand over the index that pip was told to use."""
    if os.environ.get("UV_DEFAULT_INDEX") or os.environ.get("UV_INDEX_URL"):
        return []
    index = os.environ.get("PIP_INDEX_URL", "")
    if not index:
        result = run([sys.executable, "-m", "pip", "config", "get", "global.index-url"])
        index = result.stdout.strip() if result.returncode == 0 else ""
    return ["--default-index", index] if index.startswith(("http://", "https://", "file://")) else []


def run(command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run quietly; output and errors together in `stdout`."""
    environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PYTHONUTF8": "1"}
    return subprocess.run(
        command, text=True, errors="replace", stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL, env=environment, check=False,
        preexec_fn=die_with_parent,
    )  # fmt: skip


def classify(output: str) -> CannotGoOn:
    """The sentence for what an installer said."""
    low, tail = output.lower(), "\n".join(output.strip().splitlines()[-12:])
    if any(sign in low for sign in DISK_SIGNS):
        return disk_full(VENV.parent)
    if any(sign in low for sign in NETWORK_SIGNS):
        return no_network(tail)
    if any(sign in low for sign in READ_ONLY_SIGNS):
        return cannot_write(VENV)
    return set_up_failed(tail)


def from_oserror(error: OSError) -> CannotGoOn:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return disk_full(error.filename or VENV.parent)
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return cannot_write(error.filename or VENV.parent, error.strerror)
    return set_up_failed(str(error))


def require_writable(folder: Path) -> None:
    """Make the folder if need be and prove by a file that it can be written (root passes mode bits by)."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"probe")
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise disk_full(folder) from error
        raise cannot_write(folder, error.strerror) from error


def write_state(name: str, files: dict[str, str]) -> None:
    """Replace the state file in one step."""
    new = VENV / f"{STATE}.new"
    new.write_text(json.dumps({"state": name, "python": sys.version.split()[0], "files": files}))
    new.replace(VENV / STATE)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """bin/demo and bin/test started together: the second waits for the first's set-up."""
    with (VENV.parent / ".setup.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("另一个命令正在准备运行环境，等待中 … / another command is setting up, waiting …")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
