"""Tells the access layer how grants are read, and the pages what to show of them."""

from typing import Any

from django.utils.translation import gettext_lazy

from portal.access.permissions import Perm
from portal.access.scope import set_loader
from portal.accounts import panels
from portal.grants import lists, on_behalf, queries, unit_changes  # noqa: F401 – two of them register themselves
from portal.journal import browsing
from portal.ui import menu

set_loader(queries.lines_of)
browsing.set_on_behalf(on_behalf.notes)


def _profile_panel(request: Any) -> dict[str, Any]:
    return {
        "grants": queries.active_of(request.user),
        "given": queries.delegations_of(request.user),
        "may_delegate": request.scope.has(Perm.STAFF_ENTER) and bool(queries.delegable(request.user)),
    }


panels.register(panels.Panel("portal/grants/_profile.html", _profile_panel))
menu.register(
    menu.MenuItem(
        section=menu.MANAGE,
        label=gettext_lazy("人员与授权"),
        icon="people",
        url_name="portal:grants:index",
        perm=Perm.GRANT_VIEW,
        order=60,
    )
)
