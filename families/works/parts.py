"""What other slices ask on the form of a work, so that a family writes everything once; letters ask for the recipient's phone.

A part brings its fields, checks them with the rest of the form, and acts in the transaction that takes the work in: it is
refused together with the work, at its own field, or both are there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.forms import Field, Form

from families.works.entry import Entry
from families.works.models import Work, WorkCategory
from portal.reviews.workflow import WorkflowError


class PartRefused(WorkflowError):
    """The work could be taken, but what was asked beside it could not; `field` is where that is said."""

    def __init__(self, message: Any, field: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, kw_only=True)
class Part:
    """`fields` under the names they have on the form; `check(form, data)` puts errors on them; `act` gets their values;
    `said(work)` is the sentence on the page after sending, or ""."""

    code: str
    template: str
    fits: Callable[[WorkCategory], bool]
    fields: Callable[[], Mapping[str, Field]]
    check: Callable[[Form, dict[str, Any]], None]
    act: Callable[..., None]
    said: Callable[[Work], str]


PARTS: dict[str, Part] = {}


def register(part: Part) -> None:
    """Add a part to the form; the same code replaces it."""
    PARTS[part.code] = part


def for_category(category: WorkCategory) -> list[Part]:
    """What is asked beside a work of this category."""
    return [part for part in PARTS.values() if part.fits(category)]


def said_of(work: Work) -> list[str]:
    """What the parts did, for the page after sending."""
    return [text for part in for_category(work.category) if (text := part.said(work))]


def follow(work: Work, entry: Entry, *, actor: Any, token: str) -> None:
    """Let every part act that was filled in; inside the transaction of the submission."""
    for code, values in entry.parts.items():
        PARTS[code].act(work=work, values=values, actor=actor, token=token)
