"""All units in reach as a list: search, filter, export."""

from typing import Any

import django_filters
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Greatest, Length, Substr
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.ui.lists import Column, ListSpec, Sort, choice, register
from portal.units import queries
from portal.units.models import Level, Unit, UnitKind, UnitQuerySet

OPEN, CLOSED = "open", "closed"


class UnitFilter(django_filters.FilterSet):
    """Words, level, kind, open or closed, below one unit."""

    q = django_filters.CharFilter(label=_("名称、拼音、编号"), method="by_words")
    level = django_filters.ChoiceFilter(label=_("级别"), choices=Level.choices, empty_label=_("全部"))
    kind = django_filters.ChoiceFilter(label=_("类型"), choices=UnitKind.choices, empty_label=_("全部"))
    state = django_filters.ChoiceFilter(
        label=_("状态"),
        choices=[(OPEN, _("在用")), (CLOSED, _("已撤销"))],
        empty_label=_("全部"),
        method="by_state",
    )
    under = django_filters.CharFilter(label=_("隶属(编号)"), method="by_parent")

    class Meta:
        model = Unit
        fields = ("q", "level", "kind", "state", "under")

    def by_words(self, rows: QuerySet[Unit], name: str, value: str) -> QuerySet[Unit]:
        """See queries.search."""
        return queries.search(rows, value)

    def by_state(self, rows: QuerySet[Unit], name: str, value: str) -> QuerySet[Unit]:
        """In use, or closed."""
        return rows.filter(closed_on__isnull=value == OPEN)

    def by_parent(self, rows: UnitQuerySet, name: str, value: str) -> UnitQuerySet:
        """A unit and everything below it."""
        unit = queries.by_no(value.strip())
        return rows.under(unit.path) if unit is not None else rows.none()


def _above(steps: int) -> Subquery:
    """The short name `steps` levels up, read with the row."""
    cut = Substr(OuterRef("path"), 1, Greatest(Length(OuterRef("path")) - steps * Unit.steplen, 0))
    return Subquery(Unit.objects.order_by().filter(path=cut).values("short_name")[:1])


def rows_for(scope: Scope) -> QuerySet[Unit]:
    """The units in reach with the two names above each."""
    return scope.rows(Unit, Perm.UNIT_VIEW).annotate(above=_above(1), above_that=_above(2))


def _place(unit: Any) -> str:
    return " › ".join(name for name in (unit.above_that, unit.above) if name)


SPEC = register(
    ListSpec(
        code="units",
        title=_("单位"),
        rows=rows_for,
        columns=(
            Column(
                "short_name",
                _("单位"),
                lambda unit: unit.short_name,
                link=lambda unit: reverse("portal:units:detail", args=[unit.unit_no]),
            ),
            Column("name", _("全称"), lambda unit: unit.name),
            Column("place", _("隶属"), _place),
            Column("level", _("级别"), choice("level")),
            Column("kind", _("类型"), choice("kind")),
            Column("unit_no", _("编号"), lambda unit: unit.unit_no, sort="number"),
            Column("aliases", _("别名和曾用名"), lambda unit: "、".join(unit.aliases), on_screen=False),
            Column("opened_on", _("成立日期"), lambda unit: unit.opened_on or "", on_screen=False),
            Column(
                "state",
                _("状态"),
                lambda unit: _("已撤销") if unit.is_closed else _("在用"),
                tone=lambda unit: "" if unit.is_closed else "ok",
            ),
        ),
        sorts=(Sort("tree", _("区划顺序"), ("path",)), Sort("number", _("编号"), ("unit_no",))),
        filterset=UnitFilter,
        page_size=30,
        empty_title=_("没有可看的单位"),
        empty_text=_("您的角色没有单位查看范围，请与上级管理员联系。"),
    )
)
