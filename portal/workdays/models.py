"""Days that are not what their weekday says."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.access.scope import PUBLIC
from portal.workdays.rules import LONGEST_NAME, Kind


class Holiday(models.Model):
    """One day off or one make-up day. A day without a row is a working day from Monday to Friday."""

    scope_rule = PUBLIC

    date = models.DateField(_("日期"), unique=True)
    kind = models.CharField(_("类型"), max_length=8, choices=Kind)
    name = models.CharField(_("名称"), max_length=LONGEST_NAME)

    class Meta:
        ordering: ClassVar = ["date"]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"

    @property
    def tone(self) -> str:
        """Tone of its tag."""
        return "ok" if self.kind == Kind.HOLIDAY else "warn"
