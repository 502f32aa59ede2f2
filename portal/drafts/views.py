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
from portal.drafts.models import FormDraft


@public
@never_cache
@require_POST
@limited("drafts.save")
def save(request: HttpRequest) -> HttpResponse:
    """Keep what is typed so far: by draft.js, by JSON, or by the 存草稿 button without either."""
    try:
        said = _said(request)
        draft = actions.save(holder=holder_of(request), **said)
    except (actions.DraftError, ValueError):
        return JsonResponse({"error": _("草稿没有保存，请刷新页面后再试。")}, status=400)
    except PermissionDenied as error:
        raise Http404 from error
    if draft is not None:
        remember(request, draft.token)
    if request.content_type != "application/json" and "application/json" not in request.headers.get(
        "accept", ""
    ):
        return _back_to_form(request, draft)
    if draft is None:
        return JsonResponse({"saved": False})
    at = timezone.localtime(draft.updated_at)
    return JsonResponse({"saved": True, "saved_at": at.strftime("%H:%M"), "resume_url": draft.resume_url})


def _back_to_form(request: HttpRequest, draft: FormDraft | None) -> HttpResponse:
    """The page again, filled with what was kept."""
    if draft is None:
        messages.info(request, _("还没有填写内容，没有需要保存的草稿。"))
        return redirect("portal:drafts:index" if request.user.is_authenticated else "/")
    messages.success(request, _("草稿已保存，可以接着填写，也可以以后再来。"))
    return redirect(draft.resume_url or "/")


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
        fields = list(request.POST.lists())
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
