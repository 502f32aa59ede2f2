"""Booking a visit, looking it up, calling it off, putting it into a calendar; no account needed."""

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
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
from portal.access.limits import key_of, limited, too_many, within
from portal.accounts import phone_codes
from portal.middleware import client_ip
from portal.ui import captcha

PURPOSE = "visit"
RECEIPT = "_visit_receipt"
LIMIT_BOOK, LIMIT_CODE = "venues.book", "venues.code"
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
    known = phone_codes.verified_phone(request)
    if request.method != "POST":
        form = BookingForm(slots=slots, initial={"phone": known})
        return _page(request, venue, form, days, day)
    form = BookingForm(request.POST, slots=slots)
    if request.POST.get("website"):  # a field people cannot see
        return redirect(venue.get_absolute_url())
    if request.POST.get("act") == "code":
        return _send_code(request, venue, form, days, day)
    if form.is_valid() and _phone_is_proved(request, form):
        answer = _book(request, venue, form)
        if answer is not None:
            return answer
    return _page(request, venue, form, days, day, status=422)


def _book(request: Any, venue: Venue, form: BookingForm) -> HttpResponse | None:
    data = form.cleaned_data
    try:
        visit, code = actions.book(
            venue=venue, slot=data["slot"], fields=data, phone=data["phone"], token=form.token
        )
    except REFUSALS as error:
        show(form, error)
        return None
    request.session[RECEIPT] = {"no": visit.no, "code": code}
    return redirect("campaigns:venues:receipt")


def _send_code(request: Any, venue: Venue, form: BookingForm, days: Any, day: Any) -> HttpResponse:
    """Send a code to the typed number, for people only; what was typed stays in the form."""
    form.is_valid()
    typed, errors = request.POST.get("phone", ""), {}
    try:
        number = phone_codes.clean_phone(typed)
        if not captcha.passed(request.POST):
            errors["captcha"] = _("请先回答下面的小问题，再获取验证码。")
        elif not within(LIMIT_CODE, key_of(request)):
            errors["phone"] = _("获取验证码太频繁，请过一会儿再试。")
        else:
            phone_codes.issue(number, PURPOSE, client_ip(request))
    except ValidationError as error:
        errors["phone"] = error.messages[0]
    except phone_codes.TooOften as wait:
        errors["phone"] = wait.text
    form.errors.clear()  # only the phone was asked for; the rest is checked when the form is sent
    if "phone" in errors:
        form.add_error("phone", errors["phone"])
    sent = not errors
    extra = {
        "sent_to": phone_codes.masked(number) if sent else "",
        "demo_code": phone_codes.last_demo_code(number, PURPOSE) if sent and settings.DEMO else "",
        "captcha_error": errors.get("captcha", ""),
    }
    return _page(request, venue, form, days, day, status=200 if sent else 422, **extra)


def _phone_is_proved(request: Any, form: BookingForm) -> bool:
    """The session's phone, or a code that fits."""
    phone = form.cleaned_data["phone"]
    if phone_codes.verified_phone(request) == phone:
        return True
    code = form.cleaned_data["code"]
    if not code.strip():
        form.add_error("code", _("请点“获取验证码”，把收到的 6 位数字填在这里。"))
        return False
    if not phone_codes.verify(phone, code, PURPOSE):
        form.add_error("code", _("验证码不对或已过期，请重新填写或重新获取。"))
        return False
    phone_codes.mark_verified(request, phone)
    return True


def _page(
    request: Any, venue: Venue, form: BookingForm, days: Any, day: Any, *, status: int = 200, **extra: Any
) -> HttpResponse:
    known = phone_codes.verified_phone(request)
    context = {
        "venue": venue,
        "form": form,
        "days": days[:42],
        "day": day,
        "slots": form.slots,
        "verified": known,
        "captcha": captcha.challenge(),
        "forget_days": rules.FORGET_AFTER_DAYS,
        **extra,
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
