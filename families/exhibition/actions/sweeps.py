"""名下内容下架: one action takes down everything chosen under one name; two people put it back (§2.10)."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from families.exhibition.models import Sweep, SweepItem
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.journal.actions import record
from portal.journal.once import once
from portal.privacy.masking import mask_name, mask_phone
from portal.publication.under_name import SOURCES, find_all
from portal.reviews.workflow import WorkflowError, move
from portal.units.models import Unit


def search(*, actor: Any, name: str, phone_hash: str) -> Any:
    """Look for a name; that somebody looked is journalled, the name itself only behind the person's key."""
    scope = scope_of(actor)
    scope.require(Perm.WORK_TAKE_DOWN)
    with transaction.atomic():
        record("sweep.searched", actor=actor, target=actor, details={"name": name})
    return find_all(scope, name, phone_hash)


@once(Sweep, by="made_by")
def sweep(
    *, actor: Any, unit: Unit, name: str, phone: str = "", phone_hash: str = "", chosen: Iterable[tuple[str, int]],
    reason: str, token: str | None = None,
) -> Sweep:  # fmt: skip
    """Take down what was chosen, at once and by one person alone. Only what the search finds anew for this person can
    be chosen; the same token again gives the first sweep back."""
    scope = scope_of(actor)
    scope.require(Perm.WORK_TAKE_DOWN)
    if len(reason.strip()) < 4:
        raise WorkflowError(_("请写明撤下的理由（至少 4 个字），会记入操作记录，作者会看到。"))
    found = {
        (source.code, hit.target_id): hit
        for source, hits in find_all(scope, name, phone_hash)
        for hit in hits
    }
    wanted = [key for key in dict.fromkeys(chosen) if key in found]
    if not wanted:
        raise WorkflowError(_("请至少选一项要撤下的内容。"))
    row = Sweep.objects.create(
        unit=unit, name=name, masked=mask_name(name) if name else mask_phone(phone), reason=reason.strip()[:300],
        made_by=actor, client_token=token,
    )  # fmt: skip
    record(
        "sweep.made",
        actor=actor,
        target=row,
        details={"items": len(wanted), "reason": reason.strip()},
    )
    for code, pk in wanted:
        _take_one(row, code, pk, found[(code, pk)].label, actor=actor)
    return row


def _take_one(row: Sweep, code: str, pk: int, label: str, *, actor: Any) -> None:
    """One item; what cannot be taken down is written beside it and does not stop the others."""
    try:
        with transaction.atomic():
            outcome = SOURCES[code].take_down(actor, pk, row.reason)
    except WorkflowError as error:
        outcome = _("没有撤下：%(why)s") % {"why": error.message}
    except PermissionDenied:
        outcome = _("没有撤下：您没有这项权限")
    item = SweepItem.objects.create(
        sweep=row, source=code, target_id=pk, label=label[:200], outcome=str(outcome)[:200]
    )
    record("sweep.item_down", actor=actor, target=row, details={"item": item.label, "outcome": item.outcome})


@transaction.atomic
def ask_back(*, actor: Any, row: Sweep, reason: str) -> None:
    """The first of two people wants it back."""
    move(row, "ask_back", actor=actor, reason=reason, fields={"asked_by": actor})


@transaction.atomic
def put_back(*, actor: Any, row: Sweep) -> None:
    """The second one agrees; each thing goes back through its own gate."""
    move(row, "put_back", actor=actor)
    for item in row.items.all():
        try:
            with transaction.atomic():
                outcome = SOURCES[item.source].put_back(actor, item.target_id)
        except WorkflowError as error:
            outcome = _("没有恢复：%(why)s") % {"why": error.message}
        SweepItem.objects.filter(pk=item.pk).update(outcome=str(outcome)[:200])


@transaction.atomic
def refuse_back(*, actor: Any, row: Sweep, reason: str) -> None:
    """The second one says no."""
    move(row, "refuse_back", actor=actor, reason=reason, fields={"asked_by": None})
