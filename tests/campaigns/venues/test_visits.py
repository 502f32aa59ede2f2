"""Booking: seats are given once, the phone is proved, contact data are encrypted and forgotten."""

import json
import threading
from datetime import timedelta
from uuid import uuid4

import icalendar
import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, OperationalError, connection, connections, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from campaigns.venues.actions import venues as venue_actions
from campaigns.venues.actions import visits as actions
from campaigns.venues.models import BaseVisit, VisitSlot
from campaigns.venues.queries import visits as queries
from campaigns.venues.rules import visits as rules
from portal import vault
from portal.access.roles import Role
from portal.accounts import phone_codes
from portal.notifications.queries import recorded_sms
from portal.privacy.registry import RETENTION
from portal.reviews.workflow import StaleState, WorkflowError
from portal.ui import captcha
from tests.factories.units import make_tree
from tests.factories.venues import PHONE, booking, first_slot, make_open_venue, make_venue, make_visit


def _book(venue, *, phone=PHONE, token=None, slot=None, **fields):
    return actions.book(
        venue=venue, slot=slot or first_slot(venue), fields=booking(**fields), phone=phone,
        token=token or str(uuid4()),
    )  # fmt: skip


@pytest.fixture
def venue(tree):
    return make_open_venue(tree.dongguan)


def test_a_booking_takes_seats_and_the_same_form_takes_them_once(venue):
    token = str(uuid4())
    visit, code = _book(venue, token=token)
    again, same = _book(venue, token=token)
    assert again.pk == visit.pk and same == code
    assert VisitSlot.objects.get().taken == 4
    assert queries.find(visit.no, code.lower()) == visit
    assert queries.find(visit.no, "WRONGONE") is None
    assert [visit.no in text for text in recorded_sms(PHONE)] == [True]


def test_a_full_slot_takes_nobody_more_and_says_so(venue):
    slot = first_slot(venue)
    _book(venue, slot=slot, headcount=8)
    with pytest.raises(WorkflowError, match="名额不够"):
        _book(venue, slot=slot, headcount=3, phone="13800138001")
    _book(venue, slot=slot, headcount=2, phone="13800138001")
    assert VisitSlot.objects.get().taken == 10
    with pytest.raises(IntegrityError), transaction.atomic():
        VisitSlot.objects.update(taken=11)


@pytest.mark.django_db(transaction=True)
def test_twelve_writers_never_overbook_one_slot():
    venue = make_open_venue(make_tree().dongguan, slot_capacity=5)
    slot = first_slot(venue)
    start, results = threading.Barrier(12), []

    def ask(number):
        start.wait()
        for _again in range(20):
            try:
                _book(venue, slot=slot, headcount=1, phone=f"1380013{number:04d}")
                results.append("booked")
                break
            except OperationalError:  # SQLite under twelve writers: the queue was too long, ask again
                continue
            except actions.NoSeats:
                results.append("full")
                break
        connections.close_all()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(results) == ["booked"] * 5 + ["full"] * 7
    row = VisitSlot.objects.get()
    assert row.taken == row.capacity == 5 == BaseVisit.objects.count()


def test_cancelling_gives_the_seats_back_once(venue):
    visit, _code = _book(venue)
    stale = BaseVisit.objects.get(pk=visit.pk)
    actions.cancel(visit)
    assert VisitSlot.objects.get().taken == 0
    with pytest.raises(StaleState):
        actions.cancel(stale)
    assert VisitSlot.objects.get().taken == 0


def test_staff_confirm_refuse_and_write_down_what_came(tree, venue, person):
    clerk, stranger = person(Role.VILLAGE_OP, tree.dongguan), person(Role.VILLAGE_OP, tree.nanguan)
    visit, _code = _book(venue)
    with pytest.raises(PermissionDenied):
        actions.confirm(visit, actor=stranger)
    actions.confirm(visit, actor=clerk, reply="从东门进")
    assert "从东门进" in recorded_sms(PHONE)[0]
    with pytest.raises(WorkflowError, match="还没到"):
        actions.visited(visit, actor=clerk, came=4)
    with time_machine.travel(visit.starts_at + timedelta(hours=2)):
        actions.visited(visit, actor=clerk, came=6)
    assert visit.status == "visited" and visit.came == 6
    other, _code = _book(venue, phone="13800138009")
    actions.refuse(other, actor=clerk, reason="当天布展")
    assert VisitSlot.objects.filter(pk=other.slot_id).get().taken in (0, 4)
    assert "当天布展" in recorded_sms("13800138009")[0]


def test_unconfirmed_bookings_lapse_and_run_twice_the_same(venue):
    visit, _code = _book(venue)
    later = visit.starts_at + timedelta(hours=1)
    assert (actions.lapse(later), actions.lapse(later)) == (1, 0)
    visit.refresh_from_db()
    assert visit.status == "cancelled" and VisitSlot.objects.get().taken == 0


def test_contact_data_are_encrypted_and_forgotten(venue):
    visit, _code = _book(venue, contact="王小芳")
    with connection.cursor() as cursor:
        cursor.execute("SELECT contact, phone FROM campaigns_basevisit")
        raw = cursor.fetchone()
    assert "王小芳" not in raw[0] and PHONE not in raw[1]
    when = visit.starts_at + timedelta(days=rules.FORGET_AFTER_DAYS)
    assert RETENTION["visits"].purge(when - timedelta(days=1)) == 0
    assert RETENTION["visits"].purge(when + timedelta(days=1)) == 1
    assert RETENTION["visits"].purge(when + timedelta(days=1)) == 0
    visit.refresh_from_db()
    assert (visit.contact, visit.phone, visit.phone_hash) == ("", "", "") and visit.org


@pytest.mark.parametrize("change", ["unpublished", "off", "closed_day", "past", "too_many"])
def test_what_cannot_be_booked(tree, venue, person, change):
    slot = first_slot(venue)
    if change == "unpublished":
        venue.is_published = False
    elif change == "off":
        venue.takes_bookings = False
    elif change == "closed_day":
        clerk = person(Role.VILLAGE_OP, tree.dongguan)
        day = timezone.datetime.fromisoformat(slot).date()
        venue_actions.set_closed_day(actor=clerk, venue=venue, day=day, reason="布展")
    elif change == "past":
        slot = "2020-01-01T09:00"
    else:
        for number in range(rules.OPEN_PER_PHONE):
            _book(venue, slot=slot, headcount=1, token=str(uuid4()))
            assert number < rules.OPEN_PER_PHONE
    count = BaseVisit.objects.count()
    with pytest.raises(WorkflowError):
        _book(venue, slot=slot)
    assert BaseVisit.objects.count() == count


def test_a_smaller_venue_keeps_what_was_promised(tree, venue, person):
    clerk = person(Role.VILLAGE_OP, tree.dongguan)
    _book(venue, headcount=8)
    venue_actions.edit_venue(actor=clerk, venue=venue, fields={"slot_capacity": 5})
    row = VisitSlot.objects.get()
    assert (row.taken, row.capacity) == (8, 8)
    venue_actions.edit_venue(actor=clerk, venue=venue, fields={"slot_capacity": 20})
    assert VisitSlot.objects.get().capacity == 20


@given(st.integers(0, 23), st.integers(1, 600), st.integers(1, 7))
def test_slots_of_a_day_fit_into_the_hours(opens, minutes, weekday):
    day = timezone.datetime(2026, 6, 1).date() + timedelta(days=weekday - 1)
    begin, end = timezone.datetime(2026, 1, 1, opens).time(), timezone.datetime(2026, 1, 1, 23, 30).time()
    found = rules.slot_times(day, weekdays=[weekday], opens=begin, closes=end, minutes=minutes)
    assert rules.slot_times(day, weekdays=[weekday % 7 + 1], opens=begin, closes=end, minutes=minutes) == []
    for (start, stop), following in zip(found, [*found[1:], None], strict=False):
        assert stop - start == timedelta(minutes=minutes) and timezone.localtime(stop).time() <= end
        assert following is None or following[0] == stop


# -- pages -----------------------------------------------------------------------------------------


def _proof():
    puzzle = captcha.challenge()
    return {
        "captcha_token": puzzle["token"],
        "captcha_answer": str(json.loads(vault.decrypt(puzzle["token"]))["sum"]),
    }


def _data(venue, **more):
    return {
        "form_token": str(uuid4()), "slot": first_slot(venue), "org": "县实验小学", "headcount": "4",
        "contact": "张老师", "phone": "138 0013 8000", "action": "book", **more,
    }  # fmt: skip


def _code(monkeypatch):
    sent = []
    monkeypatch.setattr(phone_codes, "_sender", lambda phone, text, purpose: sent.append(text))
    return sent


def test_a_family_books_looks_it_up_takes_it_into_a_calendar_and_cancels(venue, client, monkeypatch):
    sent, url = _code(monkeypatch), f"/venues/{venue.no}/book/"
    data = _data(venue)
    page = client.post(url, data)
    assert page.status_code == 422 and "获取验证码" in page.content.decode()
    assert not BaseVisit.objects.exists()
    page = client.post(url, data | {"action": "send_code"})
    assert page.status_code == 422 and not sent, "without a proof no message is sent"
    page = client.post(url, data | {"action": "send_code"} | _proof())
    assert page.status_code == 200 and "县实验小学" in page.content.decode()
    code = sent[0].split("验证码 ")[1][:6]
    for _time in range(2):
        answer = client.post(url, data | {"code": code})
        assert answer.status_code == 302
    visit = BaseVisit.objects.get()
    receipt = client.get(answer.headers["Location"]).content.decode()
    assert visit.no in receipt
    query = rules.query_code(data["form_token"])
    assert query in receipt
    assert "编号或查询码不对" in client.post("/venues/bookings/", {"no": visit.no, "code": "AAAAAAAA"}).content.decode()  # fmt: skip
    key = {"no": visit.no, "code": query}
    assert "待确认" in client.post("/venues/bookings/", key).content.decode()
    first = icalendar.Calendar.from_ical(client.post("/venues/bookings/calendar/", key).content)
    client.post("/venues/bookings/cancel/", key)
    second = icalendar.Calendar.from_ical(client.post("/venues/bookings/calendar/", key).content)
    old, new = first.walk("VEVENT")[0], second.walk("VEVENT")[0]
    assert old["UID"] == new["UID"] and new["SEQUENCE"] > old["SEQUENCE"]
    assert (old["STATUS"], new["STATUS"]) == ("TENTATIVE", "CANCELLED")
    assert old.decoded("dtstart") == visit.starts_at
    visit.refresh_from_db()
    assert visit.status == "cancelled"


def test_more_people_than_seats_are_told_at_the_field(venue, client):
    page = client.post(f"/venues/{venue.no}/book/", _data(venue, headcount="11"))
    assert page.status_code == 422 and "还剩 10 个名额" in page.content.decode()


def test_a_trap_field_books_nothing(venue, client):
    client.post(f"/venues/{venue.no}/book/", _data(venue, website="x") | _proof())
    assert not BaseVisit.objects.exists()


def test_staff_see_masked_contacts_and_say_why_before_they_see_more(tree, venue, signed_in):
    visit = make_visit(venue, contact="王小芳")
    inside, outside = signed_in(Role.VILLAGE_OP, tree.dongguan), signed_in(Role.VILLAGE_OP, tree.nanguan)
    page = inside.get(visit.staff_url).content.decode()
    assert "王小芳" not in page and PHONE not in page
    assert outside.get(visit.staff_url).status_code == 404
    told = inside.post(f"{visit.staff_url}identity/", {"reveal-reason": "电话核对到访时间"})
    assert "王小芳" in told.content.decode() and PHONE in told.content.decode()
    refused = inside.post(f"{visit.staff_url}identity/", {"reveal-reason": "看"})
    assert refused.status_code == 422 and PHONE not in refused.content.decode()
    assert outside.post(f"{visit.staff_url}confirm/").status_code == 404
    inside.post(f"{visit.staff_url}confirm/", {"confirm-reply": "欢迎"})
    visit.refresh_from_db()
    assert visit.status == "confirmed"


def test_a_visit_without_booking_is_counted_once(tree, signed_in):
    venue = make_venue(tree.dongguan)
    client = signed_in(Role.VILLAGE_OP, tree.dongguan)
    past = timezone.localtime() - timedelta(hours=3)
    data = {"desk-form_token": str(uuid4()), "desk-at": past.strftime("%Y-%m-%dT%H:%M"), "desk-org": "东关小学", "desk-came": "45"}  # fmt: skip
    for _time in range(2):
        client.post(f"{venue.staff_url}visit/", data)
    assert BaseVisit.objects.get().came == 45
    bad = client.post(f"{venue.staff_url}visit/", data | {"desk-came": "-1", "desk-form_token": str(uuid4())})
    assert bad.status_code == 422 and BaseVisit.objects.count() == 1
