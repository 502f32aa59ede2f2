"""Writing, approving and sending reminders. The job sends each round once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.calendar import reminder_queries as queries
from campaigns.calendar import rules
from campaigns.calendar.dates import Span
from campaigns.calendar.models import CalendarNode, ReminderCampaign, ReminderRound
from campaigns.calendar.rules import Audience, Channel, ReminderStatus
from portal.access.actors import SYSTEM
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.grants.queries import holders_here
from portal.journal.actions import record
from portal.notifications import actions as messages
from portal.notifications import queries as outbox
from portal.notifications.rules import sms_parts, sms_text
from portal.reviews.workflow import StaleState, WorkflowError, move
from portal.units.models import Unit

FIELDS = ("title", "on", "channel", "audience", "group", "group_size", "text", "node")


def moments(on: date, days_before: Iterable[int]) -> dict[int, datetime]:
    """When each round leaves: nine in the morning, so many days before."""
    zone = timezone.get_current_timezone()
    return {
        days: datetime.combine(on - timedelta(days=days), rules.SEND_AT, zone)
        for days in sorted(set(days_before), reverse=True)
    }


def check_text(channel: str, text: str) -> None:
    """A short message is one message, signature included (domain reference §12)."""
    if channel == Channel.SMS and sms_parts(sms_text(text, settings.SMS_SIGNATURE)) > 1:
        over = len(sms_text(text, settings.SMS_SIGNATURE)) - 70
        raise WorkflowError(_("短信连同签名“【%(name)s】”不能超过 70 字，请删去 %(n)d 字。") % {
            "name": settings.SMS_SIGNATURE, "n": max(over, 1),
        })  # fmt: skip


def write_reminder(
    *,
    actor: Any,
    unit: Unit,
    fields: Mapping[str, Any],
    days_before: Sequence[int],
    units: Iterable[Unit] = (),
    campaign: ReminderCampaign | None = None,
    client_token: str | None = None,
    is_demo: bool = False,
) -> ReminderCampaign:
    """Write a campaign with its rounds, or change one that was not sent in. Raises WorkflowError."""
    scope_of(actor).require(Perm.REMINDER_EDIT, campaign.unit if campaign else unit)
    chosen = list(units)
    for one in chosen:
        scope_of(actor).require(Perm.REMINDER_EDIT, one)
    check_text(fields["channel"], fields["text"])
    values = {name: fields[name] for name in FIELDS if name in fields}
    if campaign is None and client_token:
        known = ReminderCampaign.objects.filter(client_token=client_token, created_by=actor).first()
        if known is not None:
            return known
    with transaction.atomic():
        if campaign is None:
            campaign = ReminderCampaign.objects.create(
                unit=unit, created_by=actor, client_token=client_token, is_demo=is_demo, **values
            )
            verb = "reminder.written"
        else:
            rows = ReminderCampaign.objects.filter(pk=campaign.pk, status__in=rules.REMINDER_EDITABLE)
            # Whoever changes the words is their author: the second person is another one.
            if not rows.update(created_by=actor, **values):
                raise StaleState(_("这份提醒已经送审，先退回或取消才能改。"))
            campaign.refresh_from_db()
            verb = "reminder.edited"
        campaign.units.set(chosen)
        _set_rounds(campaign, days_before)
        record(verb, actor=actor, target=campaign, changed=values)
    return campaign


def _set_rounds(campaign: ReminderCampaign, days_before: Iterable[int]) -> None:
    wanted = moments(campaign.on, days_before)
    campaign.rounds.exclude(days_before__in=list(wanted)).delete()
    for days, moment in wanted.items():
        ReminderRound.objects.update_or_create(
            campaign=campaign, days_before=days, defaults={"send_at": moment}
        )


def propose_reminder(node: CalendarNode, span: Span) -> bool:
    """The draft that comes with a node: T-7 and T-3, to the staff of the unit and below."""
    if ReminderCampaign.objects.filter(node=node, on=span.first).exists():
        return False
    text = _("%(node)s将至，请廉洁过节、勤俭持家：不收不送礼金礼品，不大操大办，当好家庭“廉内助”。")
    try:
        with transaction.atomic():
            campaign = ReminderCampaign.objects.create(
                unit=node.unit, node=node, on=span.first, title=_("%(node)s节前廉洁提醒") % {"node": node.name},
                text=text % {"node": node.name}, client_token=f"node-reminder-{node.pk}-{span.first.year}",
                is_demo=node.is_demo,
            )  # fmt: skip
            _set_rounds(campaign, rules.DEFAULT_ROUNDS)
            record("reminder.proposed", actor=SYSTEM, target=campaign)
    except IntegrityError:
        return False
    return True


def submit(campaign: ReminderCampaign, *, actor: Any) -> None:
    """送审."""
    check_text(campaign.channel, campaign.text)
    if campaign.audience == Audience.EXTERNAL and not campaign.group:
        raise WorkflowError(_("请写明对象是谁、名单由哪个单位保管。"))
    if campaign.on <= timezone.localdate():
        raise WorkflowError(_("节日已经到了或过了，不用再提醒。"))
    move(campaign, "submit", actor=actor, fields={"submitted_by": actor, "submitted_at": timezone.now()})


def decide(campaign: ReminderCampaign, name: str, *, actor: Any, reason: str = "") -> None:
    """批准 or 退回修改, by a second person."""
    if name not in {"approve", "return"}:
        raise KeyError(name)
    move(campaign, name, actor=actor, reason=reason)


def cancel(campaign: ReminderCampaign, *, actor: Any, reason: str) -> None:
    """Stop it: rounds that have not left stay where they are."""
    move(campaign, "cancel", actor=actor, reason=reason)


def send_due(now: datetime | None = None) -> dict[str, int]:
    """Send every round whose time has come. Of several late ones only the latest leaves; after the day none."""
    moment = now or timezone.now()
    counts = {"rounds": 0, "people": 0}
    for campaign in queries.due_campaigns(moment):
        with transaction.atomic():
            sent = _send_latest(campaign, moment)
            if sent is not None:
                counts["rounds"] += 1
                counts["people"] += sent
            if all(row.is_over for row in campaign.rounds.all()):
                try:
                    move(campaign, "finish", actor=SYSTEM)
                except StaleState:  # cancelled, or finished by another worker, meanwhile
                    continue
    return counts


def _send_latest(campaign: ReminderCampaign, now: datetime) -> int | None:
    waiting = list(
        campaign.rounds.filter(sent_at__isnull=True, skipped_at__isnull=True, send_at__lte=now).order_by(
            "-send_at"
        )
    )
    is_late = timezone.localdate(now) > campaign.on
    late = waiting if is_late else waiting[1:]
    for row in late:
        ReminderRound.objects.filter(pk=row.pk, sent_at__isnull=True).update(skipped_at=now)
    if is_late or not waiting:
        return None
    row = waiting[0]
    # The claim and the messages are one transaction: either all of it happened, or none. The state of the campaign is asked
    # for by key: a join would move all conditions into a subselect, which PostgreSQL does not judge again after it
    # has waited for another worker.
    approved = ReminderCampaign.objects.filter(pk=campaign.pk, status=ReminderStatus.APPROVED).values("pk")
    claimed = ReminderRound.objects.filter(
        pk=row.pk, sent_at__isnull=True, skipped_at__isnull=True, campaign__in=approved
    )
    if not claimed.update(sent_at=now):
        return None
    return _send(campaign, row)


def _send(campaign: ReminderCampaign, row: ReminderRound) -> int:
    if not campaign.leaves_here:
        messages.tell(
            users=holders_here(Perm.REMINDER_EDIT, campaign.unit), key=row.key, url=campaign.staff_url,
            title=_("今天该发：%(title)s") % {"title": campaign.title},
            text=_("方式：%(channel)s。发出后请打开登记数量。") % {"channel": campaign.get_channel_display()},
        )  # fmt: skip
        ReminderRound.objects.filter(pk=row.pk).update(targets=campaign.group_size)
        return 0
    people = list(queries.recipients(campaign))
    if campaign.channel == Channel.SITE:
        messages.tell(users=people, title=campaign.title, text=campaign.text, key=row.key)
        ReminderRound.objects.filter(pk=row.pk).update(targets=len(people))
        return len(people)
    wanted = outbox.preferences_of(people)
    reached = [user for user in people if user.phone and wanted[user.pk].festival]
    for user in reached:
        messages.send_sms(
            to=user.phone, text=campaign.text, about=row, unit=campaign.unit, user=user,
            key=f"{row.key}:{user.pk}", may_wait=True,
        )  # fmt: skip
    out = sum(1 for user in people if user.phone and not wanted[user.pk].festival)
    ReminderRound.objects.filter(pk=row.pk).update(targets=len(people), opted_out=out)
    return len(reached)


@transaction.atomic
def record_counts(row: ReminderRound, *, actor: Any, targets: int, delivered: int, read: int | None) -> None:
    """How many a letter, an article or a list kept elsewhere reached: told by people."""
    scope_of(actor).require(Perm.REMINDER_EDIT, row.campaign)
    if row.campaign.leaves_here:
        raise WorkflowError(_("这份提醒由本站发出，数量自动统计。"))
    if row.sent_at is None:
        raise WorkflowError(_("还没有到发送的日子。"))
    values = {"targets": targets, "delivered": delivered, "read": read}
    ReminderRound.objects.filter(pk=row.pk).update(told_at=timezone.now(), **values)
    record("reminder.counted", actor=actor, target=row.campaign, changed=values, details=values)
