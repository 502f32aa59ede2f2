"""Key dates, what each unit does about one in a year, and the reminders before festivals."""

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from campaigns.activities.models import Activity
from campaigns.activities.rules import COUNTED, Kind, Status
from campaigns.calendar import rules
from campaigns.calendar.dates import DateKind, DateRule, Span, occurrence
from campaigns.calendar.rules import Audience, Channel, ReminderStatus, TurnStatus
from portal.access.scope import UNSCOPED, ScopeRule
from portal.journal.stamped import Stamped
from portal.units.models import Level, Unit


def _small(label: Any) -> models.SmallIntegerField:
    return models.SmallIntegerField(label, default=0)


class CalendarNode(Stamped):
    """A day of every year on which units act. `unit` keeps it; it holds for the units below."""

    scope_rule = ScopeRule(unit="unit")

    name = models.CharField(_("名称"), max_length=rules.LONGEST_NAME)
    aliases: Any = models.JSONField(_("别的叫法"), default=list, blank=True)
    rule = models.CharField(_("日期怎么算"), max_length=12, choices=DateKind, default=DateKind.FIXED)
    month = _small(_("月"))
    day = _small(_("日"))
    until_month = _small(_("到几月"))
    until_day = _small(_("到几日"))
    nth = _small(_("第几个"))
    weekday = _small(_("星期几"))
    term = models.CharField(_("节气"), max_length=4, blank=True)
    unit = models.ForeignKey(Unit, verbose_name=_("设置单位"), on_delete=models.PROTECT, related_name="+")
    levels: Any = models.JSONField(_("哪些层级要办"), default=list, blank=True)
    only_units = models.ManyToManyField(Unit, verbose_name=_("只给这些单位"), blank=True, related_name="+")
    perm = models.CharField(_("提醒谁"), max_length=30, default="activity.log")
    days_before = models.PositiveSmallIntegerField(
        _("提前几天备好草稿"), default=rules.DAYS_BEFORE,
        validators=[MinValueValidator(1), MaxValueValidator(rules.MOST_DAYS_BEFORE)],
    )  # fmt: skip
    activity_kind = models.CharField(_("建议的活动类型"), max_length=16, choices=Kind, default=Kind.THEME)
    title = models.CharField(_("建议的活动名称"), max_length=60, blank=True)
    place = models.CharField(_("建议的地点"), max_length=80, blank=True)
    about = models.CharField(_("说明"), max_length=200, blank=True)
    with_reminder = models.BooleanField(_("同时备好节前廉洁提醒"), default=False)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        ordering: ClassVar = ["month", "day", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["unit", "name"], name="node_name_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def date_rule(self) -> DateRule:
        """The rule as plain values."""
        names = ("month", "day", "until_month", "until_day", "nth", "weekday", "term")
        return DateRule(self.rule, **{name: getattr(self, name) for name in names})

    def in_year(self, year: int) -> Span | None:
        """Its first and last day in a year."""
        return occurrence(self.date_rule, year)

    @property
    def names(self) -> list[str]:
        """What it is called in the `node` field of activities."""
        return [self.name, *self.aliases]

    @property
    def level_names(self) -> list[str]:
        """The levels that act, in words."""
        return [str(Level(number).label) for number in sorted(self.levels) if number in Level.values]

    @property
    def is_addressed(self) -> bool:
        """Does anybody act on it, or does it only stand in the calendar?"""
        return bool(self.levels)

    @property
    def acting(self) -> str:
        """Who is told, in words."""
        return str(rules.ACTING_PERMS.get(self.perm, ""))  # type: ignore[call-overload]

    @property
    def staff_url(self) -> str:
        """Its page."""
        return reverse("campaigns:calendar:node", args=[self.pk])


class NodeTurn(models.Model):
    """One unit, one node, one year: the draft that was prepared, or the reason why there is none."""

    scope_rule = ScopeRule(unit="unit")
    transitions = rules.TURN_TRANSITIONS

    node = models.ForeignKey(CalendarNode, on_delete=models.CASCADE, related_name="turns")
    unit = models.ForeignKey(Unit, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(_("年度"))
    first = models.DateField(_("日期"))
    last = models.DateField(_("到"))
    status = models.CharField(_("状态"), max_length=10, choices=TurnStatus, default=TurnStatus.PREPARED)
    activity = models.ForeignKey(Activity, null=True, on_delete=models.SET_NULL, related_name="node_turns")
    drafts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["node", "unit", "year"], name="node_turn_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["unit", "first"], name="node_turn_unit"),
            models.Index(fields=["activity"], name="node_turn_activity"),
        ]

    def __str__(self) -> str:
        return f"{self.node} {self.year} {self.unit}"

    @property
    def is_open(self) -> bool:
        """Is something still to be done?"""
        return self.status == TurnStatus.PREPARED and (self.activity is None or self.activity.is_editable)

    @property
    def state(self) -> tuple[str, str]:
        """(words, tone) for pages."""
        if self.status == TurnStatus.DECLINED:
            return _now("今年不办"), ""
        if self.activity is None:
            return _now("草稿已删除"), "bad"
        if self.activity.status in COUNTED:
            return _now("已记录"), "ok"
        return {
            Status.DRAFT: (_now("草稿待填"), "warn"),
            Status.SUBMITTED: (_now("已提交"), "info"),
            Status.RETURNED: (_now("退回修改"), "bad"),
        }[Status(self.activity.status)]

    @property
    def days_left(self) -> int:
        """Days until it begins; negative afterwards."""
        return (self.first - timezone.localdate()).days

    @property
    def staff_url(self) -> str:
        """The draft, or the node's page when there is none."""
        return self.activity.staff_url if self.activity is not None else self.node.staff_url


class ReminderCampaign(Stamped):
    """节前廉洁提醒: who is reminded of what, how, and when. Nothing leaves before a second person approved it."""

    scope_rule = ScopeRule(unit="unit")
    transitions = rules.REMINDER_TRANSITIONS

    title = models.CharField(_("名称"), max_length=60)
    unit = models.ForeignKey(Unit, verbose_name=_("发出单位"), on_delete=models.PROTECT, related_name="+")
    node = models.ForeignKey(
        CalendarNode,
        verbose_name=_("节点"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reminders",
    )
    on = models.DateField(_("节日日期"))
    channel = models.CharField(_("方式"), max_length=8, choices=Channel, default=Channel.SITE)
    audience = models.CharField(_("发给谁"), max_length=8, choices=Audience, default=Audience.SUBTREE)
    units = models.ManyToManyField(Unit, verbose_name=_("选定单位"), blank=True, related_name="+")
    group = models.CharField(_("对象和名单保管单位"), max_length=80, blank=True)
    group_size = models.PositiveIntegerField(_("对象人数"), null=True, blank=True)
    text = models.TextField(_("内容"), max_length=rules.LONGEST_TEXT)
    status = models.CharField(_("状态"), max_length=10, choices=ReminderStatus, default=ReminderStatus.DRAFT)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    submitted_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["unit", "-on"], name="reminder_unit"),
            models.Index(fields=["status", "on"], name="reminder_status"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def tone(self) -> str:
        """Tone of its tag."""
        return rules.REMINDER_TONES[ReminderStatus(self.status)]

    @property
    def is_editable(self) -> bool:
        """May its words still be changed?"""
        return self.status in rules.REMINDER_EDITABLE

    @property
    def leaves_here(self) -> bool:
        """Does the portal send it? Otherwise people do, and write down how many it reached."""
        return self.channel in rules.SENT_BY_PORTAL and self.audience != Audience.EXTERNAL

    @property
    def staff_url(self) -> str:
        """Its page."""
        return reverse("campaigns:calendar:reminder", args=[self.pk])


class ReminderRound(models.Model):
    """One sending of a reminder campaign, so many days before; sent once."""

    scope_rule = UNSCOPED

    campaign = models.ForeignKey(ReminderCampaign, on_delete=models.CASCADE, related_name="rounds")
    days_before = models.PositiveSmallIntegerField(_("提前几天"))
    send_at = models.DateTimeField(_("发送时间"))
    sent_at = models.DateTimeField(_("已发送"), null=True)
    skipped_at = models.DateTimeField(_("已错过"), null=True)
    targets = models.PositiveIntegerField(_("对象"), null=True)
    opted_out = models.PositiveIntegerField(_("不收的人"), default=0)
    delivered = models.PositiveIntegerField(_("送达"), null=True)
    read = models.PositiveIntegerField(_("已读"), null=True)
    told_at = models.DateTimeField(_("登记时间"), null=True)

    class Meta:
        ordering: ClassVar = ["send_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "days_before"], name="reminder_round_once"),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(skipped_at__isnull=True), name="reminder_round_one_end"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["send_at"], name="reminder_round_due")]

    def __str__(self) -> str:
        return f"{self.campaign_id} T-{self.days_before}"

    @property
    def key(self) -> str:
        """What its messages carry, so that none is written twice."""
        return f"reminder-round:{self.pk}"

    @property
    def is_over(self) -> bool:
        """Sent, or its time has passed."""
        return self.sent_at is not None or self.skipped_at is not None


def next_span(node: CalendarNode, today: date) -> Span | None:
    """The running or next occurrence."""
    found = (node.in_year(year) for year in (today.year - 1, today.year, today.year + 1, today.year + 2))
    return next((span for span in found if span is not None and span.last >= today), None)
