"""What the views of this slice share."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from portal.files.rules import RefusedError
from portal.reviews.workflow import WorkflowError


def one(rows: Any, pk: int) -> Any:
    """The row of these, else 404."""
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def show_form(request: Any, form: Any, **context: Any) -> HttpResponse:
    """The form page of this slice; 422 when something has to be corrected."""
    formset = context.get("formset")
    wrong = form.errors or (formset is not None and formset.is_bound and not formset.is_valid())
    status = 422 if wrong else 200
    context.setdefault("back", reverse("campaigns:materials:index"))
    return render(request, "campaigns/materials/form.html", {"form": form, **context}, status=status)


def refused(form: Any, error: Exception) -> None:
    """Put what an action refused where it belongs."""
    if isinstance(error, RefusedError):
        form.add_error("photos", error.message)
    else:
        form.add_error(None, str(getattr(error, "message", error)))


REFUSALS = (WorkflowError, RefusedError, ValidationError)
