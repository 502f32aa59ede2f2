"""Tells the access layer how grants are read, and the pages what to show of them."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access.permissions import Perm
from portal.access.scope import set_loader
from portal.accounts import panels
from portal.grants import lists, on_behalf, queries, unit_changes  # noqa: F401 – two of them register themselves
from portal.journal import browsing
from portal.ui import context, menu

set_loader(queries.lines_of)
browsing.set_on_behalf(on_behalf.notes)


def _unit_chip(request: Any) -> dict[str, str] | None:
    """Where the person works, and for whom they act just now."""
    if not request.user.is_authenticated:
        return None
    grants = list(queries.active_of(request.user))
    if not grants:
        return None
    own = next((grant for grant in grants if grant.delegated_from_id is None), grants[0])
    names = [grant.delegated_from.user.display_name for grant in grants if grant.delegated_from is not None]
    place = _("代%(names)s") % {"names": "、".join(dict.fromkeys(names))} if names else ""
    return {"name": own.unit.short_name, "place": place, "url": reverse("portal:accounts:profile")}


def _profile_panel(request: Any) -> dict[str, Any]:
    return {
        "grants": queries.active_of(request.user),
        "given": queries.delegations_of(request.user),
        "may_delegate": bool(queries.delegable(request.user)),
    }


context.set_unit(_unit_chip)
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
