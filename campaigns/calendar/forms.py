"""Forms of key dates and reminders. They write nothing."""

import re
from typing import Any

from crispy_forms.layout import HTML, Div, Layout
from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.activities.rules import Kind
from campaigns.calendar import queries, reminder_queries, rules
from campaigns.calendar.dates import LAST, LEAP_YEAR, TERMS, DateKind, month_days
from campaigns.calendar.models import CalendarNode, ReminderCampaign
from campaigns.calendar.rules import Audience, Channel
from portal.access.scope import Scope
from portal.ui.forms import PortalForm, PortalModelForm
from portal.units.models import Level, Unit

SEPARATOR = re.compile(r"[、,，;；\s]+")
MONTHS = [(0, "—"), *((number, str(number)) for number in range(1, 13))]
NTHS = [
    (0, "—"), (1, gettext_lazy("第一个")), (2, gettext_lazy("第二个")), (3, gettext_lazy("第三个")),
    (4, gettext_lazy("第四个")), (LAST, gettext_lazy("最后一个")),
]  # fmt: skip
WEEKDAYS = [
    (0, "—"), (1, gettext_lazy("星期一")), (2, gettext_lazy("星期二")), (3, gettext_lazy("星期三")),
    (4, gettext_lazy("星期四")), (5, gettext_lazy("星期五")), (6, gettext_lazy("星期六")), (7, gettext_lazy("星期日")),
]  # fmt: skip
ACTING_LEVELS = [
    (int(level), level.label) for level in (Level.CITY, Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE)
]
LUNAR_DAYS = 30  # the longest lunar month


def words(text: str) -> list[str]:
    """What people separate by 、 or blanks."""
    return [word for word in SEPARATOR.split(text) if word]


class _UnitsField(forms.ModelMultipleChoiceField):
    """Units as boxes, with their short names."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.short_name)


def _units(label: Any, help_text: Any) -> _UnitsField:
    return _UnitsField(
        label=label, queryset=None, to_field_name="unit_no", required=False, widget=forms.CheckboxSelectMultiple,
        help_text=help_text,
    )  # fmt: skip


def _number(label: Any, choices: list[tuple[int, Any]]) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, choices=choices, coerce=int, required=False, empty_value=0)


class NodeForm(PortalModelForm):
    """Everything about a key date; which date fields count depends on the rule."""

    alias_words = forms.CharField(
        label=gettext_lazy("别的叫法"), required=False, max_length=100,
        help_text=gettext_lazy("记活动时写的别名，用顿号隔开，如：三八、妇女节。用来找去年的记录。"),
    )  # fmt: skip
    rule = forms.ChoiceField(label=gettext_lazy("日期怎么算"), choices=DateKind.choices)
    month = _number(gettext_lazy("月"), MONTHS)
    day = forms.IntegerField(label=gettext_lazy("日"), min_value=0, max_value=31, required=False)
    until_month = _number(gettext_lazy("到几月（一段时间）"), MONTHS)
    until_day = forms.IntegerField(label=gettext_lazy("到几日"), min_value=0, max_value=31, required=False)
    nth = _number(gettext_lazy("第几个"), NTHS)
    weekday = _number(gettext_lazy("星期几"), WEEKDAYS)
    term = forms.ChoiceField(
        label=gettext_lazy("节气"), choices=[("", "—"), *((name, name) for name in TERMS)], required=False
    )
    unit = forms.ModelChoiceField(
        label=gettext_lazy("设置单位"), queryset=None, to_field_name="unit_no", empty_label=None,
        error_messages={"invalid_choice": gettext_lazy("您不能替这个单位设置节点。")},
    )  # fmt: skip
    levels = forms.TypedMultipleChoiceField(
        label=gettext_lazy("哪些层级要办"), choices=ACTING_LEVELS, coerce=int, required=False,
        widget=forms.CheckboxSelectMultiple, help_text=gettext_lazy("都不选：只显示在日历上，不备草稿。"),
    )  # fmt: skip
    only_units = _units(gettext_lazy("只给这些单位"), gettext_lazy("不选就是上面层级的所有单位。"))
    perm = forms.ChoiceField(
        label=gettext_lazy("提醒谁"),
        choices=[(perm.value, label) for perm, label in rules.ACTING_PERMS.items()],
    )
    activity_kind = forms.ChoiceField(label=gettext_lazy("建议的活动类型"), choices=Kind.choices)

    class Meta:
        model = CalendarNode
        fields = (
            "name", "rule", "month", "day", "until_month", "until_day", "nth", "weekday", "term", "unit", "levels",
            "only_units", "perm", "days_before", "activity_kind", "title", "place", "about", "with_reminder", "is_active",
        )  # fmt: skip

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = queries.units_that_keep(scope)
        self.fields["only_units"].queryset = reminder_queries.units_to_choose(scope)
        self.fields["title"].help_text = _("可写 {节点}、{单位}、{年}，会自动换成对应的字。")
        self.fields["days_before"].help_text = _("1 到 60 天，一般 30 天。")
        dates = ("rule", "month", "day", "until_month", "until_day", "nth", "weekday", "term")
        acting = ("levels", "perm", "days_before", "activity_kind", "title", "place")
        self.helper.layout = Layout(
            Div("name", "alias_words", css_class="form-grid"),
            Div(*dates, css_class="form-grid"),
            Div(*(() if self.instance.pk else ("unit",)), *acting, css_class="form-grid"),
            "about", "with_reminder", "is_active",
            HTML('<details class="more"><summary>'), HTML(_("只给一部分单位")), HTML("</summary>"), "only_units",
            HTML("</details>"), "form_token",
        )  # fmt: skip
        if self.instance.pk:
            del self.fields["unit"]
            self.initial |= {
                "alias_words": "、".join(self.instance.aliases),
                "only_units": [unit.unit_no for unit in self.instance.only_units.all()],
            }

    def clean(self) -> dict[str, Any]:
        """The fields that the rule needs are there and make a date."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name in ("day", "until_day"):
            data[name] = data.get(name) or 0
        rule = data.get("rule")
        if rule == DateKind.SOLAR_TERM:
            self._need("term", _("请选节气。"))
        elif rule == DateKind.NTH_WEEKDAY:
            for name, text in (
                ("month", _("请选月份。")),
                ("nth", _("请选第几个。")),
                ("weekday", _("请选星期几。")),
            ):
                self._need(name, text)
        elif rule:
            self._need_day("month", "day", lunar=rule == DateKind.LUNAR)
            if rule == DateKind.PERIOD:
                self._need_day("until_month", "until_day")
        return data

    def _need(self, name: str, text: str) -> bool:
        if not self.cleaned_data.get(name) and name not in self.errors:
            self.add_error(name, text)
        return bool(self.cleaned_data.get(name))

    def _need_day(self, month: str, day: str, *, lunar: bool = False) -> None:
        if self._need(month, _("请选月份。")) and self._need(day, _("请填日。")):
            most = LUNAR_DAYS if lunar else month_days(LEAP_YEAR, self.cleaned_data[month])
            if self.cleaned_data[day] > most:
                self.add_error(day, _("这个月没有 %(day)d 日。") % {"day": self.cleaned_data[day]})

    @property
    def values(self) -> dict[str, Any]:
        """What the action writes."""
        kept = {
            name: self.cleaned_data[name] for name in self.Meta.fields if name not in {"unit", "only_units"}
        }
        return kept | {"aliases": words(self.cleaned_data["alias_words"])}


class ReasonForm(PortalForm):
    """Why."""

    reason = forms.CharField(label=gettext_lazy("理由"), max_length=200)


class ReminderForm(PortalModelForm):
    """Who is reminded of what, and when."""

    on = forms.DateField(
        label=gettext_lazy("节日日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("请按“年-月-日”填写日期，如 2026-10-01。")},
    )  # fmt: skip
    rounds = forms.CharField(
        label=gettext_lazy("提前几天发"),
        max_length=40,
        help_text=gettext_lazy("用顿号隔开，如 7、3；上午 9 点发。"),
    )
    unit = forms.ModelChoiceField(
        label=gettext_lazy("发出单位"), queryset=None, to_field_name="unit_no", empty_label=None,
        error_messages={"invalid_choice": gettext_lazy("您不能以这个单位的名义发提醒。")},
    )  # fmt: skip
    units = _units(gettext_lazy("选定单位"), gettext_lazy("发给“选定单位的工作人员”时勾选。"))

    class Meta:
        model = ReminderCampaign
        fields = (
            "title",
            "unit",
            "node",
            "on",
            "rounds",
            "channel",
            "audience",
            "units",
            "group",
            "group_size",
            "text",
        )
        widgets: dict[str, Any] = {
            "text": forms.Textarea(attrs={"rows": 4, "data-count": "", "data-max": "1000"})
        }

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = reminder_queries.units_that_remind(scope)
        self.fields["units"].queryset = reminder_queries.units_to_choose(scope)
        self.fields["node"].queryset = queries.visible(scope)
        self.fields["text"].help_text = _("短信连同签名最多 70 字；案例只用已经公开发布的。")
        self.fields["group"].help_text = _("如：科级领导干部配偶，名单由县委组织部保管。本站不存名单。")
        unit = () if self.instance.pk else ("unit",)
        self.helper.layout = Layout(
            Div("title", *unit, "node", "on", "rounds", "channel", css_class="form-grid"), "text",
            Div("audience", "group", "group_size", css_class="form-grid"), "units", "form_token",
        )  # fmt: skip
        if self.instance.pk:
            del self.fields["unit"]
            self.initial |= {
                "rounds": "、".join(str(row.days_before) for row in self.instance.rounds.all()),
                "units": [unit.unit_no for unit in self.instance.units.all()],
            }
        else:
            self.initial.setdefault("rounds", "、".join(map(str, rules.DEFAULT_ROUNDS)))

    def clean_on(self) -> Any:
        """Not in the past: no round of it could leave any more. A day that stays as it was is let through."""
        day = self.cleaned_data["on"]
        if day < timezone.localdate() and day != self.instance.on:
            raise forms.ValidationError(_("这一天已经过去了，请选今天或以后的日期。"), code="past")
        return day

    def clean_rounds(self) -> list[int]:
        """Days before, each once."""
        said = words(self.cleaned_data["rounds"])
        days = [int(word) for word in said if word.isascii() and word.isdigit()]
        if not said or len(days) != len(said) or not all(0 <= day <= rules.MOST_DAYS_BEFORE for day in days):
            raise forms.ValidationError(_("请填天数，如 7、3。"))
        return sorted(set(days), reverse=True)

    def clean(self) -> dict[str, Any]:
        """The audience is said; a list kept elsewhere does not get mail from here."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        audience, channel = data.get("audience"), data.get("channel")
        if audience == Audience.UNITS and not data.get("units"):
            self.add_error("units", _("请勾选单位。"))
        if audience == Audience.EXTERNAL:
            if not data.get("group"):
                self.add_error("group", _("请写明对象是谁、名单由哪个单位保管。"))
            if channel == Channel.SITE:
                self.add_error("channel", _("名单不在本站的人收不到站内消息，请换一种方式。"))
        return data

    @property
    def values(self) -> dict[str, Any]:
        """What the action writes."""
        names = ("title", "node", "on", "channel", "audience", "group", "group_size", "text")
        return {name: self.cleaned_data[name] for name in names}

    @property
    def chosen_units(self) -> list[Unit]:
        """Only where the audience asks for them."""
        return list(self.cleaned_data["units"]) if self.cleaned_data["audience"] == Audience.UNITS else []


class ScheduleForm(PortalForm):
    """Which key dates get an episode, and how many days before."""

    days_before = forms.IntegerField(
        label=gettext_lazy("提前几天"),
        min_value=0,
        max_value=rules.MOST_DAYS_BEFORE,
        initial=rules.DEFAULT_ROUNDS[0],
    )
    nodes = forms.MultipleChoiceField(
        label=gettext_lazy("哪些节点"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("请至少选一个节点。")},
    )  # fmt: skip

    def __init__(self, *args: Any, items: list[queries.Dated], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = {str(item.node.pk): item for item in items}
        self.fields["nodes"].choices = [
            (pk, f"{item.node.name}（{item.span.first:%m-%d}）") for pk, item in self.items.items()
        ]
        self.fields["nodes"].initial = [pk for pk, item in self.items.items() if item.node.with_reminder]

    @property
    def chosen(self) -> list[queries.Dated]:
        """The key dates that were ticked."""
        return [self.items[pk] for pk in self.cleaned_data["nodes"]]


class CountsForm(PortalForm):
    """How many a letter or an article reached."""

    targets = forms.IntegerField(label=gettext_lazy("对象（人）"), min_value=0, max_value=10_000_000)
    delivered = forms.IntegerField(
        label=gettext_lazy("送达（人、份或次）"), min_value=0, max_value=10_000_000
    )
    read = forms.IntegerField(
        label=gettext_lazy("已读（不知道就空着）"), min_value=0, max_value=10_000_000, required=False
    )
