"""The one-minute form: eight fields first, the rest under 更多. Writes nothing itself."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.activities import queries, rules
from campaigns.activities.fields import ChipsSelect, FigureField, WhenField
from campaigns.activities.models import Activity
from campaigns.activities.rules import MEASURES, Audience, Form, Kind
from campaigns.planning.fields import TagsField
from campaigns.planning.queries import tags_for
from portal.access.scope import Scope
from portal.files.fields import DocumentsField, FilesFormMixin, PhotosField
from portal.ui.fields import ReadOnce
from portal.ui.forms import PortalForm, RowForm
from portal.ui.text import count_chars
from portal.units.models import Level, Unit

FORM_CODE = "activities.new"
FIRST = ("title", "kind", "starts_at", "place", "headcount", "campaign", "summary", "photos")
BESIDE_ROW = (
    "unit", "co_units", "partners", "more_campaigns", "photos", "documents", "form_token", "version", "confirm",
    "correction_reason",
)  # fmt: skip


def _kind_chip(kind: Kind) -> dict[str, Any]:
    return {
        "code": kind.value,
        "label": kind.label,
        "icon": rules.KIND_ICONS[kind],
        "phrase": rules.PHRASES[kind],
    }


class ActivityForm(FilesFormMixin, PortalForm):
    """`submitting` asks for what a submitted record needs; a draft may lack it."""

    kind = forms.ChoiceField(
        label=gettext_lazy("做了什么"), choices=Kind.choices, widget=ChipsSelect,
        error_messages={"required": gettext_lazy("请选活动类型。"), "invalid_choice": gettext_lazy("请从列出的类型里选。")},
    )  # fmt: skip
    place = forms.CharField(label=gettext_lazy("在哪里"), max_length=80, required=False)
    starts_at = WhenField(
        label=gettext_lazy("哪一天"), error_messages={"required": gettext_lazy("请填活动时间。")}
    )
    headcount = FigureField(label=gettext_lazy("多少人参加"))
    campaign = forms.ModelChoiceField(
        label=gettext_lazy("属于哪个主题"),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("不属于主题活动"),
    )
    summary = forms.CharField(
        label=gettext_lazy("一句话经过"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
    )
    photos = PhotosField(label=gettext_lazy("照片"), required=False)
    title = forms.CharField(label=gettext_lazy("活动名称"), max_length=80, required=False)

    unit = forms.ModelChoiceField(
        label=gettext_lazy("单位"), queryset=None, to_field_name="unit_no", required=False, empty_label=None,
        error_messages={"invalid_choice": gettext_lazy("您不能为这个单位记活动，请选自己负责的单位。")},
    )  # fmt: skip
    ends_at = WhenField(label=gettext_lazy("结束时间"), required=False)
    form = forms.ChoiceField(
        label=gettext_lazy("形式"), choices=Form.choices, initial=Form.OFFLINE, required=False
    )
    online_visits = FigureField(
        label=gettext_lazy("线上人次"),
        help_text=gettext_lazy("直播收看、参训等，与线下人数分开统计，不相加。"),
    )
    children = FigureField(label=gettext_lazy("其中儿童"))
    invited = FigureField(
        label=gettext_lazy("邀请人数"), help_text=gettext_lazy("请了多少人；到场人数填在“多少人参加”。")
    )
    reach = FigureField(
        label=gettext_lazy("点赞转发等传播量"),
        help_text=gettext_lazy("只说明传播范围，不和人数相加，不用于考核。"),
    )
    sessions = FigureField(label=gettext_lazy("场次"), initial=1)
    households = FigureField(label=gettext_lazy("覆盖家庭（户）"))
    materials_count = FigureField(label=gettext_lazy("发放资料（份）"))
    works_count = FigureField(label=gettext_lazy("作品数（件）"))
    measure_note = forms.CharField(
        label=gettext_lazy("数字怎么来的"), max_length=100, required=False,
        help_text=gettext_lazy("如：签到表、现场清点、平台后台数据。"),
    )  # fmt: skip
    audiences = forms.MultipleChoiceField(
        label=gettext_lazy("对象"),
        choices=Audience.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    level = forms.TypedChoiceField(
        label=gettext_lazy("层级"),
        choices=[("", gettext_lazy("与单位相同")), *Level.choices],
        coerce=int,
        empty_value=None,
        required=False,
    )
    co_units = forms.ModelMultipleChoiceField(
        label=gettext_lazy("和哪些妇联一起办"), queryset=None, widget=forms.CheckboxSelectMultiple, required=False,
        to_field_name="unit_no",
        error_messages={"invalid_choice": gettext_lazy("名单里没有这个单位，请从列出的单位里选。")},
    )  # fmt: skip
    partners = forms.CharField(
        label=gettext_lazy("协办单位"), max_length=400, required=False,
        help_text=gettext_lazy("其他部门或单位，用顿号隔开，如：县纪委监委、新华书店。"),
    )  # fmt: skip
    tags = TagsField(label=gettext_lazy("标签"), required=False)
    more_campaigns = forms.ModelMultipleChoiceField(
        label=gettext_lazy("同时服务的其他主题"), queryset=None, widget=forms.CheckboxSelectMultiple, required=False,
        help_text=gettext_lazy("一场会议部署几项工作时勾选，统计只算一场。"),
        error_messages={"invalid_choice": gettext_lazy("名单里没有这个主题，请从列出的里选。")},
    )  # fmt: skip
    part_of = forms.ModelChoiceField(
        label=gettext_lazy("属于哪场大活动"), queryset=None, to_field_name="no", required=False,
        widget=forms.TextInput(attrs={"placeholder": "HD2026-000001", "autocomplete": "off"}),
        help_text=gettext_lazy("如宣传周里的一场、会后的晚会：填那场活动的编号，没有不填。"),
        error_messages={"invalid_choice": gettext_lazy("没有找到这个编号的活动，或者它本身属于另一场。请核对编号。")},
    )  # fmt: skip
    area = forms.ModelChoiceField(
        label=gettext_lazy("所在区划"), queryset=None, required=False, empty_label=gettext_lazy("与单位相同"),
        error_messages={"invalid_choice": gettext_lazy("请从列出的区划里选。")},
    )  # fmt: skip
    is_featured = forms.BooleanField(label=gettext_lazy("重点活动"), required=False)
    documents = DocumentsField(label=gettext_lazy("附件"), required=False)
    correction_reason = forms.CharField(
        label=gettext_lazy("更正原因"), required=False, max_length=200, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("如：签到表复核后人数有误。会留在这条记录上，看得到记录的人都看得到。"),
    )  # fmt: skip
    highlights = forms.CharField(
        label=gettext_lazy("亮点"), required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=1000
    )
    node = forms.CharField(
        label=gettext_lazy("节点"),
        max_length=30,
        required=False,
        help_text=gettext_lazy("如：三八、5·15国际家庭日。"),
    )
    contact = forms.CharField(label=gettext_lazy("填报人"), max_length=30, required=False)
    contact_phone = forms.CharField(label=gettext_lazy("办公电话"), max_length=30, required=False)
    remark = forms.CharField(label=gettext_lazy("备注"), max_length=200, required=False)
    late_reason = forms.CharField(label=gettext_lazy("为什么补记"), max_length=100, required=False)
    confirm = forms.BooleanField(label=gettext_lazy("人数已核对，没有填错"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, scope: Scope, submitting: bool = False, correcting: bool = False,
        units: list[Unit] | None = None, **kwargs: Any,
    ) -> None:  # fmt: skip
        self.scope, self.submitting, self.correcting = scope, submitting, correcting
        self.activity: Activity | None = kwargs.get("target")
        super().__init__(*args, **kwargs)
        for name in MEASURES:
            self.fields[f"{name}_estimated"] = forms.BooleanField(label=gettext_lazy("约数"), required=False)
        self._offer_units(units)
        for name, most in (("summary", rules.SUMMARY_MOST), ("highlights", rules.HIGHLIGHTS_MOST)):
            self.fields[name].widget.attrs |= {"data-count": "", "data-max": most}
        self.fields["starts_at"].widget.attrs["class"] = "inp"
        self.fields["photos"].widget.attrs["class"] = "form-control"

    def _offer_units(self, known: list[Unit] | None) -> None:
        """Units, campaigns and co-organisers: only what this person may choose now."""
        field = self.fields["unit"]
        if self.activity is not None:
            self.units = [self.activity.unit]
            field.disabled = True
            field.initial = self.activity.unit.unit_no
        else:
            self.units = list(queries.units_to_log_for(self.scope)[:50]) if known is None else known
        field.queryset = queries.units_numbered([unit.unit_no for unit in self.units])
        if len(self.units) == 1:
            field.widget = forms.HiddenInput()
            field.initial = self.units[0].unit_no
        first = self.units[0] if self.units else None
        campaigns = queries.campaigns_for(self.units, self.activity)
        self.fields["campaign"].queryset = campaigns
        self.fields["more_campaigns"].queryset = campaigns.all()
        self.fields["co_units"].queryset = queries.near(first, self.activity)
        self.fields["area"].queryset = queries.divisions_for(first, self.activity)
        self.fields["part_of"].queryset = queries.wholes_for(self.scope)
        self.fields["tags"].queryset = tags_for(self.fields["campaign"].queryset, self.activity)
        for name in ("more_campaigns", "co_units", "area", "tags"):
            self.fields[name].iterator = ReadOnce

    @property
    def kinds_first(self) -> list[dict[str, Any]]:
        """The usual kinds, shown at once."""
        return [_kind_chip(kind) for kind in rules.FIRST_KINDS]

    @property
    def kinds_more(self) -> list[dict[str, Any]]:
        """The others, folded away."""
        return [_kind_chip(kind) for kind in Kind if kind not in rules.FIRST_KINDS]

    @property
    def is_other_kind_chosen(self) -> bool:
        """Is the chosen kind among the folded ones?"""
        return self["kind"].value() in {kind.value for kind in Kind if kind not in rules.FIRST_KINDS}

    @property
    def figures(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The measures under 更多, each with its 约数 box."""
        return [(self[name], self[f"{name}_estimated"]) for name in MEASURES if name != "headcount"]

    @property
    def first_fields(self) -> list[forms.BoundField]:
        """The eight fields that are always open."""
        return [self[name] for name in FIRST]

    @property
    def more_names(self) -> tuple[str, ...]:
        """Everything under 更多."""
        return tuple(name for name in self.fields if name not in FIRST)

    @property
    def is_more_needed(self) -> bool:
        """Open 更多 when something in it wants attention."""
        return any(name in self.errors for name in self.more_names) if self.is_bound else False

    def clean(self) -> dict[str, Any]:
        """Figures apart, title proposed, doubts asked about; what is typed stays typed."""
        data = super().clean() or self.cleaned_data
        data["unit"] = data.get("unit") or (self.units[0] if len(self.units) == 1 else None)
        if data["unit"] is None and "unit" not in self.errors:
            self.add_error("unit", _("请选是哪个单位的活动。"))
        self._split_figures(data)
        data["form"] = data.get("form") or Form.OFFLINE
        if not data.get("title") and data.get("kind"):
            name = data["unit"].short_name if data.get("unit") else ""
            data["title"] = rules.proposed_title(
                place=data.get("place", ""), kind=data["kind"], unit_name=name
            )
        for name, words in self._all_faults(data).items():
            if name not in self.errors:
                self.add_error(name if name in self.fields else None, str(words))
        return data

    def _split_figures(self, data: dict[str, Any]) -> None:
        for name in MEASURES:
            figure = data.get(name)
            if figure is not None:
                data[name] = figure.value
                data[f"{name}_estimated"] = figure.is_estimate or bool(data.get(f"{name}_estimated"))
        if "sessions" not in self.errors and data.get("sessions") is None:
            data["sessions"] = 1

    def _all_faults(self, data: dict[str, Any]) -> rules.Faults:
        found = dict(rules.faults(data)) if data.get("starts_at") else {}
        if self.submitting:
            found |= rules.missing(data)
            if rules.is_late(data.get("starts_at")) and not data.get("late_reason"):
                found["late_reason"] = _("活动已过去 30 多天，请写一句为什么现在才记（审核的同事会看到）。")
        if self.correcting and not data.get("correction_reason"):
            found["correction_reason"] = _("请写明更正的原因，会留在这条记录上。")
        if self.activity is not None and data.get("part_of") == self.activity:
            found["part_of"] = _("一场活动不能属于它自己。")
        if (data.get("headcount") or 0) > rules.HEADCOUNT_DOUBT and not data.get("confirm"):
            found.setdefault("confirm", _("线下参加人数超过 2000，请再核对一遍；没有填错就勾选这一项。"))
        for name, most in (("summary", rules.SUMMARY_MOST), ("highlights", rules.HIGHLIGHTS_MOST)):
            extra = count_chars(data.get(name) or "") - most
            if extra > 0:
                found[name] = _("超出 %(extra)d 字，最多 %(most)d 字，请删减。") % {
                    "extra": extra,
                    "most": most,
                }
        if "kind" in found or "kind" in self.errors:
            found.pop("title", None)  # proposed from the kind once it is chosen: one question is enough
        return found

    def clean_contact_phone(self) -> str:
        """Office numbers or mobile numbers, when one is given."""
        phone = self.cleaned_data["contact_phone"].strip()
        if phone and not re.match(r"^(1[3-9]\d{9}|0\d{2,3}-?\d{7,8}(-\d{1,6})?|\d{7,8})$", phone):
            raise ValidationError(_("请填座机（如 0353-1234567）或手机号。"))
        return phone

    @property
    def values(self) -> dict[str, Any]:
        """What the action writes into the row."""
        kept = {name: value for name, value in self.cleaned_data.items() if name not in BESIDE_ROW}
        if kept.get("level") is None:
            kept.pop("level", None)
        return kept

    @property
    def partner_names(self) -> list[str]:
        """The bodies named in one line of text."""
        return [
            name.strip() for name in re.split(r"[、,，;；\n]", self.cleaned_data["partners"]) if name.strip()
        ]


class MediaForm(RowForm):
    """One report in the media."""

    outlet = forms.CharField(label=gettext_lazy("媒体"), max_length=40, required=False)
    level = forms.CharField(label=gettext_lazy("级别"), max_length=20, required=False)
    title = forms.CharField(label=gettext_lazy("报道标题"), max_length=100, required=False)
    url = forms.URLField(
        label=gettext_lazy("链接"), max_length=300, required=False, assume_scheme="https",
        error_messages={"invalid": gettext_lazy("请填完整网址，以 https:// 或 http:// 开头。")},
    )  # fmt: skip
    published_on = forms.DateField(
        label=gettext_lazy("日期"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean(self) -> dict[str, Any]:
        """A report has an outlet."""
        data = super().clean() or self.cleaned_data
        if (
            any(value for name, value in data.items() if name != "DELETE")
            and not data.get("outlet")
            and "outlet" not in self.errors
        ):
            self.add_error("outlet", _("请写是哪家媒体。"))
        return data


MEDIA_MOST = 10
MediaFormSet = forms.formset_factory(
    MediaForm, extra=2, max_num=MEDIA_MOST, validate_max=True, can_delete=True
)


def media_rows(formset: Any) -> list[dict[str, Any]]:
    """The filled rows of a valid set."""
    return [
        {name: value for name, value in row.items() if name != "DELETE"}
        for row in formset.cleaned_data
        if row and not row.get("DELETE") and any(row.values())
    ]
