"""Adding and changing key dates: a form, not code."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from campaigns.calendar.models import CalendarNode
from campaigns.calendar.usual import USUAL
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.journal.actions import record
from portal.reviews.workflow import WorkflowError
from portal.units.models import Unit

FIELDS = (
    "name", "aliases", "rule", "month", "day", "until_month", "until_day", "nth", "weekday", "term", "levels", "perm",
    "days_before", "activity_kind", "title", "place", "about", "with_reminder", "is_active",
)  # fmt: skip


def keep_node(
    *,
    actor: Any,
    unit: Unit,
    fields: Mapping[str, Any],
    only_units: Iterable[Unit] = (),
    node: CalendarNode | None = None,
    client_token: str | None = None,
    is_demo: bool = False,
) -> CalendarNode:
    """Add a node of `unit`, or change one. What was prepared before stays as it is.

    The same `client_token` twice gives the first node back; a name that the unit has already is refused.
    """
    scope_of(actor).require(Perm.NODE_EDIT, node.unit if node is not None else unit)
    values = {name: fields[name] for name in FIELDS if name in fields}
    if node is None and client_token:
        known = CalendarNode.objects.filter(client_token=client_token, created_by=actor).first()
        if known is not None:
            return known
    try:
        with transaction.atomic():
            if node is None:
                node = CalendarNode.objects.create(
                    unit=unit, created_by=actor, client_token=client_token, is_demo=is_demo, **values
                )
                verb = "node.added"
            else:
                CalendarNode.objects.filter(pk=node.pk).update(**values)
                node.refresh_from_db()
                verb = "node.edited"
            node.only_units.set(only_units)
            record(verb, actor=actor, target=node, changed=values)
    except IntegrityError as error:
        raise WorkflowError(_("本单位已有同名的节点，请改那一个。")) from error
    return node


def load_usual(*, actor: Any, unit: Unit, is_demo: bool = False) -> int:
    """Add the usual nodes (domain reference §12) that the unit does not have yet; returns how many."""
    scope_of(actor).require(Perm.NODE_EDIT, unit)
    known = set(CalendarNode.objects.filter(unit=unit).values_list("name", flat=True))
    missing = [fields for fields in USUAL if fields["name"] not in known]
    with transaction.atomic():
        for fields in missing:
            keep_node(actor=actor, unit=unit, fields=fields, is_demo=is_demo)
    return len(missing)
