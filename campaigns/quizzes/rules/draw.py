"""The prize draw: anybody can repeat it with the published seed (domain reference §8.3).

1. Before the paper opens a seed is made and its SHA-256 shown on the page, so that it cannot be changed later.
2. After closing the list of entry numbers is fixed.
3. Each entry number gets the key SHA-256("<seed>:<number>"), written in hexadecimal. The smallest keys win.
"""

import hashlib
import secrets
from collections.abc import Iterable

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
from portal.reviews.workflow import Transition, table

PUBLICITY_DAYS = 3
WINNERS_MOST = 500

PHONE_PURPOSE = "prize"  # what a phone code of the draw is for


class Status(TextChoices):
    """COMMITTED (hash shown) → DRAWN → CONFIRMED (second person, publicity) → DONE."""

    COMMITTED = "committed", _("待抽奖")
    DRAWN = "drawn", _("已抽取，待复核")
    CONFIRMED = "confirmed", _("公示中")
    DONE = "done", _("公示期满")


TONES = {Status.COMMITTED: "", Status.DRAWN: "warn", Status.CONFIRMED: "info", Status.DONE: "ok"}
PUBLISHED = (Status.CONFIRMED, Status.DONE)
TRANSITIONS = table(
    Transition("draw", frozenset({Status.COMMITTED}), Status.DRAWN, "draw.drawn", _("抽取"), Perm.QUIZ_EDIT),
    Transition(
        "confirm", frozenset({Status.DRAWN}), Status.CONFIRMED, "draw.confirmed", _("复核并公示"), Perm.QUIZ_REVIEW,
        not_by=("drawn_by",),
    ),
    Transition(
        "send_back", frozenset({Status.DRAWN}), Status.COMMITTED, "draw.returned", _("退回重抽"), Perm.QUIZ_REVIEW,
        needs_reason=True,
    ),
    Transition("finish", frozenset({Status.CONFIRMED}), Status.DONE, "draw.finished", _("公示期满")),
)  # fmt: skip


def new_seed() -> str:
    """64 hexadecimal digits nobody can guess."""
    return secrets.token_hex(32)


def commitment(seed: str) -> str:
    """What is shown before the draw."""
    return hashlib.sha256(seed.encode()).hexdigest()


def key(seed: str, number: int) -> str:
    """The key of one entry number."""
    return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()


def winners(seed: str, numbers: Iterable[int], count: int) -> list[int]:
    """The entry numbers that win, in the order of their keys; all of them when there are fewer than prizes."""
    return sorted(set(numbers), key=lambda number: (key(seed, number), number))[: max(0, count)]
