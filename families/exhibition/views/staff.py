"""Composing issues: words, works and their order, sending to the gate."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from families.exhibition import queries
from families.exhibition.actions import issues as actions
from families.exhibition.forms import IssueForm
from families.exhibition.lists import ISSUES
from families.exhibition.models import Issue
from families.exhibition.views.public import issue_context
from families.works import queries as works
from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.publication.queries import of as gate_rows
from portal.reviews.workflow import WorkflowError
from portal.ui.lists import build


@allow(Perm.CALL_EDIT)
@require_safe
@never_cache
def index(request: Any) -> HttpResponse:
    """Issues of one's units."""
    return render(
        request, "families/exhibition/list.html", {"page": build(request, ISSUES), "kind": "issues"}
    )


@allow(Perm.CALL_EDIT)
@never_cache
def new(request: Any) -> HttpResponse:
    """A new issue."""
    form = IssueForm(request.POST or None, scope=request.scope)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            row = actions.create_issue(
                actor=request.user, fields={name: data[name] for name in ("title", "intro", "cover")}, call=data["call"],
                series=data["series"], number=data["number"], token=form.token,
            )  # fmt: skip
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("已建好，接着选作品。"))
            return redirect(row.staff_url)
    return render(request, "families/exhibition/new.html", {"form": form})


def _own(request: Any, pk: int) -> Issue:
    row: Issue = request.scope.get(queries.issues_for(request.scope), Perm.CALL_EDIT, pk=pk)
    return row


def _compose_page(request: Any, row: Issue, form: IssueForm | None = None, **more: Any) -> HttpResponse:
    query, category = request.GET.get("q", "").strip()[:60], request.GET.get("category", "")[:20]
    context = {
        "issue": row, "form": form or IssueForm(instance=row, scope=request.scope), "places": queries.places_of(row),
        "found": queries.candidates(row, words=query.split(), category=category), "q": query, "category": category,
        "categories": works.shown_categories(), "gate": gate_rows(row).first(), **more,
    }  # fmt: skip
    return render(request, "families/exhibition/compose.html", context, status=more.get("status", 200))


@allow(Perm.CALL_EDIT)
@never_cache
def compose(request: Any, pk: int) -> HttpResponse:
    """One issue: words, works and their order, 送审."""
    row = _own(request, pk)
    if request.method != "POST":
        return _compose_page(request, row)
    form = IssueForm(request.POST, instance=row, scope=request.scope)
    if not form.is_valid():
        return _compose_page(request, _own(request, pk), form)
    actions.edit_issue(actor=request.user, issue=_own(request, pk), fields=form.cleaned_data)
    messages.success(request, _("已保存。"))
    return redirect(row.staff_url)


@allow(Perm.CALL_EDIT)
@require_POST
def arrange(request: Any, pk: int) -> HttpResponse:
    """Add, drop and reorder in one step: the numbers beside the works give the order."""
    row = _own(request, pk)
    places = queries.places_of(row)
    dropped = set(request.POST.getlist("drop"))
    kept = [place for place in places if str(place.work_id) not in dropped]

    shown = {place.pk: number for number, place in enumerate(places, start=1)}

    def wanted(place: Any) -> tuple[int, int, int]:
        """Whoever was given a number takes it: moved up it stands before the one that had it, moved down behind."""
        typed, at = request.POST.get(f"pos_{place.work_id}", ""), shown[place.pk]
        number = int(typed) if typed.isdecimal() and len(typed) < 5 else at
        return (number, (number > at) - (number < at), at)

    order = [place.work for place in sorted(kept, key=wanted)]
    ids = [int(value) for value in request.POST.getlist("add") if value.isdigit() and len(value) < 18]
    order += queries.addable(row, ids)
    try:
        actions.set_works(actor=request.user, issue=row, works=order)
    except WorkflowError as error:
        return _compose_page(request, row, problem=str(error.message), status=409)
    messages.success(request, _("已保存，现在有 %(n)d 件作品。") % {"n": len(dict.fromkeys(order))})
    return redirect(row.staff_url)


@allow(Perm.CALL_EDIT)
@require_POST
def issue_step(request: Any, pk: int, name: str) -> HttpResponse:
    """送审, 删除."""
    row = _own(request, pk)
    try:
        if name == "submit":
            actions.submit_issue(actor=request.user, issue=row)
            messages.success(request, _("已送审，两位同事看过后发布。"))
        elif name == "remove":
            actions.remove_issue(actor=request.user, issue=row)
            messages.success(request, _("已删除。"))
            return redirect("families:exhibition:index")
        else:
            raise Http404
    except WorkflowError as error:
        return _compose_page(request, row, problem=str(error.message), status=409)
    return redirect(row.staff_url)


@allow(Perm.CALL_EDIT)
@require_safe
@never_cache
def preview(request: Any, pk: int) -> HttpResponse:
    """The issue as the public will see it."""
    context = {**issue_context(_own(request, pk)), "preview": True}
    return render(request, "families/exhibition/issue.html", context)
