"""Pledges and letters for everybody, and signing."""

import io
from typing import Any

import segno
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from campaigns.pledges import queries
from campaigns.pledges.actions import signing
from campaigns.pledges.forms.sign import SignForm
from campaigns.pledges.models import PledgeTemplate
from campaigns.pledges.rules import shown_count
from campaigns.pledges.views.own import SIGNED_KEY
from portal.access.gate import public
from portal.access.limits import LIMITS, allows
from portal.accounts import phone_step as phones
from portal.accounts.phone_codes import forget_phone, visitor_of
from portal.files.queries import attached_to
from portal.middleware import client_ip
from portal.reviews.workflow import WorkflowError

PURPOSE = "pledge"


@public
@require_safe
def index(request: Any) -> HttpResponse:
    """Pledges that can be signed, letters to read, and how many households stand behind them."""
    templates = list(queries.open_templates())
    everywhere = queries.totals()
    context = {
        "cards": [(template, _counted(template)) for template in templates],
        "households": shown_count(everywhere.households),
        "letters": list(queries.published_initiatives()[:12]),
    }
    return render(request, "campaigns/pledges/public_index.html", context)


def _counted(template: PledgeTemplate) -> int | None:
    """Households of a household pledge, people of one that each signs; None where it is too few to be told."""
    totals = queries.totals(template.code)
    return shown_count(totals.households if template.is_for_households else totals.people)


@public
@never_cache
def detail(request: Any, slug: str) -> HttpResponse:
    """Read it in big type, sign it below: drawn with the finger, or with a tick."""
    template = queries.current(slug)
    if template is None:
        raise Http404
    step = phones.start(request, PURPOSE)
    if request.method != "POST":
        return _page(request, template, _form(template, step), step)
    action = request.POST.get("action", "")
    if action in {"send_code", "other_phone"}:
        return _aside(request, template, step, action)
    return _sign(request, template, step)


def _form(template: PledgeTemplate, step: phones.PhoneStep, **kwargs: Any) -> SignForm:
    return SignForm(template=template, phone=step.phone, **kwargs)


def _page(
    request: Any, template: PledgeTemplate, form: SignForm, step: phones.PhoneStep, **more: Any
) -> HttpResponse:
    status = more.pop("status", 200)
    context = {
        "pledge": template,
        "form": form,
        **phones.context_of(step),
        "count": _counted(template),
        "wall": queries.wall(template),
        **more,
    }
    return render(request, "campaigns/pledges/public_detail.html", context, status=status)


def _aside(request: Any, template: PledgeTemplate, step: phones.PhoneStep, action: str) -> HttpResponse:
    """Everything but signing: the page comes back with all that was typed and drawn."""
    if action == "other_phone":
        forget_phone(request)
        step = phones.start(request, PURPOSE)
    else:
        phones.send(request, step)
    form = _form(template, step, data=request.POST)
    form.quieten()
    return _page(request, template, form, step, at_phone=True)


def _sign(request: Any, template: PledgeTemplate, step: phones.PhoneStep) -> HttpResponse:
    verified = phones.take(request, step)
    form = _form(template, step, data=request.POST)
    if not form.is_valid() or not verified:
        return _page(request, template, form, step, status=422)
    ip = client_ip(request)
    if not allows("pledges.sign", request):
        response = _page(request, template, form, step, too_often=True, status=429)
        response["Retry-After"] = str(LIMITS["pledges.sign"].seconds)
        return response
    visitor: Any = visitor_of(request)
    try:
        row, is_new = signing.sign(
            actor=visitor, template=template, entry=form.entry(), token=form.token, ip=ip
        )
    except WorkflowError as error:
        form.add_error(None, str(error.message))
        return _page(request, template, form, step, status=409)
    if is_new:
        request.session[SIGNED_KEY] = str(row.public_id)
    else:
        request.session.pop(SIGNED_KEY, None)
        messages.info(request, _("您已经签过这份承诺了，下面是第一次签的那一份，没有重复登记。"))
    return redirect(row.get_absolute_url())


@public
@require_safe
def villages(request: Any, slug: str) -> JsonResponse:
    """The villages below a township, for area.js."""
    template = queries.current(slug)
    area = queries.find_area(template, request.GET.get("in", "")) if template else None
    names = [unit.short_name for unit in queries.villages_of(area)] if area else []
    response = JsonResponse({"villages": names})
    response["Cache-Control"] = "public, max-age=3600"
    return response


@public
@require_safe
def initiative(request: Any, slug: str) -> HttpResponse:
    """One letter."""
    row = queries.published_initiatives().filter(slug=slug).first()
    if row is None:
        raise Http404
    context = {
        "letter": row,
        "paragraphs": [part.strip() for part in row.body.split("\n") if part.strip()],
        "scans": [file for file in attached_to(row, "scans") if file.is_ready],
        "documents": [file for file in attached_to(row, "documents") if file.is_ready],
        "pledges": list(
            queries.open_templates().filter(campaign=row.campaign_id)[:3] if row.campaign_id else []
        )
        or list(queries.open_templates()[:3]),
    }
    return render(request, "campaigns/pledges/initiative.html", context)


def _qr(path: str) -> HttpResponse:
    out = io.BytesIO()
    address = settings.SITE["base_url"].rstrip("/") + path
    segno.make(address, error="m", micro=False).save(out, kind="svg", scale=6, border=2, light="#ffffff")
    return HttpResponse(out.getvalue(), content_type="image/svg+xml")


@public
@require_safe
@cache_control(public=True, max_age=86_400)
def qr(request: Any, slug: str) -> HttpResponse:
    """The address of a pledge as a QR code, for notice boards."""
    template = queries.current(slug)
    if template is None:
        raise Http404
    return _qr(template.get_absolute_url())


@public
@require_safe
@cache_control(public=True, max_age=86_400)
def initiative_qr(request: Any, slug: str) -> HttpResponse:
    """The address of a letter as a QR code."""
    row = queries.published_initiatives().filter(slug=slug).first()
    if row is None:
        raise Http404
    return _qr(row.get_absolute_url())
