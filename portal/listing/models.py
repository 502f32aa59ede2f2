"""Saved views of lists."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.access.scope import UNSCOPED


class SavedView(models.Model):
    """A list's filter and sort under a name of the person's own."""

    scope_rule = UNSCOPED

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    list_code = models.CharField(max_length=60)
    name = models.CharField(_("名称"), max_length=40)
    query = models.CharField(max_length=2000)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "list_code", "name"], name="saved_view_name_once")
        ]

    def __str__(self) -> str:
        return self.name
