"""Reads of imports."""

from typing import Any

from django.db.models import Count, Q, QuerySet

from portal.access.scope import Scope
from portal.accounts.models import User
from portal.importing.models import Import, ImportRow
from portal.importing.registry import ImportKind
from portal.importing.rules import WRITTEN, Choice, RowState
from portal.units.models import Unit

GROUPS = ("wrong", "known", "new", "same", "failed", "kept")


def mine(scope: Scope) -> QuerySet[Import]:
    """Tables this person uploaded, newest first."""
    return Import.objects.filter(created_by=scope.actor).select_related("unit", "job", "created_by")


def mine_of(user: User) -> QuerySet[Import]:
    """The same for a page that knows the person only."""
    return Import.objects.filter(created_by=user).select_related("unit", "job")


def units_for(scope: Scope, kind: ImportKind) -> QuerySet[Unit]:
    """Units at which this person holds the kind's permission, without those below."""
    keys = [line.unit_id for _reach, line in scope.lines_for(kind.perm)]
    return Unit.objects.filter(pk__in=keys).order_by("path")


def counts(batch: Import) -> dict[str, Any]:
    """Rows by verdict, by choice and by outcome, in one query."""
    parts = {name: Count("pk", filter=Q(verdict=name)) for name in ("new", "same", "known", "wrong")}
    parts |= {f"choose_{choice.value}": Count("pk", filter=Q(choice=choice)) for choice in Choice}
    parts |= {f"state_{state.value}": Count("pk", filter=Q(state=state)) for state in RowState}
    parts |= {"open": Count("pk", filter=Q(choice=""))}
    return batch.rows.aggregate(total=Count("pk"), **parts)


def rows_of(batch: Import, group: str = "") -> QuerySet[ImportRow]:
    """Rows in the order of the file: all, those of one verdict, or those that were not written or taken back."""
    rows = ImportRow.objects.filter(batch=batch).select_related("batch").order_by("number")
    if group in {"wrong", "known", "new", "same"}:
        return rows.filter(verdict=group)
    return rows.filter(state=group) if group in {"failed", "kept"} else rows


def to_write(batch: Import) -> list[int]:
    """Keys of the rows that are still to be written, in their order."""
    rows = batch.rows.filter(state=RowState.WAITING, choice__in=(Choice.NEW, Choice.UPDATE))
    return list(rows.order_by("number").values_list("pk", flat=True))


def to_take_back(batch: Import) -> list[int]:
    """Keys of the rows that were written, last one first: a later row may rest on an earlier one."""
    return list(batch.rows.filter(state__in=WRITTEN).order_by("-number").values_list("pk", flat=True))
