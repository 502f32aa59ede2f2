"""Autosave, the list of one's drafts, throwing one away."""

import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.access.gate import public, signed_in
from portal.access.limits import limited
from portal.drafts import actions, queries, rules
from portal.drafts.holder import holder_of, remember


@public
@never_cache
@require_POST
@limited("drafts.save")
def save(request: HttpRequest) -> JsonResponse:
    """Keep what is typed so far; called by autosave.js with the form's own fields, or JSON."""
    try:
        said = _said(request)
        draft = actions.save(holder=holder_of(request), **said)
    except (actions.DraftError, ValueError):
        return JsonResponse({"error": _("草稿没有保存，请刷新页面后再试。")}, status=400)
    except PermissionDenied as error:
        raise Http404 from error
    if draft is None:
        return JsonResponse({"saved": False})
    remember(request, draft.token)
    at = timezone.localtime(draft.updated_at)
    return JsonResponse({"saved": True, "saved_at": at.strftime("%H:%M"), "resume_url": draft.resume_url})


def _said(request: HttpRequest) -> dict[str, Any]:
    """Token, form, path and fields out of either shape of body."""
    if request.content_type == "application/json":
        body = json.loads(request.body)
        if not isinstance(body, dict) or not isinstance(body.get("fields", {}), dict):
            raise ValueError("body")
        given = {name: body.get(name, "") for name in ("form_token", "form_code", "path", "title")}
        fields = [(str(n), v if isinstance(v, list) else [v]) for n, v in body.get("fields", {}).items()]
    else:
        names = {
            "form_token": "form_token",
            "form_code": "form_code",
            "path": "draft_path",
            "title": "draft_title",
        }
        given = {name: request.POST.get(sent, "") for name, sent in names.items()}
        fields = [(n, v) for n, v in request.POST.lists() if n not in ("form_code", "draft_path")]
    if not all(isinstance(value, str) for value in given.values()):
        raise ValueError("body")
    return {
        "token": given["form_token"],
        "form_code": given["form_code"],
        "path": given["path"],
        "title": given["title"],
        "payload": rules.clean_payload(fields),
    }


@signed_in
@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """我的草稿."""
    return render(request, "drafts/index.html", {"drafts": queries.my_drafts(holder_of(request), limit=50)})


@public
@never_cache
@require_POST
def discard(request: HttpRequest, token: str) -> HttpResponse:
    """Throw one draft away."""
    if not actions.discard(token=token, holder=holder_of(request)):
        raise Http404
    messages.success(request, _("草稿已删除。"))
    return redirect("portal:drafts:index" if request.user.is_authenticated else "/")
