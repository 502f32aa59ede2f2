"""A checkout of stubs: the real bin/, a tiny portal package, and a `.venv` that is already set up."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import ports

ROOT = Path(__file__).resolve().parent.parent.parent
PARTS = ROOT / "bin" / "_parts"

WSGI = """
def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"ok"]
"""
CELERY = """
from celery import Celery
app = celery = Celery("portal", broker="memory://")
app.conf.worker_hijack_root_logger = False
"""
PREPARE = """
import json, os, pathlib
data = pathlib.Path(os.environ["PORTAL_DATA_DIR"])
(data / "portal.sqlite3").touch()
with (data / "preparations").open("a") as log: log.write("x")
(data / "demo-accounts.json").write_text(json.dumps({"password": "stub-password", "accounts": [
    {"username": "city", "name": "张三", "role": "经办", "unit": "阳泉市妇联"},
    {"username": "sysadmin", "name": "李四", "role": "系统管理员", "unit": "阳泉市妇联", "totp_secret": "JBSWY3DP"},
]}))
"""


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The modules behind the commands can be imported by their bare names."""
    monkeypatch.syspath_prepend(str(PARTS))
    yield
    for name in [path.stem for path in PARTS.glob("*.py")]:
        sys.modules.pop(name, None)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A small checkout whose set-up is done: no network, nothing installed."""
    root = tmp_path / "checkout"
    shutil.copytree(ROOT / "bin", root / "bin", ignore=shutil.ignore_patterns("__pycache__"))
    (root / "requirements.txt").write_text("")
    (root / "requirements-dev.txt").write_text("-r requirements.txt\n")
    (root / "portal").mkdir()
    (root / "portal" / "__init__.py").write_text("")
    (root / "portal" / "celery.py").write_text(CELERY)
    (root / "portal" / "wsgi.py").write_text(WSGI)
    (root / "bin" / "_parts" / "prepare.py").write_text(PREPARE)
    ready(root)
    return root


def ready(root: Path) -> None:
    """Write the `.venv` that a finished set-up would have left."""
    python = root / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    files = {
        name: hashlib.sha256((root / name).read_bytes()).hexdigest()
        for name in ("requirements.txt", "requirements-dev.txt")
    }
    (root / ".venv" / "portal-setup.json").write_text(json.dumps({"state": "ready", "files": files}))


@pytest.fixture
def command(checkout: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a command of the stub checkout: command("demo", "--help")."""

    def run(name: str, *args: str, **environment: str) -> subprocess.CompletedProcess[str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("PORTAL_")}
        return subprocess.run(
            [str(checkout / "bin" / name), *args],
            env={**kept, "PYTHONUTF8": "1", **environment},
            capture_output=True,
            text=True,
            timeout=180,
            cwd=checkout,
        )

    return run


@pytest.fixture
def free_port() -> int:
    return ports.free_port()
