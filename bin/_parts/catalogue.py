"""Runs inside `.venv`: every text of the interface has its English translation; `--update` brings the files along.

Needs no gettext tools: Python files are read as syntax trees, templates through Django's own `templatize`.
"""

import ast
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polib

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ("portal", "campaigns", "families", "volunteers")
CATALOGUE = ROOT / "portal" / "locale" / "en" / "LC_MESSAGES" / "django.po"
# Function name -> positions of context, singular, plural among its arguments.
CALLS = {
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
STRING = r"u?(?:'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")"
IN_TEMPLATE = re.compile(
    rf"(?<!\w)(_|gettext|pgettext|ngettext|npgettext)\(\s*((?:{STRING}\s*,?\s*)+)", re.DOTALL
)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|(?<!\{)\{\w*\}|%[sd]")


class Message(NamedTuple):
    """One text as gettext knows it."""

    context: str | None
    text: str
    plural: str | None


def main() -> int:
    found = dict(in_sources())
    if "--update" in sys.argv:
        update(found)
    problems = compare(found)
    for line in problems:
        print(line)
    total = len(found)
    print(f"{total} texts, {len(problems)} problems" if problems else f"{total} texts, all in English too")
    return 1 if problems else 0


def in_sources() -> Iterator[tuple[Message, str]]:
    """Every message with the place that uses it."""
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield from (
                    (message, place(path, line)) for message, line in in_python(path.read_text("utf-8"))
                )
    for folder in [ROOT / "templates", *sorted(ROOT.glob("*/templates"))]:
        for path in sorted(folder.rglob("*")):
            if path.suffix in {".html", ".txt"}:
                yield from ((message, place(path, 0)) for message in in_template(path.read_text("utf-8")))


def place(path: Path, line: int) -> str:
    name = path.relative_to(ROOT).as_posix()
    return f"{name}:{line}" if line else name


def in_python(source: str) -> Iterator[tuple[Message, int]]:
    """Messages in calls of Django's translation functions, whatever name they were imported under."""
    tree = ast.parse(source)
    names = dict(CALLS)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            names |= {
                alias.asname or alias.name: CALLS[alias.name] for alias in node.names if alias.name in CALLS
            }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
        if name in names:
            message = message_of([literal(argument) for argument in node.args], names[name])
            if message:
                yield message, node.lineno


def in_template(source: str) -> Iterator[Message]:
    """Messages of {% translate %}, {% blocktranslate %} and _("…") in a template."""
    from django.utils.translation.template import templatize  # deferred: needs configured settings

    for name, arguments in IN_TEMPLATE.findall(templatize(source)):
        strings = [
            ast.literal_eval(text.removeprefix("u")) for text in re.findall(STRING, arguments, re.DOTALL)
        ]
        message = message_of(strings, CALLS["gettext" if name == "_" else name])
        if message:
            yield message


def literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def message_of(arguments: list[str | None], positions: tuple[int | None, int, int | None]) -> Message | None:
    """The message a call names; None when its text is not a literal."""
    picked = [arguments[i] if i is not None and i < len(arguments) else None for i in positions]
    context, text, plural = picked
    return Message(context, text, plural) if text else None


def key(entry: polib.POEntry) -> Message:
    return Message(entry.msgctxt, entry.msgid, entry.msgid_plural or None)


def compare(found: dict[Message, str]) -> list[str]:
    """What is missing, unfinished or stale in the English catalogue."""
    if not CATALOGUE.exists():
        return [f"{place(CATALOGUE, 0)} does not exist; bin/check --messages makes it"]
    kept = {key(entry): entry for entry in polib.pofile(str(CATALOGUE)) if not entry.obsolete}
    problems = [
        f"not in the catalogue: {message.text!r} ({where})"
        for message, where in found.items()
        if message not in kept
    ]
    for message, entry in kept.items():
        if message not in found:
            continue
        if "fuzzy" in entry.flags:
            problems.append(f"fuzzy: {message.text!r}")
        elif not entry.translated():
            problems.append(f"no English: {message.text!r} ({found[message]})")
        elif not message.plural and placeholders(message.text) != placeholders(entry.msgstr):
            problems.append(f"placeholders differ: {message.text!r} / {entry.msgstr!r}")
    return problems + stale_binary()


def placeholders(text: str) -> list[str]:
    return sorted(set(PLACEHOLDER.findall(text)))


def stale_binary() -> list[str]:
    """The compiled file is committed (no gettext tools at set-up), so it must say what the .po says."""
    binary = CATALOGUE.with_suffix(".mo")
    wanted = {
        key(entry): entry.msgstr or entry.msgstr_plural
        for entry in polib.pofile(str(CATALOGUE)).translated_entries()
    }
    have = (
        {key(entry): entry.msgstr or entry.msgstr_plural for entry in polib.mofile(str(binary))}
        if binary.exists()
        else None
    )
    return [] if have == wanted else [f"{place(binary, 0)} is stale; bin/check --messages compiles it"]


def update(found: dict[Message, str]) -> None:
    """Add new messages (still empty), drop those nobody uses, compile."""
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    old = polib.pofile(str(CATALOGUE)) if CATALOGUE.exists() else polib.POFile()
    kept = {key(entry): entry for entry in old if not entry.obsolete}
    new = polib.POFile(wrapwidth=100)
    new.metadata = {
        "Language": "en",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    for message, where in sorted(found.items(), key=lambda item: (item[1].split(":")[0], item[0].text)):
        entry = kept.get(message) or polib.POEntry(msgctxt=message.context, msgid=message.text)
        if message.plural and not entry.msgid_plural:
            entry.msgid_plural, entry.msgstr_plural = message.plural, {0: "", 1: ""}
        if PLACEHOLDER.search(message.text) and "%" in message.text and "python-format" not in entry.flags:
            entry.flags.append("python-format")
        entry.occurrences = [(where.split(":")[0], "")]
        new.append(entry)
    new.save(str(CATALOGUE))
    new.save_as_mofile(str(CATALOGUE.with_suffix(".mo")))


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
    sys.exit(main())
