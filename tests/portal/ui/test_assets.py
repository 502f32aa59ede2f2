"""Vendored files are the recorded ones; stylesheets name only files that exist."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command


def test_vendored_files_match_the_manifest(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("renew_assets", "--check")
    assert "verified" in capsys.readouterr().out


def test_a_changed_file_is_noticed(tmp_path: Path, settings) -> None:
    folder = tmp_path / "static" / "vendor"
    folder.mkdir(parents=True)
    (folder / "a.js").write_text("changed")
    (folder / "extra.js").write_text("unlisted")
    entry = {"path": "a.js", "source": "a.js", "sha256": "0" * 64}
    package = {"name": "a", "version": "1", "licence": "MIT", "integrity": "", "files": [entry]}
    (folder / "manifest.json").write_text(json.dumps({"packages": [package]}))
    settings.ROOT = tmp_path
    with pytest.raises(CommandError, match=r"extra\.js[\s\S]*changed: a\.js"):
        call_command("renew_assets", "--check")


def test_stylesheets_name_only_files_that_exist() -> None:
    folder = Path(settings.ROOT) / "static" / "css"
    for sheet in folder.glob("*.css"):
        for name in re.findall(r"url\(([^)\"']+)\)", sheet.read_text(encoding="utf-8")):
            assert (folder / name).is_file(), f"{sheet.name}: {name}"
