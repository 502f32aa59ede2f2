"""The activity log: one record is entered once and used in every list, figure and report."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.activities.rules import (
    CORRECTION_TONES,
    CORRECTION_TRANSITIONS,
    COUNTED,
    EDITABLE,
    HEADCOUNT_MOST,
    HIGHLIGHTS_MOST,
    KIND_COVERS,
    KIND_ICONS,
    MEASURES,
    SUMMARY_MOST,
    TONES,
    TRANSITIONS,
    Audience,
    CorrectionStatus,
    Form,
    Kind,
    Source,
    Status,
    is_closed,
)
from campaigns.planning.models import Campaign, Partner, Tag
from portal.access.scope import UNSCOPED, ScopeRule
from portal.journal.stamped import Edited
from portal.units.models import Division, Level, Unit


def measure(label: Any, **options: Any) -> models.PositiveIntegerField:
    """A figure that may be unknown (null), which is not the same as none (0)."""
    return models.PositiveIntegerField(label, **{"null": True, "blank": True, **options})


def estimated() -> models.BooleanField:
    """Is the figure beside it an estimate?"""
    return models.BooleanField(_("约数"), default=False)


class Activity(Edited):
    """One activity. `unit` leads and answers for it; co-units see it, the level above counts it once."""

    scope_rule = ScopeRule(unit="unit", owner="created_by", also=("co_units",))
    transitions = TRANSITIONS

    no = models.CharField(_("编号"), max_length=16, unique=True, editable=False)
    title = models.CharField(_("活动名称"), max_length=80)
    campaign = models.ForeignKey(
        Campaign,
        verbose_name=_("所属主题"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="activities",
    )
    more_campaigns = models.ManyToManyField(
        Campaign, verbose_name=_("同时服务的主题"), blank=True, related_name="also_activities"
    )
    part_of = models.ForeignKey(
        "self",
        verbose_name=_("属于哪场大活动"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="parts",
    )
    kind = models.CharField(_("活动类型"), max_length=16, choices=Kind)
    unit = models.ForeignKey(
        Unit, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="activities"
    )
    co_units = models.ManyToManyField(
        Unit, verbose_name=_("联合主办"), through="ActivityUnit", blank=True, related_name="joint_activities"
    )
    partners = models.ManyToManyField(
        Partner, verbose_name=_("协办单位"), blank=True, related_name="activities"
    )
    tags = models.ManyToManyField(Tag, verbose_name=_("标签"), blank=True, related_name="activities")
    level = models.PositiveSmallIntegerField(_("层级"), choices=Level)
    starts_at = models.DateTimeField(_("时间"))
    ends_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    place = models.CharField(_("地点"), max_length=80, blank=True)
    area = models.ForeignKey(
        Division,
        verbose_name=_("所在区划"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    form = models.CharField(_("形式"), max_length=8, choices=Form, default=Form.OFFLINE)
    audiences: Any = models.JSONField(_("对象"), default=list, blank=True)

    headcount = measure(_("参与人数（线下）"))
    children = measure(_("其中儿童"))
    invited = measure(_("邀请人数"))
    reach = measure(_("点赞转发等传播量"))
    online_visits = measure(_("线上人次"))
    sessions = measure(_("场次"), null=False, default=1)
    households = measure(_("覆盖家庭（户）"))
    materials_count = measure(_("发放资料（份）"))
    works_count = measure(_("作品数（件）"))
    headcount_estimated = estimated()
    children_estimated = estimated()
    invited_estimated = estimated()
    reach_estimated = estimated()
    online_visits_estimated = estimated()
    sessions_estimated = estimated()
    households_estimated = estimated()
    materials_count_estimated = estimated()
    works_count_estimated = estimated()
    measure_note = models.CharField(_("统计方法"), max_length=100, blank=True)

    summary = models.TextField(_("主要内容"), max_length=SUMMARY_MOST, blank=True)
    highlights = models.TextField(_("亮点"), max_length=HIGHLIGHTS_MOST, blank=True)
    node = models.CharField(_("节点"), max_length=30, blank=True)
    contact = models.CharField(_("填报人"), max_length=30, blank=True)
    contact_phone = models.CharField(_("办公电话"), max_length=30, blank=True)
    remark = models.CharField(_("备注"), max_length=200, blank=True)
    is_featured = models.BooleanField(_("重点活动"), default=False)
    late_reason = models.CharField(_("补记原因"), max_length=100, blank=True)

    status = models.CharField(_("状态"), max_length=12, choices=Status, default=Status.DRAFT, editable=False)
    source = models.CharField(_("来源"), max_length=8, choices=Source, default=Source.MANUAL, editable=False)
    is_published = models.BooleanField(_("已公开"), default=False, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    amendment_count = models.PositiveSmallIntegerField(_("更正"), default=0, editable=False)
    document_count = models.PositiveSmallIntegerField(_("附件"), default=0, editable=False)
    photo_count = models.PositiveSmallIntegerField(_("照片"), default=0, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    submitted_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("活动")
        verbose_name_plural = _("活动")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")),
                name="activity_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(headcount__isnull=True) | Q(headcount__lte=HEADCOUNT_MOST),
                name="activity_headcount_cap",
            ),
            models.CheckConstraint(
                condition=Q(is_published=False) | Q(status__in=COUNTED), name="activity_public_is_approved"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-starts_at", "-id"], name="activity_newest"),
            models.Index(fields=["unit", "-starts_at", "-id"], name="activity_unit"),
            models.Index(fields=["status", "-starts_at", "-id"], name="activity_status"),
            models.Index(fields=["campaign", "-starts_at", "-id"], name="activity_campaign"),
            models.Index(fields=["created_by", "-id"], name="activity_author"),
            models.Index(
                fields=["-starts_at", "-id"], name="activity_public", condition=Q(is_published=True)
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def tone(self) -> str:
        """Colour of the state's tag."""
        return TONES[Status(self.status)]

    @property
    def icon(self) -> str:
        """Icon of its kind."""
        return KIND_ICONS[Kind(self.kind)]

    @property
    def cover(self) -> str:
        """Drawing that stands for it in lists."""
        return f"img/motifs/{KIND_COVERS.get(Kind(self.kind), 'cover-talk')}.svg"

    @property
    def is_editable(self) -> bool:
        """May its words still be changed?"""
        return self.status in EDITABLE

    @property
    def is_counted(self) -> bool:
        """Does it count in figures?"""
        return self.status in COUNTED

    @property
    def is_closed(self) -> bool:
        """Is its quarter closed?"""
        return is_closed(self.starts_at)

    @property
    def times(self) -> str:
        """From when to when, as short as it can be said."""
        begin = timezone.localtime(self.starts_at)
        words = date_format(begin, gettext("Y年n月j日"))
        if (begin.hour, begin.minute) != (0, 0):
            words += f" {begin:%H:%M}"
        if self.ends_at is None:
            return words
        end = timezone.localtime(self.ends_at)
        if end.date() == begin.date():
            return f"{words}—{end:%H:%M}"
        layout = gettext("n月j日") if end.year == begin.year else gettext("Y年n月j日")
        return f"{words}—{date_format(end, layout)}"

    @property
    def measures(self) -> list[tuple[str, Any, Any, Any, bool]]:
        """(field, label, value, unit of measure, estimated) of every figure that is known."""
        return [
            (name, label, getattr(self, name), unit, getattr(self, f"{name}_estimated"))
            for name, (label, unit) in MEASURES.items()
            if getattr(self, name) is not None
        ]

    @property
    def audience_labels(self) -> list[str]:
        """The audiences in words."""
        names = dict(Audience.choices)
        return [str(names[code]) for code in self.audiences if code in names]

    def get_absolute_url(self) -> str:
        """Its public page; it opens once the record is published."""
        return reverse("campaigns:activities:public_detail", args=[self.no])

    @property
    def staff_url(self) -> str:
        """Its page for staff."""
        return reverse("campaigns:activities:detail", args=[self.no])


class ActivityUnit(models.Model):
    """A unit that organised an activity together with its leading unit."""

    scope_rule = UNSCOPED

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="co_unit_links")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["activity", "unit"], name="activity_unit_once")
        ]
        indexes: ClassVar = [models.Index(fields=["unit", "activity"], name="activity_unit_back")]

    def __str__(self) -> str:
        return f"{self.activity_id} + {self.unit_id}"


class MediaLink(models.Model):
    """A report about an activity in the media."""

    scope_rule = UNSCOPED

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="media_links")
    title = models.CharField(_("报道标题"), max_length=100, blank=True)
    outlet = models.CharField(_("媒体"), max_length=40)
    level = models.CharField(_("级别"), max_length=20, blank=True)
    url = models.URLField(_("链接"), max_length=300, blank=True)
    published_on = models.DateField(_("日期"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.title or self.outlet


class ActivityNumber(models.Model):
    """The last number given out in a year. Counting up is one UPDATE, so two writers queue on the row."""

    scope_rule = UNSCOPED

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class Correction(models.Model):
    """A change of a record that counts already: what and why by one person, confirmed by another. Its lines
    stay on the record for everybody who reads it."""

    scope_rule = ScopeRule(unit="activity__unit", owner="by")
    transitions = CORRECTION_TRANSITIONS

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="corrections")
    version = models.PositiveIntegerField()
    reason = models.CharField(_("更正原因"), max_length=200)
    status = models.CharField(
        _("状态"), max_length=10, choices=CorrectionStatus, default=CorrectionStatus.WAITING, editable=False
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    decided_at = models.DateTimeField(null=True, editable=False)
    client_token = models.CharField(max_length=36, unique=True, null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("活动更正")
        verbose_name_plural = _("活动更正")
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [models.Index(fields=["status", "id"], name="correction_waiting")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["activity"], condition=Q(status="waiting"), name="correction_one_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"{self.activity.no} {self.reason[:20]}"

    @property
    def unit(self) -> Unit:
        """The unit that answers for the record."""
        return self.activity.unit

    @property
    def staff_url(self) -> str:
        """It is read and decided on the record's page."""
        return f"{self.activity.staff_url}#corrections"

    @property
    def tone(self) -> str:
        """Colour of the state's tag."""
        return CORRECTION_TONES[CorrectionStatus(self.status)]


class Amendment(models.Model):
    """One field of a correction: what it was and what it became, as values and in words."""

    scope_rule = UNSCOPED

    correction = models.ForeignKey(Correction, on_delete=models.CASCADE, related_name="lines")
    field = models.CharField(max_length=40)
    old: Any = models.JSONField(null=True)
    new: Any = models.JSONField(null=True)
    old_text = models.TextField(blank=True)
    new_text = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["correction", "field"], name="amendment_field_once")
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.old_text} → {self.new_text}"

    @property
    def label(self) -> str:
        """The field's name."""
        return str(FIELD_LABELS.get(self.field) or Activity._meta.get_field(self.field).verbose_name)


# Fields of a record that are no columns of its table, and estimates, which have one name for all.
FIELD_LABELS: dict[str, Any] = {
    "media": _("媒体报道"), "co_units": _("联合主办"), "partners": _("协办单位"),
    **{name: label for name, (label, _unit) in MEASURES.items()},
}  # fmt: skip
