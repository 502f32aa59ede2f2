"""Series: playlists for everybody; planning and publishing for staff."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from campaigns.series import actions, lists, queries, rules
from campaigns.series.forms import BulkForm, EpisodeForm, SeriesForm
from campaigns.series.models import Episode, Series
from portal.access.gate import allow, public
from portal.access.permissions import Perm
from portal.drafts.rescue import forget, initial_from_restore
from portal.files.queries import attached_to
from portal.files.rules import RefusedError
from portal.pages.cached import cached_public
from portal.publication.queries import open_of
from portal.reviews.queries import history_of
from portal.reviews.workflow import WorkflowError, available
from portal.ui.lists import build

# -- for everybody ----------------------------------------------------------------------------------


@public
@require_safe
@cached_public
def public_index(request: Any) -> HttpResponse:
    """Every series that has something to watch, hear or read."""
    return render(request, "campaigns/series/public_index.html", {"rows": list(queries.public()[:200])})


def _public(slug: str) -> Series:
    series = queries.public().filter(slug=slug).first()
    if series is None:
        raise Http404
    return series


@public
@require_safe
@cached_public
def public_detail(request: Any, slug: str) -> HttpResponse:
    """The playlist: what went out in order, and how many are still to come."""
    series = _public(slug)
    context = {
        "series": series,
        "episodes": queries.public_episodes(series),
        "totals": queries.totals(series),
        "today": timezone.localdate(),
    }
    return render(request, "campaigns/series/public_detail.html", context)


@public
@require_safe
@cached_public
def public_episode(request: Any, slug: str, number: int) -> HttpResponse:
    """One episode, with the way to the one before and the one after."""
    series = _public(slug)
    rows = queries.public_episodes(series)
    at = next((place for place, row in enumerate(rows) if row.number == number), None)
    if at is None:
        raise Http404
    context = {
        "series": series,
        "episode": rows[at],
        "photos": [file for file in attached_to(rows[at], "photos") if file.is_ready],
        "before": rows[at - 1] if at else None,
        "after": rows[at + 1] if at + 1 < len(rows) else None,
    }
    return render(request, "campaigns/series/public_episode.html", context)


# -- staff ------------------------------------------------------------------------------------------


@allow(Perm.CAMPAIGN_VIEW, Perm.SERIES_EDIT)
@require_safe
def index(request: Any) -> HttpResponse:
    """Series in reach, with what is done and what is left."""
    context = {"page": build(request, lists.SPEC), "may_edit": request.scope.has(Perm.SERIES_EDIT)}
    return render(request, "campaigns/series/list.html", context)


@allow(Perm.CAMPAIGN_VIEW, Perm.SERIES_EDIT)
@require_safe
def episodes(request: Any) -> HttpResponse:
    """All episodes in reach: the rows behind the figures."""
    context = {"page": build(request, lists.EPISODES), "title": _("各期节目")}
    return render(request, "campaigns/series/list.html", context)


def _seen(request: Any, slug: str) -> Series:
    found = queries.listed(request.scope).filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def _mine(request: Any, slug: str) -> Series:
    series = _seen(request, slug)
    request.scope.require(Perm.SERIES_EDIT, series)
    return series


def _episode(series: Series, pk: int) -> Episode:
    episode = queries.episode_of(series, pk)
    if episode is None:
        raise Http404
    return episode


@allow(Perm.CAMPAIGN_VIEW, Perm.SERIES_EDIT)
@never_cache
def detail(request: Any, slug: str) -> HttpResponse:
    """One series with all its episodes, in order."""
    series = _seen(request, slug)
    rows = list(queries.episodes_of(series))
    planned = [row.pk for row in rows if row.is_planned]
    may_edit = request.scope.may(Perm.SERIES_EDIT, series)
    context = {
        "series": series,
        "episodes": rows,
        "first_planned": planned[0] if planned else None,
        "last_planned": planned[-1] if planned else None,
        "totals": queries.totals(series),
        "may_edit": may_edit,
        "steps": available(series, request.scope) if may_edit else [],
        "today": timezone.localdate(),
    }
    return render(request, "campaigns/series/detail.html", context)


@allow(Perm.SERIES_EDIT)
@never_cache
def new(request: Any) -> HttpResponse:
    """Plan a series."""
    form = SeriesForm(
        request.POST or None, scope=request.scope, initial=initial_from_restore(request, "series.new")
    )
    if request.method == "POST" and form.is_valid():
        try:
            series = actions.create_series(
                actor=request.user,
                unit=form.cleaned_data["unit"],
                fields=form.values,
                slug=form.cleaned_data["slug"],
                client_token=form.token,
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            forget(request, form.token)
            messages.success(request, _("“%(title)s”已建好，下面把各期排上。") % {"title": series.title})
            return redirect("campaigns:series:bulk", series.slug)
    return _form(request, form, title=_("新建系列"), form_code="series.new")


@allow(Perm.SERIES_EDIT)
@never_cache
def edit(request: Any, slug: str) -> HttpResponse:
    """Change a series."""
    series = _mine(request, slug)
    form = SeriesForm(
        request.POST or None, scope=request.scope, series=series, initial=SeriesForm.initial_of(series)
    )
    if request.method == "POST" and form.is_valid():
        actions.edit_series(actor=request.user, series=series, fields=form.values)
        messages.success(request, _("已保存。"))
        return redirect(series.staff_url)
    return _form(request, form, title=_("修改系列"), series=series, warns=bool(series.n_public))  # type: ignore[attr-defined]


def _form(request: Any, form: Any, **context: Any) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "campaigns/series/form.html", {"form": form, **context}, status=status)


@allow(Perm.SERIES_EDIT)
@require_POST
def step(request: Any, slug: str) -> HttpResponse:
    """Close a series, or go on with it."""
    series = _mine(request, slug)
    name = request.POST.get("step", "")
    if name not in Series.transitions:
        raise Http404
    try:
        actions.step_series(actor=request.user, series=series, name=name)
        messages.success(
            request,
            _("“%(title)s”：%(state)s") % {"title": series.title, "state": series.get_status_display()},
        )
    except WorkflowError as error:
        messages.error(request, str(error.message))
    return redirect(series.staff_url)


@allow(Perm.SERIES_EDIT)
@never_cache
def bulk(request: Any, slug: str) -> HttpResponse:
    """Plan several episodes at once."""
    series = _mine(request, slug)
    left = series.left or None
    form = BulkForm(
        request.POST or None,
        initial={"count": left if left is None else min(left, rules.MOST_AT_ONCE), "sections": series.kind == rules.Kind.BRIEF},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_many(
                actor=request.user, series=series, rows=form.rows, client_token=form.token
            )
        except (WorkflowError, ValidationError) as error:
            form.add_error(None, str(getattr(error, "message", error)))
        else:
            if made:
                messages.success(
                    request,
                    _("排好了 %(n)d 期；到期前 %(days)d 天会提醒。")
                    % {"n": len(made), "days": rules.REMIND_DAYS_BEFORE},
                )
            return redirect(series.staff_url)
    return _form(request, form, title=_("批量安排"), series=series, is_bulk=True)


@allow(Perm.SERIES_EDIT)
@never_cache
def episode_new(request: Any, slug: str) -> HttpResponse:
    """Plan one episode."""
    series = _mine(request, slug)
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
    return _form(request, form, title=_("安排一期"), series=series, form_code=code, with_files=True)


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
    series = _seen(request, slug)
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
    series = _mine(request, slug)
    row = _episode(series, pk)
    code = f"series.edit.{row.pk}"
    form = EpisodeForm(
        request.POST or None,
        request.FILES or None,
        episode=row,
        actor=request.user,
        initial=EpisodeForm.initial_of(row) | initial_from_restore(request, code),
    )
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data.get("number")
        try:
            actions.edit_episode(
                actor=request.user,
                episode=row,
                fields=form.values,
                picked=form.cleaned_data["photos"],
                aired_on=form.cleaned_data.get("aired_on"),
            )
            if number is not None:
                actions.renumber(actor=request.user, episode=row, number=number)
        except (WorkflowError, ValidationError, RefusedError) as error:
            _refused(form, error)
        else:
            forget(request, form.token)
            messages.success(request, _("已保存。"))
            return redirect(row.staff_url)
    return _form(
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
    series = _mine(request, slug)
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
    series = _mine(request, slug)
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
    series = _mine(request, slug)
    row = _episode(series, pk)
    try:
        actions.request_public(actor=request.user, episode=row)
        messages.success(request, _("已送审：编辑初审、审发通过后，这一期会出现在网站上。"))
    except WorkflowError as error:
        messages.error(request, str(error.message))
    return redirect(row.staff_url)
