"""The one door for state changes (style rule 10): table, permission, compare-and-set, history, journal."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.access.actors import Actor
from portal.access.permissions import Perm
from portal.access.scope import Scope, scope_of
from portal.journal.actions import record
from portal.reviews.models import StatusChange

if TYPE_CHECKING:
    from portal.accounts.models import User


@dataclass(frozen=True)
class Transition:
    """One row of a slice's table.

    `perm` None means: no permission decides, the calling action lets in whom it knows (the author, a job).
    `not_by` names user fields of the object; whoever stands there may not take this step (two people).
    """

    name: str
    sources: frozenset[str]
    target: str
    verb: str
    label: Promise | str
    perm: Perm | None = None
    needs_reason: bool = False
    not_by: tuple[str, ...] = field(default=())


class WorkflowError(Exception):
    """A step that cannot be taken; `message` is a plain Chinese sentence for the page."""

    def __init__(self, message: Promise | str) -> None:
        super().__init__(str(message))
        self.message = message


class StaleState(WorkflowError):
    """Somebody else was faster, or the step does not start from this state."""


class SamePerson(WorkflowError, PermissionDenied):
    """The second step needs a second person."""


def table(*rows: Transition) -> dict[str, Transition]:
    """A slice's transitions by name; raises ValueError when a name comes twice."""
    found = {row.name: row for row in rows}
    if len(found) != len(rows):
        raise ValueError("a transition name is used twice")
    return found


def _refused_person(obj: models.Model, row: Transition, actor: Actor) -> bool:
    who = getattr(actor, "pk", None)  # visitors and the portal itself have no account
    return who is not None and any(getattr(obj, f"{name}_id") == who for name in row.not_by)


def available(obj: Any, scope: Scope, *, names: Iterable[str] | None = None) -> list[Transition]:
    """The steps this person may take now, in table order."""
    rows: Mapping[str, Transition] = type(obj).transitions
    return [
        row
        for row in rows.values()
        if obj.status in row.sources
        and row.perm is not None
        and (names is None or row.name in names)
        and scope.may(row.perm, obj)
        and not _refused_person(obj, row, scope.actor)
    ]


def overtaken(obj: Any, row: Transition) -> str:
    """Who was faster, when, and what it is now. Names only for steps of staff: families do not read them."""
    state = obj.get_status_display()
    last = (
        StatusChange.objects.filter(target_type=obj._meta.label_lower, target_id=obj.pk)
        .select_related("by")
        .order_by("-pk")
        .first()
    )
    if row.perm is None or last is None or last.by is None:
        return gettext("这条记录的状态已经变了（现在是“%(state)s”），请刷新后再操作。") % {"state": state}
    at = f"{timezone.localtime(last.at):%m-%d %H:%M}"
    words = {"who": last.by.display_name, "at": at, "state": state}
    return (
        gettext("这条记录的状态已经变了：%(who)s %(at)s 已处理，现在是“%(state)s”，您不用再做这一步。")
        % words
    )


def move(
    obj: Any, name: str, *, actor: Actor, reason: str = "", fields: Mapping[str, Any] | None = None
) -> StatusChange:
    """Take one step of the object's table; returns the history row and updates `obj` in memory.

    Raises PermissionDenied, SamePerson, StaleState (state changed meanwhile), WorkflowError (reason missing).
    """
    row: Transition = type(obj).transitions[name]
    if row.perm is not None:
        scope_of(actor).require(row.perm, obj)
    if _refused_person(obj, row, actor):
        raise SamePerson(_("经办和审核须是两个人：这一步请由另一位同事完成。"))
    if row.needs_reason and not reason.strip():
        raise WorkflowError(_("请写明理由，对方会看到。"))
    if obj.status not in row.sources:
        raise StaleState(overtaken(obj, row))
    before = obj.status
    extra = dict(fields or {})
    # Nothing below is undone by itself (a lost race has written nothing), so that inside a transaction no savepoint is kept.
    with transaction.atomic(savepoint=False):
        if not type(obj)._base_manager.filter(pk=obj.pk, status=before).update(status=row.target, **extra):
            history = None
        else:
            history = _written(obj, row, actor=actor, before=before, reason=reason, extra=extra)
    if history is None:
        raise StaleState(overtaken(type(obj)._base_manager.filter(pk=obj.pk).first() or obj, row))
    return history


def _written(
    obj: Any, row: Transition, *, actor: Actor, before: str, reason: str, extra: dict[str, Any]
) -> StatusChange:
    obj.status = row.target
    for key, value in extra.items():
        setattr(obj, key, value)
    history = StatusChange.objects.create(
        target_type=obj._meta.label_lower,
        target_id=obj.pk,
        step=row.name,
        before=before,
        after=row.target,
        reason=reason.strip(),
        by=cast("User", actor) if getattr(actor, "is_authenticated", False) else None,
    )
    record(
        row.verb,
        actor=actor,
        target=obj,
        changed=["status", *extra],
        details={"reason": reason} if reason else None,
    )
    return history
