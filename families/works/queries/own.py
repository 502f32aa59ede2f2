"""Works as their family knows them, whatever the audience."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from families.works.models import Work, WorkCall, WorkCategory
from families.works.rules import JUDGED_AS, UNDER_JUDGING, Status
from portal.access.actors import Visitor
from portal.privacy.queries import about
from portal.reviews.judging.queries import stages_of
from portal.reviews.queries import history_of


@dataclass(frozen=True)
class Extra:
    """One declared field of a work as it is shown."""

    name: str
    label: str
    value: str
    kind: str


def extras_of(work: Work) -> list[Extra]:
    """The declared fields of a work's category that were filled in, choices in words."""
    found = []
    for field in work.category.fields:
        value = work.extra.get(field["name"])
        if not value:
            continue
        words = dict(field.get("choices") or []).get(value, value)
        found.append(Extra(field["name"], str(field["label"]), str(words), field.get("kind", "text")))
    return found


def by_token(token: str) -> Work | None:
    """The work that was made from a form token."""
    return Work.every.filter(client_token=token).first()


def sent_by(phone_hash: str, call: WorkCall, category: WorkCategory) -> int:
    """How many works of a category a phone has in a call."""
    gone = (Status.WITHDRAWN, Status.REJECTED)
    return (
        Work.every.filter(phone_hash=phone_hash, call=call, category=category)
        .exclude(status__in=gone)
        .count()
    )


def is_own(work: Work, actor: Any) -> bool:
    """Is it this family's: the verified phone (of a minor's work the guardian's too), or the account it was sent from?"""
    if isinstance(actor, Visitor):
        return bool(actor.phone_hash) and actor.phone_hash in (work.phone_hash, work.guardian_hash)
    return bool(getattr(actor, "is_authenticated", False)) and work.submitted_by_id == actor.pk


def own(phone_hash: str = "", user: Any = None) -> QuerySet[Work]:
    """Everything of a family, whatever its audience."""
    condition = Q(pk__in=[])
    if phone_hash:
        condition |= Q(phone_hash=phone_hash) | Q(guardian_hash=phone_hash)
    if getattr(user, "is_authenticated", False):
        condition |= Q(submitted_by=user)
    return Work.every.filter(condition).select_related("call", "category", "unit", "county").order_by("-pk")


def by_code(code_hash: str) -> Work | None:
    """The work behind a resume code."""
    return Work.every.filter(resume_code_hash=code_hash).first()


def consents_in_force(work: Work) -> set[str]:
    """Kinds of the consents about a work that nobody has withdrawn."""
    return set(about(work).filter(withdrawn_at__isnull=True).values_list("type", flat=True))


def own_by_no(no: str) -> Work | None:
    """A work by its number, whatever its audience; the caller knows whose it is."""
    return Work.every.filter(no=no).select_related("call", "category", "unit", "county").first()


def entered_by(user: Any, no: str) -> Work | None:
    """A work that this person typed in."""
    return Work.objects.filter(entered_by=user, no=no).select_related("category", "call", "unit").first()


def may_rejoin(work: Work) -> bool:
    """May a work that was taken back be judged? One that judges have had can join its first round while that is open; what
    a closed round reckoned without it is not reckoned again."""
    if not history_of(work).filter(after__in=UNDER_JUDGING).exists():
        return True
    rounds = stages_of(JUDGED_AS, work.call_id)
    return len(rounds) == 1 and not rounds[0].is_over
