"""Issues and their works, outward selections, sweeps and what each took down."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.series.models import Episode, Series
from families.exhibition import rules
from families.exhibition.rules import IssueState, Result, SweepState
from families.works.models import Work, WorkCall
from portal.access.scope import UNSCOPED, ScopeRule
from portal.journal.stamped import Edited
from portal.privacy.fields import EncryptedTextField
from portal.units.models import Unit


def _person(label: Any = None) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=label, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )  # fmt: skip


class Issue(Edited):
    """第N期: published works in an order of the staff's. `key` is the slug of its series or call."""

    scope_rule = ScopeRule(unit="unit", owner="created_by")
    transitions = rules.ISSUE_TRANSITIONS

    key = models.SlugField(_("网址"), max_length=60, editable=False)
    number = models.PositiveSmallIntegerField(_("第几期"))
    title = models.CharField(_("这一期的题目"), max_length=60)
    intro = models.TextField(_("卷首语"), max_length=600, blank=True)
    cover = models.CharField(_("封面图案"), max_length=40, choices=rules.COVERS, default="cover-paper.svg")
    cover_work = models.ForeignKey(
        Work, verbose_name=_("用作品图片作封面"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )  # fmt: skip
    unit = models.ForeignKey(Unit, verbose_name=_("主办单位"), on_delete=models.PROTECT, related_name="+")
    call = models.ForeignKey(
        WorkCall, verbose_name=_("征集"), null=True, blank=True, on_delete=models.PROTECT, related_name="issues"
    )  # fmt: skip
    series = models.ForeignKey(
        Series, verbose_name=_("系列"), null=True, blank=True, on_delete=models.PROTECT, related_name="work_issues"
    )  # fmt: skip
    episode = models.ForeignKey(
        Episode, null=True, blank=True, on_delete=models.SET_NULL, related_name="work_issues", editable=False
    )  # fmt: skip
    status = models.CharField(
        _("状态"), max_length=10, choices=IssueState, default=IssueState.DRAFT, editable=False
    )
    published_at = models.DateTimeField(_("发布时间"), null=True, editable=False)
    edited_by = _person()

    class Meta:
        verbose_name = _("一期展播")
        ordering: ClassVar = ["key", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "number"], name="issue_number_once"),
            models.CheckConstraint(
                condition=Q(call__isnull=False) | Q(series__isnull=False), name="issue_belongs_somewhere"
            ),
            models.CheckConstraint(
                condition=~Q(status=IssueState.PUBLISHED) | Q(published_at__isnull=False), name="issue_published_has_day"
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["status", "-published_at", "-id"], name="issue_public"),
        ]

    def __str__(self) -> str:
        return str(_("第 %(n)d 期 %(title)s")) % {"n": self.number, "title": self.title}

    def get_absolute_url(self) -> str:
        """The public page."""
        return reverse("families:exhibition:issue", args=[self.key, self.number])

    @property
    def staff_url(self) -> str:
        """Where it is composed."""
        return reverse("families:exhibition:compose", args=[self.pk])

    @property
    def tone(self) -> str:
        """Tone of its tag."""
        return rules.ISSUE_TONES[IssueState(self.status)]

    @property
    def is_published(self) -> bool:
        """Has it a public page?"""
        return self.status == IssueState.PUBLISHED

    @property
    def of_what(self) -> str:
        """The series' or the call's name."""
        return str(self.series or self.call)


class IssueWork(models.Model):
    """One work at its place in an issue. Whether it is shown is the work's own state, asked anew each time."""

    scope_rule = UNSCOPED

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="places")
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="issue_places")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["issue", "work"], name="issue_work_once")]

    def __str__(self) -> str:
        return f"{self.issue_id}-{self.position}"


class Outward(models.Model):
    """A work sent on to a higher exhibition, and what became of it (practice 002-38)."""

    scope_rule = ScopeRule(unit="work__unit", owner="created_by")

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="outward")
    exhibition = models.CharField(_("展览名称"), max_length=60)
    organiser = models.CharField(_("主办单位"), max_length=80, blank=True)
    place = models.CharField(_("地点"), max_length=80, blank=True)
    held_on = models.DateField(_("日期"), null=True, blank=True)
    result = models.CharField(_("结果"), max_length=12, choices=Result, default=Result.SENT)
    award = models.CharField(_("奖项"), max_length=40, blank=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    is_demo = models.BooleanField(_("演示数据"), default=False, editable=False)
    client_token = models.CharField(max_length=36, unique=True, null=True, editable=False)
    created_by = _person(_("登记人"))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("报送展览")
        ordering: ClassVar = ["-held_on", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["work", "exhibition"], name="outward_once"),
        ]

    def __str__(self) -> str:
        return self.exhibition

    @property
    def staff_url(self) -> str:
        """Where the result is written."""
        return reverse("families:exhibition:outward_edit", args=[self.pk])

    @property
    def tone(self) -> str:
        """Tone of its tag."""
        return rules.RESULT_TONES[Result(self.result)]


class Sweep(models.Model):
    """名下内容下架: everything of one name or phone taken down in one action (domain reference §2.10)."""

    scope_rule = ScopeRule(unit="unit", owner="made_by")
    transitions = rules.SWEEP_TRANSITIONS

    unit = models.ForeignKey(Unit, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="+")
    name = EncryptedTextField(_("姓名"), blank=True)
    masked = models.CharField(_("谁"), max_length=40)
    reason = models.CharField(_("理由"), max_length=300)
    status = models.CharField(_("状态"), max_length=8, choices=SweepState, default=SweepState.DOWN)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("办理人"), null=True, on_delete=models.SET_NULL, related_name="+"
    )  # fmt: skip
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("申请恢复"), null=True, on_delete=models.SET_NULL, related_name="+"
    )  # fmt: skip
    made_at = models.DateTimeField(_("时间"), default=timezone.now)
    client_token = models.CharField(max_length=36, unique=True, null=True, editable=False)

    class Meta:
        verbose_name = _("名下内容下架")
        ordering: ClassVar = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return self.masked

    @property
    def staff_url(self) -> str:
        """Its page."""
        return reverse("families:exhibition:sweep", args=[self.pk])

    @property
    def tone(self) -> str:
        """Tone of its tag."""
        return rules.SWEEP_TONES[SweepState(self.status)]


class SweepItem(models.Model):
    """One thing that a sweep took down."""

    scope_rule = UNSCOPED

    sweep = models.ForeignKey(Sweep, on_delete=models.CASCADE, related_name="items")
    source = models.CharField(max_length=20)
    target_id = models.BigIntegerField()
    label = models.CharField(_("内容"), max_length=200)
    outcome = models.CharField(_("结果"), max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sweep", "source", "target_id"], name="sweep_item_once"),
        ]

    def __str__(self) -> str:
        return self.label
