"""What works lend to campaigns: items of packages, evidence of tasks."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaigns.packages import registry
from campaigns.packages.counting import counter
from campaigns.tasks import evidence
from families.works import metrics, queries
from families.works.models import WorkCall
from families.works.rules import CallState
from portal.access.scope import Scope
from portal.units.models import Unit

MOST_OPTIONS = 50


def held() -> QuerySet[WorkCall]:
    """Calls that were announced; they count from the day they open."""
    return WorkCall.objects.exclude(status=CallState.DRAFT)


def _calls() -> list[tuple[str, Any]]:
    rows = queries.announced_calls().order_by("-open_at", "-pk")[:MOST_OPTIONS]
    return [("", _("任何一次征集")), *((str(row.pk), row.title[:60]) for row in rows)]


def _works(unit: Unit, start: date, end: date, option: str) -> str:
    query = {"unit": unit.unit_no, "from_": start, "to": end, "counted": "1", "call": option}
    return f"{reverse('families:works:inbox')}?" + urlencode(
        {key: value for key, value in query.items() if value}
    )


def _call_rows(unit: Unit, start: date, end: date, option: str) -> str:
    query = {"unit": unit.unit_no, "from_": start, "to": end, "announced": "true"}
    return f"{reverse('families:works:calls')}?{urlencode(query)}"


def _taken(scope: Scope) -> Any:
    return queries.for_staff(scope).filter(status__in=metrics.COUNTED)


_one, _many = counter(held, "open_at")
registry.register(
    registry.Fulfilment(
        "works.calls", _("举办作品征集"), _one, link=_call_rows, unit=_("次"), count_many=_many
    )
)
_one, _many = counter(queries.taken_in, "submitted_at", option="call_id")
registry.register(
    registry.Fulfilment("works.received", _("征集到的家风作品"), _one, _calls, _works, _("件"), _many)
)
evidence.register(
    # Number and category only: a title may be a family's own words, and the evidence is read by units above.
    evidence.of_rows(
        "work", _("家风作品"), rows=_taken, order_by=("-submitted_at", "-pk"),
        words=lambda row: f"{row.no} {row.category.name}", on=lambda row: row.submitted_at, order=90,
    )
)  # fmt: skip
