"""Packages in the menu, on the pages of campaigns and on the workbench."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from campaigns.packages import demo, fulfilments, queries  # noqa: F401 – they register themselves
from campaigns.packages import links as _links  # noqa: F401 – registers itself
from campaigns.planning.panels import CampaignPanel, StaffPanel, register, register_staff
from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.dashboards import workbench
from portal.ui.menu import PLAN, MenuItem
from portal.ui.menu import register as register_menu

register_menu(
    MenuItem(
        section=PLAN, label=_("“几个一”"), icon="ui-checks-grid", url_name="campaigns:packages:list",
        perm=Perm.CAMPAIGN_VIEW, order=30,
    )
)  # fmt: skip


def _public(campaign: Any) -> dict[str, Any] | None:
    rows = queries.public_of(campaign)
    return {"packages": rows} if rows else None


def _staff(campaign: Any, scope: Scope) -> dict[str, Any] | None:
    rows = list(queries.visible(scope).filter(campaign=campaign)[:10])
    return {"packages": rows} if rows else None


register(CampaignPanel("packages", "campaigns/packages/_public_panel.html", _public, order=10))
register_staff(
    StaffPanel("packages", "campaigns/packages/_staff_panel.html", _staff, _("“几个一”"), order=10)
)


MOST_ON_WORKBENCH = 2


def _gaps(request: Any) -> dict[str, Any] | None:
    """What the person's own units still lack in the packages they have to fulfil."""
    found = []
    for package in queries.open_for_units(request.scope).order_by("ends_on", "pk")[:MOST_ON_WORKBENCH]:
        table = queries.matrix(package, queries.of_person(package, request.scope))
        for line in table.missing:
            found.append({"package": package, "line": line})
    return {"rows": found} if found else None


workbench.register(
    workbench.WorkPanel(
        "packages.gaps",
        workbench.SIDE,
        "campaigns/packages/_workbench.html",
        _gaps,
        order=60,
        perm=Perm.TASK_ANSWER,
    )
)
