"""Verbs have words, templates compile and translate everything, nothing runs inline."""

import re

import pytest
from django.template.loader import get_template

from portal.journal.verbs import VERBS
from tests.guards.source import ROOT, templates

ALL = list(templates())
HAN = re.compile(r"[\u4e00-\u9fff]")
IGNORED = re.compile(
    r"{%\s*comment.*?%}.*?{%\s*endcomment\s*%}|{%\s*blocktrans(?:late)?\b.*?%}.*?{%\s*endblocktrans(?:late)?\s*%}"
    r"|{#.*?#}|<!--.*?-->|{%.*?%}|{{.*?}}|_\(\s*(?:'[^']*'|\"[^\"]*\")\s*\)"
    r'|<span class="seal[^>]*aria-hidden="true">(?:<span>.</span>)+</span>',  # a drawing made of characters
    re.DOTALL,
)


def test_verbs_have_words():
    assert len(VERBS) > 10
    assert [verb.code for verb in VERBS.values() if not str(verb.text).strip()] == []


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.name)
def test_template_compiles(path):
    get_template(path.relative_to(ROOT / "templates").as_posix())


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.name)
def test_template_has_no_inline_script_or_style(path):
    text = path.read_text("utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", text)
    assert not re.search(r"\sstyle=[\"']|<style\b|\son[a-z]+=[\"']", text)


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.name)
def test_template_has_no_untranslated_chinese(path):
    left = IGNORED.sub("", path.read_text("utf-8"))
    assert [line.strip() for line in left.splitlines() if HAN.search(line)] == []
