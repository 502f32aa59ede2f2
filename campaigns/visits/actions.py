"""Every write on family visits."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.visits import queries, rules
from campaigns.visits.models import FamilyVisit
from campaigns.visits.rules import Status
from portal.access.actors import SYSTEM
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.accounts.models import User
from portal.journal.actions import record
from portal.journal.once import once
from portal.reviews.workflow import WorkflowError, move
from portal.units.models import Unit

FIELDS = (
    "campaign", "visited_at", "visitors", "area", "family_kind", "households", "children", "family_name", "needs",
    *rules.CHECKLIST,
)  # fmt: skip
REASON_LEAST = 4


@once(FamilyVisit)
def log_visit(
    *,
    actor: User,
    unit: Unit,
    fields: Mapping[str, Any],
    follow_up: bool = False,
    responsible: Unit | None = None,
    due_on: Any = None,
    client_token: str | None = None,
    is_demo: bool = False,
) -> FamilyVisit:
    """Write a visit down; with `follow_up` somebody (the unit itself, or one above it) owes an answer by `due_on`.

    The same token twice gives the first one back. Raises WorkflowError for a unit that cannot follow up.
    """
    scope_of(actor).require(Perm.FAMILY_VISIT_LOG, unit)
    _refuse_unit(unit, responsible)
    visit = FamilyVisit.objects.create(
        unit=unit,
        created_by=actor,
        client_token=client_token or None,
        is_demo=is_demo,
        status=Status.OPEN if follow_up else Status.NONE,
        responsible=responsible if follow_up else None,
        due_on=(due_on or _usual_date()) if follow_up else None,
        **{name: fields[name] for name in FIELDS if name in fields},
    )
    record("family_visit.logged", actor=actor, target=visit, changed=fields.keys())
    _tell_other(visit, actor)
    return visit


def _usual_date() -> Any:
    return timezone.localdate() + timedelta(days=rules.DEFAULT_DAYS)


def _refuse_unit(unit: Unit, responsible: Unit | None) -> None:
    if responsible is not None and not queries.may_follow_up([unit]).filter(pk=responsible.pk).exists():
        raise WorkflowError(_("跟进单位请选本单位或上级妇联。"))


def _tell_other(visit: FamilyVisit, actor: User) -> None:
    """Another unit that has to follow up gets a message without a word of the visit."""
    if visit.is_open and visit.answers_for != visit.unit:
        record("family_visit.handed_over", actor=actor, target=visit, unit=visit.answers_for)


@transaction.atomic
def edit_visit(*, actor: User, visit: FamilyVisit, fields: Mapping[str, Any]) -> FamilyVisit:
    """Correct a visit; an empty name field leaves the name that is kept."""
    scope_of(actor).require(Perm.FAMILY_VISIT_LOG, visit)
    values = {name: fields[name] for name in FIELDS if name in fields}
    if not values.get("family_name"):
        values.pop("family_name", None)
    changed = [name for name, value in values.items() if getattr(visit, name) != value]
    for name in changed:
        setattr(visit, name, values[name])
    if changed:
        visit.save(update_fields=[*changed, "updated_at"])
        record("family_visit.edited", actor=actor, target=visit, changed=changed)
    return visit


def raise_follow_up(
    *, actor: User, visit: FamilyVisit, responsible: Unit | None = None, due_on: Any = None
) -> None:
    """Something has to be done after all."""
    _refuse_unit(visit.unit, responsible)
    fields = {"responsible": responsible, "due_on": due_on or _usual_date()}
    with transaction.atomic():
        move(visit, "raise", actor=actor, fields=fields)
        _tell_other(visit, actor)


def handle(*, actor: User, visit: FamilyVisit, outcome: str) -> None:
    """The responsible unit says what was done."""
    if not scope_of(actor).may(Perm.FAMILY_VISIT_LOG, visit.answers_for):
        raise PermissionDenied("only the responsible unit handles a follow-up")
    if not outcome.strip():
        raise WorkflowError(_("请写处理情况，一两句话就行。"))
    if rules.tells_a_case(outcome):
        raise WorkflowError(
            _("处理情况里像是写了暴力个案：本站不登记个案，请改写，并告诉当事人拨打 12338 或 110。")
        )
    move(visit, "handle", actor=actor, fields={"outcome": outcome.strip(), "handled_by": actor})


def close(*, actor: User, visit: FamilyVisit) -> None:
    """The visiting unit has been back, or has asked: the matter is settled."""
    move(visit, "close", actor=actor)


def reopen(*, actor: User, visit: FamilyVisit, reason: str) -> None:
    """The family still waits."""
    move(visit, "reopen", actor=actor, reason=reason)


@transaction.atomic
def reveal(*, actor: User, visit: FamilyVisit, reason: str) -> str:
    """The family's name; who looked and why stays in the journal."""
    scope_of(actor).require(Perm.FAMILY_VISIT_VIEW, visit)
    if len(reason.strip()) < REASON_LEAST:
        raise WorkflowError(_("请写明为什么要看，例如“回访前核对是哪一户”。"))
    record("family_visit.identity_read", actor=actor, target=visit, details={"reason": reason.strip()})
    return visit.family_name


def erase_old(now: datetime | None = None) -> int:
    """Forget names and texts after the time the retention table gives; twice does no harm."""
    moment, count = now or timezone.now(), 0
    for visit in queries.texts_before(moment - timedelta(days=rules.FORGET_AFTER_DAYS)):
        with transaction.atomic():
            FamilyVisit.objects.filter(pk=visit.pk).update(family_name="", needs="", outcome="")
            record(
                "family_visit.erased", actor=SYSTEM, target=visit, changed=["family_name", "needs", "outcome"]
            )
        count += 1
    return count
