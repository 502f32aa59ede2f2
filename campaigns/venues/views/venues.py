"""Venues for staff: the list, one venue, entering and changing it."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from campaigns.venues import lists
from campaigns.venues.actions import venues as actions
from campaigns.venues.forms.venues import (
    FORM_CODE,
    CheckForm,
    ClosedDayForm,
    ItemForm,
    ReasonForm,
    RefreshForm,
    VenueForm,
)
from campaigns.venues.forms.visits import DeskForm
from campaigns.venues.models import Venue
from campaigns.venues.queries import bases as base_queries
from campaigns.venues.queries import venues as queries
from campaigns.venues.queries import visits as visit_queries
from campaigns.venues.views.answers import REFUSALS, show, words
from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.drafts.rescue import forget, initial_from_restore
from portal.files.queries import attached_to
from portal.reviews.queries import history_of
from portal.ui.lists import build
from portal.units.queries import by_no


def found(request: Any, no: str, perm: Perm = Perm.VENUE_VIEW) -> Venue:
    """The venue of an address, inside the scope."""
    row: Venue = request.scope.get(queries.visible(request.scope), perm, no=no)
    return row


@require_GET
@allow(Perm.VENUE_VIEW)
@never_cache
def index(request: Any) -> HttpResponse:
    """Every venue in reach."""
    context = {"page": build(request, lists.VENUES), "may_edit": request.scope.has(Perm.VENUE_EDIT)}
    return render(request, "campaigns/venues/list.html", context)


@require_GET
@allow(Perm.VENUE_VIEW)
@never_cache
def checks(request: Any) -> HttpResponse:
    """Every inspection in reach."""
    return render(request, "campaigns/venues/checks.html", {"page": build(request, lists.CHECKS)})


@require_GET
@allow(Perm.VENUE_VIEW)
@never_cache
def of_unit(request: Any, unit_no: str) -> HttpResponse:
    """One unit's venues with those below it, in division order."""
    unit = by_no(unit_no)
    if unit is None or not request.scope.may(Perm.VENUE_VIEW, unit):
        raise Http404
    rows = list(queries.of_unit(request.scope, unit)[:500])
    context = {
        "unit": unit,
        "rows": rows,
        "plates": base_queries.plates_of(rows),
        "kinds": queries.by_kind(queries.of_unit(request.scope, unit)),
        "may_edit": request.scope.may(Perm.VENUE_EDIT, unit),
    }
    for row in rows:
        row.plate = context["plates"].get(row.pk)  # type: ignore[attr-defined]
    return render(request, "campaigns/venues/unit.html", context)


@allow(Perm.VENUE_EDIT)
@never_cache
def new(request: Any) -> HttpResponse:
    """Enter a venue."""
    if request.method != "POST":
        initial = initial_from_restore(request, FORM_CODE) or {"unit": request.GET.get("unit", "")}
        return _form_page(request, VenueForm(initial=initial, scope=request.scope))
    form = VenueForm(request.POST, request.FILES, scope=request.scope)
    if form.is_valid():
        try:
            venue = actions.create_venue(
                actor=request.user,
                unit=form.cleaned_data["unit"],
                fields=form.values,
                picked=form.cleaned_data["photos"],
                client_token=form.token,
            )
            forget(request, form.token)
            messages.success(request, _("“%(name)s”已登记。") % {"name": venue.name})
            return redirect(venue.staff_url)
        except REFUSALS as error:
            show(form, error)
    return _form_page(request, form, status=422)


@allow(Perm.VENUE_EDIT)
@never_cache
def edit(request: Any, no: str) -> HttpResponse:
    """Change a venue."""
    venue = found(request, no, Perm.VENUE_EDIT)
    if request.method != "POST":
        initial = initial_from_restore(request, f"venues.edit.{venue.pk}") or {}
        return _form_page(request, VenueForm(instance=venue, initial=initial, scope=request.scope), venue)
    form = VenueForm(request.POST, request.FILES, instance=venue, scope=request.scope)
    if form.is_valid():
        try:
            actions.edit_venue(
                actor=request.user,
                venue=found(request, no, Perm.VENUE_EDIT),  # the form has changed the first one in memory
                fields=form.values,
                version=form.cleaned_data.get("version"),
                picked=form.cleaned_data["photos"],
            )
            forget(request, form.token)
            messages.success(request, _("已保存。"))
            return redirect("campaigns:venues:detail", no)
        except REFUSALS as error:
            show(form, error)
    return _form_page(request, form, found(request, no, Perm.VENUE_EDIT), status=422)


def _form_page(request: Any, form: VenueForm, venue: Venue | None = None, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "venue": venue,
        "form_code": f"venues.edit.{venue.pk}" if venue else FORM_CODE,
        "warns_public": bool(venue and venue.is_published),
    }
    return render(request, "campaigns/venues/form.html", context, status=status)


@require_GET
@allow(Perm.VENUE_VIEW)
@never_cache
def detail(request: Any, no: str) -> HttpResponse:
    """One venue with its content, inspections, visits and plate."""
    return page_of(request, found(request, no))


def page_of(request: Any, venue: Venue, *, status: int = 200, **extra: Any) -> HttpResponse:
    """The page of one venue; `extra` replaces forms that came back with errors."""
    scope, today = request.scope, timezone.localdate()
    may_edit = scope.may(Perm.VENUE_EDIT, venue)
    handles = scope.may(Perm.BOOKING_HANDLE, venue)
    since = timezone.now() - timedelta(days=365)
    context = {
        "venue": venue,
        "may_edit": may_edit,
        "may_check": venue.is_open and (may_edit or scope.may(Perm.VENUE_CHECK, venue)),
        "may_book": handles,
        "may_publish": venue.is_open and not venue.is_published and scope.may(Perm.CONTENT_SUBMIT, venue),
        "publication_note": queries.publication_note(venue),
        "photos": list(attached_to(venue, "photos")),
        "items": list(queries.items_of(venue)),
        "checks": list(venue.checks.select_related("by")[:10]),
        "closed_days": list(venue.closed_days.filter(day__gte=today)),
        "visits": list(visit_queries.visible(scope).filter(venue=venue).order_by("-starts_at")[:8])
        if handles
        else [],
        "received": visit_queries.received(venue, since),
        "plate": base_queries.plate_of(venue),
        "history": _timeline(venue),
        "item_form": ItemForm(prefix="item", initial={"placed_on": today}),
        "check_form": CheckForm(prefix="check", initial={"on": today}),
        "refresh_form": RefreshForm(prefix="refresh", initial={"on": today}),
        "close_form": ReasonForm(prefix="close"),
        "reopen_form": ReasonForm(prefix="reopen"),
        "day_form": ClosedDayForm(prefix="day"),
        "desk_form": DeskForm(prefix="desk", initial={"at": timezone.localtime()}),
        **extra,
    }
    return render(request, "campaigns/venues/detail.html", context, status=status)


def _timeline(venue: Venue) -> list[dict[str, Any]]:
    first = {"title": _("登记"), "at": venue.created_at, "by": venue.created_by or "", "note": "", "tone": ""}
    return [first] + [
        {
            "title": venue.transitions[row.step].label if row.step in venue.transitions else row.step,
            "at": row.at,
            "by": row.by or "",
            "note": row.reason,
            "tone": "warn" if row.step == "close" else "ok",
        }
        for row in history_of(venue)
    ]


@require_POST
@allow(Perm.VENUE_EDIT, Perm.VENUE_CHECK)
def check(request: Any, no: str) -> HttpResponse:
    """Write down an inspection."""
    venue, form = found(request, no), CheckForm(request.POST, prefix="check")
    if form.is_valid():
        data = form.cleaned_data
        try:
            actions.inspect(
                actor=request.user, venue=venue, on=data["on"], result=data["result"], findings=data["findings"],
                client_token=form.token,
            )  # fmt: skip
            messages.success(request, _("检查已登记。"))
            return redirect(venue.staff_url)
        except REFUSALS as error:
            show(form, error)
    return page_of(request, venue, status=422, check_form=form)


@require_POST
@allow(Perm.VENUE_EDIT)
def refresh(request: Any, no: str) -> HttpResponse:
    """The content was renewed."""
    venue, form = found(request, no, Perm.VENUE_EDIT), RefreshForm(request.POST, prefix="refresh")
    if form.is_valid():
        data = form.cleaned_data
        try:
            actions.refresh(actor=request.user, venue=venue, on=data["on"], note=data["note"])
            due = venue.due_on.strftime("%Y-%m-%d")
            messages.success(request, _("更新已登记，下次更新：%(day)s。") % {"day": due})
            return redirect(venue.staff_url)
        except REFUSALS as error:
            show(form, error)
    return page_of(request, venue, status=422, refresh_form=form)


@require_POST
@allow(Perm.VENUE_EDIT)
def close(request: Any, no: str) -> HttpResponse:
    """Take it out of use."""
    venue, form = found(request, no, Perm.VENUE_EDIT), ReasonForm(request.POST, prefix="close")
    if form.is_valid():
        try:
            actions.close(actor=request.user, venue=venue, reason=form.cleaned_data["reason"])
            messages.success(request, _("“%(name)s”已停用，公开页已撤下。") % {"name": venue.name})
            return redirect(venue.staff_url)
        except REFUSALS as error:
            show(form, error)
    return page_of(request, venue, status=422, close_form=form)


@require_POST
@allow(Perm.VENUE_EDIT)
def reopen(request: Any, no: str) -> HttpResponse:
    """Take it into use again."""
    venue, form = found(request, no, Perm.VENUE_EDIT), ReasonForm(request.POST, prefix="reopen")
    if form.is_valid():
        try:
            actions.reopen(actor=request.user, venue=venue, reason=form.cleaned_data["reason"])
            messages.success(request, _("已恢复使用。要公开请重新申请。"))
            return redirect(venue.staff_url)
        except REFUSALS as error:
            show(form, error)
    return page_of(request, venue, status=422, reopen_form=form)


@require_POST
@allow(Perm.VENUE_EDIT)
def item_new(request: Any, no: str) -> HttpResponse:
    """Add to the inventory."""
    venue, form = found(request, no, Perm.VENUE_EDIT), ItemForm(request.POST, prefix="item")
    if form.is_valid():
        try:
            actions.save_item(
                actor=request.user, venue=venue, fields=form.cleaned_data, client_token=form.token
            )
            messages.success(request, _("已登记“%(title)s”。") % {"title": form.cleaned_data["title"]})
            return redirect(f"{venue.staff_url}#items")
        except REFUSALS as error:
            show(form, error)
    return page_of(request, venue, status=422, item_form=form)


@allow(Perm.VENUE_EDIT)
@never_cache
def item_edit(request: Any, no: str, pk: int) -> HttpResponse:
    """Change one item: renewed, worn, gone."""
    venue = found(request, no, Perm.VENUE_EDIT)
    item = queries.items_in(venue, pk)
    if item is None:
        raise Http404
    form = ItemForm(request.POST or None, instance=item)
    form.watch()
    if request.method == "POST" and form.is_valid():
        try:
            fresh = queries.items_in(venue, pk)
            saved = form.write(
                lambda: actions.save_item(
                    actor=request.user, venue=venue, fields=form.cleaned_data, item=fresh
                )
            )
            if saved is not None:
                messages.success(request, _("已保存。"))
                return redirect(f"{venue.staff_url}#items")
        except REFUSALS as error:
            show(form, error)
    return render(
        request, "campaigns/venues/item.html", {"form": form, "venue": venue}, status=422 if form.errors else 200
    )  # fmt: skip


@require_POST
@allow(Perm.VENUE_EDIT)
def day_close(request: Any, no: str) -> HttpResponse:
    """A day without visitors."""
    venue, form = found(request, no, Perm.VENUE_EDIT), ClosedDayForm(request.POST, prefix="day")
    if form.is_valid():
        data = form.cleaned_data
        try:
            actions.set_closed_day(actor=request.user, venue=venue, day=data["day"], reason=data["reason"])
            return redirect(f"{venue.staff_url}#booking")
        except REFUSALS as error:
            show(form, error)
    return page_of(request, venue, status=422, day_form=form)


@require_POST
@allow(Perm.VENUE_EDIT)
def day_open(request: Any, no: str, pk: int) -> HttpResponse:
    """Open the day again."""
    venue = found(request, no, Perm.VENUE_EDIT)
    actions.drop_closed_day(actor=request.user, venue=venue, pk=pk)
    return redirect(f"{venue.staff_url}#booking")


@require_POST
@allow(Perm.CONTENT_SUBMIT)
def publish(request: Any, no: str) -> HttpResponse:
    """Ask for a public page; two other people look at it first."""
    venue = found(request, no)
    try:
        actions.request_publication(actor=request.user, venue=venue)
        messages.success(request, _("已申请公开：编辑初审、审发通过后，阵地页会出现在网站上。"))
    except REFUSALS as error:
        messages.error(request, words(error))
    return redirect(venue.staff_url)


@require_GET
@allow(Perm.VENUE_VIEW)
@never_cache
def plate_print(request: Any, no: str) -> HttpResponse:
    """The plate with the QR code, for A4 and A5 paper."""
    venue = found(request, no)
    size = "a5" if request.GET.get("size") == "a5" else "a4"
    context = {"venue": venue, "plate": base_queries.plate_of(venue), "size": size}
    return render(request, "campaigns/venues/print.html", context)
