"""A snapshot as the reader's page shows it: every piece of text with its numbered marks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.publication.screening import KINDS, Piece, pieces


@dataclass(frozen=True)
class Hit:
    """One mark for the list beside the text; `number` links the two."""

    number: int
    label: str
    text: str
    blocks: bool


@dataclass(frozen=True)
class Numbered:
    """A run of text; `number` is 0 without a mark."""

    text: str
    number: int = 0
    label: str = ""
    blocks: bool = False


@dataclass
class Reading:
    """Everything the preview shows."""

    title: list[Numbered] = field(default_factory=list)
    author: list[Numbered] = field(default_factory=list)
    place: list[Numbered] = field(default_factory=list)
    text: list[Numbered] = field(default_factory=list)
    facts: list[list[Numbered]] = field(default_factory=list)
    more: list[tuple[str, list[Numbered]]] = field(default_factory=list)
    photos: list[tuple[Mapping[str, Any], list[Numbered]]] = field(default_factory=list)
    documents: list[tuple[Mapping[str, Any], list[Numbered]]] = field(default_factory=list)
    hits: list[Hit] = field(default_factory=list)


def read(snapshot: Mapping[str, Any], findings: Iterable[Mapping[str, Any]]) -> Reading:
    """Cut every text at its marks and number them in reading order."""
    by_place: dict[str, list[Mapping[str, Any]]] = {}
    for mark in findings:
        by_place.setdefault(mark["place"], []).append(mark)
    shown = Reading()

    def cut(place: str, text: str) -> list[Numbered]:
        return [_number(piece, shown.hits) for piece in pieces(text, by_place.get(place, ()))]

    shown.title = cut("title", str(snapshot.get("title") or ""))
    shown.author = cut("author", str(snapshot.get("author") or ""))
    shown.place = cut("place", str(snapshot.get("place") or ""))
    for number, (label, value) in enumerate(snapshot.get("facts") or []):
        shown.facts.append(cut(f"facts.{number}", f"{label}：{value}"))
    shown.text = cut("text", str(snapshot.get("text") or ""))
    for number, (label, value) in enumerate(snapshot.get("more_text") or []):
        shown.more.append((str(label), cut(f"more_text.{number}", str(value))))
    for number, photo in enumerate(snapshot.get("photos") or []):
        shown.photos.append((photo, cut(f"photos.{number}", str(photo.get("alt") or ""))))
    for number, document in enumerate(snapshot.get("documents") or []):
        shown.documents.append((document, cut(f"documents.{number}", str(document.get("name") or ""))))
    return shown


def _number(piece: Piece, hits: list[Hit]) -> Numbered:
    if not piece.kind:
        return Numbered(piece.text)
    number, blocks = len(hits) + 1, piece.kind == "block"
    hits.append(Hit(number, piece.label, piece.text, blocks))
    return Numbered(piece.text, number, str(KINDS.get(piece.kind, piece.kind)), blocks)
