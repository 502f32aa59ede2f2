"""The signer's own: receipt, PDF, taking the name off the wall, withdrawing. By the phone that signed."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from campaigns.pledges import documents, queries
from campaigns.pledges.actions import signing
from campaigns.pledges.models import PledgeSignature
from portal.access.gate import public
from portal.access.limits import limited
from portal.accounts import phone_step as phones
from portal.accounts.phone_codes import masked, phone_hash, verified_phone, visitor_of
from portal.reviews.workflow import WorkflowError

SIGNED_KEY = "pledge_signed"
PURPOSE = "pledge"


def _signature(request: Any, public_id: UUID) -> PledgeSignature | None:
    """The signature for the phone that signed it; None when no phone is verified, Http404 for another's."""
    visitor = visitor_of(request)
    if visitor is None:
        return None
    row = queries.by_public_id(public_id)
    if row is None or not queries.is_own(row, visitor):
        raise Http404
    return row


def _door(public_id: UUID) -> HttpResponse:
    """Through the phone code back to the receipt."""
    target = reverse("campaigns:pledges:receipt", args=[public_id])
    return redirect(f"{reverse('campaigns:pledges:mine')}?{urlencode({'next': target})}")


def _next(request: Any) -> str:
    target = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if safe and target.startswith("/") else ""


@public
@never_cache
@limited("pledges.door")
def mine(request: Any) -> HttpResponse:
    """Everything signed with my phone; without a verified phone: the door to it."""
    step = phones.start(request, PURPOSE)
    if request.method == "POST":
        if request.POST.get("action") == "send_code":
            phones.send(request, step)
        elif phones.take(request, step):
            return redirect(_next(request) or "campaigns:pledges:mine")
    if not step.phone:
        context = {**phones.context_of(step), "next": _next(request)}
        return render(request, "campaigns/pledges/door.html", context)
    phone = verified_phone(request)
    context = {"rows": list(queries.of_phone(phone_hash(phone))[:100]), "phone": masked(phone)}
    return render(request, "campaigns/pledges/mine.html", context)


@public
@never_cache
@require_safe
def receipt(request: Any, public_id: UUID) -> HttpResponse:
    """The pledge as signed, with what can be done with it."""
    row = _signature(request, public_id)
    if row is None:
        return _door(public_id)
    context = {
        "row": row,
        "pledge": row.template,
        "just_signed": request.session.get(SIGNED_KEY) == str(row.public_id),
    }
    return render(request, "campaigns/pledges/receipt.html", context)


@public
@never_cache
@require_safe
def receipt_pdf(request: Any, public_id: UUID) -> HttpResponse:
    """The receipt as a file."""
    row = _signature(request, public_id)
    if row is None:
        return _door(public_id)
    response = HttpResponse(documents.receipt(row), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{row.record.no}.pdf"'
    return response


@public
@never_cache
@require_POST
def leave_wall(request: Any, public_id: UUID) -> HttpResponse:
    """Take the name off the wall."""
    row = _signature(request, public_id)
    if row is None:
        return _door(public_id)
    signing.leave_wall(actor=visitor_of(request), signature=row)
    messages.success(request, _("名字已从承诺墙撤下，承诺仍然有效。"))
    return redirect(row.get_absolute_url())


@public
@never_cache
@require_POST
def withdraw(request: Any, public_id: UUID) -> HttpResponse:
    """Take the pledge back."""
    row = _signature(request, public_id)
    if row is None:
        return _door(public_id)
    try:
        signing.withdraw(
            actor=visitor_of(request), signature=row, reason=request.POST.get("reason", "")[:200]
        )
        messages.success(request, _("承诺已撤回，不再计入户数；以后想签随时可以再签。"))
    except WorkflowError as error:
        messages.error(request, str(error.message))
    return redirect(row.get_absolute_url())


@public
@never_cache
@require_POST
def erase(request: Any, public_id: UUID) -> HttpResponse:
    """Delete the personal data behind one pledge."""
    row = _signature(request, public_id)
    if row is None:
        return _door(public_id)
    signing.erase(row, actor=visitor_of(request))
    messages.success(request, _("您的个人信息已删除。"))
    return redirect("campaigns:pledges:mine")
