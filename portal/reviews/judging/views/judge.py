"""A judge's pages: everything here is reached through the judge's own sheets, by addresses drawn by lot."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.files import responses
from portal.reviews.judging import actions, queries, registry
from portal.reviews.judging.forms import ProfileForm, RecuseForm, ScoreForm, TieForm
from portal.reviews.judging.models import JudgingStage, Sheet
from portal.reviews.judging.rules import SheetState
from portal.reviews.workflow import WorkflowError


@allow(Perm.JUDGE_SCORE)
@never_cache
@require_safe
def home(request: Any) -> HttpResponse:
    """My rounds: how far, the next one, everything by number."""
    rounds = queries.rounds_of(request.scope)
    context = {
        "rounds": rounds,
        "profile": queries.profile_of(request.user),
        "ties": list(queries.chaired(request.scope)),
    }
    return render(request, "portal/reviews/judging/home.html", context)


@allow(Perm.JUDGE_SCORE)
@never_cache
def profile(request: Any) -> HttpResponse:
    """Where I work and live, for recusal."""
    known = queries.profile_of(request.user)
    initial = {
        "work_unit": known.work_unit.short_name if known and known.work_unit else "",
        "home_unit": known.home_unit.short_name if known and known.home_unit else "",
    }
    form = ProfileForm(request.POST or None, units=queries.units_near(request.scope), initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        actions.save_profile(actor=request.user, work_unit=data["work_unit"], home_unit=data["home_unit"])
        messages.success(request, _("已登记，谢谢。同单位、同村的作品不会分给您。"))
        return redirect("portal:reviews:judge")
    status = 422 if form.errors else 200
    return render(request, "portal/reviews/judging/profile.html", {"form": form}, status=status)


def _sheet(request: Any, ref: Any) -> Sheet:
    sheet: Sheet = request.scope.get(queries.sheets_of(request.scope), Perm.JUDGE_SCORE, public_id=ref)
    return sheet


def _neighbours(request: Any, sheet: Sheet) -> dict[str, Any]:
    rows = [one for one in queries.sheets_of(request.scope) if one.item.stage_id == sheet.item.stage_id]
    counting = [one for one in rows if one.state != SheetState.RECUSED]
    places = [one.pk for one in rows]
    at = places.index(sheet.pk) if sheet.pk in places else 0
    todo = [one for one in [*rows[at + 1 :], *rows[:at]] if one.is_to_do]
    return {
        "previous": rows[at - 1] if at > 0 else None,
        "following": rows[at + 1] if at + 1 < len(rows) else None,
        "next_todo": todo[0] if todo else None,
        "done": sum(one.state == SheetState.SUBMITTED for one in counting),
        "all": len(counting),
    }


def _page(request: Any, sheet: Sheet, form: ScoreForm, **more: Any) -> HttpResponse:
    shown = queries.projection(sheet.item) if sheet.state != SheetState.RECUSED else None
    context = {
        "sheet": sheet, "item": sheet.item, "stage": sheet.item.stage, "shown": shown, "form": form,
        "recuse_form": RecuseForm(prefix="recuse"), "pictures": range(shown.pictures) if shown else [],
        **_neighbours(request, sheet), **more,
    }  # fmt: skip
    return render(request, "portal/reviews/judging/sheet.html", context, status=more.get("status", 200))


@allow(Perm.JUDGE_SCORE)
@never_cache
def sheet(request: Any, ref: Any) -> HttpResponse:
    """One work without its author, and my scores for it: keep as draft, or hand in and go on to the next."""
    mine = _sheet(request, ref)
    if request.method != "POST":
        return _page(request, mine, ScoreForm(sheet=mine))
    hand_in = request.POST.get("action") != "draft"
    form = ScoreForm(request.POST, sheet=mine, hand_in=hand_in)
    if not form.is_valid():
        return _page(request, mine, form, status=422)
    data = form.cleaned_data
    try:
        actions.save_sheet(
            actor=request.user, sheet=mine, values=form.values(), comment=data["comment"], version=data["version"],
            hand_in=hand_in,
        )  # fmt: skip
    except WorkflowError as error:
        return _page(request, _sheet(request, ref), form, problem=str(error.message), status=409)
    if not hand_in:
        messages.success(request, _("草稿已保存，打分截止前都可以改。"))
        return redirect(mine.get_absolute_url())
    following = _neighbours(request, mine)["next_todo"]
    if following is None:
        messages.success(request, _("都打完了，谢谢您！截止前还可以回来修改。"))
        return redirect("portal:reviews:judge")
    messages.success(request, _("%(number)s 号已交，接着看下一件。") % {"number": mine.item.shown_number})
    return redirect(following.get_absolute_url())


@allow(Perm.JUDGE_SCORE)
@require_POST
def recuse(request: Any, ref: Any) -> HttpResponse:
    """回避."""
    mine = _sheet(request, ref)
    form = RecuseForm(request.POST, prefix="recuse")
    if not form.is_valid():
        return _page(request, mine, ScoreForm(sheet=mine), recuse_form=form, status=422)
    following = _neighbours(request, mine)["next_todo"]
    try:
        actions.recuse(actor=request.user, sheet=mine, reason=form.cleaned_data["reason"])
    except WorkflowError as error:
        return _page(
            request, _sheet(request, ref), ScoreForm(sheet=mine), problem=str(error.message), status=409
        )
    messages.success(request, _("已回避，组织方会安排替补评委。"))
    return redirect(following.get_absolute_url() if following else reverse("portal:reviews:judge"))


@allow(Perm.JUDGE_SCORE)
@never_cache
@require_safe
def picture(request: Any, ref: Any, number: int) -> HttpResponse:
    """One picture of the work on a sheet of mine, under a neutral name."""
    mine = _sheet(request, ref)
    if mine.state == SheetState.RECUSED or queries.projection(mine.item) is None:
        raise Http404
    files = registry.of(mine.item.stage.code).pictures(mine.item.target_id)
    if number >= len(files):
        raise Http404
    response = responses.serve(files[number], "web", public=False)
    suffix = response["Content-Type"].rpartition("/")[2]
    response["Content-Disposition"] = f'inline; filename="{mine.item.shown_number}-{number + 1}.{suffix}"'
    del response["ETag"]
    return response


@allow(Perm.JUDGE_SCORE)
@never_cache
def ties(request: Any, ref: Any) -> HttpResponse:
    """Equal works, for the chair to put in order with a reason."""
    stage = queries.chaired(request.scope).filter(public_id=ref).first()
    if stage is None:
        raise Http404
    return tie_page(request, stage, "portal/reviews/judging/ties.html", reverse("portal:reviews:judge"))


def tie_page(request: Any, stage: JudgingStage, template: str, back: str) -> HttpResponse:
    """Shared with the staff who decide where no chair may."""
    groups = []
    for number, items in enumerate(queries.ties_of(stage)):
        sent = request.method == "POST" and request.POST.get("group") == str(items[0].pk)
        form = TieForm(request.POST if sent else None, items=items, prefix=f"g{items[0].pk}")
        shown = registry.of(stage.code).project([item.target_id for item in items])
        groups.append(
            {"items": [(item, shown.get(item.target_id), form[f"place_{item.pk}"]) for item in items], "form": form,
             "key": items[0].pk, "number": number}
        )  # fmt: skip
        if sent and form.is_valid():
            try:
                actions.part_tie(
                    actor=request.user, stage=stage, order=form.order(), reason=form.cleaned_data["reason"]
                )
            except WorkflowError as error:
                form.add_error(None, str(error.message))
            else:
                messages.success(request, _("先后已定，理由已记入评审记录。"))
                return redirect(request.path if len(queries.ties_of(stage)) else back)
    context = {"stage": stage, "groups": groups}
    status = 422 if any(group["form"].errors for group in groups) else 200
    return render(request, template, context, status=status)
