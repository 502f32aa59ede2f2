"""One inbox of everything that waits for a person."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.reviews import inbox
from portal.ui import badges


@require_GET
@allow(Perm.STAFF_ENTER)
def inbox_page(request: Any) -> HttpResponse:
    """Grouped by kind, the longest wait first; one kind alone with ?only=."""
    groups = inbox.groups(request.scope)
    badges.told(request, "portal:reviews:inbox", sum(group.count for group in groups))
    only = request.GET.get("only", "")
    shown = [group for group in groups if group.source.code == only] or groups
    tabs = [
        {
            "label": _("全部"),
            "url": request.path,
            "current": shown is groups,
            "count": sum(g.count for g in groups),
        }
    ]
    tabs += [
        {
            "label": group.source.label,
            "url": f"{request.path}?only={group.source.code}",
            "current": shown is not groups and group in shown,
            "count": group.count,
        }
        for group in groups
    ]
    return render(
        request, "portal/reviews/inbox.html", {"groups": shown, "page_tabs": tabs, "total": tabs[0]["count"]}
    )
