"""Dividing a number of things among units, and filling it."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from campaigns.tasks import evidence, quotas, rules
from campaigns.tasks.models import Quota, QuotaEntry, QuotaShare, Task
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.accounts.models import User
from portal.journal.actions import record
from portal.journal.once import once
from portal.reviews.workflow import StaleState, WorkflowError
from portal.units.models import Unit

Part = tuple[Unit, int, int | None]
TRIES = 8


@once(Quota, taken=lambda: WorkflowError(_("这份名额已经分解过了，请刷新查看。")))
def create_quota(
    *,
    actor: User,
    unit: Unit,
    title: str,
    total: int,
    kind: str,
    parts: Sequence[Part],
    note: str = "",
    task: Task | None = None,
    parent: QuotaShare | None = None,
    client_token: str | None = None,
    is_demo: bool = False,
) -> Quota:
    """Divide `total` among units: (unit, at least, at most). With `parent` it splits that share.

    The lower numbers of a free quota may add up to more than the total (总数 10, 每县 2–3): pages say so, and
    what goes beyond needs a reason. A split must fit its share exactly within its limits. The same token twice
    gives the first one back. Raises PermissionDenied, WorkflowError.
    """
    scope_of(actor).require(Perm.TASK_ISSUE, unit)
    fault = _fault(unit, kind, parts, parent)
    if fault:
        raise WorkflowError(fault)
    root = None
    if parent is not None:
        root = parent.quota.root or parent.quota
        title, kind, total = root.title, root.kind, parent.maximum if parent.maximum is not None else total
    quota = Quota.objects.create(
        title=title, unit=unit, total=total, kind=kind, note=note, task=task, parent=parent, root=root,
        created_by=actor, client_token=client_token, is_demo=is_demo,
    )  # fmt: skip
    QuotaShare.objects.bulk_create(
        [QuotaShare(quota=quota, unit=one, minimum=low, maximum=high) for one, low, high in parts]
    )
    verb = "quota.split" if parent is not None else "quota.created"
    record(verb, actor=actor, target=quota, changed=["total", "shares"])
    return quota


def _fault(unit: Unit, kind: str, parts: Sequence[Part], parent: QuotaShare | None) -> str:
    if kind != evidence.NAMED and kind not in evidence.KINDS and parent is None:
        return _("请选择名额计入什么。")
    if not parts:
        return _("请至少给一个单位分配名额。")
    if any(not one.path.startswith(unit.path) or one.pk == unit.pk for one, _low, _high in parts):
        return _("名额只能分给本单位的下级。")
    closed = [one for one, _low, _high in parts if one.is_closed]
    if closed:
        return _("“%(name)s”已撤销，不能分配名额。") % {"name": closed[0].name}
    if parent is None:
        return ""
    if parent.unit_id != unit.pk:
        return _("只能分解本单位的名额。")
    if any(high is None for _one, _low, high in parts):
        return _("分解名额时请写明每个单位的上限。")
    return rules.split_fault(
        minimum=parent.minimum, maximum=parent.maximum, parts=[(low, high or 0) for _one, low, high in parts]
    )


def add_entry(
    *, actor: User, quota: Quota, unit: Unit, kind: str, key: str = "", label: str = "", over_reason: str = ""
) -> QuotaEntry:
    """Fill one place for `unit`: an existing record (`kind:id` in `key`), or a name when the quota counts names.

    Beyond the number of the unit, of a unit above it in the tree of quotas, or of the total a reason is
    needed. Two at once cannot both slip under the limit: the root's version is compared and set. Raises
    PermissionDenied, WorkflowError.
    """
    scope = scope_of(actor)
    root = quota.root or quota
    if not scope.may(Perm.TASK_ANSWER, unit) and not scope.may(Perm.TASK_ISSUE, unit):
        scope.require(Perm.TASK_ANSWER, unit)
    if kind != root.kind:
        raise WorkflowError(_("这份名额不计这一类。"))
    values: dict[str, Any] = {"kind": kind, "label": label.strip()[:160]}
    if kind != evidence.NAMED:
        found = evidence.read([key], scope, unit)
        if not found:
            raise WorkflowError(_("请从列表里选择本单位的记录。"))
        values = {"kind": kind, "object_id": found[0][1].object_id, "label": found[0][1].label[:160]}
    if not values["label"]:
        raise WorkflowError(_("请写名称。"))
    for _attempt in range(TRIES):
        root.refresh_from_db()
        over = quotas.over_after(root, unit)
        if over and not over_reason.strip():
            raise WorkflowError(over)
        reason = over_reason.strip()[:200] if over else ""
        try:
            with transaction.atomic():
                if not Quota.objects.filter(pk=root.pk, version=root.version).update(
                    version=root.version + 1
                ):
                    continue
                entry = QuotaEntry.objects.create(
                    quota=root, unit=unit, by=actor, over_reason=reason, **values
                )
                record("quota.entry_added", actor=actor, target=entry, changed=["label"])
                return entry
        except IntegrityError as error:
            raise WorkflowError(_("“%(label)s”已经登记过了。") % {"label": values["label"]}) from error
    raise StaleState(_("刚刚有几位同事同时登记，请再试一次。"))


@transaction.atomic
def remove_entry(*, actor: User, entry: QuotaEntry, reason: str) -> None:
    """Take an entry out again, with a reason that stays in the journal."""
    if not quotas.may_drop(scope_of(actor), entry):
        raise PermissionDenied
    if not reason.strip():
        raise WorkflowError(_("请写明去掉的理由。"))
    details = {"label": entry.label, "reason": reason.strip()}
    record("quota.entry_removed", actor=actor, target=entry, changed=["label"], details=details)
    entry.delete()
