"""Who holds which role."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.grants import rules
from portal.grants.lists import SPEC
from portal.ui.lists import build


@allow(Perm.GRANT_VIEW)
def index(request: Any) -> HttpResponse:
    """All grants of the scope."""
    page = build(request, SPEC)
    context = {"page": page, "may_invite": bool(rules.giving_lines(request.scope))}
    return render(request, "portal/grants/index.html", context)
