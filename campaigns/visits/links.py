"""What family visits lend to others: items of packages, evidence of tasks, a column of the pledge ledger."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Sum
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from campaigns.packages import registry
from campaigns.packages.counting import between, counter
from campaigns.planning import panels
from campaigns.planning.models import Campaign
from campaigns.pledges import ledger
from campaigns.tasks import evidence
from campaigns.visits import metrics, queries
from campaigns.visits.models import FamilyVisit
from campaigns.visits.rules import FamilyKind
from portal.access.scope import Scope


def _words(row: FamilyVisit) -> str:
    """Place and number; what the family said stays on the visit's own page."""
    return _now("家访：%(area)s，%(n)d 户") % {"area": row.area, "n": row.households}


def households(unit_ids: Iterable[int], first: date, last: date) -> dict[int, int]:
    """Households visited by exactly these units, first to last day inclusive."""
    rows = between(metrics.counted().filter(unit__in=list(unit_ids)), "visited_at", first, last)
    return dict(rows.order_by().values_list("unit").annotate(Sum("households")))


_one, _many = counter(metrics.counted, "visited_at", option="family_kind", measure="households")
registry.register(
    registry.Fulfilment(
        "visits.households", _("清廉家访"), _one, lambda: [("", _("任何家庭")), *FamilyKind.choices],
        metrics.rows_link, _("户"), _many,
    )
)  # fmt: skip
evidence.register(
    evidence.of_rows(
        "visit", _("清廉家访"), rows=queries.visible, order_by=("-visited_at", "-pk"), words=_words,
        on=lambda row: row.visited_at, order=20,
    )
)  # fmt: skip
ledger.set_visit_counts(households)


def _of_campaign(campaign: Campaign, scope: Scope) -> list[panels.Row]:
    rows = queries.visible(scope).filter(campaign=campaign).order_by("-visited_at", "-pk")
    return [
        panels.Row(f"{row.day:%m-%d} {_words(row)}", row.unit.short_name, row.staff_url)
        for row in rows[: panels.MOST_ROWS]
    ]


panels.register_staff(panels.rows_panel("visits", _("清廉家访"), _of_campaign, order=45))
