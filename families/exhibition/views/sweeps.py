"""Everything under one name taken down at once, and put back by two people."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from families.exhibition import queries
from families.exhibition.actions import sweeps
from families.exhibition.forms import SearchForm
from families.exhibition.lists import SWEEPS
from families.exhibition.models import Sweep
from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.accounts.phone_codes import phone_hash
from portal.grants.queries import home_unit
from portal.reviews.queries import last_reason
from portal.reviews.workflow import WorkflowError
from portal.ui.lists import build


@allow(Perm.WORK_TAKE_DOWN)
@require_safe
@never_cache
def sweep_list(request: Any) -> HttpResponse:
    """Sweeps so far."""
    return render(
        request, "families/exhibition/list.html", {"page": build(request, SWEEPS), "kind": "sweeps"}
    )


def _hash(phone: str) -> str:
    return phone_hash(phone) if phone else ""


@allow(Perm.WORK_TAKE_DOWN)
@never_cache
def sweep_new(request: Any) -> HttpResponse:
    """Look for a name, see everything, choose, take down. The name travels in the body, never in an address."""
    form = SearchForm(request.POST or None)
    context: dict[str, Any] = {"form": form, "reason": request.POST.get("reason", "")[:300]}
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        digest = _hash(data["phone"])
        if request.POST.get("action") == "take_down":
            picked = (value.partition(":") for value in request.POST.getlist("chosen"))
            chosen = [(code, int(pk)) for code, _sep, pk in picked if pk.isdigit() and len(pk) < 18]
            try:
                row = sweeps.sweep(
                    actor=request.user, unit=home_unit(request.user), name=data["name"], phone=data["phone"], phone_hash=digest,
                    chosen=chosen, reason=context["reason"], token=form.token,
                )  # fmt: skip
            except WorkflowError as error:
                context["problem"] = str(error.message)
            else:
                messages.success(request, _("已办理，结果如下。"))
                return redirect(row.staff_url)
        context["groups"] = sweeps.search(actor=request.user, name=data["name"], phone_hash=digest)
        context["searched"] = True
        context["picked"] = set(request.POST.getlist("chosen"))
    return render(
        request, "families/exhibition/sweep_new.html", context, status=409 if "problem" in context else 200
    )


@allow(Perm.WORK_TAKE_DOWN)
@never_cache
def sweep(request: Any, pk: int) -> HttpResponse:
    """One sweep: what went, and putting it back by two people."""
    row: Sweep = request.scope.get(queries.sweeps_for(request.scope), Perm.WORK_TAKE_DOWN, pk=pk)
    problem = ""
    if request.method == "POST":
        name, reason = request.POST.get("action", ""), request.POST.get("reason", "")
        try:
            if name == "ask_back":
                sweeps.ask_back(actor=request.user, row=row, reason=reason)
            elif name == "put_back":
                sweeps.put_back(actor=request.user, row=row)
            elif name == "refuse_back":
                sweeps.refuse_back(actor=request.user, row=row, reason=reason)
            else:
                raise Http404
            messages.success(request, _("已处理。"))
            return redirect(row.staff_url)
        except WorkflowError as error:
            problem = str(error.message)
    context = {
        "row": row,
        "items": list(row.items.all()),
        "problem": problem,
        "is_asker": row.asked_by_id == request.user.pk,
        "asked_why": last_reason(row, step="ask_back"),
        "refused_why": last_reason(row, step="refuse_back"),
    }
    return render(request, "families/exhibition/sweep.html", context, status=409 if problem else 200)
