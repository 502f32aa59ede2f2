"""Automatic marks: words to watch, and personal data that slipped into a public text.

Marks help a reader; only words of strength BLOCK stop the content.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.privacy import detect
from portal.publication import queries, rules
from portal.publication.models import WatchWord

KINDS = {
    "word": _("关注词"),
    "block": _("必须改的词"),
    "phone": _("手机号"),
    "landline": _("电话号码"),
    "id_number": _("身份证号"),
    "email": _("邮箱地址"),
    "private_name": _("不应公开的姓名"),
}


@dataclass(frozen=True)
class Mark:
    """One marked place of one piece of text."""

    place: str
    kind: str
    start: int
    end: int
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        """How it is kept beside the process."""
        return {
            "place": self.place,
            "kind": self.kind,
            "start": self.start,
            "end": self.end,
            "note": self.note,
        }


def screen(snapshot: Mapping[str, Any], *, private_names: Iterable[str] = ()) -> list[dict[str, Any]]:
    """Every mark in a snapshot, in the order of the text."""
    words = queries.watch_words()
    names = [name for name in private_names if len(name) >= 2]
    found: list[Mark] = []
    for place, text in rules.texts_of(snapshot).items():
        found += _words(place, text, words)
        found += _personal(place, text)
        for name in names:
            found += [
                Mark(place, "private_name", m.start(), m.end()) for m in re.finditer(re.escape(name), text)
            ]
    return [mark.as_json() for mark in _without_overlap(found)]


def _words(place: str, text: str, words: list[WatchWord]) -> list[Mark]:
    if not words:
        return []
    known = {word.word.lower(): word for word in words}
    longest_first = sorted(known, key=len, reverse=True)
    pattern = re.compile("|".join(re.escape(word) for word in longest_first), re.IGNORECASE)
    found = []
    for match in pattern.finditer(text):
        word = known.get(match.group().lower())
        if word is not None:
            kind = "block" if word.strength == WatchWord.Strength.BLOCK else "word"
            found.append(Mark(place, kind, match.start(), match.end(), word.note))
    return found


def _personal(place: str, text: str) -> list[Mark]:
    return [Mark(place, str(hit.kind.value), hit.start, hit.end) for hit in detect.find(text)]


def _without_overlap(marks: list[Mark]) -> list[Mark]:
    kept: list[Mark] = []
    order = {"block": 0, "private_name": 1}
    for mark in sorted(marks, key=lambda m: (order.get(m.kind, 2), -(m.end - m.start))):
        if all(
            mark.place != other.place or mark.end <= other.start or mark.start >= other.end for other in kept
        ):
            kept.append(mark)
    return sorted(kept, key=lambda m: (m.place, m.start))


@dataclass(frozen=True)
class Piece:
    """A run of text, with the mark that lies on it if there is one."""

    text: str
    kind: str = ""
    note: str = ""

    @property
    def label(self) -> str:
        """The mark in words."""
        words = str(KINDS.get(self.kind, self.kind))
        return f"{words}：{self.note}" if self.note else words


def pieces(text: str, findings: Iterable[Mapping[str, Any]]) -> list[Piece]:
    """A text cut at its marks, for showing them."""
    cut, at = [], 0
    for mark in sorted(findings, key=lambda m: m["start"]):
        if mark["start"] < at or mark["end"] > len(text):
            continue
        if mark["start"] > at:
            cut.append(Piece(text[at : mark["start"]]))
        cut.append(Piece(text[mark["start"] : mark["end"]], mark["kind"], mark.get("note", "")))
        at = mark["end"]
    if at < len(text):
        cut.append(Piece(text[at:]))
    return cut


def blocking(findings: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The marks that must be gone before the content can pass."""
    return [mark for mark in findings if mark["kind"] == "block"]
