"""Cards as PDF and as a picture, typeset from plain data."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from families.cards import queries
from families.cards.models import Card
from families.cards.rules import LOOKS, MARGIN, ON_A4, TRIM, Fold, Lettering, Pattern, Sheet, Size, point_size
from families.works.models import Work
from portal import typeset

TEMPLATE = "cards/cards.typ"
INSET = 12.0  # from the edge of a face to its words, millimetres


@cache
def _motif(name: str) -> bytes:
    return (settings.ROOT / "static" / "img" / "motifs" / name).read_bytes()


@cache
def _pale(name: str) -> bytes:
    """The same, faint enough to lie under words."""
    head, _sep, body = _motif(name).decode().partition(">")
    return f'{head}><g opacity="0.3">{body.replace("</svg>", "</g></svg>")}'.encode()


def _card(work: Work, number: int, *, width: float, height: float) -> tuple[dict[str, Any], dict[str, bytes]]:
    card: Card | None = queries.card_of(work)
    words = queries.words_of(work)
    motif, colour = LOOKS[Pattern(card.pattern if card else Pattern.LOTUS)]
    pictures = {motif: _motif(motif), f"pale-{motif}": _pale(motif)}
    ink = ""
    if card is not None and card.lettering == Lettering.HANDWRITTEN and card.ink:
        ink = f"ink-{number}.png"
        pictures[ink] = bytes(card.ink)
    return {
        "text": words.text,
        "points": point_size(words.text, width=width - 3 * INSET, height=max(height - 36, 14)),
        "to": words.to_name,
        "signed": words.signed,
        "ink": ink,
        "motif": motif,
        "colour": colour,
    }, pictures


def _data(
    works: Iterable[Work], *, size: str, fold: str, sheet: str
) -> tuple[dict[str, Any], dict[str, bytes]]:
    width, height = (TRIM if sheet == Sheet.SINGLE else ON_A4)[Size(size)]
    face = height / 2 if fold == Fold.TENT else height
    cards, pictures = [], {}
    for number, work in enumerate(works):
        card, more = _card(work, number, width=width, height=face)
        cards.append(card)
        pictures |= more
    return {
        "title": _("亲情寄语桌签"),
        "width": width,
        "height": height,
        "margin": MARGIN,
        "tent": fold == Fold.TENT,
        "sheet": sheet,
        "across": 2 if sheet == Sheet.A4 and size == Size.A6 else 1,
        "heading": _("亲情寄语"),
        "motto": _("清廉家风"),
        "fold_word": _("折"),
        "inside": _("沿两侧“折”字处对折，寄语朝自己，图案朝外。"),
        "cards": cards,
    }, pictures


def pdf(works: Iterable[Work], *, size: str, fold: str, sheet: str) -> bytes:
    """Two pages for each card, or for each A4 sheet of cards. Raises typeset.TypesetError."""
    data, pictures = _data(works, size=size, fold=fold, sheet=sheet)
    return typeset.pdf(TEMPLATE, data, pictures=pictures)


def preview(work: Work, *, size: str = Size.A5, fold: str = Fold.TENT) -> bytes:
    """The outside of one card as PNG."""
    data, pictures = _data([work], size=size, fold=fold, sheet=Sheet.SINGLE)
    return typeset.png(TEMPLATE, data, pictures=pictures, ppi=110)
