"""Tables of the slice: initiative letters, pledge templates and signatures.

What counts (`PledgeRecord`) and who it was (`PledgeSignature`) are kept apart: after three years the person
goes and the count stays.
"""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.planning.models import Campaign
from campaigns.pledges.rules import (
    BATCH_MOST,
    INITIATIVE_TRANSITIONS,
    MEMBERS_MOST,
    PAGE_TONES,
    PAPER,
    RECORD_TONES,
    RECORD_TRANSITIONS,
    TEMPLATE_TRANSITIONS,
    Audience,
    LetterState,
    Method,
    PageState,
    RecordState,
    Relation,
    SignBy,
)
from portal.access.scope import UNSCOPED, ScopeRule
from portal.journal.stamped import Edited, Stamped
from portal.privacy.fields import EncryptedTextField
from portal.units.models import Unit


def _user(**options: Any) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
        **options,
    )


class Initiative(Edited):
    """倡议书: a letter of one or several bodies to families; public once two people have read it."""

    scope_rule = ScopeRule(unit="unit", owner="created_by")
    transitions = INITIATIVE_TRANSITIONS

    slug = models.SlugField(_("网址名"), max_length=60, unique=True)
    title = models.CharField(_("标题"), max_length=80)
    unit = models.ForeignKey(Unit, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="+")
    issuers = models.CharField(_("发出单位"), max_length=200)
    campaign = models.ForeignKey(
        Campaign,
        verbose_name=_("所属主题"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="initiatives",
    )
    issued_on = models.DateField(_("日期"))
    audience = models.CharField(_("对象"), max_length=60, blank=True)
    body = models.TextField(_("正文"), max_length=6000)
    status = models.CharField(
        _("状态"), max_length=10, choices=LetterState, default=LetterState.DRAFT, editable=False
    )
    published_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("倡议书")
        ordering: ClassVar = ["-issued_on", "-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def tone(self) -> str:
        """Colour of the state's tag."""
        return PAGE_TONES[PageState(self.status)]

    @property
    def is_editable(self) -> bool:
        """May its words be changed?"""
        return self.status == LetterState.DRAFT

    def get_absolute_url(self) -> str:
        """Its public page."""
        return reverse("campaigns:pledges:initiative", args=[self.slug])

    @property
    def staff_url(self) -> str:
        """Its page for staff."""
        return reverse("campaigns:pledges:initiative_detail", args=[self.slug])


class Handout(Stamped):
    """Copies of an initiative handed out, and messages sent, as counts only: no list of the addressees is kept here."""

    scope_rule = ScopeRule(unit="unit", owner="created_by")

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="handouts")
    unit = models.ForeignKey(Unit, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="+")
    given_on = models.DateField(_("日期"))
    copies = models.PositiveIntegerField(_("发放份数"), default=0, validators=[MaxValueValidator(BATCH_MOST)])
    sms_count = models.PositiveIntegerField(
        _("短信条数"), default=0, validators=[MaxValueValidator(10_000_000)]
    )
    note = models.CharField(_("说明"), max_length=100, blank=True)

    class Meta:
        ordering: ClassVar = ["-given_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.initiative_id} {self.given_on} {self.copies}"


class PledgeTemplate(Edited):
    """One version of a pledge. A published version is never changed: a new one replaces it (domain reference §6)."""

    scope_rule = ScopeRule(unit="unit", owner="created_by")
    transitions = TEMPLATE_TRANSITIONS

    code = models.SlugField(_("网址名"), max_length=40)
    version = models.PositiveSmallIntegerField(_("版次"), default=1, editable=False)
    title = models.CharField(_("名称"), max_length=60)
    unit = models.ForeignKey(Unit, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="+")
    audience = models.CharField(_("对象"), max_length=12, choices=Audience, default=Audience.FAMILIES)
    sign_by = models.CharField(_("签署方式"), max_length=10, choices=SignBy, default=SignBy.HOUSEHOLD)
    intro = models.TextField(_("开头的话"), max_length=600, blank=True)
    clauses: Any = models.JSONField(_("条款"), default=list)
    supervisor_required = models.BooleanField(_("需要填写监督人"), default=False)
    valid_from = models.DateField(_("开始签署"))
    valid_until = models.DateField(_("截止签署"), null=True, blank=True)
    campaign = models.ForeignKey(
        Campaign,
        verbose_name=_("所属主题"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="pledges",
    )
    status = models.CharField(
        _("状态"), max_length=10, choices=PageState, default=PageState.DRAFT, editable=False
    )
    published_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("承诺书")
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "version"], name="pledge_version_once"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(status=PageState.PUBLISHED), name="pledge_one_published_version"
            ),
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(status__in=[PageState.DRAFT, PageState.REVIEW]),
                name="pledge_one_draft",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="pledge_valid_period",
            ),
        ]

    def __str__(self) -> str:
        return str(_("%(title)s（第 %(version)s 版）") % {"title": self.title, "version": self.version})

    @property
    def tone(self) -> str:
        """Colour of the state's tag."""
        return PAGE_TONES[PageState(self.status)]

    @property
    def is_editable(self) -> bool:
        """May its words be changed?"""
        return self.status == PageState.DRAFT

    @property
    def is_for_children(self) -> bool:
        """Signed through a guardian only."""
        return self.audience == Audience.CHILDREN

    @property
    def is_for_households(self) -> bool:
        """One signature stands for the whole household."""
        return self.sign_by == SignBy.HOUSEHOLD

    @property
    def is_open(self) -> bool:
        """Can it be signed today?"""
        today = timezone.localdate()
        begun = self.valid_from <= today and (self.valid_until is None or today <= self.valid_until)
        return begun and self.status == PageState.PUBLISHED

    def get_absolute_url(self) -> str:
        """The public page: the version in force."""
        return reverse("campaigns:pledges:detail", args=[self.code])

    @property
    def staff_url(self) -> str:
        """Its page for staff."""
        return reverse("campaigns:pledges:template_detail", args=[self.code, self.version])


class PledgeRecord(models.Model):
    """What counts: one signature given online, or one batch on paper. No personal data.

    `signatures` and `households` are two measures and never added.
    """

    scope_rule = ScopeRule(unit="unit", owner="entered_by")
    transitions = RECORD_TRANSITIONS

    no = models.CharField(_("编号"), max_length=16, unique=True, editable=False)
    template = models.ForeignKey(
        PledgeTemplate, verbose_name=_("承诺书"), on_delete=models.PROTECT, related_name="records"
    )
    unit = models.ForeignKey(Unit, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(_("时间"))
    method = models.CharField(_("方式"), max_length=12, choices=Method)
    signatures = models.PositiveIntegerField(
        _("签名（人）"), validators=[MinValueValidator(1), MaxValueValidator(BATCH_MOST)]
    )
    households = models.PositiveIntegerField(_("签订（户）"), validators=[MaxValueValidator(BATCH_MOST)])
    households_estimated = models.BooleanField(_("约数"), default=False)
    note = models.CharField(_("说明"), max_length=100, blank=True)
    status = models.CharField(
        _("状态"), max_length=10, choices=RecordState, default=RecordState.VALID, editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    is_demo = models.BooleanField(_("演示数据"), default=False, editable=False)
    client_token = models.CharField(max_length=36, unique=True, null=True, editable=False)
    entered_by = _user()
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("签订记录")
        ordering: ClassVar = ["-signed_at", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["-signed_at", "-id"], name="pledge_newest"),
            models.Index(fields=["unit", "-signed_at", "-id"], name="pledge_unit"),
            models.Index(fields=["template", "status"], name="pledge_template_state"),
        ]

    def __str__(self) -> str:
        return self.no

    @property
    def tone(self) -> str:
        """Colour of the state's tag."""
        return RECORD_TONES[RecordState(self.status)]

    @property
    def is_paper(self) -> bool:
        """Typed in by staff from paper?"""
        return self.method in PAPER

    @property
    def is_valid(self) -> bool:
        """Does it count?"""
        return self.status == RecordState.VALID

    @property
    def staff_url(self) -> str:
        """Its page for staff."""
        return reverse("campaigns:pledges:record", args=[self.no])


class PledgeSignature(models.Model):
    """Who signed online. Names, number and image encrypted (L3, image L4); gone after three years or on request.

    `open_key` is the signer's key while the signature is valid, NULL afterwards: one per person and version.
    """

    scope_rule = ScopeRule(unit="record__unit")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    record = models.OneToOneField(PledgeRecord, on_delete=models.CASCADE, related_name="signature")
    template = models.ForeignKey(PledgeTemplate, on_delete=models.PROTECT, related_name="+")
    open_key = models.CharField(max_length=64, null=True, editable=False)
    phone_hash = models.CharField(max_length=64, db_index=True, editable=False)
    signer_name = EncryptedTextField(_("签署人"))
    phone = EncryptedTextField(_("手机号"))
    relation = models.CharField(_("与家庭的关系"), max_length=10, choices=Relation, default=Relation.SELF)
    members = models.PositiveSmallIntegerField(
        _("家庭人数"), default=1, validators=[MinValueValidator(1), MaxValueValidator(MEMBERS_MOST)]
    )
    guardian_name = EncryptedTextField(_("监护人"), blank=True)
    supervisor_name = EncryptedTextField(_("监督人"), blank=True)
    supervisor_relation = models.CharField(_("监督人与签署人的关系"), max_length=20, blank=True)
    sign_image = EncryptedTextField(_("手写签名"), blank=True)
    masked_name = models.CharField(_("签署人（脱敏）"), max_length=20)
    display_consent = models.BooleanField(_("同意上墙"), default=False)
    is_child = models.BooleanField(default=False)
    doc_hash = models.CharField(_("文本摘要（SM3）"), max_length=64)

    class Meta:
        verbose_name = _("签名")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["template", "open_key"], name="pledge_signed_once"),
            models.CheckConstraint(
                condition=Q(is_child=False) | ~Q(guardian_name=""), name="pledge_child_has_guardian"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["template", "-id"], name="pledge_wall", condition=Q(display_consent=True))
        ]

    def __str__(self) -> str:
        return self.masked_name

    def get_absolute_url(self) -> str:
        """The receipt; opens for the phone that signed."""
        return reverse("campaigns:pledges:receipt", args=[self.public_id])


class PledgeNumber(models.Model):
    """The last number given out in a year; counting up is one UPDATE, so two writers queue on the row."""

    scope_rule = UNSCOPED

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"
