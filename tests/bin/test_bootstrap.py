"""The set-up of `.venv`: skipped when nothing changed, whole again after an interruption, honest when it fails."""

import errno
import json
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest


@pytest.fixture
def bootstrap(parts, tmp_path, monkeypatch):
    """The module with a small root of its own and an installer that only notes what it was asked."""
    import bootstrap as module

    (tmp_path / "requirements.txt").write_text("django==5.2.19\n")
    (tmp_path / "requirements-dev.txt").write_text("-r requirements.txt\npytest==9.2.0\n")
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "NEEDED_MB", {})
    monkeypatch.setattr(module.shutil, "which", lambda name: "/usr/bin/uv" if name == "uv" else None)
    module.commands = []

    def run(command: list[str]) -> SimpleNamespace:
        module.commands.append(command)
        if "venv" in command:
            python = Path(command[-1]) / "bin" / "python"
            python.parent.mkdir(parents=True, exist_ok=True)
            python.write_text("#!/bin/sh\nexit 0\n")
            python.chmod(0o755)
        return SimpleNamespace(returncode=0, stdout="")

    monkeypatch.setattr(module, "run", run)
    return module


def installs(bootstrap) -> int:
    return sum("install" in command for command in bootstrap.commands)


def test_second_start_installs_nothing(bootstrap):
    bootstrap.ensure()
    assert installs(bootstrap) == 1
    bootstrap.ensure()
    assert installs(bootstrap) == 1


def test_changed_pins_are_installed_into_the_same_venv(bootstrap, tmp_path):
    bootstrap.ensure()
    (tmp_path / "requirements.txt").write_text("django==5.2.20\n")
    bootstrap.ensure()
    assert installs(bootstrap) == 2
    assert sum("venv" in command for command in bootstrap.commands) == 1


def test_development_pins_come_on_top_and_stay_known(bootstrap):
    bootstrap.ensure()
    bootstrap.ensure(bootstrap.DEVELOPMENT)
    bootstrap.ensure()
    bootstrap.ensure(bootstrap.DEVELOPMENT)
    assert installs(bootstrap) == 2


def test_interrupted_set_up_starts_afresh(bootstrap, tmp_path, monkeypatch, capsys):
    install = bootstrap.install
    monkeypatch.setattr(bootstrap, "install", lambda files: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        bootstrap.ensure()
    (tmp_path / ".venv" / "half-a-package").write_text("torn")
    assert json.loads((tmp_path / ".venv" / bootstrap.STATE).read_text())["state"] == "building"

    monkeypatch.setattr(bootstrap, "install", install)
    bootstrap.ensure()
    assert "starting afresh" in capsys.readouterr().out
    assert not (tmp_path / ".venv" / "half-a-package").exists()
    assert bootstrap.is_ready(bootstrap.RUNTIME)


def test_venv_whose_python_is_gone_is_rebuilt(bootstrap, tmp_path):
    bootstrap.ensure()
    (tmp_path / ".venv" / "bin" / "python").unlink()
    assert not bootstrap.is_ready(bootstrap.RUNTIME)
    bootstrap.ensure()
    assert bootstrap.is_ready(bootstrap.RUNTIME)


@pytest.mark.parametrize(
    ("output", "code"),
    [
        ("error: Failed to fetch: `https://example.org/simple/django/`\n dns error", 13),
        ("WARNING: Retrying ... NewConnectionError: [Errno -3] Temporary failure in name resolution", 13),
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", 14),
        ("error: failed to create directory: Read-only file system (os error 30)", 12),
        ("ERROR: No matching distribution found for django==0", 15),
    ],
)
def test_installer_output_becomes_one_sentence(bootstrap, output, code):
    assert bootstrap.classify(output).code == code


@pytest.mark.parametrize(("number", "code"), [(errno.ENOSPC, 14), (errno.EROFS, 12), (errno.EIO, 15)])
def test_errors_of_the_file_system_become_one_sentence(bootstrap, number, code):
    assert bootstrap.from_oserror(OSError(number, "x", "/somewhere")).code == code


def test_full_disk_is_said_before_the_download(bootstrap, monkeypatch):
    monkeypatch.setattr(bootstrap.shutil, "disk_usage", lambda folder: SimpleNamespace(free=1024))
    with pytest.raises(Exception, match="disk is full") as caught:
        bootstrap.ensure()
    assert caught.value.code == 14
    assert bootstrap.commands == []


def test_pip_takes_over_when_uv_fails(bootstrap, monkeypatch):
    plain = bootstrap.run

    def run(command: list[str]) -> SimpleNamespace:
        plain(command)
        return SimpleNamespace(returncode=int(command[0].endswith("uv")), stdout="something odd")

    monkeypatch.setattr(bootstrap, "run", run)
    bootstrap.ensure()
    assert any("pip" in command and "--retries" in command for command in bootstrap.commands)
    assert bootstrap.is_ready(bootstrap.RUNTIME)


def test_mirror_of_pip_is_handed_to_uv(bootstrap, monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example/simple")
    bootstrap.ensure()
    install = next(command for command in bootstrap.commands if command[0].endswith("uv"))
    assert install[install.index("--default-index") + 1] == "https://mirror.example/simple"


def test_real_run_survives_undecodable_output(parts):
    import bootstrap as module

    result = module.run(["printf", r"\377\376ok"])
    assert isinstance(result, subprocess.CompletedProcess)
    assert result.stdout.endswith("ok")
