"""Requests of people about their data: the queue and the answer."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.privacy import actions, queries
from portal.privacy.forms import AnswerForm
from portal.privacy.masking import mask_phone
from portal.privacy.models import RightsRequest
from portal.privacy.rules import RightsState


@allow(Perm.RIGHTS_HANDLE)
@require_safe
def index(request: Any) -> HttpResponse:
    """Open requests first, the most urgent on top; then the last answered ones."""
    context = {
        "waiting": queries.open_requests()[:100],
        "done": queries.closed_requests()[:20],
        "today": timezone.localdate(),
    }
    return render(request, "portal/privacy/requests.html", context)


@allow(Perm.RIGHTS_HANDLE)
@never_cache
def answer(request: Any, public_id: str) -> HttpResponse:
    """Read one request and answer it."""
    row = request.scope.get(RightsRequest, Perm.RIGHTS_HANDLE, public_id=public_id)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and row.state == RightsState.OPEN:
        actions.answer(
            actor=request.user,
            row=row,
            text=form.cleaned_data["answer"],
            refused=form.cleaned_data["refused"],
        )
        messages.success(request, _("已答复。"))
        return redirect("portal:privacy:requests")
    context = {"row": row, "form": form, "phone": mask_phone(row.phone)}
    return render(request, "portal/privacy/request.html", context)
