"""Entering, inspecting, renewing and closing venues; putting them on the public page."""

import secrets
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.venues.models import ClosedDay, Venue, VenueCheck, VenueItem, VisitSlot
from campaigns.venues.queries import venues as queries
from campaigns.venues.rules import venues as rules
from portal.access.actors import Actor
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.accounts.models import User
from portal.dashboards.tasks import queue_rollup
from portal.files.actions import detach, settle
from portal.files.picked import Picked
from portal.files.queries import attached_to
from portal.journal.actions import record
from portal.journal.once import once
from portal.publication import actions as gate
from portal.reviews.workflow import StaleState, WorkflowError, move
from portal.units.models import Unit

FIELDS = (
    "name", "kind", "owner_org", "address", "area_m2", "capacity", "opened_on", "contact_phone", "opening_hours",
    "features", "docents", "annual_plan", "honours", "remark", "refresh_months", "takes_bookings", "weekdays", "opens_at",
    "closes_at", "slot_minutes", "slot_capacity", "ahead_days",
)  # fmt: skip
ITEM_FIELDS = ("title", "kind", "quantity", "placed_on", "renewed_on", "condition", "note")
TRIES = 8


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, timezone.get_default_timezone())


def create_venue(
    *,
    actor: User,
    unit: Unit,
    fields: Mapping[str, Any],
    picked: Picked | None = None,
    client_token: str | None = None,
    is_demo: bool = False,
) -> Venue:
    """Enter a venue of `unit`; the same token twice gives the first one back.

    Raises ValidationError for a closed unit, PermissionDenied outside VENUE_EDIT.
    """
    scope_of(actor).require(Perm.VENUE_EDIT, unit)
    if unit.is_closed:
        raise ValidationError({"unit": _("这个单位已经撤销，不能再登记阵地。")})
    known = _by_token(client_token, actor)
    if known is not None:
        return known
    values = {name: fields[name] for name in FIELDS if name in fields}
    start = values.get("opened_on") or timezone.localdate()
    months = values.get("refresh_months") or rules.REFRESH_MONTHS
    for _attempt in range(TRIES):
        try:
            with transaction.atomic():
                venue = Venue.objects.create(
                    no=f"ZD{secrets.randbelow(10**8):08d}",
                    unit=unit,
                    created_by=actor,
                    client_token=client_token,
                    is_demo=is_demo,
                    counts_from=_midnight(start),
                    due_on=rules.months_later(max(start, timezone.localdate()), months),
                    **values,
                )
                _photos(venue, actor, picked)
                record("venue.entered", actor=actor, target=venue, changed=values)
                return venue
        except IntegrityError:
            known = _by_token(client_token, actor)
            if known is not None:
                return known
    raise WorkflowError(_("编号暂时分配不出来，请过一会儿再提交。"))


def _by_token(token: str | None, actor: User) -> Venue | None:
    return Venue.objects.filter(client_token=token, created_by=actor).first() if token else None


def _photos(venue: Venue, actor: Any, picked: Picked | None) -> None:
    if picked is None:
        return
    settle(target=venue, actor=actor, picked=picked)
    count = attached_to(venue, "photos").count()
    if count != venue.photo_count:
        venue.photo_count = count
        Venue.objects.filter(pk=venue.pk).update(photo_count=count)


@transaction.atomic
def edit_venue(
    *,
    actor: User,
    venue: Venue,
    fields: Mapping[str, Any],
    version: int | None = None,
    picked: Picked | None = None,
) -> Venue:
    """Change what is written about a venue. A change of what the public reads takes the page behind the gate.

    Raises StaleState when somebody else has saved meanwhile.
    """
    scope_of(actor).require(Perm.VENUE_EDIT, venue)
    changed = [name for name in FIELDS if name in fields and getattr(venue, name) != fields[name]]
    values = {name: fields[name] for name in changed}
    if values.get("opened_on"):
        values["counts_from"] = _midnight(values["opened_on"])
    if "refresh_months" in values:
        last = venue.refreshed_on or venue.opened_on or timezone.localdate(venue.created_at)
        values["due_on"] = rules.months_later(max(last, timezone.localdate()), values["refresh_months"])
    seen = venue.version if version is None else version
    done = Venue.objects.filter(pk=venue.pk, version=seen).update(
        version=F("version") + 1, updated_at=timezone.now(), **values
    )
    if not done:
        raise StaleState(_("刚刚有另一位同事改过这个阵地，请刷新后再改；您填的内容还在这一页。"))
    venue.refresh_from_db()
    if "slot_capacity" in values:
        _resize_slots(venue)
    _photos(venue, actor, picked)
    record("venue.edited", actor=actor, target=venue, changed=changed)
    gate.check_current(venue, actor=actor)
    return venue


@transaction.atomic
def remove_imported(*, actor: User, target: Venue) -> None:
    """Take back a venue that a table made, while nothing hangs on it; the journal keeps that it existed."""
    scope_of(actor).require(Perm.VENUE_EDIT, target)
    if target.is_published or queries.is_used(target):
        raise WorkflowError(_("这个阵地已经公开、有了检查、内容、预约或申报，不能撤销；不用了请“停用”。"))
    detach(target=target, actor=actor)
    record("venue.import_undone", actor=actor, target=target, details={"no": target.no, "name": target.name})
    Venue.objects.filter(pk=target.pk).delete()
    queue_rollup("venues", timezone.localdate(target.counts_from))


def _resize_slots(venue: Venue) -> None:
    """Slots to come take the new size; nobody who holds seats loses them."""
    coming = VisitSlot.objects.filter(venue=venue, starts_at__gt=timezone.now())
    coming.filter(taken__gt=venue.slot_capacity).update(capacity=F("taken"))
    coming.filter(taken__lte=venue.slot_capacity).update(capacity=venue.slot_capacity)


@once(VenueCheck, by="by")
def inspect(
    *,
    actor: User,
    venue: Venue,
    on: date,
    result: str,
    findings: str = "",
    client_token: str | None = None,
) -> VenueCheck:
    """Write down an inspection. Whoever keeps or checks the venue may. Raises ValidationError by field."""
    scope = scope_of(actor)
    if not scope.may(Perm.VENUE_CHECK, venue):
        scope.require(Perm.VENUE_EDIT, venue)
    if on > timezone.localdate():
        raise ValidationError({"on": _("检查日期不能晚于今天。")})
    if result == rules.Result.TO_FIX and not findings.strip():
        raise ValidationError({"findings": _("需要整改的，请写清哪里要改。")})
    move(venue, "inspect", actor=actor)
    check = VenueCheck.objects.create(
        venue=venue, unit=venue.unit, on=on, at=_midnight(on), result=result, findings=findings.strip(), by=actor,
        client_token=client_token,
    )  # fmt: skip
    if venue.visited_on is None or on > venue.visited_on:
        venue.visited_on = on
        Venue.objects.filter(pk=venue.pk).update(visited_on=on)
    record("venue.checked", actor=actor, target=check, unit=venue.unit)
    return check


@transaction.atomic
def refresh(*, actor: User, venue: Venue, on: date, note: str = "") -> Venue:
    """The content was renewed: the next time is counted from that day. Raises ValidationError by field."""
    if on > timezone.localdate():
        raise ValidationError({"on": _("更新日期不能晚于今天。")})
    last = max(on, venue.refreshed_on or on)
    fields = {"refreshed_on": last, "due_on": rules.months_later(last, venue.refresh_months)}
    move(venue, "refresh", actor=actor, reason=note, fields=fields)
    return venue


@transaction.atomic
def close(*, actor: User, venue: Venue, reason: str) -> Venue:
    """Take a venue out of use; its public page goes. Raises WorkflowError while visitors are expected."""
    waiting = venue.visits.filter(status__in=["booked", "confirmed"], starts_at__gt=timezone.now()).count()
    if waiting:
        raise WorkflowError(_("还有 %(n)d 个预约没有到期，请先逐个通知取消，再停用。") % {"n": waiting})
    move(venue, "close", actor=actor, reason=reason, fields={"takes_bookings": False})
    gate.owner_withdrew(venue, actor=actor, reason=reason)
    return venue


def reopen(*, actor: User, venue: Venue, reason: str) -> Venue:
    """Take it into use again; the public page must be asked for anew."""
    due = rules.months_later(timezone.localdate(), venue.refresh_months)
    move(venue, "reopen", actor=actor, reason=reason, fields={"due_on": due})
    return venue


@transaction.atomic
def save_item(
    *,
    actor: User,
    venue: Venue,
    fields: Mapping[str, Any],
    item: VenueItem | None = None,
    client_token: str | None = None,
) -> VenueItem:
    """Add or change one item of the inventory. Raises ValidationError by field."""
    scope_of(actor).require(Perm.VENUE_EDIT, venue)
    values = {name: fields[name] for name in ITEM_FIELDS if name in fields}
    renewed, placed = values.get("renewed_on"), values.get("placed_on")
    if renewed and placed and renewed < placed:
        raise ValidationError({"renewed_on": _("更新日期不能早于布置日期。")})
    if item is None:
        known = VenueItem.objects.filter(client_token=client_token).first() if client_token else None
        if known is not None:
            return known
        item = VenueItem.objects.create(venue=venue, client_token=client_token, **values)
        record("venue.item_added", actor=actor, target=item, unit=venue.unit, changed=values)
        return item
    for name, value in values.items():
        setattr(item, name, value)
    item.save(update_fields=list(values))
    record("venue.item_changed", actor=actor, target=item, unit=venue.unit, changed=values)
    return item


@transaction.atomic
def set_closed_day(*, actor: User, venue: Venue, day: date, reason: str = "") -> ClosedDay:
    """A day on which nobody is taken; refused while bookings of that day hold seats."""
    scope_of(actor).require(Perm.VENUE_EDIT, venue)
    if day < timezone.localdate():
        raise ValidationError({"day": _("请填今天或以后的日子。")})
    start, end = _midnight(day), _midnight(date.fromordinal(day.toordinal() + 1))
    if venue.visits.filter(status__in=["booked", "confirmed"], starts_at__gte=start, starts_at__lt=end):
        raise ValidationError({"day": _("这一天已有预约，请先通知对方取消，再设为不开放。")})
    row, _made = ClosedDay.objects.update_or_create(venue=venue, day=day, defaults={"reason": reason})
    record("venue.day_closed", actor=actor, target=venue, changed=["closed_days"])
    return row


@transaction.atomic
def drop_closed_day(*, actor: User, venue: Venue, pk: int) -> None:
    """Open the day again."""
    scope_of(actor).require(Perm.VENUE_EDIT, venue)
    if ClosedDay.objects.filter(venue=venue, pk=pk).delete()[0]:
        record("venue.day_opened", actor=actor, target=venue, changed=["closed_days"])


def request_publication(*, actor: User, venue: Venue) -> None:
    """Ask for a public page; two other people look at it first."""
    if not venue.is_open:
        raise WorkflowError(_("停用的阵地不能公开。"))
    gate.request(venue, actor=actor, unit=venue.unit)


@transaction.atomic
def show_in_public(*, actor: Actor, venue: Venue) -> None:
    """The gate let it through. Called by the gate alone."""
    Venue.objects.filter(pk=venue.pk).update(is_published=True, published_at=timezone.now())
    venue.is_published = True
    record("venue.published", actor=actor, target=venue, changed=["is_published"])


@transaction.atomic
def hide_from_public(*, actor: Actor, venue: Venue) -> None:
    """Back behind the gate, or taken down. Called by the gate alone."""
    if Venue.objects.filter(pk=venue.pk, is_published=True).update(is_published=False):
        venue.is_published = False
        record("venue.taken_down", actor=actor, target=venue, changed=["is_published"])
