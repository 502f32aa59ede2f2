"""Addresses behind the buttons above every list."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.access.gate import allow, signed_in
from portal.access.permissions import Perm
from portal.listing import actions, queries


def _back(request: Any) -> HttpResponse:
    target = request.POST.get("back", "/staff/")
    return redirect(target if url_has_allowed_host_and_scheme(target, allowed_hosts=None) else "/staff/")


@require_POST
@signed_in
def save_view(request: Any) -> HttpResponse:
    """Keep the current filter under a name."""
    try:
        view = actions.save_view(
            actor=request.user,
            list_code=request.POST.get("list", ""),
            name=request.POST.get("name", ""),
            query=request.POST.get("query", ""),
        )
        messages.success(request, _("已保存视图“%(name)s”。") % {"name": view.name})
    except actions.ListingError as error:
        messages.error(request, str(error))
    return _back(request)


@require_POST
@signed_in
def delete_view(request: Any, pk: int) -> HttpResponse:
    """Forget one of my views."""
    view = queries.view_of(request.user, pk)
    if view is None:
        raise Http404
    actions.delete_view(actor=request.user, view=view)
    messages.success(request, _("已删除视图“%(name)s”。") % {"name": view.name})
    return _back(request)


@require_POST
@allow(Perm.EXPORT_PLAIN)
def export(request: Any) -> HttpResponse:
    """Queue an export and go to its page."""
    try:
        job = actions.request_export(
            actor=request.user,
            list_code=request.POST.get("list", ""),
            query=request.POST.get("query", ""),
            file_format=request.POST.get("format", ""),
            reason=request.POST.get("reason", ""),
            token=_token(request.POST.get("token", "")),
        )
    except actions.ListingError as error:
        messages.error(request, str(error))
        return _back(request)
    return redirect("portal:jobs:detail", job.public_id)


def _token(raw: str) -> str:
    try:
        return str(uuid.UUID(raw))
    except ValueError:
        return ""
