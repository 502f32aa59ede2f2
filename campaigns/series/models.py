"""Series and their episodes."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.planning.models import Campaign
from campaigns.series import rules
from campaigns.series.rules import EpisodeStatus, Kind, Section, SeriesStatus
from portal.access.scope import ScopeRule
from portal.journal.stamped import Edited
from portal.units.models import Unit


class Series(Edited):
    """A planned number of episodes under one title; `slug` is its public address."""

    scope_rule = ScopeRule(unit="unit", owner="created_by")
    transitions = rules.SERIES_TRANSITIONS

    slug = models.SlugField(_("网址名"), max_length=60, unique=True)
    title = models.CharField(_("系列名称"), max_length=80)
    kind = models.CharField(_("类型"), max_length=10, choices=Kind)
    unit = models.ForeignKey(Unit, verbose_name=_("主办单位"), on_delete=models.PROTECT, related_name="+")
    campaign = models.ForeignKey(
        Campaign,
        verbose_name=_("所属主题"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="series",
    )
    planned = models.PositiveSmallIntegerField(_("计划期数"))
    outlet = models.CharField(_("在哪里发布"), max_length=80, blank=True)
    partners = models.CharField(_("联合单位"), max_length=200, blank=True)
    summary = models.TextField(_("简介"), max_length=600, blank=True)
    starts_on = models.DateField(_("开始日期"), null=True, blank=True)
    ends_on = models.DateField(_("结束日期"), null=True, blank=True)
    status = models.CharField(
        _("状态"), max_length=10, choices=SeriesStatus, default=SeriesStatus.RUNNING, editable=False
    )

    class Meta:
        verbose_name = _("系列")
        ordering: ClassVar = ["-created_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(planned__gte=1), name="series_plans_something")
        ]
        indexes: ClassVar = [models.Index(fields=["unit", "status"], name="series_unit_status")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The public playlist."""
        return reverse("campaigns:series:public_detail", args=[self.slug])

    @property
    def staff_url(self) -> str:
        """Its page for staff."""
        return reverse("campaigns:series:detail", args=[self.slug])

    @property
    def tone(self) -> str:
        """Colour of the state's tag."""
        return rules.SERIES_TONES[SeriesStatus(self.status)]

    @property
    def is_running(self) -> bool:
        """Are further episodes to come?"""
        return self.status == SeriesStatus.RUNNING

    @property
    def icon(self) -> str:
        """Icon of its kind."""
        return rules.ICONS[Kind(self.kind)]

    @property
    def cover(self) -> str:
        """Drawing of its kind, a file of the static folder."""
        return f"img/motifs/{rules.COVERS[Kind(self.kind)]}"

    @property
    def done(self) -> int:
        """Episodes that went out; read with `queries.with_counts`."""
        found: int = self.n_done  # type: ignore[attr-defined]
        return found

    @property
    def left(self) -> int:
        """Episodes still to come."""
        return rules.left(self.planned, self.done)

    @property
    def progress(self) -> str:
        """8/10, as pages and reports say it."""
        return f"{self.done}/{self.planned}"

    @property
    def percent(self) -> int:
        """Part of the plan that is done, at most 100."""
        return min(100, round(100 * self.done / self.planned))


class Episode(models.Model):
    """One numbered episode. `is_public` is set by the publish gate alone; likes are reach, never appraised."""

    scope_rule = ScopeRule(unit="unit", owner="created_by")
    transitions = rules.TRANSITIONS

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="episodes")
    unit = models.ForeignKey(Unit, verbose_name=_("主办单位"), on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField(_("第几期"))
    topic = models.CharField(_("主题"), max_length=80, blank=True)
    section = models.CharField(_("栏目"), max_length=10, choices=Section, blank=True)
    speaker = models.CharField(_("主讲（主播）"), max_length=60, blank=True)
    summary = models.TextField(_("内容介绍"), max_length=1000, blank=True)
    works: Any = models.JSONField(_("作品"), default=list, blank=True)
    link = models.URLField(_("链接"), max_length=300, blank=True)
    due_on = models.DateField(_("计划日期"), null=True, blank=True)
    aired_at = models.DateTimeField(_("发布日期"), null=True, blank=True)
    online_visits = models.PositiveIntegerField(_("线上人次"), null=True, blank=True)
    online_visits_estimated = models.BooleanField(default=False)
    headcount = models.PositiveIntegerField(_("现场人数"), null=True, blank=True)
    headcount_estimated = models.BooleanField(default=False)
    likes = models.PositiveIntegerField(_("点赞（传播量）"), null=True, blank=True)
    likes_estimated = models.BooleanField(default=False)
    status = models.CharField(
        _("状态"), max_length=10, choices=EpisodeStatus, default=EpisodeStatus.PLANNED, editable=False
    )
    is_public = models.BooleanField(_("本站公开"), default=False, editable=False)
    is_demo = models.BooleanField(_("演示数据"), default=False, editable=False)
    client_token = models.CharField(max_length=48, unique=True, null=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("一期节目")
        ordering: ClassVar = ["series", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["series", "number"], name="episode_number_once"),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(aired_at__isnull=False), name="episode_published_has_day"
            ),
            models.CheckConstraint(
                condition=Q(is_public=False) | Q(status="published"), name="episode_public_is_published"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["status", "due_on"], name="episode_due"),
            models.Index(fields=["is_public", "-aired_at"], name="episode_public"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.topic}".strip()

    def get_absolute_url(self) -> str:
        """Its public page."""
        return reverse("campaigns:series:public_episode", args=[self.series.slug, self.number])

    @property
    def staff_url(self) -> str:
        """Its page for staff."""
        return reverse("campaigns:series:episode", args=[self.series.slug, self.pk])

    @property
    def tone(self) -> str:
        """Colour of the state's tag."""
        return rules.TONES[EpisodeStatus(self.status)]

    @property
    def is_planned(self) -> bool:
        """Is it still to come?"""
        return self.status == EpisodeStatus.PLANNED

    @property
    def is_published(self) -> bool:
        """Did it go out?"""
        return self.status == EpisodeStatus.PUBLISHED

    @property
    def is_late(self) -> bool:
        """Was it due before today?"""
        return self.is_planned and self.due_on is not None and self.due_on < timezone.localdate()

    @property
    def figures(self) -> list[tuple[Any, int, Any, bool]]:
        """(label, value, unit, estimated): visits and people stand apart and are never added."""
        rows = [
            (_("线上人次"), self.online_visits, _("人次"), self.online_visits_estimated),
            (_("现场人数"), self.headcount, _("人"), self.headcount_estimated),
        ]
        return [(label, value, unit, about) for label, value, unit, about in rows if value is not None]
