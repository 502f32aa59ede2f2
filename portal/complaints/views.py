"""The public form, its receipt and tracking; the pages of those who answer."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from portal.access.gate import allow, public
from portal.access.limits import limited, too_many, within
from portal.access.permissions import Perm
from portal.complaints import actions, lists, queries, rules
from portal.complaints.forms import AnswerForm, ComplaintForm, ReasonForm, TrackForm, TransferForm
from portal.complaints.models import Complaint
from portal.reviews.workflow import WorkflowError, available
from portal.ui import captcha
from portal.ui.lists import build

RECEIPT = "_complaint_receipt"
LIMIT_SUBMIT, LIMIT_TRACK, LIMIT_NUMBER = "complaints.submit", "complaints.track", "complaints.track_no"


@public
@never_cache
@limited(LIMIT_SUBMIT)
def write(request: Any) -> HttpResponse:
    """Write to the federation; no account, no name needed. Hotlines come first."""
    if request.method == "POST":
        return _receive(request)
    kind = request.GET.get("kind", "")
    page = request.GET.get("page", "")[:300]
    initial = {"page": page, "kind": kind if kind in rules.Kind.values else rules.Kind.SUGGESTION}
    return _page(request, ComplaintForm(initial=initial), only_hotlines=kind == "help")


def _receive(request: Any) -> HttpResponse:
    form = ComplaintForm(request.POST)
    valid = form.is_valid()
    if valid and request.POST.get("website"):  # a field people cannot see
        return redirect("portal:complaints:write")
    if valid and not captcha.passed(request.POST):
        form.add_error(None, _("没有通过真人确认，请再答一次算式题，或刷新页面重试；写的内容都还在。"))
        valid = False
    if not valid:
        return _page(request, form, status=422)
    data = form.cleaned_data
    fields = {name: data[name] for name in ("kind", "text", "name", "phone", "page", "unit")}
    try:
        row, code = actions.submit(token=form.token, **fields)
    except WorkflowError as error:
        form.add_error(None, str(error.message))
        return _page(request, form, status=409)
    request.session[RECEIPT] = {"no": row.no, "code": code, "due": row.due_on.isoformat()}
    return redirect("portal:complaints:receipt")


def _page(
    request: Any, form: ComplaintForm, *, only_hotlines: bool = False, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "hotlines": rules.HOTLINES,
        "only_hotlines": only_hotlines,
        "captcha": captcha.challenge(),
        "days": rules.DAYS_TO_ANSWER,
    }
    return render(request, "portal/complaints/write.html", context, status=status)


@require_GET
@public
@never_cache
def receipt(request: Any) -> HttpResponse:
    """Number and code, to be written down."""
    kept = request.session.get(RECEIPT)
    if not kept:
        return redirect("portal:complaints:track")
    context = {**kept, "due": date.fromisoformat(kept["due"]), "days": rules.DAYS_TO_ANSWER}
    return render(request, "portal/complaints/receipt.html", context)


@public
@never_cache
@limited(LIMIT_TRACK)
def track(request: Any) -> HttpResponse:
    """Where it stands, for whoever has number and code. A wrong number and a wrong code look the same."""
    form = TrackForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(
            request, "portal/complaints/track.html", {"form": form}, status=422 if form.errors else 200
        )
    number = rules.clean_number(form.cleaned_data["no"])
    if not within(LIMIT_NUMBER, number):
        return too_many(request, LIMIT_NUMBER)
    row = queries.find(number, form.cleaned_data["code"])
    if row is None:
        form.add_error(None, _("编号或查询码不对，请对照回执再填一次。"))
        return render(request, "portal/complaints/track.html", {"form": form}, status=422)
    rating = request.POST.get("satisfaction", "")
    if rating in {"1", "2", "3"} and actions.rate(row, satisfaction=int(rating)):
        messages.success(request, _("谢谢您的反馈。"))
    context = {"row": row, "steps": queries.public_steps(row), "code": form.cleaned_data["code"]}
    return render(request, "portal/complaints/state.html", context)


@require_GET
@allow(Perm.COMPLAINT_VIEW)
def index(request: Any) -> HttpResponse:
    """What came in, the nearest date first."""
    return render(request, "portal/complaints/list.html", {"page": build(request, lists.SPEC)})


@require_GET
@allow(Perm.COMPLAINT_VIEW)
def detail(request: Any, no: str) -> HttpResponse:
    """One of them, with what can be done now."""
    return _show(request, _one(request, no))


def _one(request: Any, no: str) -> Complaint:
    return get_object_or_404(queries.visible(request.scope), no=no)


def _show(request: Any, row: Complaint, **extra: Any) -> HttpResponse:
    steps = {step.name for step in available(row, request.scope)}
    targets = queries.transfer_targets(row, request.scope)
    context = {
        "row": row,
        "steps": steps,
        "may_reveal": request.scope.may(Perm.COMPLAINT_ANSWER, row) and bool(row.name or row.phone),
        "history": queries.staff_steps(row),
        "answer_form": AnswerForm(prefix="answer"),
        "reject_form": ReasonForm(prefix="reject"),
        "reveal_form": ReasonForm(prefix="reveal"),
        "transfer_form": TransferForm(prefix="transfer", targets=targets),
        "about": queries.publication_of_page(row.page),
        **extra,
    }
    return render(request, "portal/complaints/detail.html", context, status=extra.get("status", 200))


@require_POST
@allow(Perm.COMPLAINT_ANSWER)
def step(request: Any, no: str, name: str) -> HttpResponse:
    """Accept, answer, transfer, reject or close."""
    row = _one(request, no)
    form = _form_for(request, row, name)
    if form is not None and not form.is_valid():
        return _show(request, row, status=422, **{f"{name}_form": form})
    data = form.cleaned_data if form is not None else {}
    fields = {key: value for key, value in data.items() if key in {"text", "reason", "unit"}}
    try:
        STEPS[name](row, actor=request.user, **fields)
    except WorkflowError as error:
        messages.error(request, str(error.message))
        again = {f"{name}_form": form} if form is not None else {}
        again["typed"] = data.get("text") or data.get("reason") or ""
        return _show(request, _one(request, no), status=409, **again)
    messages.success(
        request, _("已处理：%(no)s %(state)s") % {"no": row.no, "state": row.get_status_display()}
    )
    if name == "transfer" and not queries.visible(request.scope).filter(pk=row.pk).exists():
        return redirect("portal:complaints:list")
    return redirect(row.staff_url)


STEPS = {
    "accept": actions.accept,
    "answer": actions.answer,
    "transfer": actions.transfer,
    "reject": actions.reject,
    "close": actions.close,
}


def _form_for(request: Any, row: Complaint, name: str) -> Any:
    if name == "answer":
        return AnswerForm(request.POST, prefix="answer")
    if name == "reject":
        return ReasonForm(request.POST, prefix="reject")
    if name == "transfer":
        targets = queries.transfer_targets(row, request.scope)
        return TransferForm(request.POST, prefix="transfer", targets=targets)
    return None


@require_POST
@allow(Perm.COMPLAINT_ANSWER)
@never_cache
def reveal(request: Any, no: str) -> HttpResponse:
    """Name and number, once, on this answer only; who looked and why is kept."""
    row, form = _one(request, no), ReasonForm(request.POST, prefix="reveal")
    if not form.is_valid():
        return _show(request, row, reveal_form=form, status=422)
    try:
        identity = actions.reveal(row, actor=request.user, reason=form.cleaned_data["reason"])
    except WorkflowError as error:
        messages.error(request, str(error.message))
        return _show(request, row, reveal_form=form, status=409)
    return _show(request, row, identity=identity)
