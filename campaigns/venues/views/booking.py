"""Booking a visit, looking it up, calling it off, putting it into a calendar; no account needed."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from campaigns.venues import ics
from campaigns.venues.actions import visits as actions
from campaigns.venues.forms.visits import BookingForm, FindForm
from campaigns.venues.models import BaseVisit, Venue
from campaigns.venues.queries import visits as queries
from campaigns.venues.rules import visits as rules
from campaigns.venues.views.answers import REFUSALS, show
from campaigns.venues.views.open_pages import published
from portal.access.gate import public
from portal.access.limits import limited, too_many, within
from portal.accounts import phone_codes
from portal.accounts import phone_step as phones

PURPOSE = "visit"
RECEIPT = "_visit_receipt"
LIMIT_BOOK = "venues.book"
LIMIT_FIND, LIMIT_NUMBER = "venues.find", "venues.find_no"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@public
@never_cache
@limited(LIMIT_BOOK)
def book(request: Any, no: str) -> HttpResponse:
    """Choose a day and a slot, say who comes, prove the phone."""
    venue = published(no)
    days = queries.open_days(venue) if venue.can_be_booked else []
    day = _day(request.GET.get("day", "") or request.POST.get("slot", "")[:10])
    if day not in days:
        day = days[0] if days else None
    slots = queries.slots_of_day(venue, day) if day else []
    step = phones.start(request, PURPOSE)
    if request.method != "POST":
        return _page(request, venue, BookingForm(slots=slots), step, days, day)
    if request.POST.get("website"):  # a field people cannot see
        return redirect(venue.get_absolute_url())
    form, action = BookingForm(request.POST, slots=slots), request.POST.get("action", "")
    if action in {"send_code", "other_phone"}:
        return _aside(request, venue, form, step, days, day)
    proved = phones.take(request, step)
    if form.is_valid() and proved:
        answer = _book(request, venue, form, step.phone)
        if answer is not None:
            return answer
    return _page(request, venue, form, step, days, day, status=422)


def _book(request: Any, venue: Venue, form: BookingForm, phone: str) -> HttpResponse | None:
    data = form.cleaned_data
    try:
        visit, code = actions.book(venue=venue, slot=data["slot"], fields=data, phone=phone, token=form.token)
    except REFUSALS as error:
        show(form, error)
        return None
    request.session[RECEIPT] = {"no": visit.no, "code": code}
    return redirect("campaigns:venues:receipt")


def _aside(
    request: Any, venue: Venue, form: BookingForm, step: phones.PhoneStep, days: Any, day: Any
) -> HttpResponse:
    """Everything but booking: the page comes back with all that was typed."""
    if request.POST["action"] == "other_phone":
        phone_codes.forget_phone(request)
        step = phones.start(request, PURPOSE)
    else:
        phones.send(request, step)
    form.is_valid()
    form.errors.clear()  # only the phone was asked for; the rest is checked when the form is sent
    refused = step.error or step.captcha_error
    return _page(request, venue, form, step, days, day, status=422 if refused else 200)


def _page(
    request: Any, venue: Venue, form: BookingForm, step: phones.PhoneStep, days: Any, day: Any, *, status: int = 200
) -> HttpResponse:  # fmt: skip
    context = {
        "venue": venue,
        "form": form,
        "days": days[:42],
        "day": day,
        "slots": form.slots,
        "forget_days": rules.FORGET_AFTER_DAYS,
        **phones.context_of(step),
    }
    return render(request, "campaigns/venues/book.html", context, status=status)


@require_GET
@public
@never_cache
def receipt(request: Any) -> HttpResponse:
    """Number and code, to be written down."""
    kept = request.session.get(RECEIPT)
    row = queries.find(kept["no"], kept["code"]) if kept else None
    if row is None:
        return redirect("campaigns:venues:find")
    return render(request, "campaigns/venues/receipt.html", {"row": row, "code": kept["code"]})


@public
@never_cache
@limited(LIMIT_FIND)
def find(request: Any) -> HttpResponse:
    """Where a booking stands, for whoever has number and code."""
    form = FindForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = _opened(request, form)
        if isinstance(row, HttpResponse):
            return row
        if row is not None:
            context = {"row": row, "code": form.cleaned_data["code"]}
            return render(request, "campaigns/venues/booking.html", context)
    return render(request, "campaigns/venues/find.html", {"form": form}, status=422 if form.errors else 200)


def _opened(request: Any, form: FindForm) -> BaseVisit | HttpResponse | None:
    """The booking; a wrong number and a wrong code look the same."""
    number = rules.clean_number(form.cleaned_data["no"])
    if not within(LIMIT_NUMBER, number):
        return too_many(request, LIMIT_NUMBER)
    row = queries.find(number, form.cleaned_data["code"])
    if row is None:
        form.add_error(None, _("编号或查询码不对，请对照回执再填一次。"))
    return row


@require_POST
@public
@never_cache
@limited(LIMIT_FIND)
def cancel(request: Any) -> HttpResponse:
    """Call a booking off."""
    form = FindForm(request.POST)
    row = _opened(request, form) if form.is_valid() else None
    if isinstance(row, HttpResponse):
        return row
    if row is None:
        return render(request, "campaigns/venues/find.html", {"form": form}, status=422)
    try:
        actions.cancel(row)
        messages.success(request, _("预约已取消，名额已让出。"))
    except REFUSALS as error:
        messages.error(request, str(getattr(error, "message", error)))
    context = {"row": row, "code": form.cleaned_data["code"]}
    return render(request, "campaigns/venues/booking.html", context)


@require_POST
@public
@never_cache
@limited(LIMIT_FIND)
def calendar(request: Any) -> HttpResponse:
    """The booking as a calendar file; fetched again it replaces the entry, as its UID stays the same."""
    form = FindForm(request.POST)
    row = _opened(request, form) if form.is_valid() else None
    if isinstance(row, HttpResponse):
        return row
    if row is None:
        return render(request, "campaigns/venues/find.html", {"form": form}, status=422)
    url = request.build_absolute_uri(reverse("campaigns:venues:find"))
    answer = HttpResponse(ics.event_of(row, url=url), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{row.no}.ics"'
    return answer
