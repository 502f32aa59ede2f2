"""What this machine offers the tests: PostgreSQL, Redis, a browser, ffmpeg; and the reason for each that is missing."""

import os
import shutil
import subprocess
import urllib.parse
from dataclasses import dataclass
from pathlib import Path

POSTGRES = "postgres://postgres@127.0.0.1:5432"
REDIS = "redis://127.0.0.1:6379/15"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

TRY_POSTGRES = """
import sys, psycopg2
link = psycopg2.connect(sys.argv[1], connect_timeout=3)
cursor = link.cursor()
cursor.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
sys.exit(0 if cursor.fetchone()[0] else "the role may not create databases")
"""
TRY_REDIS = """
import sys, redis
redis.Redis.from_url(sys.argv[1], socket_connect_timeout=3, socket_timeout=3).ping()
"""


@dataclass
class Found:
    """Which servers answered; the `why` of each that did not."""

    postgres_url: str
    redis_url: str
    postgres: bool = False
    redis: bool = False
    browser: str = ""
    ffmpeg: str = ""
    why_postgres: str = ""
    why_redis: str = ""

    def reasons(self) -> list[str]:
        """One line per missing thing."""
        lines = []
        if not self.postgres:
            lines.append(f"postgres: the suite on PostgreSQL; {self.postgres_url}: {self.why_postgres}")
        if not self.redis:
            lines.append(f"redis: the tests marked so; {self.redis_url}: {self.why_redis}")
        if not self.browser:
            lines.append("browser: no Chromium on PATH or at /usr/bin/chromium (apt install chromium)")
        if not self.ffmpeg:
            lines.append(
                "ffmpeg: covers and light copies of films; no ffmpeg and ffprobe on PATH (apt install ffmpeg)"
            )
        return lines


def look(python: Path) -> Found:
    """Try each server for at most three seconds."""
    found = Found(
        postgres_url=os.environ.get("PORTAL_TEST_POSTGRES_URL", POSTGRES).rstrip("/"),
        redis_url=os.environ.get("PORTAL_TEST_REDIS_URL", REDIS),
    )
    found.why_postgres = attempt(python, TRY_POSTGRES, with_database(found.postgres_url, "postgres"))
    found.why_redis = attempt(python, TRY_REDIS, found.redis_url)
    found.postgres, found.redis = not found.why_postgres, not found.why_redis
    found.browser = browser()
    found.ffmpeg = (shutil.which("ffprobe") and shutil.which("ffmpeg")) or ""
    return found


def with_database(url: str, name: str) -> str:
    """The address with a database name: its own if it has one, else `name`."""
    return url if urllib.parse.urlsplit(url).path.strip("/") else f"{url}/{name}"


def attempt(python: Path, script: str, url: str) -> str:
    """Empty when the server answered, else the last line of what went wrong."""
    try:
        result = subprocess.run(
            [str(python), "-c", script, url], capture_output=True, text=True, timeout=15, check=False
        )
    except subprocess.TimeoutExpired:
        return "no answer"
    if result.returncode == 0:
        return ""
    lines = [line.strip() for line in result.stderr.splitlines() if line.strip()]
    return next((line for line in reversed(lines) if ":" in line), lines[-1] if lines else "no answer")


def browser() -> str:
    """Path of a Chromium, or empty."""
    if Path("/usr/bin/chromium").exists():
        return "/usr/bin/chromium"
    return next((path for path in map(shutil.which, BROWSERS) if path), "")
