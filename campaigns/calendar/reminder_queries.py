"""Reads of reminder campaigns: who gets one, how many it reached."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.calendar.models import ReminderCampaign, ReminderRound
from campaigns.calendar.rules import Audience, Channel, ReminderStatus
from portal.access.permissions import Perm
from portal.access.scope import Scope, below
from portal.accounts.models import User
from portal.grants.queries import active_on
from portal.notifications import queries as outbox
from portal.notifications.rules import State
from portal.units.models import Unit


def visible(scope: Scope) -> QuerySet[ReminderCampaign]:
    """Campaigns this person writes or approves."""
    written = scope.rows(ReminderCampaign, Perm.REMINDER_EDIT)
    approved = scope.rows(ReminderCampaign, Perm.REMINDER_APPROVE)
    return (written | approved).select_related("unit", "node", "created_by", "submitted_by")


def to_approve(scope: Scope) -> QuerySet[ReminderCampaign]:
    """What waits for this person's approval."""
    rows = scope.rows(ReminderCampaign, Perm.REMINDER_APPROVE).filter(status=ReminderStatus.SUBMITTED)
    return rows.exclude(created_by=scope.actor).exclude(submitted_by=scope.actor).select_related("unit")


def units_that_remind(scope: Scope) -> QuerySet[Unit]:
    """Units in whose name this person may write."""
    lines = scope.lines_for(Perm.REMINDER_EDIT)
    return Unit.objects.open().filter(pk__in=[line.unit_id for _reach, line in lines]).order_by("path")


def units_to_choose(scope: Scope) -> QuerySet[Unit]:
    """Units whose staff may be chosen: down to the townships, which is what a page can show."""
    rows: QuerySet[Unit] = scope.rows(Unit.objects.open(), Perm.REMINDER_EDIT)
    return rows.filter(level__lte=4).order_by("path")


def recipients(campaign: ReminderCampaign) -> QuerySet[User]:
    """People with an account in the portal who are to be reminded; nobody for a list kept elsewhere."""
    grants = active_on(timezone.localdate())
    if campaign.audience == Audience.SUBTREE:
        grants = grants.filter(below(campaign.unit.path, "unit__"))
    elif campaign.audience == Audience.UNITS:
        grants = grants.filter(unit__in=campaign.units.values("pk"))
    else:
        grants = grants.none()
    return User.objects.filter(pk__in=grants.values("user_id")).order_by("pk")


@dataclass(frozen=True)
class Reach:
    """Who would get it now, said before any button is pressed."""

    total: int
    without_phone: int = 0
    opted_out: int = 0
    names: tuple[str, ...] = ()

    @property
    def gets(self) -> int:
        """How many it can reach."""
        return self.total - self.without_phone - self.opted_out


def reach_of(campaign: ReminderCampaign) -> Reach:
    """Count the people, those without a number and those who do not want it."""
    if not campaign.leaves_here:
        return Reach(campaign.group_size or 0)
    people = list(recipients(campaign))
    if campaign.channel != Channel.SMS:
        return Reach(len(people), names=tuple(str(user) for user in people[:5]))
    wanted = outbox.preferences_of(people)
    without = [user for user in people if not user.phone]
    out = [user for user in people if user.phone and not wanted[user.pk].festival]
    gets = [user for user in people if user.phone and wanted[user.pk].festival]
    return Reach(len(people), len(without), len(out), tuple(str(user) for user in gets[:5]))


def told_text(campaign: ReminderCampaign, reach: Reach) -> str:
    """One sentence for beside the button."""
    if not campaign.leaves_here:
        return _("本站不会发给任何人；到日子提醒本单位把它发出去，并登记数量。")
    shown = "、".join(reach.names)
    if not reach.gets:
        return _("按现在的名单没有人收得到：%(without)d 人没有手机号，%(out)d 人选择不收。") % {
            "without": reach.without_phone, "out": reach.opted_out,
        }  # fmt: skip
    if campaign.channel == Channel.SMS:
        return _("到日子给 %(names)s 等 %(gets)d 人发短信；另有 %(without)d 人没有手机号、%(out)d 人选择不收。") % {
            "names": shown, "gets": reach.gets, "without": reach.without_phone, "out": reach.opted_out,
        }  # fmt: skip
    return _("到日子给 %(names)s 等 %(gets)d 人发站内消息。") % {"names": shown, "gets": reach.gets}


@dataclass(frozen=True)
class Figures:
    """How many a round was for, how many it reached, how many read it; None where nobody can know."""

    round: ReminderRound
    targets: int | None
    delivered: int | None
    read: int | None

    @property
    def percent(self) -> int | None:
        """Delivered of targets in whole percent (practice 001-15)."""
        return self.delivered * 100 // self.targets if self.targets and self.delivered is not None else None

    @property
    def read_percent(self) -> int | None:
        """Read of targets in whole percent."""
        return self.read * 100 // self.targets if self.targets and self.read is not None else None


def figures(campaign: ReminderCampaign) -> list[Figures]:
    """The rounds with their figures as they are now; one query per campaign beside the rounds."""
    rounds = list(campaign.rounds.all())
    if not campaign.leaves_here:
        return [Figures(row, row.targets, row.delivered, row.read) for row in rounds]
    if campaign.channel == Channel.SITE:
        keys = {row.key: row for row in rounds}
        counts = outbox.read_counts(list(keys))
        found = {keys[key].pk: pair for key, pair in counts.items()}
        return [
            Figures(row, row.targets, *(found.get(row.pk, (0, 0)) if row.sent_at else (None, None)))
            for row in rounds
        ]
    sent = outbox.counts_about(rounds)
    return [
        Figures(row, row.targets, sent.get(row.pk, {}).get(State.SENT, 0) if row.sent_at else None, None)
        for row in rounds
    ]


def due_campaigns(now: datetime) -> QuerySet[ReminderCampaign]:
    """Approved campaigns with a round whose time has come."""
    waiting = Q(rounds__sent_at__isnull=True, rounds__skipped_at__isnull=True, rounds__send_at__lte=now)
    rows = ReminderCampaign.objects.filter(waiting, status=ReminderStatus.APPROVED)
    return rows.select_related("unit").annotate(n=Count("pk")).order_by("pk")
