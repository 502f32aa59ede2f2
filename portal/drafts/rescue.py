"""A form that arrives after the session ended, or from a stale page, is kept and offered again."""

from typing import Any
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from portal.access.limits import allows
from portal.access.origin import page_of, split
from portal.drafts import actions, holder, labels, queries, rules
from portal.drafts.models import FormDraft

log = structlog.get_logger(__name__)
PARAMETER = "restore"


def expired_post(request: HttpRequest) -> HttpResponse | None:
    """Gate hook: keep what was typed and lead through sign-in back to it."""
    draft = keep(request)
    if draft is None:
        return None
    messages.info(
        request, _("登录已过期。您填写的内容已经保存，登录后会自动恢复（没有显示出来的照片需重新选择）。")
    )
    return redirect_to_login(draft.resume_url, login_url=settings.LOGIN_URL)


def keep(request: HttpRequest) -> FormDraft | None:
    """Keep the fields of a POST for this browser; None when there is nothing to keep or it is foreign."""
    if not _is_ours(request) or not allows("drafts.rescue", request):
        return None
    payload = labels.keepable(_form_code(request), rules.clean_payload(request.POST.lists()))
    if not rules.has_content(payload) or "application/json" in request.headers.get("accept", ""):
        return None
    user = request.user if request.user.is_authenticated else getattr(request, "expired_user", None)
    try:
        draft = actions.rescue(
            form_code=_form_code(request), payload=payload, path=_page(request), owner=user
        )
        holder.remember(request, draft.token)
    except DatabaseError as error:
        log.warning("drafts.not_rescued", error=type(error).__name__)
        return None
    return draft


def _page(request: HttpRequest) -> str:
    """The page that shows the form: what the form says, else where it was sent from."""
    said = request.POST.get("draft_path", "")
    return said if said.startswith("/") and not said.startswith("//") else page_of(request)


def _form_code(request: HttpRequest) -> str:
    given = request.POST.get("form_code", "")
    return given if rules.FORM_CODE.match(given) else "form"


def _is_ours(request: HttpRequest) -> bool:
    """Only what our own pages sent: a foreign site must not plant words in somebody's form."""
    source = request.headers.get("origin") or request.headers.get("referer") or ""
    return not source or split(source).netloc == request.get_host()


def initial_from_restore(request: HttpRequest, form_code: str) -> dict[str, Any]:
    """Initial values for a form from ?restore=<token>, form_token included; empty without one.

    A draft begun before signing in becomes the account's own here.
    """
    token = request.GET.get(PARAMETER, "")
    draft = queries.find(token, holder.holder_of(request)) if rules.TOKEN.match(token) else None
    if draft is None or draft.form_code not in (form_code, "form"):
        return {}
    if draft.form_code == "form" and urlsplit(draft.path).path != request.path:
        return {}
    actions.claim(draft=draft, holder=holder.holder_of(request))
    content = actions.content_of(draft)
    if not draft.rescued:
        content.setdefault("form_token", [draft.token])
    return {name: texts[0] if len(texts) == 1 else texts for name, texts in content.items()}


def forget(request: HttpRequest, *tokens: str) -> None:
    """The form was sent: its drafts are not needed any more."""
    mine = holder.holder_of(request)
    for token in {*tokens, request.GET.get(PARAMETER, ""), request.POST.get("form_token", "")}:
        if token and rules.TOKEN.match(token):
            actions.discard(token=token, holder=mine)
