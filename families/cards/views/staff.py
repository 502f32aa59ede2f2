"""Staff: which messages become cards, a batch in one file."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from families.cards import actions, queries
from families.cards.forms import BatchForm
from families.cards.lists import SPEC
from families.cards.rules import MOST_IN_A_BATCH, reason_text
from families.cards.views.own import picture
from families.works.models import Work
from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.reviews.workflow import WorkflowError
from portal.ui.lists import build, chosen


@allow(Perm.CARD_PRINT)
@require_safe
@never_cache
def index(request: Any) -> HttpResponse:
    """Messages of my units."""
    return render(request, "families/cards/index.html", {"page": build(request, SPEC)})


def _get(request: Any, no: str) -> Work:
    rows = queries.for_staff(request.scope)
    found: Work | None = rows.filter(no=no).first()
    if found is None:
        request.scope.get(Work, Perm.CARD_PRINT, pk=0)  # raises Http404
    return found  # type: ignore[return-value]


@allow(Perm.CARD_PRINT)
@require_safe
@never_cache
def detail(request: Any, no: str) -> HttpResponse:
    """One card: its picture, and why it is or is not printed."""
    work = _get(request, no)
    context = {"work": work, "card": queries.card_of(work), "reason": queries.reason_of(work)}
    return render(request, "families/cards/detail.html", context)


@allow(Perm.CARD_PRINT)
@require_safe
@never_cache
def preview(request: Any, no: str) -> HttpResponse:
    """The picture for staff: only of a card whose family agreed to its printing."""
    work = _get(request, no)
    if queries.reason_of(work) is not None:
        request.scope.get(Work, Perm.CARD_PRINT, pk=0)  # raises Http404
    return picture(work)


@allow(Perm.CARD_PRINT)
@require_http_methods(["GET", "HEAD", "POST"])
def batch(request: Any) -> HttpResponse:
    """First the chosen ones with who is left out and why; with `make` the file is asked for."""
    if request.method != "POST":  # the address opened again: what was chosen is gone
        return redirect("families:cards:index")
    ids = [int(pk) for pk in request.POST.getlist("work") if pk.isdigit()][:MOST_IN_A_BATCH]
    if ids:
        rows = list(queries.for_staff(request.scope).filter(pk__in=ids).order_by("pk"))
    else:
        rows = list(chosen(request, SPEC)[:MOST_IN_A_BATCH])
    if not rows:
        messages.info(request, _("请先在列表里勾选要印的寄语。"))
        return redirect("families:cards:index")
    is_make = request.POST.get("make") == "1"
    form = BatchForm(request.POST if is_make else None)
    if is_make and form.is_valid():
        data = form.cleaned_data
        unit = _unit(request)
        try:
            made = actions.ask_batch(
                actor=request.user, unit=unit, chosen=rows, size=data["size"], fold=data["fold"],
                sheet=data["sheet"], token=form.token,
            )  # fmt: skip
        except WorkflowError as error:
            form.add_error(None, str(error.message))
        else:
            if made.job is not None:
                return redirect("portal:jobs:detail", made.job.public_id)
            return redirect("families:cards:batches")
    printed, left = queries.sorted_out(rows)
    context = {
        "form": form, "printed": printed, "left": [(row, reason.label) for row, reason in left], "unit": _unit(request),
        "query": request.POST.get("query", ""),
    }  # fmt: skip
    return render(request, "families/cards/batch.html", context)


def _unit(request: Any) -> Any:
    named = QueryDict(request.POST.get("query", "")).get("unit", "")
    return queries.printing_unit(request.scope, str(named))


@allow(Perm.CARD_PRINT)
@require_safe
@never_cache
def batches(request: Any) -> HttpResponse:
    """What was printed lately, with how many and who was left out."""
    rows = [
        {"batch": row, "left": [(reason_text(code), n) for code, n in row.left_out.items()],
         "is_mine": row.created_by_id == request.user.pk}
        for row in queries.batches(request.scope)[:50]
    ]  # fmt: skip
    return render(request, "families/cards/batches.html", {"rows": rows})
