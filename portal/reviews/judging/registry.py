"""What can be judged. A slice registers a redacted projection; judging knows nothing else of it.

`register(Judged("work", _("作品"), project, pictures, conflicts))` in a slice's `wiring.py`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise

from portal.accounts.models import User
from portal.files.models import StoredFile


@dataclass(frozen=True)
class Clip:
    """A sound or film as a page plays it; its address is made by the page, from the judge's own sheet."""

    kind: str  # audio, video
    media_type: str
    length: str
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True)
class Redacted:
    """What a judge sees of a thing: words already screened. `parts`: (label, text); `clips` as `recordings` has them.

    `is_elsewhere`: its sound or film lies at an address outside, which would name the author and is not shown.
    """

    title: str
    kind: str
    parts: tuple[tuple[str, str], ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    pictures: int = 0
    clips: tuple[Clip, ...] = ()
    is_elsewhere: bool = False


@dataclass(frozen=True)
class Bucket:
    """Where a thing competes, and which default criteria fit it: (name, weight) pairs."""

    key: str
    label: str
    criteria_key: str
    criteria_label: str
    criteria: Sequence[tuple[Promise | str, int]] = field(default=())


@dataclass(frozen=True)
class Conflict:
    """A judge who must not judge a thing."""

    target_id: int
    judge_id: int
    reason: str


@dataclass(frozen=True)
class Judged:
    """One kind of thing. All functions read many at once; what is gone is simply left out of the answer.

    `still_in(kind, ids)`: the ids that are still in that round (an author may have taken a work back).
    `staff_label(ids)`: what staff may read beside a number: (words, address). `opened(stage, ids, actor)` is
    called in the transaction in which judges begin: the things change their own state; it returns those that could.
    `pictures(id)` and `recordings(id)`: ready files, none unless the thing is before judges now. `waiting(subject_id,
    kind)`: what has been accepted and could join that round. `subject_url(subject_id)`: the page of staff where the
    rounds of one subject stand.
    """

    code: str
    label: Promise | str
    project: Callable[[Sequence[int]], dict[int, Redacted]]
    pictures: Callable[[int], list[StoredFile]]
    recordings: Callable[[int], list[StoredFile]]
    conflicts: Callable[[Sequence[int], Sequence[User]], Iterable[Conflict]]
    buckets: Callable[[Sequence[int]], dict[int, Bucket]]
    still_in: Callable[[str, Sequence[int]], set[int]]
    staff_label: Callable[[Sequence[int]], dict[int, tuple[str, str]]]
    waiting: Callable[[int, str], Sequence[int]]
    opened: Callable[[Any, Sequence[int], Any], set[int]]
    subject_url: Callable[[int], str]


KINDS: dict[str, Judged] = {}


def register(kind: Judged) -> None:
    """Add a kind; registering a code again with other functions is a mistake."""
    if kind.code in KINDS and KINDS[kind.code] != kind:
        raise ImproperlyConfigured(f"judged {kind.code} is registered twice")
    KINDS[kind.code] = kind


def of(code: str) -> Judged:
    """The kind behind a code; KeyError for an unknown one."""
    return KINDS[code]
