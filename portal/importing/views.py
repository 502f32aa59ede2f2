"""Choose a table, look at every row and decide, confirm, see the result, take it back."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.files.names import shown_name
from portal.importing import actions, queries
from portal.importing.forms import TableForm
from portal.importing.lists import SPEC
from portal.importing.models import Import
from portal.importing.reading import TableError
from portal.importing.registry import KINDS, ImportKind, kinds_for
from portal.importing.rules import PAGE, Refused, State
from portal.importing.template import workbook
from portal.ui.lists import build

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _kind(request: Any, code: str) -> ImportKind:
    kind = KINDS.get(code)
    if kind is None:
        raise Http404
    request.scope.require(kind.perm)
    return kind


def _mine(request: Any, public_id: Any) -> Import:
    """One's own table; somebody else's does not exist."""
    found = queries.mine(request.scope).filter(public_id=public_id).first()
    if found is None or found.kind is None:
        raise Http404
    return found


@allow(Perm.STAFF_ENTER)
@never_cache
def index(request: Any) -> HttpResponse:
    """What can be imported, and what one imported."""
    context = {"page": build(request, SPEC), "kinds": kinds_for(request.scope)}
    return render(request, "portal/importing/index.html", context)


@allow(Perm.STAFF_ENTER)
@never_cache
def new(request: Any, code: str) -> HttpResponse:
    """Choose a file; it is only read."""
    kind = _kind(request, code)
    form = TableForm(request.POST or None, request.FILES or None, scope=request.scope, kind=kind)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            batch = actions.read_table(
                actor=request.user, kind=kind, unit=form.cleaned_data["unit"],
                file_name=shown_name(file.name or ""), data=file.read(), client_token=form.token,
            )  # fmt: skip
            return redirect(batch.staff_url)
        except TableError as error:
            form.add_error("file", str(error.message))
    return render(request, "portal/importing/new.html", {"form": form, "kind": kind})


@allow(Perm.STAFF_ENTER)
def template(request: Any, code: str) -> HttpResponse:
    """An empty table with the right headings."""
    kind = _kind(request, code)
    response = HttpResponse(workbook(kind), content_type=XLSX)
    response["Content-Disposition"] = (
        f"attachment; filename=\"{kind.code}.xlsx\"; filename*=UTF-8''{kind.code}.xlsx"
    )
    return response


@allow(Perm.STAFF_ENTER)
@never_cache
def preview(request: Any, public_id: Any) -> HttpResponse:
    """Every row with its verdict and choice, page by page; after the confirmation, what became of it."""
    batch = _mine(request, public_id)
    counts = queries.counts(batch)
    group = request.GET.get("show", "")
    group = group if group in queries.GROUPS else ""
    after = request.GET.get("after", "")
    rows = list(
        queries.rows_of(batch, group).filter(number__gt=int(after) if after.isdecimal() else 0)[: PAGE + 1]
    )
    context = {
        "batch": batch,
        "kind": batch.kind,
        "counts": counts,
        "rows": rows[:PAGE],
        "next_after": rows[PAGE - 1].number if len(rows) > PAGE else "",
        "after": after if after.isdecimal() else "",
        "group": group,
        "is_open": batch.state == State.READ,
        "to_write": counts["choose_new"] + counts["choose_update"],
        "options": [(option, option.code in batch.options) for option in batch.kind.options],  # type: ignore[union-attr]
    }
    return render(request, "portal/importing/preview.html", context)


@allow(Perm.STAFF_ENTER)
@require_POST
def choose(request: Any, public_id: Any) -> HttpResponse:
    """Keep the choices of one page of rows, or one choice for all rows of a verdict."""
    batch = _mine(request, public_id)
    try:
        every = request.POST.get("all", "")
        if every:
            verdict, _sep, choice = every.partition(":")
            changed = actions.choose_all(actor=request.user, batch=batch, verdict=verdict, choice=choice)
        else:
            changed = actions.choose(actor=request.user, batch=batch, choices=_said(request.POST))
        messages.success(request, _("已改 %(n)d 行的处理办法。") % {"n": changed})
    except Refused as error:
        messages.error(request, str(error.message))
    query = request.POST.get("query", "")
    return redirect(f"{batch.staff_url}?{query}" if query else batch.staff_url)


def _said(data: Any) -> dict[int, str]:
    prefix = "choice-"
    return {
        int(name.removeprefix(prefix)): data[name]
        for name in data
        if name.startswith(prefix) and name.removeprefix(prefix).isdecimal() and len(name) < 26
    }


@allow(Perm.STAFF_ENTER)
@require_POST
def confirm(request: Any, public_id: Any) -> HttpResponse:
    """Write the chosen rows."""
    batch = _mine(request, public_id)
    try:
        if any(name.startswith("choice-") for name in request.POST):
            actions.choose(actor=request.user, batch=batch, choices=_said(request.POST))
        actions.confirm(actor=request.user, batch=batch, options=request.POST.getlist("option"))
    except Refused as error:
        messages.error(request, str(error.message))
    return redirect(batch.staff_url)


@allow(Perm.STAFF_ENTER)
@require_POST
def undo(request: Any, public_id: Any) -> HttpResponse:
    """Take the whole import back."""
    batch = _mine(request, public_id)
    try:
        actions.ask_undo(actor=request.user, batch=batch)
    except Refused as error:
        messages.error(request, str(error.message))
    return redirect(batch.staff_url)


@allow(Perm.STAFF_ENTER)
@require_POST
def discard(request: Any, public_id: Any) -> HttpResponse:
    """Throw a table away that was only read."""
    batch = _mine(request, public_id)
    try:
        actions.discard(actor=request.user, batch=batch)
    except Refused as error:
        messages.error(request, str(error.message))
        return redirect(batch.staff_url)
    messages.success(request, _("“%(name)s”已丢弃，什么都没有写入。") % {"name": batch.file_name})
    return redirect("portal:importing:index")
