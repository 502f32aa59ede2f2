"""Roll-ups: the figures of one unit with everything below it, month by month."""

from typing import Any, ClassVar

from django.db import models

from portal.access.scope import ScopeRule
from portal.units.models import Unit


class MetricRollup(models.Model):
    """Figures of one source for one unit's subtree in one month; joint rows count once.

    `values` {metric: sum}; `estimated` {metric: how many rows are estimates}; `days` {metric: {day: sum}} so
    that part of a month can be compared; `parts` {part: rows}; `pending` rows wait for review.
    """

    scope_rule = ScopeRule(unit="unit")

    source = models.CharField(max_length=40)
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    month = models.DateField()
    rows = models.PositiveIntegerField(default=0)
    pending = models.PositiveIntegerField(default=0)
    values: Any = models.JSONField(default=dict)
    estimated: Any = models.JSONField(default=dict)
    days: Any = models.JSONField(default=dict)
    parts: Any = models.JSONField(default=dict)
    last_on = models.DateField(null=True)
    as_of = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "unit", "month"], name="rollup_once")
        ]
        indexes: ClassVar = [models.Index(fields=["unit", "month"], name="rollup_unit_month")]

    def __str__(self) -> str:
        return f"{self.source} {self.unit_id} {self.month:%Y-%m}"
