"""What operators copy: the documented names are the real ones, and the files say what the code expects."""

import re
import stat
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
DOC = (ROOT / "docs" / "operations.md").read_text("utf-8")
COMPOSE = (ROOT / "deploy" / "compose.yml").read_text("utf-8")
NGINX = (ROOT / "deploy" / "nginx" / "portal.conf").read_text("utf-8")


def test_every_setting_is_documented():
    from portal.settings.env import DECLARED

    names = [name for name in DECLARED if not name.startswith("PORTAL_TEST_")]
    assert names
    assert [name for name in names if f"`{name}`" not in DOC] == []


def test_no_setting_is_documented_that_does_not_exist():
    from portal.settings.env import DECLARED

    read_by_commands = {"PORTAL_PYTHON", "PORTAL_VENV", "PORTAL_BENCH_DATA"}
    read_by_compose = set(re.findall(r"\$\{(PORTAL_[A-Z_]+)", COMPOSE))
    documented = set(re.findall(r"`(PORTAL_[A-Z0-9_]+)`", DOC))
    assert {
        name for name in documented - set(DECLARED) - read_by_commands - read_by_compose if "TEST" not in name
    } == set()


def test_exit_codes_are_documented(parts):
    from sentences import Exit

    for code in Exit:
        assert int(code) <= 2 or f"| {int(code)} |" in DOC, code


@pytest.mark.parametrize("name", ["bin/demo", "bin/test", "bin/check", "bin/bench", ".ci/run"])
def test_commands_are_executable(name):
    assert (ROOT / name).stat().st_mode & stat.S_IXUSR


def test_nginx_lets_through_what_the_portal_accepts(settings):
    size = int(re.search(r"client_max_body_size (\d+)m;", NGINX).group(1))
    assert size >= settings.REQUEST_MAX_MB


def test_nginx_writes_the_client_address_itself():
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in NGINX
    assert "$proxy_add_x_forwarded_for" not in NGINX
    assert "proxy_request_buffering on;" in NGINX


def test_requirements_are_pinned_with_a_reason_and_name_no_index():
    for name in ("requirements.txt", "requirements-dev.txt"):
        for line in (ROOT / name).read_text("utf-8").splitlines():
            assert "://" not in line
            if line and not line.startswith(("#", "-r ")):
                assert re.fullmatch(r"[a-z0-9-]+(\[[a-z0-9,]+\])?==[\w.]+ +# \S.*", line), line
