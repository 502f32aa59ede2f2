"""A judge's pages: everything here is reached through the judge's own sheets, by addresses drawn by lot."""

from collections.abc import Sequence
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
from portal.reviews.judging import actions, queries, registry
from portal.reviews.judging.forms import ProfileForm, RecuseForm, ScoreForm, TieForm
from portal.reviews.judging.models import JudgedItem, JudgingStage, Sheet
from portal.reviews.judging.rules import SheetState
from portal.reviews.judging.views.media import shown_files
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
        "ties": [one for one in queries.chaired(request.scope) if queries.ties_by_hand(one)[0]],
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
    done = sum(one.state == SheetState.SUBMITTED for one in counting)
    places = [one.pk for one in rows]
    at = places.index(sheet.pk) if sheet.pk in places else 0
    todo = [one for one in [*rows[at + 1 :], *rows[:at]] if one.is_to_do]
    return {
        "previous": rows[at - 1] if at > 0 else None,
        "following": rows[at + 1] if at + 1 < len(rows) else None,
        "next_todo": todo[0] if todo else None,
        "done": done,
        "all": len(counting),
        "percent": round(done * 100 / len(counting)) if counting else 0,
    }


def _page(request: Any, sheet: Sheet, form: ScoreForm, **more: Any) -> HttpResponse:
    shown = queries.projection(sheet.item) if sheet.state != SheetState.RECUSED else None
    seen = shown if sheet.item.stage.is_scoring else None  # nothing is served once the round is closed
    context = {
        "sheet": sheet, "item": sheet.item, "stage": sheet.item.stage, "shown": shown, "form": form,
        "recuse_form": RecuseForm(prefix="recuse"),
        **shown_files(seen, "portal:reviews:sheet_file", sheet.public_id), **_neighbours(request, sheet), **more,
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
def ties(request: Any, ref: Any) -> HttpResponse:
    """Equal works, for the chair to put in order with a reason."""
    stage = queries.chaired(request.scope).filter(public_id=ref).first()
    if stage is None:
        raise Http404
    mine = queries.ties_by_hand(stage)[0]
    return tie_page(
        request, stage, mine, files="portal:reviews:chair_file", back=reverse("portal:reviews:judge")
    )


def tie_page(
    request: Any, stage: JudgingStage, groups_of: Sequence[Sequence[JudgedItem]], *, files: str, back: str
) -> HttpResponse:  # fmt: skip
    """Shared with the staff who decide where no chair may; `files` is the route of what there is to see and hear."""
    groups = []
    for items in groups_of:
        sent = request.method == "POST" and request.POST.get("group") == str(items[0].pk)
        form = TieForm(request.POST if sent else None, items=items, prefix=f"g{items[0].pk}")
        known = registry.of(stage.code).project([item.target_id for item in items])
        rows = [
            {"item": item, "shown": known.get(item.target_id), "field": form[f"place_{item.pk}"],
             **shown_files(known.get(item.target_id), files, stage.public_id, item.number)}
            for item in items
        ]  # fmt: skip
        groups.append({"items": rows, "form": form, "key": items[0].pk, "label": items[0].bucket_label})
        if sent and form.is_valid():
            try:
                actions.part_tie(
                    actor=request.user, stage=stage, order=form.order(), reason=form.cleaned_data["reason"]
                )
            except WorkflowError as error:
                form.add_error(None, str(error.message))
            else:
                messages.success(request, _("先后已定，理由已记入评审记录。"))
                return redirect(request.path if len(groups_of) > 1 else back)
    context = {"stage": stage, "groups": groups}
    status = 422 if any(group["form"].errors for group in groups) else 200
    return render(request, "portal/reviews/judging/ties.html", context, status=status)
