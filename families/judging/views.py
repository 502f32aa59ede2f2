"""Judging of a call for staff, and its result for everybody."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from families.judging import actions, documents, queries
from families.judging.forms import AwardsForm, ConfirmForm, StageForm
from families.judging.models import AwardList
from families.judging.rules import ListState
from families.works.models import WorkCall
from portal.access.gate import allow, public
from portal.access.permissions import Perm
from portal.pages.cached import cached_public
from portal.reviews.judging import queries as rounds
from portal.reviews.queries import history_of
from portal.reviews.workflow import WorkflowError, available

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@allow(Perm.JUDGING_MANAGE, Perm.JUDGING_DECIDE)
@never_cache
@require_safe
def calls(request: Any) -> HttpResponse:
    """Calls with what could be judged and where each stands."""
    rows = list(queries.calls(request.scope)[:100])
    return render(request, "families/judging/calls.html", {"calls": rows})


def _call(request: Any, slug: str) -> WorkCall:
    perm = Perm.JUDGING_MANAGE if request.scope.has(Perm.JUDGING_MANAGE) else Perm.JUDGING_DECIDE
    found: WorkCall = request.scope.get(queries.calls(request.scope), perm, slug=slug)
    return found


@allow(Perm.JUDGING_MANAGE, Perm.JUDGING_DECIDE)
@never_cache
@require_safe
def call(request: Any, slug: str) -> HttpResponse:
    """The rounds of one call, the next step, the award list."""
    row = _call(request, slug)
    stages = rounds.stages_of(queries.CODE, row.pk)
    award_list = queries.list_of(row)
    may = request.scope.may(Perm.JUDGING_MANAGE, row)
    context = {
        "call": row,
        "stages": stages,
        "missed": row.ready if stages and stages[0].is_over and award_list is None else 0,  # type: ignore[attr-defined]
        "award_list": award_list,
        "may_start": may and award_list is None and bool(queries.next_kinds(row)),
        "may_draft": may and award_list is None and bool(stages) and stages[-1].is_over,
    }
    return render(request, "families/judging/call.html", context)


@allow(Perm.JUDGING_MANAGE)
@never_cache
def new(request: Any, slug: str) -> HttpResponse:
    """A new round."""
    row = _call(request, slug)
    people = list(rounds.available_judges(request.scope))
    kinds = queries.next_kinds(row)
    initial = {"due_on": row.jury_to, "contact": row.contact[:60]}
    form = StageForm(request.POST or None, people=people, kinds=kinds, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        judges, chair = form.chosen()
        try:
            stage = actions.new_stage(
                actor=request.user, call=row, kind=data["kind"], each=data["each"], due_on=data["due_on"], judges=judges,
                chair=chair, contact=data["contact"], keep_share=data["keep_share"] or 50,
                keep_number=data["keep_number"] or 0, token=form.token,
            )  # fmt: skip
        except WorkflowError as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("已新建。请看公平性报告，确认后一键分配。"))
            return redirect(stage.get_absolute_url())
    context = {
        "call": row,
        "form": form,
        "people": people,
        "number": len(queries.candidates(row, kinds[0])) if kinds else 0,
    }
    return render(request, "families/judging/new.html", context, status=422 if form.errors else 200)


@allow(Perm.JUDGING_MANAGE)
@require_POST
def draft(request: Any, slug: str) -> HttpResponse:
    """Tiers by ratio, as a draft."""
    row = _call(request, slug)
    try:
        actions.draft_awards(actor=request.user, call=row)
    except WorkflowError as error:
        messages.error(request, str(error.message))
        return redirect("families:judging:call", row.slug)
    return redirect("families:judging:awards", row.slug)


def _list(request: Any, slug: str) -> AwardList:
    row = queries.list_of(_call(request, slug))
    if row is None:
        raise Http404
    return row


@allow(Perm.JUDGING_MANAGE, Perm.JUDGING_DECIDE)
@never_cache
def awards(request: Any, slug: str) -> HttpResponse:
    """The award list: changed while it is a draft, then decided, public, announced."""
    row = _list(request, slug)
    form = _form(row, request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.change_awards(
                actor=request.user,
                row=row,
                tiers=form.tiers(),
                reason=data["reason"],
                contact=data["contact"],
                units=form.chosen_units(),
            )
            if request.POST.get("action") == "submit":
                actions.propose(actor=request.user, row=row)
        except WorkflowError as error:
            return _awards_page(request, _list(request, slug), form, problem=str(error.message), status=409)
        messages.success(request, _("名单已保存。") if row.status == "draft" else _("名单已送审定。"))
        return redirect("families:judging:awards", slug)
    return _awards_page(request, row, form)


def _awards_page(request: Any, row: AwardList, form: AwardsForm, **more: Any) -> HttpResponse:
    context = {
        "list": row,
        "call": row.call,
        "form": form,
        "steps": {step.name for step in available(row, request.scope)},
        "confirm_form": ConfirmForm(prefix="confirm", initial={"first": timezone.localdate()}),
        "awards": queries.listed(row),
        "doubtful": queries.doubtful(row),
        "unit_awards": list(row.unit_awards.select_related("unit")),
        "unit_cap": queries.unit_cap(row.call),
        "unit_good": sum(one.meets for one in form.unit_rows),
        "history": list(history_of(row)),
        **more,
    }
    return render(request, "families/judging/awards.html", context, status=more.get("status", 200))


@allow(Perm.JUDGING_DECIDE)
@require_POST
def step(request: Any, slug: str, name: str) -> HttpResponse:
    """Decide, return, strike, announce."""
    row, reason = _list(request, slug), request.POST.get("reason", "")
    confirm = ConfirmForm(request.POST if name == "confirm" else None, prefix="confirm")
    try:
        if name == "confirm":
            if not confirm.is_valid():
                return _awards_page(request, row, _form(row), confirm_form=confirm, status=422)
            data = confirm.cleaned_data
            actions.confirm(actor=request.user, row=row, first=data["first"], embargo_on=data["embargo_on"])
        elif name == "return":
            actions.send_back(actor=request.user, row=row, reason=reason)
        elif name == "strike":
            award = row.awards.filter(pk=request.POST.get("award") or 0).first()
            if award is None:
                raise Http404
            actions.strike(actor=request.user, award=award, reason=reason)
        elif name in {"strike_unit", "keep_unit"}:
            unit_award = row.unit_awards.filter(pk=request.POST.get("award") or 0).first()
            if unit_award is None:
                raise Http404
            decide = actions.strike_unit if name == "strike_unit" else actions.keep_unit
            decide(actor=request.user, award=unit_award, reason=reason)
        elif name == "announce":
            actions.announce(actor=request.user, row=row)
        else:
            raise Http404
    except WorkflowError as error:
        fresh = _list(request, slug)
        return _awards_page(
            request, fresh, _form(fresh), problem=str(error.message), typed=reason, status=409
        )
    except ValueError as error:
        raise Http404 from error
    messages.success(request, _("已处理。"))
    return redirect("families:judging:awards", slug)


def _form(row: AwardList, data: Any = None) -> AwardsForm:
    listed = set(row.awards.filter(struck_for="").values_list("work_id", flat=True))
    units = queries.unit_rows(row.call, listed) if row.status == ListState.DRAFT else []
    chosen = [one.unit.unit_no for one in row.unit_awards.select_related("unit")]
    initial = {"reason": row.reason, "contact": row.contact, "units": chosen}
    return AwardsForm(data, rows=queries.candidates_of(row), units=units, initial=initial)


@allow(Perm.JUDGING_MANAGE, Perm.JUDGING_DECIDE)
@never_cache
@require_safe
def export(request: Any, slug: str) -> HttpResponse:
    """The list as a sheet, from the public notice on: exactly what the public reads."""
    row = _list(request, slug)
    if not row.is_on_show:
        raise Http404
    content = documents.sheet(row)
    actions.note_export(actor=request.user, row=row)
    response = HttpResponse(content, content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="awards-{row.call.slug}.xlsx"'
    return response


@allow(Perm.JUDGING_MANAGE, Perm.JUDGING_DECIDE)
@never_cache
@require_safe
def letters(request: Any, slug: str) -> HttpResponse:
    """优秀组织奖, a letter for each unit, when the result is announced."""
    row = _list(request, slug)
    if row.status != ListState.ANNOUNCED or not queries.units_on_show(row).exists():
        raise Http404
    response = HttpResponse(documents.letters(row), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="letters-{row.call.slug}.pdf"'
    return response


@public
@require_safe
@cached_public
def results(request: HttpRequest, slug: str) -> HttpResponse:
    """拟获奖名单公示 and, after it, the result. Exists only then."""
    row = queries.published_list(slug)
    if row is None:
        raise Http404
    context = {
        "list": row,
        "call": row.call,
        "groups": queries.on_show(row),
        "units": list(queries.units_on_show(row)),
        "is_final": row.status == "announced",
    }
    return render(request, "families/judging/results.html", context)
