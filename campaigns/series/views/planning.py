"""Planning a series: lists, one series, several episodes at once."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from campaigns.series import actions, lists, queries, rules
from campaigns.series.forms import BulkForm, SeriesForm
from campaigns.series.models import Series
from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.drafts.rescue import forget, initial_from_restore
from portal.reviews.workflow import WorkflowError, available
from portal.ui.lists import build


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


def seen(request: Any, slug: str) -> Series:
    """A series of one's reach, with its counts, else 404."""
    found = queries.listed(request.scope).filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def mine(request: Any, slug: str) -> Series:
    """The same when this person may change it."""
    series = seen(request, slug)
    request.scope.require(Perm.SERIES_EDIT, series)
    return series


@allow(Perm.CAMPAIGN_VIEW, Perm.SERIES_EDIT)
@never_cache
def detail(request: Any, slug: str) -> HttpResponse:
    """One series with all its episodes, in order."""
    series = seen(request, slug)
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
    return show_form(request, form, title=_("新建系列"), form_code="series.new")


@allow(Perm.SERIES_EDIT)
@never_cache
def edit(request: Any, slug: str) -> HttpResponse:
    """Change a series."""
    series = mine(request, slug)
    form = SeriesForm(
        request.POST or None, scope=request.scope, series=series, initial=SeriesForm.initial_of(series)
    )
    form.watch(series)
    if (
        request.method == "POST"
        and form.is_valid()
        and form.write(lambda: actions.edit_series(actor=request.user, series=series, fields=form.values))
    ):
        messages.success(request, _("已保存。"))
        return redirect(series.staff_url)
    return show_form(request, form, title=_("修改系列"), series=series, warns=bool(series.n_public))  # type: ignore[attr-defined]


def show_form(request: Any, form: Any, **context: Any) -> HttpResponse:
    """The form page of this slice; 422 when something has to be corrected."""
    status = 422 if form.errors else 200
    return render(request, "campaigns/series/form.html", {"form": form, **context}, status=status)


@allow(Perm.SERIES_EDIT)
@require_POST
def step(request: Any, slug: str) -> HttpResponse:
    """Close a series, or go on with it."""
    series = mine(request, slug)
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
    series = mine(request, slug)
    form = BulkForm(
        request.POST or None,
        initial={"count": queries.unplanned(series) or None, "sections": series.kind == rules.Kind.BRIEF},
    )
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
    return show_form(request, form, title=_("批量安排"), series=series, is_bulk=True)
