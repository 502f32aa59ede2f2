"""Tables of the slice: packages (六个一, 七个一, any N): named items, each computed from what fulfils it."""

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaigns.packages.rules import MOST_NEEDED, TONES, TRANSITIONS, Status
from campaigns.planning.models import Campaign, Partner
from portal.access.scope import UNSCOPED, ScopeRule
from portal.journal.stamped import Edited
from portal.units.models import Unit


class Package(Edited):
    """A package of one unit for the units it addresses. They see it; only the owner's people change it."""

    scope_rule = ScopeRule(unit="unit", owner="created_by", also=("units",))
    transitions = TRANSITIONS

    unit = models.ForeignKey(
        Unit, verbose_name=_("制定单位"), on_delete=models.PROTECT, related_name="packages"
    )
    campaign = models.ForeignKey(
        Campaign,
        verbose_name=_("所属主题"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="packages",
    )
    name = models.CharField(_("名称"), max_length=60)
    summary = models.TextField(_("说明"), max_length=500, blank=True)
    starts_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("结束日期"))
    partners = models.ManyToManyField(
        Partner, verbose_name=_("联合单位"), blank=True, related_name="packages"
    )
    units = models.ManyToManyField(
        Unit,
        verbose_name=_("由哪些单位完成"),
        through="PackageUnit",
        blank=True,
        related_name="addressed_packages",
    )
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    copied_from = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="copies", editable=False
    )

    class Meta:
        verbose_name = _("“几个一”")
        ordering: ClassVar = ["-starts_on", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="package_ends_after_start")
        ]
        indexes: ClassVar = [models.Index(fields=["-starts_on", "-id"], name="package_newest")]

    def __str__(self) -> str:
        return self.name

    @property
    def tone(self) -> str:
        """Colour of the state's tag."""
        return TONES[Status(self.status)]

    @property
    def staff_url(self) -> str:
        """Its page: the matrix of units and items."""
        return reverse("campaigns:packages:detail", args=[self.pk])


class PackageUnit(models.Model):
    """A unit that is to fulfil a package."""

    scope_rule = UNSCOPED

    package = models.ForeignKey(Package, on_delete=models.CASCADE, related_name="unit_links")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["package", "unit"], name="package_unit_once")
        ]
        indexes: ClassVar = [models.Index(fields=["unit", "package"], name="package_unit_back")]

    def __str__(self) -> str:
        return f"{self.package_id} → {self.unit_id}"


class PackageItem(models.Model):
    """One 一: its words, what fulfils it (a code of the registry with an option), how many are needed."""

    scope_rule = UNSCOPED

    package = models.ForeignKey(Package, on_delete=models.CASCADE, related_name="items")
    sort = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("内容"), max_length=40)
    fulfilment = models.CharField(_("由什么完成"), max_length=40)
    option = models.CharField(max_length=60, blank=True)
    needed: Any = models.PositiveIntegerField(
        _("需要几次"), default=1, validators=[MinValueValidator(1), MaxValueValidator(MOST_NEEDED)]
    )

    class Meta:
        ordering: ClassVar = ["sort", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["package", "name"], name="package_item_once"),
            models.CheckConstraint(condition=Q(needed__gte=1), name="package_item_needs_one"),
        ]

    def __str__(self) -> str:
        return self.name
