"""Calls for works, categories, works and their authors."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.planning.models import Campaign, PolicyDocument
from families.works.rules import (
    CALL_TONES,
    CALL_TRANSITIONS,
    EDITABLE,
    PAST_REVIEW,
    PUBLIC_AUDIENCES,
    PUBLISH_TONES,
    RESTING,
    TONES,
    UNDER_JUDGING,
    WITHDRAWABLE,
    WORK_TRANSITIONS,
    Audience,
    CallPhase,
    CallState,
    CopyrightMode,
    Origin,
    PublishState,
    Status,
    TakedownReason,
)
from portal.access.scope import PUBLIC, UNSCOPED, ScopeRule
from portal.privacy.fields import EncryptedTextField
from portal.units.models import Unit


class WorkCategory(models.Model):
    """One kind of work with its limits and declared fields (domain reference §3.2)."""

    scope_rule = PUBLIC

    code = models.CharField(_("代码"), max_length=20, unique=True)
    name = models.CharField(_("类别"), max_length=20)
    hint = models.CharField(_("一句话要求"), max_length=80, blank=True)
    cover = models.CharField(_("图案"), max_length=40, default="cover-paper.svg")
    text_label = models.CharField(_("正文叫什么"), max_length=20, blank=True)
    text_min = models.PositiveIntegerField(_("最少字数"), default=0)
    text_max = models.PositiveIntegerField(_("最多字数"), default=0)
    story_max = models.PositiveIntegerField(_("故事最多字数"), default=0)
    photos_max = models.PositiveSmallIntegerField(_("最多图片"), default=0)
    photos_min = models.PositiveSmallIntegerField(_("最少图片"), default=0)
    media: Any = models.JSONField(_("录音和视频"), default=list, blank=True)
    media_max = models.PositiveSmallIntegerField(_("最多录音和视频"), default=0)
    media_least: Any = models.JSONField(_("画面最小尺寸"), default=list, blank=True)
    per_person = models.PositiveSmallIntegerField(_("每人每次最多"), default=3)
    fields: Any = models.JSONField(_("专有字段"), default=list)
    audiences: Any = models.JSONField(_("可选范围"), default=list)
    sort = models.PositiveSmallIntegerField(_("排序"), default=0)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        ordering: ClassVar = ["sort", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def cover_path(self) -> str:
        """The portal's own picture for this category, for players without a frame."""
        return f"img/motifs/{self.cover}"


class WorkCall(models.Model):
    """A call for works (domain reference §3.3)."""

    scope_rule = ScopeRule(unit="unit", owner="created_by")
    transitions = CALL_TRANSITIONS

    slug = models.SlugField(_("网址"), max_length=40, unique=True)
    title = models.CharField(_("标题"), max_length=60)
    theme = models.CharField(_("主题"), max_length=200, blank=True)
    intro = models.TextField(_("引言"), blank=True)
    unit = models.ForeignKey(Unit, verbose_name=_("主办"), on_delete=models.PROTECT, related_name="+")
    organisers: Any = models.JSONField(_("组织单位"), default=list)
    categories = models.ManyToManyField(WorkCategory, verbose_name=_("类别"), related_name="calls")
    # What this call asks differently of a category: {code: {"per_person", "text_min", "text_max", "photos_max"}}.
    category_rules: Any = models.JSONField(_("各类要求"), default=dict, blank=True)
    # [{"code", "name", "age_min", "age_max", "channel"}] (domain reference §3.3), ages in full years.
    groups: Any = models.JSONField(_("组别"), default=list)
    audience_text = models.CharField(_("征集对象"), max_length=200, blank=True)
    open_at = models.DateTimeField(_("开始"))
    close_at = models.DateTimeField(_("截止(不含)"), help_text=_("按日期填写时为次日零点"))
    jury_from = models.DateField(_("评审开始"), null=True, blank=True)
    jury_to = models.DateField(_("评审结束"), null=True, blank=True)
    publicity_from = models.DateField(_("公示开始"), null=True, blank=True)
    publicity_to = models.DateField(_("公示结束"), null=True, blank=True)
    exhibition = models.CharField(_("展示安排"), max_length=200, blank=True)
    max_per_person = models.PositiveSmallIntegerField(_("每人最多件数"), default=3)
    unit_min_quota = models.PositiveSmallIntegerField(_("单位最少件数"), default=0)
    award_tiers: Any = models.JSONField(_("奖项"), default=list)
    copyright_mode = models.CharField(
        _("著作权"), max_length=10, choices=CopyrightMode, default=CopyrightMode.LICENSE
    )
    originality_since = models.CharField(_("原创年限"), max_length=40, blank=True)
    original_return = models.BooleanField(_("退还原件"), default=False)
    contact = models.CharField(_("联系方式"), max_length=200, blank=True)
    campaign = models.ForeignKey(
        Campaign, verbose_name=_("所属主题"), null=True, blank=True, on_delete=models.SET_NULL, related_name="work_calls"
    )  # fmt: skip
    policy = models.ForeignKey(
        PolicyDocument, verbose_name=_("依据文件"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="work_calls",
    )  # fmt: skip
    no_fee = models.BooleanField(_("不收取任何费用"), default=True)
    disclaimer = models.CharField(_("其他说明"), max_length=300, blank=True)
    status = models.CharField(_("状态"), max_length=10, choices=CallState, default=CallState.DRAFT)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    client_token = models.CharField(max_length=36, unique=True, null=True, blank=True)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-open_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(close_at__gt=models.F("open_at")), name="call_closes_after_open"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Does it take works at this second?"""
        return self.takes_at(timezone.now())

    def takes_at(self, moment: datetime) -> bool:
        """Does it take a work that was received at this moment?"""
        return self.status == CallState.OPEN and self.open_at <= moment < self.close_at

    @property
    def is_announced(self) -> bool:
        """May the public see its page?"""
        return self.status != CallState.DRAFT

    @property
    def is_early(self) -> bool:
        """Published, but not begun."""
        return self.status == CallState.OPEN and timezone.now() < self.open_at

    @property
    def last_day(self) -> Any:
        """The last day on which works are taken."""
        return timezone.localtime(self.close_at - timedelta(microseconds=1)).date()

    @property
    def days_left(self) -> int:
        """Full days until the last day; 0 on the last day and after."""
        return max(0, (self.last_day - timezone.localdate()).days)

    @property
    def has_ended(self) -> bool:
        """Published once, and past its end: only a code for late entries opens it (domain reference §3.3)."""
        past = self.status == CallState.OPEN and timezone.now() >= self.close_at
        return past or self.status == CallState.CLOSED

    @property
    def is_past(self) -> bool:
        """Is its last day over, whatever its state?"""
        return timezone.now() >= self.close_at

    @property
    def phase(self) -> CallPhase:
        """State and dates in one word."""
        if self.status == CallState.DRAFT:
            return CallPhase.DRAFT
        if self.is_early:
            return CallPhase.EARLY
        return CallPhase.RUNNING if self.is_open else CallPhase.ENDED

    @property
    def tone(self) -> str:
        """Tone of the tag with the phase."""
        return CALL_TONES[self.phase]

    def get_absolute_url(self) -> str:
        """The public page."""
        return reverse("families:works:call", args=[self.slug])

    @property
    def staff_url(self) -> str:
        """Where the organiser runs it."""
        return reverse("families:works:call_desk", args=[self.slug])


class WorkNumber(models.Model):
    """The last number given out in a year."""

    scope_rule = UNSCOPED

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class StaffWorks(models.Manager["Work"]):
    """What anybody but the family may ever come across; see `Work.every`."""

    def get_queryset(self) -> models.QuerySet["Work"]:
        """Without what is meant for its recipient only."""
        return super().get_queryset().exclude(audience=Audience.ONLY_RECIPIENT)


class Work(models.Model):
    """One work of a family. L3: authors, phones and guardians are encrypted; L4 when `is_minor`.

    `objects` leaves out ONLY_RECIPIENT, so that no list, search, export or figure of staff can meet it;
    the family's own pages and the actions behind them use `every`.
    """

    scope_rule = ScopeRule(unit="unit", owner="entered_by", never=(("audience", Audience.ONLY_RECIPIENT),))
    transitions = WORK_TRANSITIONS

    no = models.CharField(_("编号"), max_length=16, unique=True)
    call = models.ForeignKey(WorkCall, verbose_name=_("征集"), on_delete=models.PROTECT, related_name="works")
    category = models.ForeignKey(
        WorkCategory, verbose_name=_("类别"), on_delete=models.PROTECT, related_name="works"
    )
    group = models.CharField(_("组别"), max_length=20, blank=True)
    title = models.CharField(_("标题"), max_length=40)
    text = models.TextField(_("正文"), blank=True)
    story = models.TextField(_("背后的故事"), blank=True)
    origin = models.CharField(_("来历"), max_length=10, choices=Origin, blank=True)
    extra: Any = models.JSONField(_("类别专有内容"), default=dict)
    created_on = models.DateField(_("创作时间"), null=True, blank=True)
    display_name = models.CharField(_("作者(遮盖)"), max_length=40, blank=True)
    public_author = models.CharField(_("公开署名"), max_length=200, blank=True)
    household = EncryptedTextField(_("全家署名"), blank=True)
    household_hash = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    # Without it the household's name never stands on a public page, whatever the audience.
    household_agreed = models.BooleanField(_("家人同意公开全家署名"), default=False)
    # Up to two names, for minors' works; internal: recusal and screening need them, no page shows them unmasked.
    instructor = EncryptedTextField(_("指导老师"), blank=True)
    is_minor = models.BooleanField(_("作者未成年"), default=False)
    is_child = models.BooleanField(_("作者未满14周岁"), default=False)
    guardian_name = EncryptedTextField(_("监护人姓名"), blank=True)
    guardian_phone = EncryptedTextField(_("监护人电话"), blank=True)
    guardian_hash = models.CharField(max_length=64, blank=True, db_index=True)
    phone = EncryptedTextField(_("手机号"), blank=True)
    phone_hash = models.CharField(max_length=64, blank=True, db_index=True)
    unit = models.ForeignKey(Unit, verbose_name=_("所在地"), on_delete=models.PROTECT, related_name="+")
    county = models.ForeignKey(
        Unit, verbose_name=_("县(市、区)"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    audience = models.CharField(_("谁能看到"), max_length=16, choices=Audience, default=Audience.ORGANISATION)
    licence = models.BooleanField(_("作品授权"), default=False)
    status = models.CharField(_("状态"), max_length=16, choices=Status, default=Status.DRAFT)
    publish_state = models.CharField(
        _("公开情况"), max_length=12, choices=PublishState, default=PublishState.UNPUBLISHED
    )
    published_at = models.DateTimeField(_("公开时间"), null=True, blank=True)
    taken_down_at = models.DateTimeField(_("撤下时间"), null=True, blank=True)
    taken_down_for = models.CharField(_("撤下原因"), max_length=10, choices=TakedownReason, blank=True)
    taken_down_note = models.CharField(_("撤下说明"), max_length=200, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("代录人"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("投稿账号"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("初核人"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    words_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("补写文字稿的人"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    resume_code_hash = models.CharField(max_length=64, blank=True, db_index=True)
    text_hash = models.CharField(max_length=64, blank=True, db_index=True)
    client_token = models.CharField(max_length=36, unique=True, null=True, blank=True)
    is_demo = models.BooleanField(_("演示数据"), default=False)
    submitted_at = models.DateTimeField(_("提交时间"), default=timezone.now)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = StaffWorks()
    every = models.Manager()

    class Meta:
        base_manager_name = "every"
        default_manager_name = "objects"
        indexes: ClassVar = [
            models.Index(fields=["publish_state", "-published_at", "-id"], name="work_gallery"),
            models.Index(
                fields=["publish_state", "category", "-published_at", "-id"], name="work_gallery_category"
            ),
            models.Index(
                fields=["publish_state", "county", "-published_at", "-id"], name="work_gallery_county"
            ),
            models.Index(fields=["publish_state", "call", "-published_at", "-id"], name="work_gallery_call"),
            models.Index(fields=["-submitted_at", "-id"], name="work_newest"),
            models.Index(fields=["status", "-submitted_at", "-id"], name="work_inbox"),
            models.Index(fields=["unit", "status"], name="work_unit"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(publish_state=PublishState.PUBLISHED)
                | models.Q(audience__in=[str(one) for one in PUBLIC_AUDIENCES], published_at__isnull=False),
                name="work_published_only_if_public",
            )
        ]

    def __str__(self) -> str:
        return f"{self.no} {self.title}"

    def get_absolute_url(self) -> str:
        """The public page (404 until it is published)."""
        return reverse("families:works:detail", args=[self.no])

    @property
    def staff_url(self) -> str:
        """The page for staff."""
        return reverse("families:works:review", args=[self.no])

    @property
    def tone(self) -> str:
        """Tone of the state tag."""
        return TONES[Status(self.status)]

    @property
    def publish_tone(self) -> str:
        """Tone of the tag beside it."""
        return PUBLISH_TONES[PublishState(self.publish_state)]

    @property
    def is_public(self) -> bool:
        """Has it a public page right now? Not while judges score it: the page would name its author."""
        return (
            self.publish_state == PublishState.PUBLISHED
            and self.audience in PUBLIC_AUDIENCES
            and self.status not in RESTING
        )

    @property
    def is_judged(self) -> bool:
        """Do judges score it now, so that its public page rests?"""
        return self.status in RESTING

    @property
    def family_status(self) -> str:
        """What the family reads: how far a work came in judging is told when the results are announced."""
        return str(_("评审中")) if self.status in UNDER_JUDGING else str(self.get_status_display())

    @property
    def family_tone(self) -> str:
        """Tone of the tag on the family's page."""
        return "info" if self.status in UNDER_JUDGING else self.tone

    @property
    def is_past_review(self) -> bool:
        """Accepted, whatever judging made of it?"""
        return self.status in PAST_REVIEW

    @property
    def wants_public(self) -> bool:
        """Did the author choose to be exhibited?"""
        return self.audience in PUBLIC_AUDIENCES

    @property
    def is_editable(self) -> bool:
        """May the author still change it?"""
        return self.status in EDITABLE

    @property
    def is_withdrawable(self) -> bool:
        """May the author still take it back?"""
        return self.status in WITHDRAWABLE

    @property
    def can_be_put_back(self) -> bool:
        """May the author undo the withdrawal? A letter for its recipient is sent anew instead."""
        return (
            self.status == Status.WITHDRAWN and self.audience != Audience.ONLY_RECIPIENT and self.call.is_open
        )

    @property
    def card_tone(self) -> str:
        """Look of its card: one of four, always the same for the same work."""
        return ("", "wk-card--b", "wk-card--c", "wk-card--d")[self.pk % 4]

    @property
    def by_line(self) -> str:
        """What the public reads under the title."""
        if self.audience == Audience.PUBLIC and self.public_author:
            return self.public_author
        return str(_("%(place)s 一户家庭")) % {"place": self.county.short_name if self.county else ""}


class Author(models.Model):
    """One author of a work. All of it encrypted: L3, L4 for minors."""

    scope_rule = UNSCOPED

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="authors")
    position = models.PositiveSmallIntegerField(default=0)
    name = EncryptedTextField(_("姓名"))
    name_hash = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    pen_name = EncryptedTextField(_("笔名"), blank=True)
    pen_hash = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    birth_ym = EncryptedTextField(_("出生年月"), blank=True)
    role = models.CharField(_("分工"), max_length=20, blank=True)

    class Meta:
        ordering: ClassVar = ["position", "pk"]

    def __str__(self) -> str:
        return f"{self.work_id}-{self.position}"
