"""What stands in the index for a text, and what is asked of it; no database.

Chinese is written without blanks, and most words have two characters. So a text is kept as all its single characters
and all its pairs of neighbours; a word of two characters is one entry, a longer one is all of its pairs at once.
"""

import unicodedata
from collections.abc import Iterable
from datetime import datetime

MOST_WORDS = 5
MOST_PAIRS = 12  # of one word; what is longer is compared with the text itself anyway
Query = list[list[str]]  # every inner list: at least one of these terms; all inner lists together


def plain(text: str) -> str:
    """One form for full and half width, great and small letters."""
    return unicodedata.normalize("NFKC", text).casefold()


def runs(text: str) -> list[str]:
    """The stretches of letters and digits; a pair never reaches over a comma."""
    return "".join(char if char.isalnum() else " " for char in plain(text)).split()


def pairs(run: str) -> list[str]:
    """Neighbours in a stretch, in order; a stretch of one character is itself."""
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]


def terms_of(*texts: str) -> set[str]:
    """Every character and every pair of some texts."""
    found: set[str] = set()
    for text in texts:
        for run in runs(text):
            found.update(run)
            found.update(pairs(run))
    return found


def tag(kind: str, pk: int | None) -> str:
    """A term for a filter. Longer than two characters, so that no text has it."""
    return f"{kind}{pk or 0}"


def asked(words: Iterable[str]) -> tuple[Query, list[str]]:
    """The terms that all words need, and the words that have to be compared with the text itself: of more than two
    characters, the pairs may stand apart. What has no letter at all asks for nothing."""
    query: Query = []
    exact: list[str] = []
    for word in list(words)[:MOST_WORDS]:
        pieces = runs(word)
        query += [
            [pair] for pair in dict.fromkeys(pair for run in pieces for pair in pairs(run)[:MOST_PAIRS])
        ]
        if pieces and (len(pieces) > 1 or len(pieces[0]) > 2):
            exact.append(word)
    return query, exact


def place_in_order(published_at: datetime, pk: int) -> int:
    """The key of an entry: newest is greatest, and two works of the same microsecond stay apart."""
    seconds, micros = int(published_at.timestamp()), published_at.microsecond
    return (seconds * 1_000_000 + micros) * 1024 + pk % 1024
