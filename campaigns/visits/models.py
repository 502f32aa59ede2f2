"""Family visits."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.planning.models import Campaign
from campaigns.visits import rules
from campaigns.visits.rules import FamilyKind, Status
from portal.access.scope import ScopeRule
from portal.journal.stamped import Edited
from portal.privacy.fields import EncryptedTextField
from portal.privacy.masking import mask_name
from portal.units.models import Unit


class FamilyVisit(Edited):
    """One round of visits to one or several households of a kind. A family may stay anonymous; a name and all
    texts are encrypted, children are a number and nothing else."""

    scope_rule = ScopeRule(unit="unit", owner="created_by")
    transitions = rules.TRANSITIONS
    entry_states = frozenset({Status.OPEN})

    unit = models.ForeignKey(Unit, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="+")
    campaign = models.ForeignKey(
        Campaign,
        verbose_name=_("所属主题"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    visited_at = models.DateTimeField(_("家访日期"))
    visitors = models.CharField(_("哪些单位去的"), max_length=120)
    area = models.CharField(_("到哪里"), max_length=80)
    family_kind = models.CharField(_("家庭类型"), max_length=12, choices=FamilyKind)
    households = models.PositiveSmallIntegerField(_("走访户数"), default=1)
    children = models.PositiveSmallIntegerField(_("未成年人人数"), null=True, blank=True)
    family_name = EncryptedTextField(_("户主称呼"), blank=True)
    greeted = models.BooleanField(rules.CHECKLIST["greeted"], default=False)
    pledge_signed = models.BooleanField(rules.CHECKLIST["pledge_signed"], default=False)
    work_introduced = models.BooleanField(rules.CHECKLIST["work_introduced"], default=False)
    opinions_asked = models.BooleanField(rules.CHECKLIST["opinions_asked"], default=False)
    needs_heard = models.BooleanField(rules.CHECKLIST["needs_heard"], default=False)
    needs = EncryptedTextField(_("意见和需求"), blank=True)
    responsible = models.ForeignKey(
        Unit, verbose_name=_("跟进单位"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    due_on = models.DateField(_("跟进期限"), null=True, blank=True)
    outcome = EncryptedTextField(_("处理情况"), blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    status = models.CharField(_("跟进"), max_length=10, choices=Status, default=Status.NONE, editable=False)

    class Meta:
        verbose_name = _("清廉家访")
        ordering: ClassVar = ["-visited_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(households__gte=1), name="visit_has_households"),
            models.CheckConstraint(
                condition=Q(status="none") | Q(due_on__isnull=False), name="visit_follow_up_has_date"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["unit", "-visited_at"], name="visit_unit_day"),
            models.Index(fields=["status", "due_on"], name="visit_follow_up"),
        ]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.visited_at):%Y-%m-%d} {self.area}"

    @property
    def staff_url(self) -> str:
        """Its page."""
        return reverse("campaigns:visits:detail", args=[self.pk])

    @property
    def day(self) -> Any:
        """The day of the visit."""
        return timezone.localtime(self.visited_at).date()

    @property
    def tone(self) -> str:
        """Colour of the follow-up's tag."""
        return rules.TONES[Status(self.status)]

    @property
    def masked_family(self) -> str:
        """How lists and pages show the family."""
        return mask_name(self.family_name) if self.family_name else str(_("匿名"))

    @property
    def checks(self) -> list[tuple[Any, bool]]:
        """(words, done) of the five items."""
        return [(label, bool(getattr(self, name))) for name, label in rules.CHECKLIST.items()]

    @property
    def checks_done(self) -> int:
        """How many of the five were done."""
        return sum(done for _label, done in self.checks)

    @property
    def answers_for(self) -> Unit:
        """The unit that follows up."""
        return self.responsible or self.unit

    @property
    def is_open(self) -> bool:
        """Is something still to be done?"""
        return self.status == Status.OPEN

    @property
    def is_late(self) -> bool:
        """Has the date of the follow-up passed?"""
        return self.is_open and self.due_on is not None and self.due_on < timezone.localdate()
