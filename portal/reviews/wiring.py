"""The inbox in the menu and on the workbench."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
from portal.dashboards import workbench
from portal.reviews import inbox
from portal.reviews.judging import wiring as _judging  # noqa: F401 – registers itself
from portal.ui import badges, menu

SHOWN = 6
INBOX = "portal:reviews:inbox"


def _waiting(request: HttpRequest) -> int:
    known: dict[str, int] = getattr(request, "counted", {})  # the panel of the same page has counted already
    return known[INBOX] if INBOX in known else inbox.total(request.scope)  # type: ignore[attr-defined]


def _panel(request: Any) -> dict[str, Any] | None:
    groups = inbox.groups(request.scope, shown=SHOWN)  # an overview of about six rows
    total = sum(group.count for group in groups)
    badges.told(request, INBOX, total)
    return {"groups": groups, "total": total} if groups else None


menu.register(
    menu.MenuItem(
        section=menu.WORK,
        label=_("待我处理"),
        icon="inbox",
        url_name=INBOX,
        perm=Perm.STAFF_ENTER,
        badge=_waiting,
        order=5,
        tab=True,
    )
)
workbench.register(
    workbench.WorkPanel(
        "inbox", workbench.MAIN, "portal/reviews/_panel.html", _panel, order=10, perm=Perm.STAFF_ENTER
    )
)
