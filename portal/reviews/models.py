"""History of states."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.access.scope import UNSCOPED


class StatusChange(models.Model):
    """One step of one object, for showing its history beside it. The journal is the proof, this the page."""

    scope_rule = UNSCOPED

    target_type = models.CharField(max_length=60)
    target_id = models.BigIntegerField()
    step = models.CharField(max_length=40)
    before = models.CharField(max_length=24)
    after = models.CharField(max_length=24)
    reason = models.CharField(_("理由"), max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [models.Index(fields=["target_type", "target_id"], name="status_change_target")]

    def __str__(self) -> str:
        return f"{self.target_type} {self.target_id}: {self.before} → {self.after}"
