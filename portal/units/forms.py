"""Forms of the unit pages. Choices come from the scope."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.ui.forms import PortalForm
from portal.units import choices
from portal.units.fields import UnitChoiceField
from portal.units.models import ChangeKind, Level, Unit, UnitKind


def day(**kwargs: Any) -> forms.DateField:
    """A day, with the browser's own picker."""
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


class _ShownForm(PortalForm):
    """A form whose values a preview can show in words."""

    @property
    def shown(self) -> list[tuple[Any, str]]:
        """Label and words of every field that was filled in."""
        found = []
        for bound in self.visible_fields():
            value = self.cleaned_data.get(bound.name)
            if isinstance(bound.field, forms.ChoiceField):
                value = dict(bound.field.choices).get(value, value)
            found.append((bound.label, str(value)))
        return [(label, words) for label, words in found if words not in {"", "None"}]


class _WhenForm(_ShownForm):
    """From when, and on which basis."""

    effective_on = day(
        label=_("生效日期"), help_text=_("填今天或更早的日期，确认后马上生效；填以后的日期，到那天自动执行。")
    )
    reason = forms.CharField(
        label=_("依据"), max_length=200, help_text=_("批复文号或会议，如“平政发〔2026〕3 号”")
    )

    def __init__(self, *args: Any, unit: Unit, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit, self.scope = unit, scope
        self.fields["effective_on"].initial = timezone.localdate
        self.order_fields([*(name for name in self.fields if name not in _LAST), *_LAST])

    def clean_effective_on(self) -> Any:
        """Not more than two years ahead, not before the first federations."""
        value = self.cleaned_data["effective_on"]
        today = timezone.localdate()
        if value > today + timedelta(days=731) or value.year < 1949:
            raise forms.ValidationError(_("请核对日期：最早 1949 年，最晚两年以后。"))
        return value

    @property
    def what(self) -> dict[str, Any]:
        """The arguments of the action beside the unit and the actor."""
        names = ("name", "short_name", "parent", "into", "effective_on", "reason")
        found = {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}
        return found | {"client_token": self.token}


_LAST = ("effective_on", "reason", "form_token")


class RenameForm(_WhenForm):
    """Both names, filled with the present ones."""

    short_name = forms.CharField(label=_("简称"), max_length=40)
    name = forms.CharField(label=_("全称"), max_length=60)

    def __init__(self, *args: Any, unit: Unit, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, unit=unit, scope=scope, **kwargs)
        self.fields["short_name"].initial, self.fields["name"].initial = unit.short_name, unit.name


class CloseForm(_WhenForm):
    """Only when and why."""


class MoveForm(_WhenForm):
    """Under which unit from now on."""

    parent = UnitChoiceField(label=_("新的上级"))

    def __init__(self, *args: Any, unit: Unit, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, unit=unit, scope=scope, **kwargs)
        field = self.fields["parent"]
        field.perm, field.rows = choices.perm_of(unit), choices.parents_for(unit, scope)  # type: ignore[attr-defined]


class MergeForm(_WhenForm):
    """Into which unit."""

    into = UnitChoiceField(label=_("并入"))

    def __init__(self, *args: Any, unit: Unit, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, unit=unit, scope=scope, **kwargs)
        field = self.fields["into"]
        field.perm, field.rows = choices.perm_of(unit), choices.survivors_for(unit, scope)  # type: ignore[attr-defined]


class AddForm(_ShownForm):
    """A unit below the one whose page this is."""

    short_name = forms.CharField(
        label=_("简称"), max_length=40, help_text=_("如“河坡村”“冠山镇”“市直机关妇委会”")
    )
    name = forms.CharField(
        label=_("全称"), max_length=60, required=False, help_text=_("不填就是简称加“妇联”")
    )
    kind = forms.ChoiceField(label=_("类型"), choices=UnitKind.choices, initial=UnitKind.FEDERATION)
    level = forms.TypedChoiceField(label=_("级别"), coerce=int)
    unit_no = forms.CharField(
        label=_("12 位区划代码"), max_length=12, required=False, help_text=_("没有代码可以不填，系统自动编号")
    )
    opened_on = day(label=_("成立日期"))
    reason = forms.CharField(label=_("依据"), max_length=200, required=False)

    def __init__(self, *args: Any, unit: Unit, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit
        areas = scope.may(Perm.UNIT_REORGANISE, unit)
        levels = [level for level in Level if level > unit.level or level == unit.level]
        self.fields["level"].choices = [  # type: ignore[attr-defined]
            (level.value, level.label) for level in levels if areas or level in {Level.VILLAGE, *levels[:2]}
        ]
        self.fields["level"].initial = next(
            (level.value for level in levels if level > unit.level), levels[0].value
        )
        self.fields["opened_on"].initial = timezone.localdate

    def clean_opened_on(self) -> Any:
        """Units are added once they exist."""
        value = self.cleaned_data["opened_on"]
        if value > timezone.localdate() or value.year < 1949:
            raise forms.ValidationError(_("成立日期不能在今天以后。"))
        return value

    def clean(self) -> dict[str, Any]:
        """The full name follows from the short one."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        short = data.get("short_name", "")
        if short and not data.get("name"):
            own = data.get("kind") not in {UnitKind.FEDERATION, UnitKind.DEVELOPMENT_ZONE}
            data["name"] = short if own or short.endswith("妇联") else f"{short}妇联"
        return data

    @property
    def what(self) -> dict[str, Any]:
        """The arguments of the action beside the parent and the actor."""
        names = ("name", "short_name", "kind", "level", "unit_no", "opened_on", "reason")
        return {name: self.cleaned_data[name] for name in names} | {"client_token": self.token}


FORMS: dict[str, type[_WhenForm]] = {
    ChangeKind.RENAME: RenameForm,
    ChangeKind.CLOSE: CloseForm,
    ChangeKind.MOVE: MoveForm,
    ChangeKind.MERGE: MergeForm,
}
