"""Figures of the year for the home page, from the same roll-ups as the dashboard."""

from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.dashboards.figures import figures_of
from portal.dashboards.overview import MAIN_SOURCE
from portal.dashboards.periods import current
from portal.metrics import metrics_of
from portal.units.queries import by_no

SHOWN = 3
FRESH_SECONDS = 300


def stats(request: HttpRequest) -> dict[str, Any] | None:
    """The first figures of the main source for the home unit; nothing before the first roll-up."""
    key = f"pages.year.{get_language()}"
    known: dict[str, Any] | None = cache.get(key)
    if known is None:
        known = _read() or {}
        cache.set(key, known, FRESH_SECONDS)
    return known or None


def _read() -> dict[str, Any] | None:
    unit = by_no(settings.SITE["home_unit"])
    if unit is None:
        return None
    period = current("year", today=timezone.localdate())
    own = figures_of([unit], [period])[unit.pk]
    if own.as_of is None:
        return None
    rows = [
        {
            "icon": metric.icon,
            "label": str(metric.label),
            "value": own.total(metric.code, period),
            "unit": str(metric.unit),
            "sub": _("今年以来"),
        }
        for metric in metrics_of(MAIN_SOURCE)[:SHOWN]
    ]
    return {"stats": rows, "as_of": own.as_of}
