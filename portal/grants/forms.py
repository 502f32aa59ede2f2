"""Forms about roles and people. Choices come from the scope of who fills them in."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access.roles import ROLES, Reach, Role
from portal.access.scope import Scope
from portal.accounts import phone_codes
from portal.accounts.models import User
from portal.accounts.rules import is_username, plain_username
from portal.grants import queries, rules
from portal.grants.models import Grant
from portal.ui.forms import PortalForm
from portal.units.fields import UnitChoiceField

DATE = {"type": "date"}


def _day(**kwargs: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d"), **kwargs)


class GiveForm(PortalForm):
    """A role at a unit with a reach and dates."""

    role = forms.ChoiceField(label=gettext_lazy("角色"))
    unit = UnitChoiceField(label=gettext_lazy("单位"))
    reach = forms.TypedChoiceField(
        label=gettext_lazy("范围"),
        coerce=lambda value: Reach(int(value)),
        choices=[(reach.value, reach.label) for reach in reversed(Reach)],
        initial=Reach.SUBTREE.value,
    )
    starts_on = _day(label=gettext_lazy("开始日期"), initial=timezone.localdate)
    ends_on = _day(
        label=gettext_lazy("结束日期"),
        required=False,
        help_text=gettext_lazy("任期结束的日子；到期自动失效，提前 30 天提醒。"),
    )
    reason = forms.CharField(
        label=gettext_lazy("依据"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("如任职文件、分工通知。"),
    )

    def __init__(self, *args: Any, scope: Scope, held: Iterable[Role] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scope, self.held = scope, frozenset(held)
        roles = [(role.value, ROLES[role].label) for role in rules.giveable_roles(scope)]
        self.fields["role"].choices = [("", _("请选择")), *roles]  # type: ignore[attr-defined]
        field: Any = self.fields["unit"]
        field.perm = next((perm for perm in rules.GIVING if scope.has(perm)), field.perm)
        field.rows = queries.giveable_units(scope)

    def clean_role(self) -> Role:
        """A member of the table that may stand beside the roles the person has (三员分立)."""
        role = Role(self.cleaned_data["role"])
        clash = rules.conflict(role, self.held)
        if clash:
            raise ValidationError(clash)
        return role

    def clean(self) -> dict[str, Any]:
        """Role, unit and reach must fit together, and to who gives."""
        data = super().clean() or {}
        if {"role", "unit", "reach"} <= set(data):
            data["reach"] = min(data["reach"], rules.widest(data["role"]))
            if not rules.may_give(self.scope, data["role"], data["unit"], data["reach"]):
                self.add_error("role", _("您不能在这个单位授予这个角色，或范围超出您自己的范围。"))
        if data.get("ends_on") and data.get("starts_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", _("结束日期不能早于开始日期。"))
        return data

    @property
    def chosen(self) -> dict[str, Any]:
        """What the actions take."""
        names = ("role", "unit", "reach", "starts_on", "ends_on", "reason")
        return {name: self.cleaned_data[name] for name in names}


class InviteForm(GiveForm):
    """A new person with a first role."""

    field_order = (
        "display_name", "username", "title", "phone", "email", "role", "unit", "reach", "starts_on", "ends_on", "reason",
    )  # fmt: skip
    display_name = forms.CharField(label=gettext_lazy("姓名"), min_length=2, max_length=30)
    username = forms.CharField(
        label=gettext_lazy("用户名"),
        max_length=30,
        required=False,
        help_text=gettext_lazy("留空就按姓名拼音取；小写字母开头，3–30 个字母、数字或 _ . -。"),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )
    title = forms.CharField(label=gettext_lazy("职务"), max_length=40, required=False)
    phone = forms.CharField(
        label=gettext_lazy("手机号"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
        help_text=gettext_lazy("用来发送开通链接和找回密码；不填就把链接当面交给本人。"),
    )
    email = forms.EmailField(label=gettext_lazy("邮箱"), required=False)

    def clean_phone(self) -> str:
        """Eleven digits or nothing."""
        typed = self.cleaned_data["phone"].strip()
        return phone_codes.clean_phone(typed) if typed else ""

    def clean_username(self) -> str:
        """Allowed and free; empty is filled from the name later."""
        name = plain_username(self.cleaned_data["username"])
        if name and not is_username(name):
            raise ValidationError(_("用户名用小写字母开头，3–30 个字母、数字或 _ . -。"))
        return name


class BatchForm(PortalForm):
    """Many people at once, pasted from a table."""

    lines = forms.CharField(
        label=gettext_lazy("名单"),
        max_length=40_000,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "每行一人：姓名、角色、单位，之后可以接手机号、职务、用户名。用逗号或制表符隔开，可以直接从表格里复制。"
        ),
    )
    ends_on = _day(label=gettext_lazy("任期到"), required=False)


class ReasonForm(PortalForm):
    """A reason for acting on somebody else's account."""

    reason = forms.CharField(label=gettext_lazy("原因"), max_length=100)


class EndForm(ReasonForm):
    """Taking a role back."""

    grant = forms.ModelChoiceField(queryset=None, widget=forms.HiddenInput)
    on = _day(label=gettext_lazy("到哪天为止"), required=False, help_text=gettext_lazy("留空就是现在收回。"))

    def __init__(self, *args: Any, grants: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["grant"].queryset = grants  # type: ignore[attr-defined]


class DelegateForm(PortalForm):
    """Letting a colleague act for me until a date."""

    source = forms.ModelChoiceField(label=gettext_lazy("委托哪个角色"), queryset=None, empty_label=None)
    to = forms.ModelChoiceField(
        label=gettext_lazy("委托给"), queryset=None, empty_label=gettext_lazy("请选择同事")
    )
    reach = forms.TypedChoiceField(
        label=gettext_lazy("范围"),
        coerce=lambda value: Reach(int(value)),
        choices=[(reach.value, reach.label) for reach in reversed(Reach)],
        initial=Reach.SUBTREE.value,
    )
    starts_on = _day(label=gettext_lazy("开始日期"), initial=timezone.localdate)
    ends_on = _day(label=gettext_lazy("结束日期"), help_text=gettext_lazy("到期自动收回，一次最多 92 天。"))
    reason = forms.CharField(
        label=gettext_lazy("原因"), max_length=200, help_text=gettext_lazy("如出差、休假。")
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grants = queries.delegable(user)
        rows = queries.own_grants(user).filter(pk__in=[grant.pk for grant in grants])
        self.fields["source"].queryset = rows  # type: ignore[attr-defined]
        self.fields["source"].label_from_instance = _grant_label  # type: ignore[attr-defined]
        self.fields["to"].queryset = queries.colleagues_of_all(user, grants)  # type: ignore[attr-defined]
        self.fields["to"].label_from_instance = _person_label  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Never further than the own grant."""
        data = super().clean() or {}
        if data.get("source") and data.get("reach"):
            data["reach"] = min(data["reach"], Reach(data["source"].reach))
        return data


class HandoverForm(ReasonForm):
    """Who takes over, and from when."""

    field_order = ("successor", "ends_on", "reason")
    successor = forms.ModelChoiceField(
        label=gettext_lazy("接手人"), queryset=None, empty_label=gettext_lazy("请选择")
    )
    ends_on = _day(
        label=gettext_lazy("原角色到哪天为止"),
        required=False,
        help_text=gettext_lazy("留空就是现在收回；事项现在就移交。"),
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["successor"].queryset = people  # type: ignore[attr-defined]
        self.fields["successor"].label_from_instance = _person_label  # type: ignore[attr-defined]


def _grant_label(grant: Grant) -> str:
    return f"{grant.role_label} · {grant.unit.short_name}"


def _person_label(user: User) -> str:
    return f"{user.display_name}（{user.title or user.username}）"
