"""One episode: what is known of it, its steps, its place in the order."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from campaigns.series import actions, queries, rules
from campaigns.series.forms import EpisodeForm
from campaigns.series.models import Episode, Series
from campaigns.series.views.planning import mine, seen, show_form
from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.drafts.rescue import forget, initial_from_restore
from portal.files.queries import attached_to
from portal.files.rules import RefusedError
from portal.publication.queries import open_of
from portal.reviews.queries import history_of
from portal.reviews.workflow import WorkflowError, available


def _episode(series: Series, pk: int) -> Episode:
    episode = queries.episode_of(series, pk)
    if episode is None:
        raise Http404
    return episode


@allow(Perm.SERIES_EDIT)
@never_cache
def episode_new(request: Any, slug: str) -> HttpResponse:
    """Plan one episode."""
    series = mine(request, slug)
    code = f"series.episode.{series.pk}"
    initial = {"number": queries.next_number(series)} | initial_from_restore(request, code)
    form = EpisodeForm(request.POST or None, request.FILES or None, actor=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            episode = actions.add_episode(
                actor=request.user,
                series=series,
                fields=form.values,
                number=form.cleaned_data["number"],
                picked=form.cleaned_data["photos"],
                client_token=form.token,
            )
        except (WorkflowError, ValidationError, RefusedError) as error:
            _refused(form, error)
        else:
            forget(request, form.token)
            messages.success(request, _("第 %(n)d 期已安排。") % {"n": episode.number})
            return redirect(series.staff_url)
    return show_form(request, form, title=_("安排一期"), series=series, form_code=code, with_files=True)


def _refused(form: Any, error: Exception) -> None:
    """Put what an action refused at the field it speaks of."""
    if isinstance(error, ValidationError):
        form.add_error(None, error)
    elif isinstance(error, RefusedError):
        form.add_error("photos", error.message)
    else:
        form.add_error(None, str(getattr(error, "message", error)))


@allow(Perm.CAMPAIGN_VIEW, Perm.SERIES_EDIT)
@never_cache
def episode(request: Any, slug: str, pk: int) -> HttpResponse:
    """One episode: what is known, and what can be done now."""
    series = seen(request, slug)
    row = _episode(series, pk)
    may_edit = request.scope.may(Perm.SERIES_EDIT, row)
    process = open_of(row)
    context = {
        "series": series,
        "episode": row,
        "may_edit": may_edit,
        "steps": available(row, request.scope, names=rules.STAFF_STEPS) if may_edit else [],
        "process": process if not row.is_public else None,
        "may_request": may_edit
        and process is None
        and row.status != rules.EpisodeStatus.CANCELLED
        and request.scope.may(Perm.CONTENT_SUBMIT, row),
        "photos": list(attached_to(row, "photos")),
        "history": _timeline(row),
        "today": timezone.localdate(),
    }
    return render(request, "campaigns/series/episode.html", context)


def _timeline(row: Episode) -> list[dict[str, Any]]:
    first = {"title": _("安排"), "at": row.created_at, "by": row.created_by}
    return [first] + [
        {
            "title": rules.TRANSITIONS[change.step].label,
            "at": change.at,
            "by": change.by,
            "note": change.reason,
        }
        for change in history_of(row)
        if change.step in rules.TRANSITIONS
    ]


@allow(Perm.SERIES_EDIT)
@never_cache
def episode_edit(request: Any, slug: str, pk: int) -> HttpResponse:
    """Change an episode."""
    series = mine(request, slug)
    row = _episode(series, pk)
    code = f"series.edit.{row.pk}"
    form = EpisodeForm(
        request.POST or None,
        request.FILES or None,
        episode=row,
        actor=request.user,
        initial=EpisodeForm.initial_of(row) | initial_from_restore(request, code),
    )
    form.watch(row, EpisodeForm.initial_of(row))
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data.get("number")

        def save() -> Any:
            saved = actions.edit_episode(
                actor=request.user,
                episode=row,
                fields=form.values,
                picked=form.cleaned_data["photos"],
                aired_on=form.cleaned_data.get("aired_on"),
            )
            if number is not None:
                actions.renumber(actor=request.user, episode=row, number=number)
            return saved

        try:
            saved = form.write(save)
        except (WorkflowError, ValidationError, RefusedError) as error:
            _refused(form, error)
        else:
            if saved is not None:
                forget(request, form.token)
                messages.success(request, _("已保存。"))
                return redirect(row.staff_url)
    return show_form(
        request,
        form,
        title=_("修改第 %(n)d 期") % {"n": row.number},
        series=series,
        episode=row,
        form_code=code,
        with_files=True,
        warns=row.is_public,
    )


@allow(Perm.SERIES_EDIT)
@require_POST
def episode_step(request: Any, slug: str, pk: int) -> HttpResponse:
    """Register as gone out, cancel, correct, restore."""
    series = mine(request, slug)
    row = _episode(series, pk)
    typed = request.POST.get("aired_on", "")
    try:
        aired_on = parse_date(typed) if typed else None
        if typed and aired_on is None:
            raise WorkflowError(_("日期请写成 2026-12-25 这样。"))
        actions.step(
            actor=request.user,
            episode=row,
            name=request.POST.get("step", ""),
            reason=request.POST.get("reason", ""),
            aired_on=aired_on,
        )
        messages.success(
            request, _("第 %(n)d 期：%(state)s") % {"n": row.number, "state": row.get_status_display()}
        )
    except ValueError:
        messages.error(request, _("没有这一天，请核对日期。"))
    except WorkflowError as error:
        messages.error(request, str(error.message))
    return redirect(row.staff_url)


@allow(Perm.SERIES_EDIT)
@require_POST
def episode_move(request: Any, slug: str, pk: int) -> HttpResponse:
    """One place up or down among what has not gone out yet."""
    series = mine(request, slug)
    row = _episode(series, pk)
    try:
        actions.shift(actor=request.user, episode=row, up=request.POST.get("to") == "up")
    except WorkflowError as error:
        messages.error(request, str(error.message))
    return redirect(f"{series.staff_url}#e{row.pk}")


@allow(Perm.SERIES_EDIT)
@require_POST
def episode_publish(request: Any, slug: str, pk: int) -> HttpResponse:
    """送审: two other people read it before it is public."""
    series = mine(request, slug)
    row = _episode(series, pk)
    try:
        actions.request_public(actor=request.user, episode=row)
        messages.success(request, _("已送审：编辑初审、审发通过后，这一期会出现在网站上。"))
    except WorkflowError as error:
        messages.error(request, str(error.message))
    return redirect(row.staff_url)
