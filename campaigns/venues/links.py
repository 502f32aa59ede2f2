"""What venues and bases lend to others: items of packages, evidence of tasks and quotas, where an activity is used."""

from datetime import date
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from campaigns.activities import uses
from campaigns.activities.models import Activity
from campaigns.packages import registry
from campaigns.packages.counting import counter
from campaigns.tasks import evidence
from campaigns.venues.models import BaseVisit, DemoBase, Venue, VenueCheck
from campaigns.venues.queries import bases as base_queries
from campaigns.venues.queries import venues as venue_queries
from campaigns.venues.rules import bases as base_rules
from campaigns.venues.rules import venues as rules
from campaigns.venues.rules import visits as visit_rules
from portal.access.scope import Scope
from portal.units.models import Unit


def _link(page: str, **fixed: str) -> registry.Link:
    def link(unit: Unit, start: date, end: date, option: str) -> str:
        query = {"unit": unit.unit_no, "since": start, "until": end, **fixed}
        return f"/staff/venues/{page}?" + urlencode({key: value for key, value in query.items() if value})

    return link


def visited() -> QuerySet[BaseVisit]:
    """Groups that came."""
    return BaseVisit.objects.filter(status=visit_rules.Status.VISITED)


def named() -> QuerySet[DemoBase]:
    """Bases that hold their plate."""
    return DemoBase.objects.filter(status__in=base_rules.HOLDS_PLATE)


def _open(scope: Scope) -> QuerySet[Venue]:
    return venue_queries.visible(scope).filter(status__in=rules.OPEN)


def _applied(scope: Scope) -> QuerySet[DemoBase]:
    """From the application on; an application that failed and a base that lost its plate prove nothing any more."""
    ended = (base_rules.Status.DRAFT, *base_rules.ENDED)
    return base_queries.visible(scope).exclude(status__in=ended)


def _base_words(row: DemoBase) -> str:
    return _now("%(venue)s（%(state)s）") % {"venue": row.venue.name, "state": row.get_status_display()}


def _of_activity(activity: Activity, scope: Scope) -> list[uses.Use]:
    rows = base_queries.visible(scope).filter(activities=activity)
    return [uses.Use(_("基地申报"), row.venue.name, row.staff_url) for row in rows]


_one, _many = counter(VenueCheck.objects.all, "at")
registry.register(
    registry.Fulfilment(
        "venues.checks", _("阵地检查"), _one, link=_link("checks/"), unit=_("次"), count_many=_many
    )
)
_one, _many = counter(visited, "starts_at")
registry.register(
    registry.Fulfilment(
        "venues.visits", _("接待参观"), _one, link=_link("visits/", status="visited"), unit=_("批"),
        count_many=_many,
    )
)  # fmt: skip
_one, _many = counter(named, "named_at")
registry.register(
    registry.Fulfilment(
        "venues.bases", _("命名清廉家庭基地"), _one, link=_link("bases/", status="plate"), unit=_("个"),
        count_many=_many,
    )
)  # fmt: skip
evidence.register(
    evidence.of_rows(
        "venue", _("阵地"), rows=_open, order_by=("-counts_from", "-pk"), words=lambda row: row.name,
        on=lambda row: row.opened_on, order=70,
    )
)  # fmt: skip
evidence.register(
    evidence.of_rows(
        "base", _("清廉家庭基地"), rows=_applied, order_by=("-pk",), words=_base_words,
        on=lambda row: row.named_at or row.submitted_at, order=71,
    )
)  # fmt: skip
uses.register("bases", _of_activity, order=80)
