"""Reading an uploaded table into a batch, and writing the confirmed batch row by row."""

import hashlib
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.activities.actions import import_activity
from campaigns.activities.models import ImportBatch
from campaigns.activities.tables.read import TableError, read
from campaigns.activities.tables.rows import HEADINGS, NEW, check
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.accounts.models import User
from portal.jobs.actions import enqueue
from portal.jobs.models import Job
from portal.journal.actions import record
from portal.reviews.workflow import StaleState, WorkflowError
from portal.units.models import Unit

KEPT = timedelta(days=7)


def read_table(*, actor: User, unit: Unit, file_name: str, data: bytes) -> ImportBatch:
    """Check every row and keep the verdicts for the person to look at. Raises TableError."""
    scope = scope_of(actor)
    scope.require(Perm.ACTIVITY_IMPORT, unit)
    rows = check(read(data, known=HEADINGS), scope=scope, home=unit)
    if not rows:
        raise TableError(_("表头下面没有数据行，请核对。"))
    with transaction.atomic():
        batch = ImportBatch.objects.create(
            public_id=uuid.uuid4(),
            unit=unit,
            file_name=file_name[-120:],
            sha256=hashlib.sha256(data).hexdigest(),
            rows=rows,
            created_by=actor,
        )
        record("activity.table_read", actor=actor, target=batch, details={"rows": len(rows)})
    return batch


@transaction.atomic
def confirm(*, actor: User, batch: ImportBatch, submit: bool) -> Job:
    """Start writing; pressed twice it is still one job. Nothing is written while a row is wrong."""
    scope_of(actor).require(Perm.ACTIVITY_IMPORT, batch.unit)
    if batch.created_by_id != actor.pk:
        raise PermissionDenied("another person's table")
    if batch.wrong_rows:
        raise WorkflowError(_("表里还有错误的行，请改好后重新上传；现在什么都没有写入。"))
    if not batch.new_rows:
        raise WorkflowError(_("没有可以写入的新记录。"))
    job = enqueue(
        "activities.import", args={"batch_id": batch.pk}, slot=f"activities.import:{batch.pk}", by=actor
    )
    ImportBatch.objects.filter(pk=batch.pk, state=ImportBatch.State.READ).update(
        state=ImportBatch.State.APPLYING, submit=submit, job=job
    )
    return job


def apply(*, batch_id: int, actor: User, progress: Callable[[int, int, str], None]) -> dict[str, Any]:
    """Write the new rows, each in a transaction of its own under a token of its own: a run that was
    interrupted goes on where it stopped."""
    batch = ImportBatch.objects.get(pk=batch_id)
    if batch.state == ImportBatch.State.READ:
        raise StaleState(_("这张表还没有确认。"))
    rows = batch.new_rows
    units = {unit.unit_no: unit for unit in Unit.objects.filter(unit_no__in=_numbers(rows))}
    written, failed = [], []
    for done, row in enumerate(rows, start=1):
        try:
            written.append(_write(batch, row, units, actor).no)
        except (ValidationError, WorkflowError, PermissionDenied) as error:
            failed.append({"row": row["number"], "why": str(getattr(error, "message", "") or error)[:200]})
        if done % 20 == 0:
            progress(done, len(rows), _("已写 %(n)d 条") % {"n": done})
    result = {"written": len(written), "failed": failed, "first": written[:1], "last": written[-1:]}
    with transaction.atomic():
        closed = ImportBatch.objects.filter(pk=batch.pk, state=ImportBatch.State.APPLYING).update(
            state=ImportBatch.State.APPLIED, result=result
        )
        if closed:
            record("activity.table_applied", actor=actor, target=batch, details={"written": len(written)})
    return result


def _numbers(rows: list[dict[str, Any]]) -> set[str]:
    return {row["unit_no"] for row in rows} | {number for row in rows for number in row["co_units"]}


def _write(batch: ImportBatch, row: dict[str, Any], units: dict[str, Unit], actor: User) -> Any:
    fields = dict(row["fields"])
    for name in ("starts_at", "ends_at"):
        fields[name] = datetime.fromisoformat(fields[name]) if fields.get(name) else None
    return import_activity(
        actor=actor,
        unit=units[row["unit_no"]],
        fields=fields,
        co_units=[units[number] for number in row["co_units"] if number in units],
        partners=row["partners"],
        media=row["media"],
        client_token=str(uuid.uuid5(batch.public_id, str(row["number"]))),
        submit=batch.submit,
    )


def forget_old() -> int:
    """Delete batches that nobody confirmed in time, and the rows of those that were applied."""
    before = timezone.now() - KEPT
    with transaction.atomic():
        count, _deleted = ImportBatch.objects.filter(
            state=ImportBatch.State.READ, created_at__lt=before
        ).delete()
        ImportBatch.objects.filter(state=ImportBatch.State.APPLIED, created_at__lt=before).exclude(
            rows=[]
        ).update(rows=[])
    return count


__all__ = ["NEW", "apply", "confirm", "forget_old", "read_table"]
