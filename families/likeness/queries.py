"""Reads about likeness. Everything starts from `Work.objects`, which never holds what is for its recipient only."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from families.likeness.models import Likeness, LikenessMark
from families.likeness.rules import Kind
from families.works.models import Work
from families.works.rules import Status
from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.files.models import StoredFile
from portal.files.queries import attached_to, by_target

OUT = (Status.DRAFT, Status.WITHDRAWN)


def comparable() -> QuerySet[Work]:
    """What may be compared: sent, not withdrawn, and not for its recipient only."""
    return Work.objects.exclude(status__in=OUT)


def work_to_compare(work_id: int) -> Work | None:
    """The work of a job, while it may be compared."""
    return comparable().filter(pk=work_id).first()


def files_of(work: Work) -> list[StoredFile]:
    """Its ready pictures, sounds and films."""
    return [file for file in attached_to(work) if file.is_ready]


def candidates(work: Work, kind: Kind, values: list[int], most: int = 500) -> list[Work]:
    """Works with a common band, oldest first."""
    ids = (
        LikenessMark.objects.filter(kind=kind, value__in=values)
        .exclude(work_id=work.pk)
        .values("work_id")
        .distinct()
    )
    return list(comparable().filter(pk__in=ids).order_by("pk")[:most])


def pictures_of(works: list[Work]) -> dict[str, list[StoredFile]]:
    """Ready files of many works in one query."""
    return by_target(Work, [work.pk for work in works])


def pairs_of(work: Work) -> QuerySet[Likeness]:
    """Every pair with this work on one side, the other still to be shown to staff."""
    shown = comparable().values("pk")
    return (
        Likeness.objects.filter(Q(first=work) | Q(second=work), first__in=shown, second__in=shown)
        .select_related("first__unit", "second__unit", "first__category", "second__category", "decided_by")
        .order_by("-percent", "pk")
    )


def find(pk: int, work: Work) -> Likeness | None:
    """One pair of a work."""
    return pairs_of(work).filter(pk=pk).first()


@dataclass(frozen=True)
class Shown:
    """A pair as somebody sees it who looks at one of its works."""

    pair: Likeness
    other: Work
    may_open: bool
    may_decide: bool


def shown_to(scope: Scope, work: Work) -> list[Shown]:
    """For the page of a work: links only into one's own scope, buttons only for reviewers."""
    may_decide = scope.may(Perm.WORK_REVIEW, work)
    rows: list[Shown] = []
    for pair in pairs_of(work)[:20]:
        other = pair.other_than(work)
        rows.append(Shown(pair, other, scope.may(Perm.WORK_VIEW, other), may_decide))
    return rows


def as_pair(one: Any, other: Any) -> tuple[Any, Any]:
    """In the order of the table."""
    return (one, other) if one.pk < other.pk else (other, one)
