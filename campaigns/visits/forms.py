"""The one-minute form of a family visit, and the small ones of its follow-up."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.visits import queries, rules
from campaigns.visits.models import FamilyVisit
from campaigns.visits.rules import FamilyKind
from portal.access.scope import Scope
from portal.ui.fields import day_field, long_text, moment, too_long
from portal.ui.forms import PortalForm

FORM_CODE = "visits.new"
NOT_A_FIELD = {
    "form_token",
    "unit",
    "visited_on",
    "follow_up",
    "responsible",
    "due_on",
    "checks",
    "not_a_case",
}


class VisitForm(PortalForm):
    """Date, place, kind, households, five ticks; what was said only when something has to follow."""

    visited_on = day_field(
        gettext_lazy("哪一天"),
        attrs={"data-days": ""},
        error_messages={"required": gettext_lazy("请填家访日期。")},
    )
    area = forms.CharField(
        label=gettext_lazy("到哪里"),
        max_length=80,
        help_text=gettext_lazy("写到村（社区）就行，不写门牌号。"),
    )
    visitors = forms.CharField(
        label=gettext_lazy("哪些单位去的"), max_length=120, help_text=gettext_lazy("如：县妇联、县纪委监委。")
    )
    family_kind = forms.ChoiceField(
        label=gettext_lazy("什么样的家庭"), choices=FamilyKind.choices, widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选家庭类型。")},
    )  # fmt: skip
    households = forms.IntegerField(
        label=gettext_lazy("走访几户"), min_value=1, max_value=rules.HOUSEHOLDS_MOST, initial=1,
        widget=forms.NumberInput(attrs={"data-stepper": "", "data-presets": "1,3,5", "inputmode": "numeric"}),
    )  # fmt: skip
    checks = forms.MultipleChoiceField(
        label=gettext_lazy("五个一做了哪些"), choices=list(rules.CHECKLIST.items()), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    needs = long_text(
        gettext_lazy("意见和需求"), rules.NEEDS_MOST,
        help_text=gettext_lazy("加密保存，只写事情，不写姓名、门牌、孩子的任何信息；不写暴力个案。"),
    )  # fmt: skip
    not_a_case = forms.BooleanField(
        label=gettext_lazy("我写的不是某个人正在遭受的暴力或危险，可以保存"), required=False
    )
    follow_up = forms.BooleanField(label=gettext_lazy("有事情需要跟进"), required=False)
    responsible = forms.ModelChoiceField(
        label=gettext_lazy("由谁跟进"), queryset=None, required=False, to_field_name="unit_no",
        empty_label=gettext_lazy("本单位"),
        error_messages={"invalid_choice": gettext_lazy("跟进单位请选本单位或上级妇联。")},
    )  # fmt: skip
    due_on = day_field(
        gettext_lazy("跟进期限"), required=False, help_text=gettext_lazy("不填按 14 天；到期前 3 天提醒。")
    )
    family_name = forms.CharField(
        label=gettext_lazy("户主称呼"), max_length=30, required=False,
        help_text=gettext_lazy("可以不填，匿名一样计数。填了加密保存，写明理由才能看，三年后清除；不填孩子的名字。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-autosave": "off"}),
    )  # fmt: skip
    children = forms.IntegerField(
        label=gettext_lazy("家里未成年人人数"), min_value=0, max_value=2000, required=False,
        help_text=gettext_lazy("只记人数。"),
    )  # fmt: skip
    campaign = forms.ModelChoiceField(
        label=gettext_lazy("属于哪个主题"), queryset=None, required=False,
        empty_label=gettext_lazy("不属于主题活动"),
    )  # fmt: skip
    unit = forms.ModelChoiceField(
        label=gettext_lazy("单位"), queryset=None, to_field_name="unit_no", empty_label=None,
        error_messages={"invalid_choice": gettext_lazy("您不能为这个单位登记家访，请选自己负责的单位。")},
    )  # fmt: skip

    def __init__(self, *args: Any, scope: Scope, visit: FamilyVisit | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.visit = visit
        self.units = [visit.unit] if visit is not None else list(queries.units_to_log_for(scope)[:50])
        self.fields["unit"].queryset = queries.units_to_log_for(scope)  # type: ignore[attr-defined]
        self.fields["unit"].required = len(self.units) != 1
        self.fields["responsible"].queryset = queries.may_follow_up(self.units)  # type: ignore[attr-defined]
        self.fields["campaign"].queryset = queries.campaigns_for(self.units)  # type: ignore[attr-defined]
        if visit is not None:
            for name in ("unit", "follow_up", "responsible", "due_on"):
                self.fields.pop(name)
            self.fields["family_name"].help_text = _("不改就留空，原来填的称呼不变。")

    def clean_visited_on(self) -> date:
        """A day that has come, and not long gone by mistake of the year."""
        day: date = self.cleaned_data["visited_on"]
        if day > timezone.localdate():
            raise ValidationError(_("家访日期还没到，请核对。"))
        if day.year < 2000:
            raise ValidationError(_("年份不对，请核对。"))
        return day

    def clean_due_on(self) -> date | None:
        """Not in the past."""
        day: date | None = self.cleaned_data["due_on"]
        if day is not None and day < timezone.localdate():
            raise ValidationError(_("跟进期限已经过去了，请填今天或以后的日期。"))
        return day

    def clean(self) -> dict[str, Any]:
        """A case of violence is for the hotlines; it is not kept here (domain reference §1)."""
        data = super().clean() or self.cleaned_data
        needs = data.get("needs") or ""
        if rules.tells_a_case(needs) and not data.get("not_a_case"):
            self.add_error(
                "needs",
                ValidationError(
                    _(
                        "看起来有人正在遭受暴力或危险：请告诉当事人马上拨打 12338 或 110，有专人接听，可以保密。"
                        "本站不登记个案，这段文字没有保存。如果写的不是个案，请在下面打勾后再提交。"
                    ),
                    code="case",
                ),
            )
        extra = too_long(needs, rules.NEEDS_MOST)
        if extra:
            self.add_error("needs", _("超出 %(extra)d 字，请删减。") % {"extra": extra})
        if data.get("follow_up") and not needs.strip() and "needs" not in self.errors:
            self.add_error("needs", _("要跟进的话，请写清是什么事。"))
        return data

    @property
    def asks_about_case(self) -> bool:
        """Was the text turned away because it reads like a case?"""
        return self.is_bound and self.has_error("needs", "case")

    @property
    def chosen_unit(self) -> Any:
        """The unit that visited."""
        return self.cleaned_data.get("unit") or self.units[0]

    @property
    def values(self) -> dict[str, Any]:
        """What the action writes."""
        data = self.cleaned_data
        kept = {name: value for name, value in data.items() if name not in NOT_A_FIELD}
        kept |= {name: name in data["checks"] for name in rules.CHECKLIST}
        return kept | {"visited_at": moment(data["visited_on"])}

    @staticmethod
    def initial_of(visit: FamilyVisit) -> dict[str, Any]:
        """A visit as the form shows it; the name stays where it is."""
        names = ("area", "visitors", "family_kind", "households", "children", "needs")
        return {name: getattr(visit, name) for name in names} | {
            "visited_on": visit.day,
            "campaign": visit.campaign_id,
            "checks": [name for name in rules.CHECKLIST if getattr(visit, name)],
        }


class FollowUpForm(PortalForm):
    """Who follows up, and by when."""

    responsible = forms.ModelChoiceField(
        label=gettext_lazy("由谁跟进"), queryset=None, required=False, to_field_name="unit_no",
        empty_label=gettext_lazy("本单位"),
        error_messages={"invalid_choice": gettext_lazy("跟进单位请选本单位或上级妇联。")},
    )  # fmt: skip
    due_on = day_field(gettext_lazy("跟进期限"), required=False)

    def __init__(self, *args: Any, visit: FamilyVisit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["responsible"].queryset = queries.may_follow_up([visit.unit])  # type: ignore[attr-defined]

    clean_due_on = VisitForm.clean_due_on


class TextForm(PortalForm):
    """What was done, or why."""

    text = forms.CharField(
        label=gettext_lazy("内容"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
