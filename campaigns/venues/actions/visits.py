"""Booking a visit and what becomes of it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.venues.models import BaseVisit, Venue, VisitSlot
from campaigns.venues.queries import visits as queries
from campaigns.venues.queries.visits import OpenSlot
from campaigns.venues.rules import visits as rules
from campaigns.venues.rules.visits import Origin, Status
from portal.access.actors import SYSTEM, Actor, Visitor
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.accounts.models import User
from portal.accounts.phone_codes import phone_hash, visitor_for
from portal.journal.actions import record
from portal.notifications.actions import send_sms
from portal.reviews.workflow import StaleState, WorkflowError, move

TRIES = 8


class NoSeats(WorkflowError):
    """The slot has fewer free seats than were asked for."""


def _slot(venue: Venue, slot: OpenSlot) -> VisitSlot:
    """The row of a slot, made by whoever asks first."""
    row = VisitSlot.objects.filter(venue=venue, starts_at=slot.starts_at).first()
    if row is not None:
        return row
    try:
        with transaction.atomic():
            return VisitSlot.objects.create(
                venue=venue, starts_at=slot.starts_at, ends_at=slot.ends_at, capacity=venue.slot_capacity
            )
    except IntegrityError:
        return VisitSlot.objects.get(venue=venue, starts_at=slot.starts_at)


def _take(row: VisitSlot, seats: int) -> None:
    """One UPDATE that takes the seats only while they are there: no read before it, so no race."""
    free = VisitSlot.objects.filter(pk=row.pk, taken__lte=F("capacity") - seats)
    if not free.update(taken=F("taken") + seats):
        raise NoSeats(_("这一场剩下的名额不够了，请换一场，或减少人数。"))


def _release(visit: BaseVisit) -> None:
    if visit.slot_id is not None:
        VisitSlot.objects.filter(pk=visit.slot_id).update(taken=F("taken") - visit.headcount)


def book(
    *, venue: Venue, slot: str, fields: Mapping[str, Any], phone: str, token: str, is_demo: bool = False
) -> tuple[BaseVisit, str]:
    """Ask for a visit; returns it with its code. The caller has verified the phone.

    The same form sent twice is one booking. Raises NoSeats, or WorkflowError when the venue takes no bookings,
    the slot is none, or the phone holds too many bookings already.
    """
    code = rules.query_code(token)
    known = BaseVisit.objects.filter(client_token=token).first()
    if known is not None:
        return known, code
    if not venue.can_be_booked:
        raise WorkflowError(_("这个阵地现在不接受网上预约，请打公开页上的办公电话。"))
    open_slot = queries.slot_named(venue, slot)
    if open_slot is None:
        raise WorkflowError(_("这个时段已经不能预约，请另选一场。"))
    digest = phone_hash(phone)
    if queries.open_of_phone(digest) >= rules.OPEN_PER_PHONE:
        raise WorkflowError(
            _("这个手机号已有 %(n)d 个未到访的预约，请先取消不用的。") % {"n": rules.OPEN_PER_PHONE}
        )
    values = {name: fields[name] for name in ("org", "headcount", "contact", "purpose", "wants_docent")}
    for _attempt in range(TRIES):
        number = rules.new_number(timezone.localdate().year)
        try:
            with transaction.atomic():
                row = _slot(venue, open_slot)
                _take(row, values["headcount"])
                visit = BaseVisit.objects.create(
                    no=number, code_hash=rules.code_hash(number, code), venue=venue, unit=venue.unit, slot=row,
                    starts_at=open_slot.starts_at, ends_at=open_slot.ends_at, phone=phone, phone_hash=digest,
                    client_token=token, is_demo=is_demo, **values,
                )  # fmt: skip
                record("visit.booked", actor=visitor_for(digest), target=visit)
                _tell(
                    visit, _("您预约参观%(venue)s（%(when)s，%(n)d 人）已收到，编号 %(no)s，等待对方确认。")
                )
                return visit, code
        except IntegrityError:
            known = BaseVisit.objects.filter(client_token=token).first()
            if known is not None:
                return known, code
    raise WorkflowError(_("编号暂时分配不出来，请过一会儿再提交。"))


def _tell(visit: BaseVisit, sentence: str, **more: str) -> None:
    """A short message at every step that the visitor should know of."""
    if not visit.phone:
        return
    words = {
        "venue": visit.venue.name,
        "when": timezone.localtime(visit.starts_at).strftime("%m-%d %H:%M"),
        "n": visit.headcount,
        "no": visit.no,
        **more,
    }
    send_sms(to=visit.phone, text=sentence % words, about=visit, key=f"visit:{visit.pk}:{visit.status}")


@transaction.atomic
def confirm(visit: BaseVisit, *, actor: User, reply: str = "") -> None:
    """确认: the visitor is told by SMS."""
    move(visit, "confirm", actor=actor, fields={"reply": reply.strip()})
    _tell(
        visit, _("您预约参观%(venue)s（%(when)s，%(n)d 人）已确认，编号 %(no)s。%(reply)s"), reply=visit.reply
    )


@transaction.atomic
def refuse(visit: BaseVisit, *, actor: User, reason: str) -> None:
    """不能接待: the seats are free again, the visitor reads why."""
    move(visit, "refuse", actor=actor, reason=reason, fields={"reply": reason.strip()[:100]})
    _release(visit)
    _tell(visit, _("您预约参观%(venue)s（%(when)s）未能安排：%(why)s。编号 %(no)s。"), why=visit.reply)


@transaction.atomic
def cancel(visit: BaseVisit) -> None:
    """取消 by the visitor; the caller has checked number and code."""
    if not visit.may_cancel:
        raise StaleState(_("这个预约已经不能取消。"))
    who: Actor = visitor_for(visit.phone_hash) if visit.phone_hash else Visitor(ref=f"visit:{visit.no}")
    move(visit, "cancel", actor=who)
    _release(visit)
    _tell(visit, _("您预约参观%(venue)s（%(when)s）已取消，编号 %(no)s。"))


@transaction.atomic
def visited(visit: BaseVisit, *, actor: User, came: int) -> None:
    """到访: how many came, in 人次."""
    if visit.starts_at > timezone.now():
        raise WorkflowError(_("还没到约定的时间，到访后再登记。"))
    move(visit, "visited", actor=actor, fields={"came": came})


def no_show(visit: BaseVisit, *, actor: User) -> None:
    """未到."""
    if visit.starts_at > timezone.now():
        raise WorkflowError(_("还没到约定的时间，不能登记为未到。"))
    move(visit, "no_show", actor=actor)


def write_down(
    *,
    actor: User,
    venue: Venue,
    org: str,
    came: int,
    at: datetime,
    purpose: str = "",
    token: str,
    is_demo: bool = False,
) -> BaseVisit:
    """A visit that came without booking. The same form sent twice is one row."""
    scope_of(actor).require(Perm.BOOKING_HANDLE, venue)
    if at > timezone.now():
        raise WorkflowError(_("到访时间不能晚于现在。"))
    known = BaseVisit.objects.filter(client_token=token).first()
    if known is not None:
        return known
    code = rules.query_code(token)
    for _attempt in range(TRIES):
        number = rules.new_number(timezone.localtime(at).year)
        try:
            with transaction.atomic():
                visit = BaseVisit.objects.create(
                    no=number, code_hash=rules.code_hash(number, code), venue=venue, unit=venue.unit, starts_at=at, org=org,
                    headcount=came, came=came, purpose=purpose, origin=Origin.DESK, status=Status.VISITED,
                    client_token=token, created_by=actor, is_demo=is_demo,
                )  # fmt: skip
                record("visit.written_down", actor=actor, target=visit)
                return visit
        except IntegrityError:
            known = BaseVisit.objects.filter(client_token=token).first()
            if known is not None:
                return known
    raise WorkflowError(_("编号暂时分配不出来，请过一会儿再提交。"))


@transaction.atomic
def reveal(visit: BaseVisit, *, actor: User, reason: str) -> dict[str, str]:
    """Contact and phone, once; who looked and why stays in the journal."""
    scope_of(actor).require(Perm.BOOKING_HANDLE, visit)
    if len(reason.strip()) < 4:
        raise WorkflowError(_("请写明为什么要看联系方式，例如“电话核对到访时间”。"))
    record("visit.identity_read", actor=actor, target=visit, details={"reason": reason.strip()})
    return {"contact": visit.contact, "phone": visit.phone}


def lapse(now: datetime | None = None) -> int:
    """Call off what was never confirmed and has passed; from a job, twice does no harm."""
    count = 0
    for visit in queries.overdue(now or timezone.now()):
        try:
            with transaction.atomic():
                move(visit, "lapse", actor=SYSTEM)
                _release(visit)
                count += 1
        except StaleState:
            continue
    return count


def forget(now: datetime | None = None) -> int:
    """Remove contact and phone when the time of the retention table is over."""
    moment = (now or timezone.now()) - timedelta(days=rules.FORGET_AFTER_DAYS)
    return sum(_erase(visit, SYSTEM) for visit in queries.with_identity_before(moment))


def erase_of(digest: str, *, actor: Any) -> int:
    """Remove one person's contact data, on their request; bookings to come are called off first."""
    count = 0
    for visit in queries.of_phone(digest):
        if visit.may_cancel:
            cancel(visit)
        count += _erase(visit, actor)
    return count


@transaction.atomic
def _erase(visit: BaseVisit, actor: Actor) -> int:
    BaseVisit.objects.filter(pk=visit.pk).update(contact="", phone="", phone_hash="")
    record("visit.identity_erased", actor=actor, target=visit, changed=["contact", "phone"])
    return 1
