"""The list of grants."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.grants import queries
from portal.grants.models import Grant, role_choices
from portal.ui.lists import Column, ListSpec, Sort, register

STATES = (
    ("open", gettext_lazy("在任")),
    ("soon", gettext_lazy("30 天内到期")),
    ("unused", gettext_lazy("久未登录")),
    ("over", gettext_lazy("已结束")),
)


def state_of(grant: Grant) -> tuple[str, str]:
    """Words and tone of a grant's state."""
    today = timezone.localdate()
    if not grant.user.is_active:
        return _("账号停用"), ""
    if not grant.is_open_on(today):
        return _("已结束"), ""
    if grant.starts_on > today:
        return _("未开始"), "info"
    if grant.ends_on is not None and (grant.ends_on - today).days <= 30:
        return _("即将到期"), "warn"
    return (_("代理中"), "rose") if grant.delegated_from_id else (_("在任"), "ok")


class GrantFilter(django_filters.FilterSet):
    """By person, role, unit and state."""

    q = django_filters.CharFilter(label=gettext_lazy("姓名或用户名"), method="by_person")
    role = django_filters.ChoiceFilter(
        label=gettext_lazy("角色"), choices=role_choices, empty_label=gettext_lazy("全部")
    )
    unit = django_filters.CharFilter(label=gettext_lazy("单位"), method="by_unit")
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("状态"), choices=STATES, method="by_state", empty_label=gettext_lazy("全部")
    )

    class Meta:
        model = Grant
        fields = ("role",)

    def by_person(self, rows: QuerySet[Grant], name: str, value: str) -> QuerySet[Grant]:
        """Part of the name."""
        return rows.filter(
            Q(user__display_name__icontains=value) | Q(user__username__icontains=value.lower())
        )

    def by_unit(self, rows: QuerySet[Grant], name: str, value: str) -> QuerySet[Grant]:
        """The unit's number or part of its name."""
        return rows.filter(Q(unit__unit_no=value) | Q(unit__name__icontains=value))

    def by_state(self, rows: QuerySet[Grant], name: str, value: str) -> QuerySet[Grant]:
        """As the list words it."""
        return queries.in_state(rows, value)


def _person_url(grant: Grant) -> str:
    return reverse("portal:grants:person", args=[grant.user.ref])


def _ends(grant: Grant) -> Any:
    if grant.ended_at:
        return timezone.localtime(grant.ended_at).date()
    return grant.ends_on or _("不定")


def _role_text(grant: Grant) -> str:
    if grant.delegated_from is None:
        return grant.role_label
    return _("%(role)s（代%(name)s）") % {
        "role": grant.role_label,
        "name": grant.delegated_from.user.display_name,
    }


SPEC = register(
    ListSpec(
        code="grants",
        title=gettext_lazy("人员与授权"),
        rows=queries.visible,
        columns=(
            Column(
                "person",
                gettext_lazy("姓名"),
                lambda grant: grant.user.display_name,
                link=_person_url,
                sort="name",
            ),
            Column("username", gettext_lazy("用户名"), lambda grant: grant.user.username),
            Column("role", gettext_lazy("角色"), _role_text),
            Column("unit", gettext_lazy("单位"), lambda grant: grant.unit.name, sort="unit"),
            Column("starts_on", gettext_lazy("开始"), lambda grant: grant.starts_on),
            Column("ends_on", gettext_lazy("结束"), _ends),
            Column("state", gettext_lazy("状态"), lambda g: state_of(g)[0], tone=lambda g: state_of(g)[1]),
        ),
        sorts=(
            Sort("new", gettext_lazy("最近授予"), ("-created_at",)),
            Sort("unit", gettext_lazy("按单位"), ("unit__path", "pk")),
            Sort("name", gettext_lazy("按姓名"), ("user__display_name", "pk")),
        ),
        filterset=GrantFilter,
        empty_title=gettext_lazy("还没有授权"),
        empty_text=gettext_lazy("邀请同事开通账号，他们会出现在这里。"),
        presets=(
            (gettext_lazy("全部"), ""),
            (gettext_lazy("在任"), "state=open"),
            (gettext_lazy("即将到期"), "state=soon"),
            (gettext_lazy("久未登录"), "state=unused"),
        ),
    )
)
