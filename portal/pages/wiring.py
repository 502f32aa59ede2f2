"""The unit chip of the staff pages; the year's figures on the home page."""

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from portal.access.permissions import Perm
from portal.dashboards.queries import home_for
from portal.grants.queries import acting_for
from portal.journal import actions as journal
from portal.pages import cached, panels, year
from portal.ui import badges, context


def unit_chip(request: HttpRequest) -> dict[str, str] | None:
    """The unit the person works for, leading to its figures when they may see them."""
    if not request.user.is_authenticated:
        return None
    chip: dict[str, str] = badges.kept(request, lambda: _chip(request) or {}, name="unit")
    return chip or None


def _chip(request: HttpRequest) -> dict[str, str] | None:
    unit = home_for(request.user)
    if unit is None:
        return None
    return {
        "name": unit.name,
        "place": acting_for(request.user) or unit.get_level_display(),
        "url": _figures_url(request, unit.unit_no),
    }


def _figures_url(request: HttpRequest, unit_no: str) -> str:
    try:
        if request.scope.has(Perm.METRIC_TOTALS):  # type: ignore[attr-defined]
            return reverse("portal:dashboards:unit", args=[unit_no])
    except NoReverseMatch:
        pass
    return "/staff/"


context.set_unit(unit_chip)
panels.register(panels.Panel(slot=panels.STATS, provide=year.stats, order=10))
cached.watch("publication.", "consent.", "rights.", "unit.", "file.")
journal.follow(cached.follow)
