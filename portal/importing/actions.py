"""Every write on imports: reading a table, choosing, confirming, applying row by row, taking back."""

import hashlib
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.access.scope import scope_of
from portal.accounts.models import User
from portal.importing import queries
from portal.importing.checking import check, differences
from portal.importing.models import Import, ImportRow
from portal.importing.reading import TableError, read
from portal.importing.registry import Ask, ImportKind
from portal.importing.rules import KEPT_FOR, UNDO_FOR, Choice, Refused, RowState, State, Verdict
from portal.jobs.actions import enqueue
from portal.jobs.models import Job
from portal.journal.actions import record
from portal.units.models import Unit

Progress = Callable[[int, int, str], None]
CHUNK = 500


def read_table(
    *, actor: User, kind: ImportKind, unit: Unit, file_name: str, data: bytes, client_token: str | None = None
) -> Import:
    """Check every row and keep the verdicts for the person to look at; nothing else is written.

    The same `client_token` twice gives the first import back. Raises TableError.
    """
    scope = scope_of(actor)
    scope.require(kind.perm, unit)
    known = (
        Import.objects.filter(client_token=client_token, created_by=actor).first() if client_token else None
    )
    if known is not None:
        return known
    rows = check(read(data, known=kind.headings), kind=kind, ask=Ask(actor, scope, unit))
    if not rows:
        raise TableError(_("表头下面没有数据行，请核对。"))
    try:
        with transaction.atomic():
            batch = Import.objects.create(
                kind_code=kind.code, unit=unit, file_name=file_name[-120:], total=len(rows),
                sha256=hashlib.sha256(data).hexdigest(), created_by=actor, client_token=client_token or None,
                options=[option.code for option in kind.options if option.default],
            )  # fmt: skip
            for row in rows:
                row.batch = batch
            ImportRow.objects.bulk_create(rows, batch_size=CHUNK)
            record("import.read", actor=actor, target=batch, details={"kind": kind.code, "rows": len(rows)})
    except IntegrityError:
        known = Import.objects.filter(client_token=client_token, created_by=actor).first()
        if known is None:
            raise
        return known
    return batch


def _mine(batch: Import, actor: User) -> ImportKind:
    """The kind of one's own table, with the right to import it; anybody else's is refused."""
    kind = batch.kind
    if kind is None:
        raise Refused(_("这类表格现在不能导入，请找系统管理员。"))
    if batch.created_by_id != actor.pk:
        raise PermissionDenied("another person's table")
    scope_of(actor).require(kind.perm, batch.unit)
    return kind


@transaction.atomic
def choose(*, actor: User, batch: Import, choices: Mapping[int, str]) -> int:
    """Keep the choices of these rows (by row key); what a row does not offer is passed over."""
    _mine(batch, actor)
    if batch.state != State.READ:
        raise Refused(_("这张表已经确认过，不能再改选择。"))
    changed = 0
    for row in batch.rows.filter(pk__in=list(choices)).select_related("batch"):
        wanted = choices[row.pk]
        if wanted != row.choice and wanted in {code for code, _label in row.choices}:
            changed += ImportRow.objects.filter(pk=row.pk).update(choice=wanted)
    return changed


@transaction.atomic
def choose_all(*, actor: User, batch: Import, verdict: str, choice: str) -> int:
    """The same choice for every row of one verdict that offers it."""
    _mine(batch, actor)
    if batch.state != State.READ:
        raise Refused(_("这张表已经确认过，不能再改选择。"))
    if verdict not in Verdict.values or choice not in Choice.values:
        return 0
    rows = batch.rows.filter(verdict=verdict)
    if verdict == Verdict.WRONG and choice != Choice.SKIP:
        return 0
    if choice == Choice.UPDATE:
        rows = rows.exclude(match_ref="").filter(why_not="").exclude(differences=[])
    return rows.update(choice=choice)


@transaction.atomic
def confirm(*, actor: User, batch: Import, options: list[str]) -> Job:
    """Start writing; pressed twice it is still one job. A wrong row that nobody decided on stops it."""
    kind = _mine(batch, actor)
    found = queries.counts(batch)
    if batch.state != State.READ and batch.job is not None:
        return batch.job
    if found["open"]:
        raise Refused(
            _("还有 %(n)d 行有错误。请在表格里改好后重新上传，或者把这些行选为“跳过”；现在什么都没有写入。")
            % {"n": found["open"]}
        )
    if not found["choose_new"] + found["choose_update"]:
        raise Refused(_("没有要写入的行：都选了“跳过”。"))
    job = enqueue(
        "importing.apply", args={"import_id": batch.pk}, slot=f"importing.apply:{batch.pk}", by=actor
    )
    codes = {option.code for option in kind.options}
    won = Import.objects.filter(pk=batch.pk, state=State.READ).update(
        state=State.APPLYING, job=job, options=[code for code in options if code in codes]
    )
    if won:
        details = {"new": found["choose_new"], "update": found["choose_update"]}
        record("import.confirmed", actor=actor, target=batch, details=details)
    return job


@transaction.atomic
def discard(*, actor: User, batch: Import) -> None:
    """Throw away a table that was only read."""
    _mine(batch, actor)
    record("import.discarded", actor=actor, target=batch, details={"rows": batch.total})
    if not Import.objects.filter(pk=batch.pk, state=State.READ).delete()[0]:
        raise Refused(_("这张表已经确认过，不能丢弃；要取消请用“撤销这次导入”。"))


def apply(*, import_id: int, actor: User, progress: Progress) -> dict[str, Any]:
    """Write the chosen rows, each in a transaction of its own under a token of its own: a run that was
    interrupted goes on where it stopped."""
    batch = Import.objects.select_related("unit").get(pk=import_id)
    kind = batch.kind
    if kind is None or batch.state == State.READ:
        raise Refused(_("这张表还没有确认。"))
    keys = queries.to_write(batch)
    units = {unit.unit_no: unit for unit in Unit.objects.filter(unit_no__in=_unit_numbers(batch))}
    for done, key in enumerate(keys, start=1):
        _write(batch, kind, key, units, actor)
        if done % 20 == 0:
            progress(done, len(keys), _("已写 %(n)d 行") % {"n": done})
    return _close(batch, actor, State.APPLYING, State.APPLIED, "import.applied")


def _unit_numbers(batch: Import) -> list[str]:
    return list(batch.rows.exclude(unit_no="").order_by().values_list("unit_no", flat=True).distinct())


def _refusal(kind: ImportKind) -> tuple[type[Exception], ...]:
    return (ValidationError, PermissionDenied, Refused, *kind.refusals)


def _why(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return " ".join(error.messages)[:300]
    if isinstance(error, PermissionDenied) and not hasattr(error, "message"):
        return _("您没有权限写这条记录。")
    return str(getattr(error, "message", "") or error)[:300]


def _write(batch: Import, kind: ImportKind, key: int, units: Mapping[str, Unit], actor: User) -> None:
    row = ImportRow.objects.get(pk=key)
    try:
        with transaction.atomic():
            updating = row.choice == Choice.UPDATE
            # The claim comes first: a second worker waits for this transaction and then finds nothing to do.
            claimed = ImportRow.objects.filter(pk=key, state=RowState.WAITING).update(
                state=RowState.UPDATED if updating else RowState.CREATED
            )
            if not claimed:
                return
            target = (
                _update(kind, row, actor)
                if updating
                else kind.create(
                    actor=actor, unit=units.get(row.unit_no, batch.unit), fields=row.fields,
                    token=str(uuid.uuid5(batch.public_id, str(row.number))), options=frozenset(batch.options),
                )
            )  # fmt: skip
            fresh = kind.load([str(target.pk)])[str(target.pk)]
            ImportRow.objects.filter(pk=key).update(
                target_ref=str(target.pk), target_url=kind.url_of(fresh)[:200], before=row.before,
                after=kind.snapshot(fresh),
            )  # fmt: skip
    except _refusal(kind) as error:
        ImportRow.objects.filter(pk=key, state=RowState.WAITING).update(
            state=RowState.FAILED, outcome=_why(error)
        )


def _update(kind: ImportKind, row: ImportRow, actor: User) -> Any:
    """Write what the person saw as a difference; a record changed meanwhile is left alone."""
    target = kind.load([row.match_ref]).get(row.match_ref)
    if target is None or kind.update is None:
        raise Refused(_("要更新的记录已经不在了。"))
    now = differences(kind.snapshot(target), row.fields)
    if now != row.differences:
        raise Refused(_("检查之后这条记录又被人改过，没有更新。请重新上传核对。"))
    row.before = {key: old for key, old, _new in now}
    kind.update(actor=actor, target=target, changes={key: new for key, _old, new in now})
    return target


def _close(batch: Import, actor: User, before: str, after: str, verb: str) -> dict[str, Any]:
    found = queries.counts(batch)
    names = ("created", "updated", "failed", "undone", "kept")
    result = {name: found[f"state_{name}"] for name in names} | {"skipped": found["choose_skip"]}
    fields: dict[str, Any] = {"result": result}
    if after == State.APPLIED:
        fields["applied_at"] = timezone.now()
    with transaction.atomic():
        if Import.objects.filter(pk=batch.pk, state=before).update(state=after, **fields):
            record(verb, actor=actor, target=batch, details=result)
    return result


@transaction.atomic
def ask_undo(*, actor: User, batch: Import) -> Job:
    """Start taking a whole import back, within seven days."""
    _mine(batch, actor)
    if batch.state in (State.UNDOING, State.UNDONE) and batch.job is not None:
        return batch.job
    if not batch.may_be_undone:
        raise Refused(_("只能在导入后 %(n)d 天内撤销。") % {"n": UNDO_FOR.days})
    job = enqueue("importing.undo", args={"import_id": batch.pk}, slot=f"importing.undo:{batch.pk}", by=actor)
    if Import.objects.filter(pk=batch.pk, state=State.APPLIED).update(state=State.UNDOING, job=job):
        record("import.undo_asked", actor=actor, target=batch)
    return job


def undo(*, import_id: int, actor: User, progress: Progress) -> dict[str, Any]:
    """Take back what is as the import left it; what is not stays, with the reason."""
    batch = Import.objects.select_related("unit").get(pk=import_id)
    kind = batch.kind
    if kind is None or batch.state not in (State.UNDOING, State.UNDONE):
        raise Refused(_("这次导入没有要求撤销。"))
    keys = queries.to_take_back(batch)
    for done, key in enumerate(keys, start=1):
        _take_back(kind, key, actor)
        if done % 20 == 0:
            progress(done, len(keys), _("已撤销 %(n)d 行") % {"n": done})
    return _close(batch, actor, State.UNDOING, State.UNDONE, "import.undone")


def _take_back(kind: ImportKind, key: int, actor: User) -> None:
    row = ImportRow.objects.get(pk=key)
    try:
        with transaction.atomic():
            if not ImportRow.objects.filter(pk=key, state=row.state).update(state=RowState.UNDONE):
                return
            target = kind.load([row.target_ref]).get(row.target_ref)
            if target is None:
                raise Refused(_("记录已经不在了，不用再撤销。"))
            _check_untouched(kind, row, target)
            if row.state == RowState.CREATED:
                kind.remove(actor=actor, target=target)
            else:
                (kind.restore or kind.update)(actor=actor, target=target, changes=row.before)  # type: ignore[misc]
    except _refusal(kind) as error:
        ImportRow.objects.filter(pk=key, state=row.state).update(state=RowState.KEPT, outcome=_why(error))


def _check_untouched(kind: ImportKind, row: ImportRow, target: Any) -> None:
    now = kind.snapshot(target)
    touched = [str(kind.label_of(name)) for name in now if now[name] != row.after.get(name)]
    if touched:
        raise Refused(_("导入以后“%(what)s”有过改动，没有撤销。") % {"what": "、".join(touched[:5])})


def forget_old() -> dict[str, int]:
    """Delete tables nobody confirmed in time, and the rows of those that cannot be taken back any more."""
    now = timezone.now()
    with transaction.atomic():
        stale = Import.objects.filter(state=State.READ, created_at__lt=now - KEPT_FOR)
        deleted = stale.count()
        stale.delete()
        done = Import.objects.filter(
            state__in=(State.APPLIED, State.UNDONE), applied_at__lt=now - UNDO_FOR - KEPT_FOR
        )
        emptied = ImportRow.objects.filter(batch__in=done).delete()[0]
    return {"deleted": deleted, "rows": emptied}
