"""Who holds which role where, from when until when."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.access.roles import ROLES, Reach, Role
from portal.access.scope import ScopeRule
from portal.units.models import Unit


def role_choices() -> list[tuple[str, object]]:
    """Role codes with their Chinese names, in the order of the table."""
    return [(role.value, spec.label) for role, spec in ROLES.items()]


class Grant(models.Model):
    """Role × unit × reach with dates. Ended grants stay as history."""

    scope_rule = ScopeRule(unit="unit")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(_("角色"), max_length=24, choices=role_choices)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="grants")
    reach = models.PositiveSmallIntegerField(
        _("范围"), choices=[(reach.value, reach.label) for reach in Reach], default=Reach.SUBTREE
    )
    starts_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("结束日期"), null=True, blank=True)
    delegated_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="delegations"
    )
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.CharField(_("依据"), max_length=200, blank=True)
    ended_at = models.DateTimeField(_("收回时间"), null=True, blank=True)
    end_reason = models.CharField(_("收回原因"), max_length=200, blank=True)
    warned_at = models.DateTimeField(null=True, blank=True, editable=False)
    client_token = models.CharField(max_length=36, unique=True, null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("授权")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "role", "unit"],
                condition=Q(ended_at__isnull=True, delegated_from__isnull=True),
                name="grant_open_once",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="grant_ends_after_start",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["user", "ended_at"], name="grant_by_user")]

    def __str__(self) -> str:
        return f"{self.user} {self.role_label}"

    @property
    def staff_url(self) -> str:
        """The page of the person who holds it."""
        return reverse("portal:grants:person", args=[self.user.ref])

    def is_open_on(self, day: date) -> bool:
        """Neither ended nor run out; it may begin later."""
        return self.ended_at is None and (self.ends_on is None or self.ends_on >= day)

    @property
    def role_label(self) -> str:
        """The Chinese name of the role."""
        return str(ROLES[Role(self.role)].label)
