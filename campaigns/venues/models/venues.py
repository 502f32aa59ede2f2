"""A venue (阵地), what it holds, and how it was inspected."""

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.venues.rules import venues as rules
from campaigns.venues.rules import visits as visit_rules
from campaigns.venues.rules.venues import Condition, ItemKind, Kind, Result, Status
from portal.access.scope import UNSCOPED, ScopeRule
from portal.journal.stamped import Edited
from portal.units.models import Unit


def weekdays_default() -> list[int]:
    """Monday to Friday."""
    return [1, 2, 3, 4, 5]


class Venue(Edited):
    """One place. `unit` runs it in the federation's tree; `owner_org` says whose house it is."""

    scope_rule = ScopeRule(unit="unit", owner="created_by")
    transitions = rules.TRANSITIONS

    no = models.CharField(_("编号"), max_length=16, unique=True, editable=False)
    name = models.CharField(_("名称"), max_length=60)
    kind = models.CharField(_("类型"), max_length=20, choices=Kind)
    unit = models.ForeignKey(
        Unit, verbose_name=_("所属单位"), on_delete=models.PROTECT, related_name="venues"
    )
    owner_org = models.CharField(_("管理单位"), max_length=60, blank=True)
    address = models.CharField(_("地址"), max_length=120)
    area_m2 = models.DecimalField(
        _("面积（平方米）"), max_digits=8, decimal_places=1, null=True, blank=True, validators=[MinValueValidator(0)]
    )  # fmt: skip
    capacity = models.PositiveIntegerField(_("可容纳（人）"), null=True, blank=True)
    opened_on = models.DateField(_("建成（启用）日期"), null=True, blank=True)
    contact_phone = models.CharField(_("办公电话"), max_length=30, blank=True)
    opening_hours = models.CharField(_("开放时间"), max_length=80, blank=True)
    features = models.TextField(_("特色"), max_length=rules.FEATURES_MOST * 2, blank=True)
    docents = models.PositiveSmallIntegerField(_("讲解员（人）"), null=True, blank=True)
    annual_plan = models.TextField(_("年度计划"), max_length=rules.PLAN_MOST * 2, blank=True)
    honours = models.CharField(_("已有命名"), max_length=120, blank=True)
    remark = models.CharField(_("备注"), max_length=200, blank=True)

    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.BUILT, editable=False)
    refresh_months = models.PositiveSmallIntegerField(
        _("多久更新一次内容（月）"),
        default=rules.REFRESH_MONTHS,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )
    refreshed_on = models.DateField(_("最近更新"), null=True, editable=False)
    visited_on = models.DateField(_("最近检查"), null=True, editable=False)
    due_on = models.DateField(_("应更新日期"), editable=False)

    takes_bookings = models.BooleanField(_("接受预约参观"), default=False)
    weekdays: Any = models.JSONField(_("开放日"), default=weekdays_default, blank=True)
    opens_at = models.TimeField(_("开门"), null=True, blank=True)
    closes_at = models.TimeField(_("关门"), null=True, blank=True)
    slot_minutes = models.PositiveSmallIntegerField(
        _("每场多长（分钟）"), default=60, validators=[MinValueValidator(15), MaxValueValidator(600)]
    )
    slot_capacity = models.PositiveSmallIntegerField(
        _("每场最多（人）"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(visit_rules.HEADCOUNT_MOST)],
    )
    ahead_days = models.PositiveSmallIntegerField(
        _("可提前预约（天）"),
        default=visit_rules.AHEAD_DAYS,
        validators=[MinValueValidator(1), MaxValueValidator(180)],
    )

    is_published = models.BooleanField(_("已公开"), default=False, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    photo_count = models.PositiveSmallIntegerField(_("照片"), default=0, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    # From when on figures count it: the day it opened, else the day it was entered.
    counts_from = models.DateTimeField(editable=False)

    class Meta:
        verbose_name = _("阵地")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True)
                | Q(closes_at__isnull=True)
                | Q(closes_at__gt=F("opens_at")),
                name="venue_closes_after_opening",
            ),
            models.CheckConstraint(
                condition=Q(takes_bookings=False) | Q(opens_at__isnull=False, closes_at__isnull=False),
                name="venue_booking_needs_hours",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["unit", "kind"], name="venue_unit_kind"),
            models.Index(fields=["status", "due_on"], name="venue_due"),
            models.Index(fields=["-published_at", "-id"], name="venue_public", condition=Q(is_published=True)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def tone(self) -> str:
        """Colour of the state's tag."""
        return rules.TONES[Status(self.status)]

    @property
    def icon(self) -> str:
        """Icon of its kind."""
        return rules.KIND_ICONS.get(Kind(self.kind), "geo-alt")

    @property
    def cover(self) -> str:
        """Drawing that stands for it where there is no photo."""
        return f"img/motifs/{rules.KIND_COVERS.get(Kind(self.kind), 'cover-court')}.svg"

    @property
    def is_open(self) -> bool:
        """Is it in use?"""
        return self.status in rules.OPEN

    @property
    def is_due(self) -> bool:
        """Has the time to renew its content come?"""
        return self.is_open and self.due_on <= timezone.localdate()

    @property
    def can_be_booked(self) -> bool:
        """May the public ask for a visit now?"""
        return self.is_open and self.is_published and self.takes_bookings

    @property
    def public_hours(self) -> str:
        """When it is open, as written, else as the booking table has it."""
        if self.opening_hours or not (self.opens_at and self.closes_at and self.weekdays):
            return self.opening_hours
        return f"{visit_rules.days_in_words(self.weekdays)} {self.opens_at:%H:%M}—{self.closes_at:%H:%M}"

    def get_absolute_url(self) -> str:
        """Its public page; it opens once the venue is published."""
        return reverse("campaigns:venues:public_detail", args=[self.no])

    @property
    def staff_url(self) -> str:
        """Its page for staff."""
        return reverse("campaigns:venues:detail", args=[self.no])


class VenueItem(models.Model):
    """One thing that hangs or stands in a venue, with the days it was placed and renewed."""

    scope_rule = ScopeRule(unit="venue__unit")

    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="items")
    title = models.CharField(_("内容"), max_length=80)
    kind = models.CharField(_("类别"), max_length=10, choices=ItemKind, default=ItemKind.BOARD)
    quantity = models.PositiveIntegerField(_("数量"), default=1, validators=[MinValueValidator(1)])
    placed_on = models.DateField(_("布置日期"))
    renewed_on = models.DateField(_("更新日期"), null=True, blank=True)
    condition = models.CharField(_("状况"), max_length=8, choices=Condition, default=Condition.GOOD)
    note = models.CharField(_("备注"), max_length=100, blank=True)
    client_token = models.CharField(max_length=36, unique=True, null=True, editable=False)

    class Meta:
        ordering: ClassVar = ["-placed_on", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(renewed_on__isnull=True) | Q(renewed_on__gte=F("placed_on")),
                name="venue_item_renewed_after_placed",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def tone(self) -> str:
        """Colour of its condition."""
        return rules.CONDITION_TONES[Condition(self.condition)]

    @property
    def last_on(self) -> date:
        """When it was last touched."""
        return self.renewed_on or self.placed_on


class VenueCheck(models.Model):
    """One inspection on the spot."""

    scope_rule = ScopeRule(unit="unit")

    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="checks")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    on = models.DateField(_("检查日期"))
    at = models.DateTimeField(editable=False)
    result = models.CharField(_("结论"), max_length=8, choices=Result)
    findings = models.TextField(_("检查情况"), max_length=rules.FINDINGS_MOST, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    client_token = models.CharField(max_length=36, unique=True, null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-on", "-pk"]
        indexes: ClassVar = [models.Index(fields=["unit", "at"], name="venue_check_unit")]

    def __str__(self) -> str:
        return f"{self.venue_id} {self.on}"


class ClosedDay(models.Model):
    """A day on which a venue takes nobody although its weekday is an open one."""

    scope_rule = UNSCOPED

    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="closed_days")
    day = models.DateField(_("不开放的日子"))
    reason = models.CharField(_("原因"), max_length=60, blank=True)

    class Meta:
        ordering: ClassVar = ["day"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["venue", "day"], name="venue_closed_day_once")
        ]

    def __str__(self) -> str:
        return f"{self.venue_id} {self.day}"
