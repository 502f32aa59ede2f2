"""Materials with their placements, viewings of films, documents, courses with their lectures."""

from typing import Any, ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.materials import rules
from campaigns.materials.rules import Audience, Channel, CourseKind, DocumentKind, DocumentStatus, Kind
from campaigns.planning.models import Campaign
from portal.access.scope import UNSCOPED, ScopeRule
from portal.journal.stamped import Edited
from portal.units.models import Unit

ISSUE_NO = RegexValidator(
    r"^[\u4e00-\u9fa5]{1,8}〔\d{4}〕[1-9]\d*号$", _("发文字号形如：阳妇发〔2026〕5号。")
)


class Owned(Edited):
    """What every record of this slice has: a unit, who wrote it, the token of its form."""

    unit = models.ForeignKey(Unit, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class Material(Owned):
    """A booklet, a film, a poster: edition and copies."""

    scope_rule = ScopeRule(unit="unit", owner="created_by")

    title = models.CharField(_("名称"), max_length=80)
    kind = models.CharField(_("类型"), max_length=12, choices=Kind)
    campaign = models.ForeignKey(
        Campaign,
        verbose_name=_("所属主题"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    edition = models.CharField(_("版次"), max_length=40, blank=True)
    partners = models.CharField(_("联合编制单位"), max_length=200, blank=True)
    copies = models.PositiveIntegerField(_("数量（册、张、块、份）"), null=True, blank=True)
    copies_estimated = models.BooleanField(default=False)
    minutes = models.PositiveSmallIntegerField(_("片长（分钟）"), null=True, blank=True)
    made_on = models.DateField(_("制作（采购）日期"), null=True, blank=True)
    summary = models.TextField(_("内容介绍"), max_length=1000, blank=True)
    link = models.URLField(_("链接"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("宣传资料")
        ordering: ClassVar = ["-created_at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["unit", "kind"], name="material_unit_kind")]

    def __str__(self) -> str:
        return self.title

    @property
    def staff_url(self) -> str:
        """Its page."""
        return reverse("campaigns:materials:detail", args=[self.pk])

    @property
    def is_film(self) -> bool:
        """Is it watched?"""
        return self.kind == Kind.FILM

    @property
    def icon(self) -> str:
        """Icon of its kind."""
        return rules.ICONS[Kind(self.kind)]


class Placement(Owned):
    """Where some of a material went: copies and plays, and how many people got it – counts, no names."""

    scope_rule = ScopeRule(unit="unit", owner="created_by")

    material = models.ForeignKey(Material, on_delete=models.CASCADE, related_name="placements")
    channel = models.CharField(_("方式"), max_length=12, choices=Channel)
    place = models.CharField(_("地点或媒体"), max_length=80)
    placed_at = models.DateTimeField(_("开始日期"))
    ends_on = models.DateField(_("结束日期"), null=True, blank=True)
    copies = models.PositiveIntegerField(_("数量（册、张、块、份）"), null=True, blank=True)
    copies_estimated = models.BooleanField(default=False)
    plays = models.PositiveIntegerField(_("播放次数"), null=True, blank=True)
    plays_estimated = models.BooleanField(default=False)
    audience = models.CharField(_("给谁"), max_length=12, choices=Audience, blank=True)
    people = models.PositiveIntegerField(_("人数"), null=True, blank=True)
    people_estimated = models.BooleanField(default=False)
    note = models.CharField(_("备注"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("投放记录")
        ordering: ClassVar = ["-placed_at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["unit", "-placed_at"], name="placement_unit_day")]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.place}"


class Viewing(Owned):
    """A film was watched: when, where, how many."""

    scope_rule = ScopeRule(unit="unit", owner="created_by")

    film = models.ForeignKey(Material, on_delete=models.CASCADE, related_name="viewings")
    watched_at = models.DateTimeField(_("观看日期"))
    place = models.CharField(_("地点"), max_length=80)
    audience = models.CharField(_("谁看的"), max_length=12, choices=Audience, blank=True)
    headcount = models.PositiveIntegerField(_("观看人数"), null=True, blank=True)
    headcount_estimated = models.BooleanField(default=False)
    note = models.CharField(_("备注"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("观影记录")
        ordering: ClassVar = ["-watched_at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["unit", "-watched_at"], name="viewing_unit_day")]

    def __str__(self) -> str:
        return f"{self.film_id} {self.place}"


class Document(Owned):
    """A rule or notice with its number and the days between which it applies."""

    scope_rule = ScopeRule(unit="unit", owner="created_by")
    transitions = rules.TRANSITIONS

    title = models.CharField(_("名称"), max_length=120)
    kind = models.CharField(_("类别"), max_length=12, choices=DocumentKind)
    number = models.CharField(_("发文字号"), max_length=40, blank=True, validators=[ISSUE_NO])
    effective_on = models.DateField(_("施行日期"), null=True, blank=True)
    ends_on = models.DateField(_("失效日期"), null=True, blank=True)
    contents: Any = models.JSONField(_("目录"), default=list, blank=True)
    summary = models.TextField(_("要点"), max_length=1000, blank=True)
    text = models.TextField(_("全文"), max_length=40_000, blank=True)
    link = models.URLField(_("链接"), max_length=300, blank=True)
    replaced_by = models.ForeignKey(
        "self",
        verbose_name=_("替代文件"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="replaces",
    )
    status = models.CharField(
        _("状态"), max_length=10, choices=DocumentStatus, default=DocumentStatus.CURRENT, editable=False
    )

    class Meta:
        verbose_name = _("制度文件")
        ordering: ClassVar = ["status", "-created_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(effective_on__isnull=True) | Q(ends_on__gte=F("effective_on")),
                name="document_ends_after_start",
            ),
            models.CheckConstraint(
                condition=~Q(status="replaced") | ~Q(replaced_by=F("id")), name="document_not_by_itself"
            ),
        ]  # fmt: skip
        indexes: ClassVar = [models.Index(fields=["unit", "status"], name="document_unit_status")]

    def __str__(self) -> str:
        return self.title

    @property
    def staff_url(self) -> str:
        """Its page."""
        return reverse("campaigns:materials:document", args=[self.pk])

    @property
    def tone(self) -> str:
        """Colour of the state's tag."""
        return rules.DOCUMENT_TONES[DocumentStatus(self.status)] if self.applies else "warn"

    @property
    def applies(self) -> bool:
        """Does it apply today?"""
        return rules.in_force(self.status, self.effective_on, self.ends_on, timezone.localdate())

    @property
    def state(self) -> str:
        """The state in words, with what the dates say."""
        today = timezone.localdate()
        if self.status != DocumentStatus.CURRENT:
            return str(self.get_status_display())
        if self.effective_on and self.effective_on > today:
            return str(_("尚未施行"))
        return str(_("已过期")) if self.ends_on and self.ends_on < today else str(self.get_status_display())


class Course(Owned):
    """Several days of lectures. Visits online stand apart from people on site; likes are reach only."""

    scope_rule = ScopeRule(unit="unit", owner="created_by")

    title = models.CharField(_("名称"), max_length=80)
    kind = models.CharField(_("类型"), max_length=10, choices=CourseKind)
    campaign = models.ForeignKey(
        Campaign,
        verbose_name=_("所属主题"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    starts_at = models.DateTimeField(_("开始日期"))
    ends_on = models.DateField(_("结束日期"))
    place = models.CharField(_("地点或平台"), max_length=80, blank=True)
    audience = models.CharField(_("对象"), max_length=120, blank=True)
    n_lectures = models.PositiveSmallIntegerField(_("讲数"), default=0)
    online_visits = models.PositiveIntegerField(_("线上人次"), null=True, blank=True)
    online_visits_estimated = models.BooleanField(default=False)
    headcount = models.PositiveIntegerField(_("现场人数"), null=True, blank=True)
    headcount_estimated = models.BooleanField(default=False)
    likes = models.PositiveIntegerField(_("点赞（传播量）"), null=True, blank=True)
    likes_estimated = models.BooleanField(default=False)
    summary = models.TextField(_("内容介绍"), max_length=1000, blank=True)
    link = models.URLField(_("链接"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("课程")
        ordering: ClassVar = ["-starts_at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["unit", "-starts_at"], name="course_unit_day")]

    def __str__(self) -> str:
        return self.title

    @property
    def staff_url(self) -> str:
        """Its page."""
        return reverse("campaigns:materials:course", args=[self.pk])

    @property
    def days(self) -> str:
        """First to last day."""
        first = timezone.localtime(self.starts_at).date()
        return (
            first.isoformat()
            if first == self.ends_on
            else f"{first.isoformat()} — {self.ends_on.isoformat()}"
        )

    @property
    def figures(self) -> list[tuple[Any, int, Any, bool]]:
        """(label, value, unit, estimated): visits and people stand apart and are never added."""
        rows = [
            (_("线上人次"), self.online_visits, _("人次"), self.online_visits_estimated),
            (_("现场人数"), self.headcount, _("人"), self.headcount_estimated),
        ]
        return [(label, value, unit, about) for label, value, unit, about in rows if value is not None]


class Lecture(models.Model):
    """One lecture of a course."""

    scope_rule = UNSCOPED

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="lectures")
    sort = models.PositiveSmallIntegerField(default=0)
    topic = models.CharField(_("题目"), max_length=80)
    speaker = models.CharField(_("主讲"), max_length=60, blank=True)
    on_day = models.DateField(_("日期"), null=True, blank=True)
    online_visits = models.PositiveIntegerField(_("线上人次"), null=True, blank=True)
    online_visits_estimated = models.BooleanField(default=False)
    headcount = models.PositiveIntegerField(_("现场人数"), null=True, blank=True)
    headcount_estimated = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["sort", "pk"]

    def __str__(self) -> str:
        return self.topic
