"""The card made of a message, and batches of cards for printing."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from families.cards.rules import Fold, Lettering, Pattern, Sheet, Size
from families.works.models import Work
from families.works.rules import Audience
from portal.access.scope import ScopeRule
from portal.jobs.models import Job
from portal.units.models import Unit


class Card(models.Model):
    """How a family wants its message printed. Whether it may be printed is a consent of its own about this row.

    `unit` is where the card will stand: the workplace the family named, else where the family lives.
    L3: the words and the handwriting of a family.
    """

    scope_rule = ScopeRule(unit="unit", never=(("work__audience", Audience.ONLY_RECIPIENT),))

    work = models.OneToOneField(Work, on_delete=models.CASCADE, related_name="card")
    unit = models.ForeignKey(Unit, verbose_name=_("摆放单位"), on_delete=models.PROTECT, related_name="+")
    lettering = models.CharField(_("字"), max_length=12, choices=Lettering, default=Lettering.TYPED)
    pattern = models.CharField(_("图案"), max_length=12, choices=Pattern, default=Pattern.LOTUS)
    crop: Any = models.JSONField(_("裁切框(百分比)"), default=list, blank=True)
    ink = models.BinaryField(_("清理后的手写字"), null=True, blank=True)
    ink_source = models.CharField(max_length=36, blank=True)
    printed_at = models.DateTimeField(_("最近印制"), null=True, blank=True)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("桌签")

    def __str__(self) -> str:
        return str(self.work_id)


class CardBatch(models.Model):
    """One file of cards that somebody asked for. `works` are the chosen ones; who is left out is decided when the
    file is made, so that a consent withdrawn in between counts."""

    scope_rule = ScopeRule(unit="unit", owner="created_by")

    unit = models.ForeignKey(Unit, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="+")
    size = models.CharField(_("大小"), max_length=4, choices=Size, default=Size.A5)
    fold = models.CharField(_("折法"), max_length=8, choices=Fold, default=Fold.TENT)
    sheet = models.CharField(_("排版"), max_length=8, choices=Sheet, default=Sheet.SINGLE)
    works: Any = models.JSONField(default=list)
    made = models.PositiveSmallIntegerField(_("印了几张"), default=0)
    left_out: Any = models.JSONField(_("没有印的"), default=dict)
    made_at = models.DateTimeField(_("做好时间"), null=True, blank=True)
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("谁做的"), null=True, on_delete=models.SET_NULL, related_name="+"
    )  # fmt: skip
    client_token = models.CharField(max_length=36, unique=True, null=True, blank=True)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(_("时间"), default=timezone.now)

    class Meta:
        verbose_name = _("桌签批次")
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.unit} {self.created_at:%Y-%m-%d}"
