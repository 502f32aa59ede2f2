"""What this slice reports: venues by kind, inspections, visits received, bases named (domain reference §9.6)."""

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from campaigns.venues.models import BaseVisit, DemoBase, Venue, VenueCheck
from campaigns.venues.rules import bases, venues, visits
from portal.access.permissions import Perm
from portal.metrics import Metric, Source, register_source


def _link(page: str, state: str, part_name: str = "") -> Callable[[Any, date, date, str], str]:
    def link(unit: Any, start: date, end: date, part: str = "") -> str:
        query = {"unit": unit.unit_no, "status": state, "since": start, "until": end, part_name: part}
        return f"/staff/venues/{page}?" + urlencode({k: v for k, v in query.items() if k and v})

    return link


def _none(model: Any) -> Callable[[], QuerySet[Any]]:
    return model.objects.none  # type: ignore[no-any-return]


register_source(
    Source(
        code="venues", label=_("阵地"), model_label="campaigns.venue",
        counted=lambda: Venue.objects.filter(status__in=venues.OPEN), pending=_none(Venue), date_field="counts_from",
        link=_link("", "open", "kind"), perm=Perm.VENUE_VIEW, part_field="kind",
        part_labels=lambda: dict(venues.Kind.choices),
    ),
    Metric(
        "venues.count", _("新增阵地"), _("个"), _("按建成（启用）日期计入的在用阵地；停用后不再计入。"), "venues", card=False,
        icon="geo-alt",
    ),
)  # fmt: skip
register_source(
    Source(
        code="venue_checks", label=_("阵地检查"), model_label="campaigns.venuecheck",
        counted=VenueCheck.objects.all, pending=_none(VenueCheck), date_field="at",
        link=_link("checks/", ""), perm=Perm.VENUE_VIEW,
    ),
    Metric(
        "venues.checks", _("阵地检查"), _("次"), _("登记的现场检查次数。"), "venue_checks", card=False, icon="clipboard-check"
    ),
)  # fmt: skip
register_source(
    Source(
        code="visits", label=_("接待参观"), model_label="campaigns.basevisit",
        counted=lambda: BaseVisit.objects.filter(status=visits.Status.VISITED),
        pending=lambda: BaseVisit.objects.filter(status=visits.Status.CONFIRMED), date_field="starts_at",
        link=_link("visits/", "visited"), perm=Perm.BOOKING_HANDLE,
    ),
    Metric(
        "venues.visitors", _("接待参观"), _("人次"), _("到访登记的实到人次；预约未到的不计。"), "visits", "came", card=False,
        icon="person-walking",
    ),
)  # fmt: skip
register_source(
    Source(
        code="bases", label=_("基地"), model_label="campaigns.demobase",
        counted=lambda: DemoBase.objects.filter(status__in=bases.HOLDS_PLATE, named_at__isnull=False),
        pending=lambda: DemoBase.objects.filter(status=bases.Status.PUBLICITY, named_at__isnull=False),
        date_field="named_at", link=_link("bases/", "plate"), perm=Perm.VENUE_VIEW,
    ),
    Metric(
        "venues.bases", _("命名基地"), _("个"), _("按命名日期计入、牌匾有效的基地；摘牌后不再计入。"), "bases", card=False,
        icon="award",
    ),
)  # fmt: skip
