"""Rows of authors in what a form sent: one more, one less, a child among them; before any form is made."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone

from families.works.forms.fields import clean_year_month
from families.works.rules import AUTHOR_FIELDS, MAX_AUTHORS, numbered
from portal.privacy.rules import is_child

ADD, DROP = "add_author", "drop_author_"
ROWS = "author_rows"


def has_child(data: Any) -> bool:
    """Is one of the posted authors under 14?"""
    today = timezone.localdate()
    for number in range(1, MAX_AUTHORS + 2):
        try:
            if is_child(clean_year_month(str(data.get(numbered("birth_ym", number)) or "")), today):
                return True
        except ValidationError:
            continue
    return False


def is_unconsented_child(data: Any) -> bool:
    """Is a child among the authors, without the guardian's tick? Then nothing of the form may be stored."""
    return has_child(data) and not data.get("consent_guardian")


def is_rearranging(action: str) -> bool:
    """Was a button for one author more or less pressed?"""
    return action == ADD or action.startswith(DROP)


def rearranged(data: QueryDict, action: str) -> QueryDict:
    """The posted form with one row more, or without one of them and the later ones moved up."""
    copy = data.copy()
    if action == ADD:
        copy[ROWS] = str(rows_in(copy) + 1)
        return copy
    gone = action.removeprefix(DROP)
    if not gone.isdigit() or not 2 <= int(gone[:2]) <= MAX_AUTHORS:
        return copy
    for number in range(int(gone), MAX_AUTHORS + 1):
        for name in AUTHOR_FIELDS:
            copy[numbered(name, number)] = copy.get(numbered(name, number + 1), "")
    copy[ROWS] = str(max(1, min(_asked(copy), MAX_AUTHORS) - 1))
    return copy


def _asked(data: Any) -> int:
    text = str(data.get(ROWS) or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 else 1


def rows_in(data: Any) -> int:
    """How many rows were asked for or filled in; one at least, and more than are allowed when somebody tries."""
    filled = [
        number
        for number in range(1, MAX_AUTHORS + 2)
        if any(str(data.get(numbered(name, number)) or "").strip() for name in AUTHOR_FIELDS)
    ]
    return max([1, _asked(data), *filled])
