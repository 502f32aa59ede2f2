"""My data: download, correction, deletion."""

import json
from typing import Any

from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from families.works.views.me.door import actor_of, ask_phone, person_of
from portal.access.gate import public
from portal.accounts.phone_codes import verified_phone
from portal.privacy import actions as privacy
from portal.privacy import registry
from portal.privacy.reading import lines_of
from portal.privacy.rules import RightsKind


@public
@require_POST
def data(request: HttpRequest) -> HttpResponse:
    """Download everything the portal keeps about me: a page to read and print, or JSON to take elsewhere."""
    person = person_of(request)
    if person is None:
        return ask_phone(request)
    body = {str(source.label): source.export(person) for source in registry.SOURCES.values()}
    _note(request, RightsKind.EXPORT)
    is_page = request.POST.get("as") == "page"
    text = (
        _page_of(body) if is_page else json.dumps(body, ensure_ascii=False, indent=2, cls=DjangoJSONEncoder)
    )
    kind, ending = ("text/html", "html") if is_page else ("application/json", "json")
    response = HttpResponse(text, content_type=f"{kind}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="my-data-{timezone.localdate():%Y%m%d}.{ending}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _page_of(body: dict[str, list[dict[str, Any]]]) -> str:
    parts = [{"label": name, "rows": [lines_of(row) for row in rows]} for name, rows in body.items()]
    return render_to_string("documents/privacy/my_data.html", {"parts": parts, "today": timezone.localdate()})


def _note(request: HttpRequest, kind: RightsKind) -> None:
    actor = actor_of(request)
    privacy.ask(actor=actor, kind=kind, subject_ref=str(actor.ref), done=True)


@public
@require_POST
def erase(request: HttpRequest) -> HttpResponse:
    """Delete everything of mine, after typing 删除."""
    person = person_of(request)
    if person is None:
        return ask_phone(request)
    if request.POST.get("sure", "").strip().casefold() != _("删除").casefold():
        messages.error(request, _("没有删除：请在框里填“删除”两个字再确认。"))
        return redirect("families:works:me")
    actor = actor_of(request)
    count = privacy.erase_everything(actor=actor, person=person, subject_ref=str(actor.ref))
    messages.success(request, _("已删除 %(n)d 件作品和相关个人信息。") % {"n": count})
    return redirect("families:works:me")


@public
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a correction or anything else; answered within 15 days."""
    person, text = person_of(request), request.POST.get("message", "").strip()
    if person is None:
        return ask_phone(request)
    if len(text) < 4:
        messages.error(request, _("请写明要更正或办理什么。"))
        return redirect("families:works:me")
    actor = actor_of(request)
    privacy.ask(
        actor=actor, kind=RightsKind.CORRECT, subject_ref=str(actor.ref), phone=verified_phone(request), message=text,
        token=request.POST.get("form_token") or None,
    )  # fmt: skip
    messages.success(request, _("已收到，我们会在 15 天内答复。"))
    return redirect("families:works:me")
