"""Visits to venues: the seats of each slot, and who asked for them."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.venues.models.venues import Venue
from campaigns.venues.rules import visits as rules
from campaigns.venues.rules.visits import Origin, Status
from portal.access.scope import UNSCOPED, ScopeRule
from portal.privacy.fields import EncryptedTextField
from portal.privacy.masking import mask_name, mask_phone
from portal.units.models import Unit


class VisitSlot(models.Model):
    """The seats of one slot. Taking seats is one UPDATE with a condition, and the database refuses more
    than there are, so two writers cannot book the same seats on either database."""

    scope_rule = UNSCOPED

    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="slots")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    capacity = models.PositiveSmallIntegerField()
    taken = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["venue", "starts_at"], name="visit_slot_once"),
            models.CheckConstraint(
                condition=Q(taken__gte=0) & Q(taken__lte=F("capacity")), name="visit_slot_not_overbooked"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.venue_id} {self.starts_at:%Y-%m-%d %H:%M} {self.taken}/{self.capacity}"


class BaseVisit(models.Model):
    """A visit: booked online, or written down at the door. Contact and phone are encrypted and forgotten."""

    scope_rule = ScopeRule(unit="unit")
    transitions = rules.TRANSITIONS
    # A visit that is written down at the door has taken place already.
    entry_states = frozenset({Status.VISITED})

    no = models.CharField(_("编号"), max_length=16, unique=True)
    code_hash = models.CharField(max_length=64)
    venue = models.ForeignKey(Venue, verbose_name=_("阵地"), on_delete=models.PROTECT, related_name="visits")
    unit = models.ForeignKey(Unit, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="+")
    slot = models.ForeignKey(VisitSlot, null=True, on_delete=models.PROTECT, related_name="visits")
    starts_at = models.DateTimeField(_("到访时间"))
    ends_at = models.DateTimeField(null=True)
    org = models.CharField(_("单位（团体）"), max_length=60)
    headcount = models.PositiveSmallIntegerField(
        _("人数"), validators=[MinValueValidator(1), MaxValueValidator(rules.HEADCOUNT_MOST)]
    )
    came = models.PositiveSmallIntegerField(_("实到（人次）"), null=True)
    wants_docent = models.BooleanField(_("需要讲解"), default=False)
    purpose = models.CharField(_("来做什么"), max_length=100, blank=True)
    contact = EncryptedTextField(_("联系人"), blank=True)
    phone = EncryptedTextField(_("手机号"), blank=True)
    phone_hash = models.CharField(max_length=64, blank=True)
    origin = models.CharField(_("来源"), max_length=8, choices=Origin, default=Origin.ONLINE)
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.BOOKED)
    reply = models.CharField(_("给来访单位的话"), max_length=100, blank=True)
    is_demo = models.BooleanField(_("演示数据"), default=False, editable=False)
    client_token = models.CharField(max_length=36, unique=True, null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("提出时间"), default=timezone.now)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["unit", "status", "starts_at"], name="visit_waiting"),
            models.Index(fields=["venue", "starts_at"], name="visit_venue"),
            models.Index(fields=["phone_hash"], name="visit_phone"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(status=Status.VISITED) | Q(came__isnull=False), name="visit_visited_is_counted"
            )
        ]

    def __str__(self) -> str:
        return f"{self.no} {self.org}"

    @property
    def staff_url(self) -> str:
        """Its page for staff."""
        return reverse("campaigns:venues:visit", args=[self.no])

    @property
    def tone(self) -> str:
        """Colour of the state's tag."""
        return rules.TONES[Status(self.status)]

    @property
    def is_waiting(self) -> bool:
        """Has nobody confirmed it yet?"""
        return self.status == Status.BOOKED

    @property
    def may_cancel(self) -> bool:
        """Can the visitor still call it off?"""
        return self.status in rules.HOLDS_SEATS and self.starts_at > timezone.now()

    @property
    def has_passed(self) -> bool:
        """Is its time over?"""
        return (self.ends_at or self.starts_at) <= timezone.now()

    @property
    def masked_contact(self) -> str:
        """Who asked, as lists show it."""
        parts = [mask_name(self.contact) if self.contact else "", mask_phone(self.phone) if self.phone else ""]  # fmt: skip
        return " ".join(part for part in parts if part) or "—"
