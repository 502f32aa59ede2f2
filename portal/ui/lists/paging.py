"""Paging by key: the cost of page 2 000 is that of page 1, and rows that arrive meanwhile shift nothing."""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, Q, QuerySet


@dataclass(frozen=True)
class Slice:
    """One page of rows with the cursors of its neighbours ('' when there is none)."""

    rows: list[Any]
    before: str
    after: str


def _read(row: Any, path: str) -> Any:
    for name in path.split("__"):
        row = getattr(row, name)
    return row


def encode(row: Any, fields: tuple[str, ...]) -> str:
    """The cursor that points at a row."""
    values = [_read(row, name.lstrip("-")) for name in fields]
    raw = json.dumps(values, cls=_Precise, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


class _Precise(DjangoJSONEncoder):
    """Keeps microseconds: a cursor that rounds a time would repeat or skip rows."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if hasattr(o, "isoformat") else super().default(o)


def decode(cursor: str, model: type[Model], fields: tuple[str, ...]) -> list[Any] | None:
    """The values of a cursor, or None for one that cannot be read (a mangled link shows page 1)."""
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        values = json.loads(raw)
        if not isinstance(values, list) or len(values) != len(fields):
            return None
        return [_field(model, name).to_python(value) for name, value in zip(fields, values, strict=True)]
    except (ValueError, binascii.Error, ValidationError, FieldDoesNotExist, TypeError, OverflowError):
        return None


def _field(model: type[Model], path: str) -> Any:
    *steps, last = path.lstrip("-").split("__")
    for step in steps:
        related = model._meta.get_field(step).related_model
        if related is None or isinstance(related, str):
            raise FieldDoesNotExist(path)
        model = related
    return model._meta.pk if last == "pk" else model._meta.get_field(last)


def beyond(fields: tuple[str, ...], values: list[Any], *, forward: bool) -> Q:
    """Rows strictly after (or before) the values in the order of `fields`."""
    condition, equal = Q(pk__in=[]), Q()
    for name, value in zip(fields, values, strict=True):
        plain = name.lstrip("-")
        descending = name.startswith("-")
        side = "lt" if descending == forward else "gt"
        condition |= equal & Q(**{f"{plain}__{side}": value})
        equal &= Q(**{plain: value})
    first = fields[0].lstrip("-")
    edge = "lte" if fields[0].startswith("-") == forward else "gte"
    return Q(**{f"{first}__{edge}": values[0]}) & condition  # the first half lets an index range start


def page(
    rows: QuerySet[Any], fields: tuple[str, ...], *, size: int, after: str = "", before: str = ""
) -> Slice:
    """The page behind a cursor. One query, `size` + 1 rows, no count and no offset."""
    if fields[-1].lstrip("-") not in {"pk", rows.model._meta.pk.name}:
        fields = (*fields, "-pk" if fields[0].startswith("-") else "pk")
    forward = not before
    values = decode(after or before, rows.model, fields) if after or before else None
    if values is None:
        forward, after, before = True, "", ""
    else:
        rows = rows.filter(beyond(fields, values, forward=forward))
    order = fields if forward else tuple(name[1:] if name.startswith("-") else f"-{name}" for name in fields)
    found = list(rows.order_by(*order)[: size + 1])
    more, found = len(found) > size, found[:size]
    if not forward:
        found.reverse()
    if not found:
        return Slice([], "", "")
    has_before = more if not forward else bool(after)
    has_after = more if forward else True
    return Slice(
        found, encode(found[0], fields) if has_before else "", encode(found[-1], fields) if has_after else ""
    )
