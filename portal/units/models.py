"""Divisions (reference data) and the federation's own tree of units (design §5)."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node, MP_NodeManager, MP_NodeQuerySet

from portal.access.scope import PUBLIC, ScopeRule, below


class Level(models.IntegerChoices):
    """Administrative level; the number grows downwards."""

    NATION = 0, _("全国")
    PROVINCE = 1, _("省")
    CITY = 2, _("市")
    COUNTY = 3, _("县(市、区)")
    TOWNSHIP = 4, _("乡镇(街道)")
    VILLAGE = 5, _("村(社区)")


class CodeSystem(models.TextChoices):
    """Two public code systems that must never be merged (data notes 2 and 3)."""

    NBS = "nbs2023", _("统计用区划代码(2023)")
    MCA = "mca2025", _("民政部区划代码(2025)")


class UnitKind(models.TextChoices):
    """Domain reference §11.2."""

    FEDERATION = "federation", _("妇联")
    WOMEN_COMMITTEE = "women_committee", _("妇委会")
    WOMEN_WORK_COMMITTEE = "women_work_committee", _("妇工委")
    DEVELOPMENT_ZONE = "development_zone", _("开发区(高新区)妇联")
    INDUSTRY = "industry", _("行业")
    SYSTEM = "system", _("系统")
    OFFICE = "office", _("机关部室")
    PARTNER = "partner", _("协作单位")
    BASE = "base", _("基地")
    STORE = "store", _("积分超市")
    TEAM = "team", _("队伍")


class Division(models.Model):
    """An administrative division in one code system; reference data, never a business key."""

    scope_rule = PUBLIC

    code_system = models.CharField(_("代码系统"), max_length=8, choices=CodeSystem)
    code = models.CharField(_("区划代码"), max_length=12)
    name = models.CharField(_("名称"), max_length=60)
    short_name = models.CharField(_("简称"), max_length=40)
    level = models.PositiveSmallIntegerField(_("级别"), choices=Level)
    parent_code = models.CharField(_("上级代码"), max_length=12, blank=True)
    aliases = models.JSONField(_("别名"), default=list, blank=True)
    is_virtual = models.BooleanField(_("占位或虚拟"), default=False)
    valid_from = models.DateField(_("启用日期"), null=True, blank=True)
    valid_to = models.DateField(_("停用日期"), null=True, blank=True)
    replaced_by = models.CharField(_("被取代为"), max_length=12, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code_system", "code"], name="division_code_once"),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[0-9]{12}$"), name="division_code_is_12_digits"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["code_system", "parent_code"], name="division_children")]

    def __str__(self) -> str:
        return self.name


class UnitQuerySet(MP_NodeQuerySet):  # type: ignore[misc]
    """Reads of the tree."""

    def open(self) -> "UnitQuerySet":
        """Units that are not closed."""
        return self.filter(closed_on__isnull=True)

    def under(self, path: str) -> "UnitQuerySet":
        """The unit at `path` and all below it."""
        return self.filter(below(path))


class UnitManager(MP_NodeManager.from_queryset(UnitQuerySet)):  # type: ignore[misc]
    """treebeard's manager makes querysets of its own class; this one makes ours."""

    def get_queryset(self) -> UnitQuerySet:
        """In the order of the tree."""
        return UnitQuerySet(self.model, using=self._db).order_by("path")


class Unit(MP_Node):  # type: ignore[misc]
    """A unit of the federation. `path` gives the subtree by one prefix match on both databases."""

    scope_rule = ScopeRule(unit="self")

    unit_no = models.CharField(_("单位编号"), max_length=24, unique=True)
    name = models.CharField(_("全称"), max_length=80)
    short_name = models.CharField(_("简称"), max_length=40)
    level = models.PositiveSmallIntegerField(_("级别"), choices=Level)
    kind = models.CharField(_("类型"), max_length=24, choices=UnitKind, default=UnitKind.FEDERATION)
    divisions = models.ManyToManyField(Division, verbose_name=_("所辖区划"), blank=True, related_name="units")
    sort = models.PositiveIntegerField(_("排序"), default=0)
    contact_phone = models.CharField(_("办公电话"), max_length=30, blank=True)
    opened_on = models.DateField(_("成立日期"), null=True, blank=True)
    closed_on = models.DateField(_("撤销日期"), null=True, blank=True)
    replaced_by = models.ForeignKey(
        "self",
        verbose_name=_("并入"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="merged_units",
    )
    aliases: Any = models.JSONField(_("别名和曾用名"), default=list, blank=True)
    search = models.TextField(_("检索词"), blank=True, editable=False)
    is_demo = models.BooleanField(_("演示数据"), default=False)

    objects = UnitManager()
    steplen = 5
    node_order_by: ClassVar[list[str]] = []

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["level", "path"], name="unit_level_path"),
            models.Index(fields=["depth", "path"], name="unit_depth_path"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keeps the text that searches look through in step with the names."""
        from portal.units.names import search_text  # deferred: names knows the levels above

        self.search = search_text(self.all_names)
        fields = kwargs.get("update_fields")
        if fields is not None and {"name", "short_name", "aliases"} & set(fields):
            kwargs["update_fields"] = {*fields, "search"}
        super().save(*args, **kwargs)

    @property
    def staff_url(self) -> str:
        """The unit's page."""
        return reverse("portal:units:detail", args=[self.unit_no])

    @property
    def all_names(self) -> list[str]:
        """Everything the unit is or was called."""
        return [self.short_name, self.name.removesuffix("妇联"), *self.aliases]

    @property
    def is_closed(self) -> bool:
        """Closed units keep their rows but take no new ones."""
        return self.closed_on is not None

    @classmethod
    def path_below(cls, parent_path: str, step: int) -> str:
        """The path of the `step`-th child of a parent (of the `step`-th root for an empty path)."""
        path: str = cls._get_path(parent_path, len(parent_path) // cls.steplen + 1, step)
        return path

    @classmethod
    def step_of(cls, path: str) -> int:
        """The last step of a path, as a number."""
        step: int = cls._str2int(path[-cls.steplen :])
        return step


class ChangeKind(models.TextChoices):
    """What can happen to a unit."""

    ADD = "add", _("新增")
    RENAME = "rename", _("更名")
    CLOSE = "close", _("撤销")
    MOVE = "move", _("调整隶属")
    MERGE = "merge", _("合并")


class UnitChange(models.Model):
    """History and plan of a unit: what changes, from which date, on which basis.

    `before` and `after` hold names and unit numbers, so that the history reads without other rows.
    A change with a future date waits (`applied_at` empty) for the daily job.
    """

    scope_rule = ScopeRule(unit="unit")

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(_("变动"), max_length=16, choices=ChangeKind)
    effective_on = models.DateField(_("生效日期"))
    before: Any = models.JSONField(_("变动前"), default=dict)
    after: Any = models.JSONField(_("变动后"), default=dict)
    impact: Any = models.JSONField(_("影响"), default=dict)
    reason = models.CharField(_("依据"), max_length=200, blank=True)
    applied_at = models.DateTimeField(_("执行时间"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("取消时间"), null=True, blank=True)
    failure = models.CharField(_("没有执行的原因"), max_length=200, blank=True)
    client_token = models.CharField(max_length=36, unique=True, null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-effective_on", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(applied_at__isnull=True, cancelled_at__isnull=True, failure=""),
                name="unit_one_planned_change",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.kind} {self.effective_on}"

    @property
    def is_planned(self) -> bool:
        """Waits for its date."""
        return self.applied_at is None and self.cancelled_at is None and not self.failure
