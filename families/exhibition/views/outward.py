"""Works sent on to higher exhibitions."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from families.exhibition import queries
from families.exhibition.actions import outward as outwards
from families.exhibition.forms import OutwardForm
from families.exhibition.lists import OUTWARD
from families.exhibition.models import Outward
from families.works import queries as works
from families.works.models import Work
from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.reviews.workflow import WorkflowError
from portal.ui.lists import build


@allow(Perm.WORK_REVIEW)
@require_safe
@never_cache
def outward_list(request: Any) -> HttpResponse:
    """What was sent on, with results."""
    return render(
        request, "families/exhibition/list.html", {"page": build(request, OUTWARD), "kind": "outward"}
    )


@allow(Perm.WORK_REVIEW)
@never_cache
def outward_new(request: Any, no: str) -> HttpResponse:
    """登记报送 of one work."""
    work: Work = request.scope.get(works.for_staff(request.scope), Perm.WORK_REVIEW, no=no)
    form = OutwardForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        fields = {name: form.cleaned_data[name] for name in OutwardForm.Meta.fields}
        try:
            outwards.add_outward(actor=request.user, work=work, fields=fields, token=form.token)
        except ValidationError as error:
            form.add_error(None, error)
        except WorkflowError as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("已登记。"))
            return redirect("families:exhibition:outward")
    known = queries.outward_of(work)
    return render(request, "families/exhibition/outward.html", {"form": form, "work": work, "known": known})


@allow(Perm.WORK_REVIEW)
@never_cache
def outward_edit(request: Any, pk: int) -> HttpResponse:
    """Write the result, or delete a wrong line."""
    row: Outward = request.scope.get(queries.outward_for(request.scope), Perm.WORK_REVIEW, pk=pk)
    if request.method == "POST" and "remove" in request.POST:
        outwards.remove_outward(actor=request.user, outward=row)
        messages.success(request, _("已删除。"))
        return redirect("families:exhibition:outward")
    form = OutwardForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        fields = {name: form.cleaned_data[name] for name in OutwardForm.Meta.fields}
        try:
            outwards.edit_outward(actor=request.user, outward=row, fields=fields)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("已保存。"))
            return redirect("families:exhibition:outward")
    return render(request, "families/exhibition/outward.html", {"form": form, "work": row.work, "row": row})
