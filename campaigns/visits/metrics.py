"""家访户数: households that were visited."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from campaigns.visits.models import FamilyVisit
from campaigns.visits.rules import FamilyKind
from portal.access.permissions import Perm
from portal.metrics import Metric, Source, register_source


def counted() -> QuerySet[FamilyVisit]:
    """Every visit that was written down."""
    return FamilyVisit.objects.all()


def pending() -> QuerySet[FamilyVisit]:
    """Visits are not reviewed, so nothing waits beside the figure."""
    return FamilyVisit.objects.none()


def rows_link(unit: Any, start: date, end: date, part: str = "") -> str:
    """The staff list with exactly the rows behind a figure."""
    query = {"unit": unit.unit_no, "since": start, "until": end, "family_kind": part}
    return "/staff/visits/?" + urlencode({key: value for key, value in query.items() if value})


register_source(
    Source(
        code="family_visits",
        label=_("清廉家访"),
        model_label="campaigns.familyvisit",
        counted=counted,
        pending=pending,
        date_field="visited_at",
        link=rows_link,
        perm=Perm.FAMILY_VISIT_VIEW,
        part_field="family_kind",
        part_labels=lambda: dict(FamilyKind.choices),
    ),
    Metric(
        "family_visits.households", _("家访户数"), _("户"), _("清廉家访走访的户数之和；同一户再访再计。"),
        "family_visits", "households", card=False, icon="house-heart",
    ),
    Metric(
        "family_visits.rounds", _("家访次数"), _("次"), _("登记的家访次数；一次可走访几户。"),
        "family_visits", card=False, icon="signpost-2",
    ),
)  # fmt: skip
