"""A fresh site per drill, and a Redis server of its own where one is needed."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.drills.site import Site, within
from tests.ports import free_port


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrations take most of a minute: every site begins with a copy of this one's database."""
    folder = tmp_path_factory.mktemp("migrated")
    Site(folder).manage("migrate", "-v", "0")
    return folder / "portal.sqlite3"


@pytest.fixture
def make_site(tmp_path: Path, migrated: Path) -> Iterator[Callable[..., Site]]:
    """`make_site(PORTAL_REDIS_URL=…)`: migrated unless asked otherwise, nothing running yet."""
    made: list[Site] = []

    def make(*, empty: bool = False, **environment: str) -> Site:
        folder = tmp_path / f"site-{len(made)}"
        folder.mkdir()
        if not empty:
            shutil.copy(migrated, folder)
        made.append(Site(folder, **environment))
        return made[-1]

    yield make
    for site in made:
        site.stop()


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """A Redis that keeps nothing, on a port of its own."""
    program = shutil.which("redis-server")
    if not program:
        pytest.skip("no redis-server on PATH")
    port = free_port()
    process = subprocess.Popen(
        [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)],
        stdout=subprocess.DEVNULL,
    )
    within(10, lambda: b"PONG" in _ping(port), "redis answers")
    yield port, process
    process.kill()
    process.wait()


def _ping(port: int) -> bytes:
    import socket

    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as link:
            link.sendall(b"PING\r\n")
            return link.recv(16)
    except OSError:
        return b""
