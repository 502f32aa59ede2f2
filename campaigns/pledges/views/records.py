"""Staff: signatures and paper batches, and the ledger."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from campaigns.pledges import ledger, lists, queries
from campaigns.pledges.actions import paper
from campaigns.pledges.forms.staff import BatchForm, ReasonForm
from campaigns.pledges.models import PledgeRecord
from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.drafts.rescue import forget, initial_from_restore
from portal.files.queries import attached_to
from portal.grants.queries import home_unit
from portal.reviews.workflow import WorkflowError
from portal.ui.lists import build


@allow(Perm.PLEDGE_VIEW)
@require_safe
def index(request: Any) -> HttpResponse:
    """Every signature and batch in reach; names masked."""
    context = {
        "page": build(request, lists.RECORDS),
        "tab": "records",
        "may_enter": request.scope.has(Perm.PLEDGE_ENTER) and queries.published_templates().exists(),
    }
    return render(request, "campaigns/pledges/list.html", context)


def _record(request: Any, no: str) -> PledgeRecord:
    row: PledgeRecord = request.scope.get(queries.records_for(request.scope), Perm.PLEDGE_VIEW, no=no)
    return row


def _show(request: Any, row: PledgeRecord, **extra: Any) -> HttpResponse:
    signature = getattr(row, "signature", None)
    reveal_perm = Perm.WORK_REVEAL if signature is not None and signature.is_child else Perm.PLEDGE_EDIT
    context = {
        "row": row,
        "signature": signature,
        "scans": attached_to(row, "scans"),
        "documents": list(attached_to(row, "documents")),
        "may_correct": row.is_paper and row.is_valid and request.scope.may(Perm.PLEDGE_ENTER, row),
        "may_void": row.is_valid
        and request.scope.may(Perm.PLEDGE_ENTER if row.is_paper else Perm.PLEDGE_EDIT, row),
        "may_reveal": signature is not None and request.scope.may(reveal_perm, row),
        "history": queries.steps_of(row),
        "reveal_form": ReasonForm(prefix="reveal"),
        "void_form": ReasonForm(prefix="void"),
        **extra,
    }
    return render(request, "campaigns/pledges/record.html", context, status=extra.get("status", 200))


@allow(Perm.PLEDGE_VIEW)
@require_safe
def record(request: Any, no: str) -> HttpResponse:
    """One of them."""
    return _show(request, _record(request, no))


@allow(Perm.PLEDGE_ENTER)
@never_cache
def batch_new(request: Any, slug: str) -> HttpResponse:
    """Enter pledges signed on paper."""
    template = queries.templates_for(request.scope).filter(code=slug).exclude(status__in=("draft", "review"))
    chosen = template.order_by("-version").first()
    if chosen is None:
        raise Http404
    unit = home_unit(request.user)
    initial = {"unit": unit.unit_no if unit else None, **initial_from_restore(request, "pledges.batch")}
    form = BatchForm(
        request.POST or None, request.FILES or None, scope=request.scope, actor=request.user, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            row = paper.enter_batch(
                actor=request.user, template=chosen, unit=said["unit"], fields=form.values, scans=said["scans"],
                documents=said["documents"],
                token=form.token,
            )  # fmt: skip
            forget(request, form.token)
            messages.success(
                request,
                _("已登记：%(people)s 人、%(homes)s 户。")
                % {"people": row.signatures, "homes": row.households},
            )
            return redirect(row.staff_url)
        except WorkflowError as error:
            form.add_error(None, str(error.message))
    return _batch_page(request, form, chosen, title=_("登记纸质签署"))


def _batch_page(request: Any, form: BatchForm, template: Any, *, title: str, back: str = "") -> HttpResponse:
    context = {"form": form, "pledge": template, "title": title, "back": back, "form_code": "pledges.batch"}
    return render(request, "campaigns/pledges/form.html", context, status=422 if form.is_bound else 200)


@allow(Perm.PLEDGE_ENTER)
@never_cache
def batch_correct(request: Any, no: str) -> HttpResponse:
    """Correct a batch, with a reason."""
    row = _record(request, no)
    request.scope.require(Perm.PLEDGE_ENTER, row)
    if not row.is_paper or not row.is_valid:
        raise Http404
    names = ("method", "signatures", "households", "households_estimated", "note")
    initial = {name: getattr(row, name) for name in names} | {"signed_on": timezone.localdate(row.signed_at)}
    form = BatchForm(
        request.POST or None, request.FILES or None, scope=request.scope, actor=request.user, correcting=row,
        initial=initial,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            paper.correct_batch(
                actor=request.user, row=row, fields=form.values, reason=form.cleaned_data["reason"],
                scans=form.cleaned_data["scans"], documents=form.cleaned_data["documents"],
            )  # fmt: skip
            messages.success(request, _("已更正，原来的数和理由都留了痕。"))
            return redirect(row.staff_url)
        except WorkflowError as error:
            form.add_error(None, str(error.message))
    return _batch_page(request, form, row.template, title=_("更正纸质签署"), back=row.staff_url)


@allow(Perm.PLEDGE_ENTER, Perm.PLEDGE_EDIT)
@require_POST
def void(request: Any, no: str) -> HttpResponse:
    """Declare a record void."""
    row, form = _record(request, no), ReasonForm(request.POST, prefix="void")
    if not form.is_valid():
        return _show(request, row, void_form=form, status=422)
    try:
        paper.void(actor=request.user, row=row, reason=form.cleaned_data["reason"])
        messages.success(request, _("已作废，不再计入。"))
    except WorkflowError as error:
        messages.error(request, str(error.message))
    return redirect(row.staff_url)


@allow(Perm.PLEDGE_EDIT, Perm.WORK_REVEAL)
@require_POST
@never_cache
def reveal(request: Any, no: str) -> HttpResponse:
    """Name, number and handwriting, on this answer only; who looked and why is kept."""
    row, form = _record(request, no), ReasonForm(request.POST, prefix="reveal")
    if not form.is_valid():
        return _show(request, row, reveal_form=form, status=422)
    try:
        identity = paper.reveal(actor=request.user, row=row, reason=form.cleaned_data["reason"])
    except WorkflowError as error:
        messages.error(request, str(error.message))
        return _show(request, row, reveal_form=form, status=409)
    return _show(request, row, identity=identity)


@allow(Perm.PLEDGE_VIEW)
@require_safe
def ledger_page(request: Any) -> HttpResponse:
    """承诺/倡议台账 of a year, on the screen."""
    year = ledger.year_of(request.GET.get("year", ""))
    context = {
        "rows": ledger.rows(request.scope, year), "year": year, "years": ledger.years(),
        "may_export": request.scope.has(Perm.EXPORT_PLAIN), "heads": ledger.HEADS, "tab": "ledger",
    }  # fmt: skip
    return render(request, "campaigns/pledges/ledger.html", context)


@allow(Perm.EXPORT_PLAIN)
@never_cache
def ledger_file(request: Any) -> HttpResponse:
    """The same as a workbook."""
    if not request.scope.has(Perm.PLEDGE_VIEW):
        raise Http404
    year = ledger.year_of(request.GET.get("year", ""))
    body = ledger.workbook(actor=request.user, year=year)
    response = HttpResponse(
        body, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    response["Content-Disposition"] = f'attachment; filename="pledges-{year}.xlsx"'
    return response
