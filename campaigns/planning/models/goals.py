"""What units mean to reach."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.planning.models.campaigns import Campaign
from portal.access.scope import ScopeRule
from portal.units.models import Unit


class Goal(models.Model):
    """What a unit means to reach in a year, in one metric (codes of the metrics registry)."""

    scope_rule = ScopeRule(unit="unit")

    campaign = models.ForeignKey(
        Campaign, null=True, blank=True, on_delete=models.CASCADE, related_name="goals"
    )
    unit = models.ForeignKey(Unit, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="goals")
    metric = models.CharField(_("指标"), max_length=60)
    year = models.PositiveSmallIntegerField(_("年度"))
    target = models.PositiveIntegerField(_("目标值"))
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "unit", "metric", "year"], name="goal_once"),
            models.UniqueConstraint(
                fields=["unit", "metric", "year"],
                condition=Q(campaign__isnull=True),
                name="goal_without_campaign_once",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["year", "metric"], name="goal_year_metric")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.metric} {self.year}: {self.target}"
