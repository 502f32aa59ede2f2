"""Vendored files are the recorded ones; no template carries inline style or script."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

TEMPLATES = sorted((Path(settings.ROOT) / "templates").rglob("*.html"))
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE)
INLINE_STYLE = re.compile(r"<style|\sstyle=|\son[a-z]+=\"", re.IGNORECASE)


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


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_template_has_no_inline_script_or_style(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert not INLINE_SCRIPT.search(text)
    assert not INLINE_STYLE.search(text)


def test_stylesheets_name_only_files_that_exist() -> None:
    folder = Path(settings.ROOT) / "static" / "css"
    for sheet in folder.glob("*.css"):
        for name in re.findall(r"url\(([^)\"']+)\)", sheet.read_text(encoding="utf-8")):
            assert (folder / name).is_file(), f"{sheet.name}: {name}"
