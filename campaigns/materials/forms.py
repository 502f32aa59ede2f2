"""Forms of materials, documents and courses. They write nothing."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.activities.fields import FigureField
from campaigns.materials import queries, rules
from campaigns.materials.models import ISSUE_NO, Course, Document, Material
from campaigns.materials.rules import Audience, Channel, CourseKind, DocumentKind, Kind
from campaigns.series.fields import day_field, figures_of, long_text, moment, split_figures, too_long
from portal.access.scope import Scope
from portal.files.fields import FilesFormMixin, PhotosField
from portal.files.rules import Limits
from portal.ui.forms import PortalForm

BAD_URL = gettext_lazy("请填完整网址，以 https:// 或 http:// 开头。")
ANYBODY = [("", gettext_lazy("不分")), *Audience.choices]
BESIDE = {"form_token", "unit", "photos"}


def _link(label: Any) -> forms.URLField:
    return forms.URLField(
        label=label,
        max_length=300,
        required=False,
        assume_scheme="https",
        error_messages={"invalid": BAD_URL},
    )


class UnitForm(PortalForm):
    """A record of one of the person's units; the only one is not asked for."""

    unit = forms.ModelChoiceField(
        label=gettext_lazy("单位"), queryset=None, to_field_name="unit_no", empty_label=None,
        error_messages={"invalid_choice": gettext_lazy("您不能为这个单位登记，请选自己负责的单位。")},
    )  # fmt: skip
    limits: tuple[tuple[str, int], ...] = ()

    def __init__(self, *args: Any, scope: Scope, row: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row
        self.units = [row.unit] if row is not None else list(queries.units_to_edit(scope)[:50])
        if len(self.units) == 1:
            self.fields.pop("unit")
        else:
            self.fields["unit"].queryset = queries.units_to_edit(scope)  # type: ignore[attr-defined]
        if "campaign" in self.fields:
            self.fields["campaign"].queryset = queries.campaigns_for(scope, row)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Texts as long as their counters say."""
        data = super().clean() or self.cleaned_data
        for name, most in self.limits:
            extra = too_long(data.get(name) or "", most)
            if extra:
                self.add_error(name, _("超出 %(extra)d 字，请删减。") % {"extra": extra})
        return data

    @property
    def chosen_unit(self) -> Any:
        """Whose record it is."""
        return self.cleaned_data.get("unit") or self.units[0]

    @property
    def values(self) -> dict[str, Any]:
        """What the action writes."""
        return split_figures({name: value for name, value in self.cleaned_data.items() if name not in BESIDE})


def _campaign() -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        label=gettext_lazy("属于哪个主题"), queryset=None, required=False,
        empty_label=gettext_lazy("不属于主题活动"),
    )  # fmt: skip


class MaterialForm(FilesFormMixin, UnitForm):
    """What it is, how many."""

    limits = (("summary", rules.SUMMARY_MOST),)
    title = forms.CharField(label=gettext_lazy("名称"), max_length=80)
    kind = forms.ChoiceField(label=gettext_lazy("类型"), choices=Kind.choices)
    edition = forms.CharField(
        label=gettext_lazy("版次"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("如：2026 年第 1 版。"),
    )
    copies = FigureField(label=gettext_lazy("数量（册、张、块、份）"))
    minutes = forms.IntegerField(
        label=gettext_lazy("片长（分钟）"), required=False, min_value=1, max_value=1000,
        help_text=gettext_lazy("只有影片要填。"),
    )  # fmt: skip
    made_on = day_field(gettext_lazy("制作（采购）日期"), required=False)
    partners = forms.CharField(
        label=gettext_lazy("联合编制单位"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("用顿号隔开。"),
    )
    campaign = _campaign()
    link = _link(gettext_lazy("链接"))
    summary = long_text(gettext_lazy("内容介绍"), rules.SUMMARY_MOST)
    photos = PhotosField(label=gettext_lazy("封面或样张"), required=False, limits=Limits(3, 10))

    @staticmethod
    def initial_of(row: Material) -> dict[str, Any]:
        """A material as the form shows it."""
        names = ("title", "kind", "edition", "minutes", "made_on", "partners", "link", "summary")
        return {
            **{name: getattr(row, name) for name in names},
            **figures_of(row, ("copies",)),
            "campaign": row.campaign_id,
        }


class PlacementForm(UnitForm):
    """Where some of it went."""

    channel = forms.ChoiceField(label=gettext_lazy("方式"), choices=Channel.choices)
    place = forms.CharField(label=gettext_lazy("地点或媒体"), max_length=80)
    placed_on = day_field(gettext_lazy("开始日期"))
    ends_on = day_field(gettext_lazy("结束日期"), required=False)
    copies = FigureField(label=gettext_lazy("数量（册、张、块、份）"))
    plays = FigureField(label=gettext_lazy("播放次数"))
    audience = forms.ChoiceField(label=gettext_lazy("给谁"), choices=ANYBODY, required=False)
    people = FigureField(label=gettext_lazy("人数"), help_text=gettext_lazy("只记人数，不记名单。"))
    note = forms.CharField(label=gettext_lazy("备注"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        """Dates in order."""
        data = super().clean()
        first, last = data.get("placed_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("结束日期早于开始日期，请核对。"))
        return data

    @property
    def values(self) -> dict[str, Any]:
        """What the action writes."""
        found = super().values
        return found | {"placed_at": moment(found.pop("placed_on"))}


class ViewingForm(UnitForm):
    """A film was watched."""

    watched_on = day_field(gettext_lazy("观看日期"))
    place = forms.CharField(label=gettext_lazy("地点"), max_length=80)
    audience = forms.ChoiceField(label=gettext_lazy("谁看的"), choices=ANYBODY, required=False)
    headcount = FigureField(label=gettext_lazy("观看人数"), help_text=gettext_lazy("只记人数，不记名单。"))
    note = forms.CharField(label=gettext_lazy("备注"), max_length=200, required=False)

    def clean_watched_on(self) -> date:
        """A day that has come."""
        day: date = self.cleaned_data["watched_on"]
        if day > timezone.localdate():
            raise ValidationError(_("观看日期还没到，请核对。"))
        return day

    @property
    def values(self) -> dict[str, Any]:
        """What the action writes."""
        found = super().values
        return found | {"watched_at": moment(found.pop("watched_on"))}


class DocumentForm(FilesFormMixin, UnitForm):
    """A rule or notice."""

    limits = (("summary", rules.SUMMARY_MOST), ("text", rules.TEXT_MOST))
    title = forms.CharField(label=gettext_lazy("名称"), max_length=120)
    kind = forms.ChoiceField(label=gettext_lazy("类别"), choices=DocumentKind.choices)
    number = forms.CharField(
        label=gettext_lazy("发文字号"), max_length=40, required=False, validators=[ISSUE_NO],
        help_text=gettext_lazy("形如：阳妇发〔2026〕5号；没有可以不填。"),
    )  # fmt: skip
    effective_on = day_field(gettext_lazy("施行日期"), required=False)
    ends_on = day_field(gettext_lazy("失效日期"), required=False)
    contents = forms.CharField(
        label=gettext_lazy("目录"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("一行一项，如：考勤制度。"),
    )  # fmt: skip
    summary = long_text(gettext_lazy("要点"), rules.SUMMARY_MOST)
    text = long_text(gettext_lazy("全文"), rules.TEXT_MOST, rows=8)
    link = _link(gettext_lazy("文件链接"))
    photos = PhotosField(label=gettext_lazy("扫描件（逐页图片）"), required=False, limits=Limits(30, 10))

    def clean_contents(self) -> list[str]:
        """One item in a line."""
        return [line.strip()[:80] for line in self.cleaned_data["contents"].splitlines() if line.strip()][
            :100
        ]

    def clean(self) -> dict[str, Any]:
        """Dates in order."""
        data = super().clean()
        first, last = data.get("effective_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("失效日期早于施行日期，请核对。"))
        return data

    @staticmethod
    def initial_of(row: Document) -> dict[str, Any]:
        """A document as the form shows it."""
        names = ("title", "kind", "number", "effective_on", "ends_on", "summary", "text", "link")
        return {name: getattr(row, name) for name in names} | {"contents": "\n".join(row.contents)}


class CourseForm(UnitForm):
    """Several days of lectures."""

    limits = (("summary", rules.SUMMARY_MOST),)
    title = forms.CharField(label=gettext_lazy("名称"), max_length=80)
    kind = forms.ChoiceField(label=gettext_lazy("类型"), choices=CourseKind.choices)
    starts_on = day_field(gettext_lazy("开始日期"))
    ends_on = day_field(gettext_lazy("结束日期"), required=False, help_text=gettext_lazy("一天的不用填。"))
    place = forms.CharField(label=gettext_lazy("地点或平台"), max_length=80, required=False)
    audience = forms.CharField(label=gettext_lazy("对象"), max_length=120, required=False)
    online_visits = FigureField(
        label=gettext_lazy("线上人次"),
        help_text=gettext_lazy("与现场人数分开，不相加；可以写“3.3万多”。不填就用各讲之和。"),
    )
    headcount = FigureField(label=gettext_lazy("现场人数"))
    likes = FigureField(
        label=gettext_lazy("点赞（传播量）"), help_text=gettext_lazy("只作传播量登记，不作评价、不比较。")
    )
    campaign = _campaign()
    link = _link(gettext_lazy("链接"))
    summary = long_text(gettext_lazy("内容介绍"), rules.SUMMARY_MOST)

    def clean(self) -> dict[str, Any]:
        """One day unless a last day is given."""
        data = super().clean()
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("结束日期早于开始日期，请核对。"))
        elif first and last and (last - first).days > 366:
            self.add_error("ends_on", _("一个课程不超过一年，请核对日期。"))
        return data

    @property
    def values(self) -> dict[str, Any]:
        """What the action writes."""
        found = super().values
        first = found.pop("starts_on")
        return found | {"starts_at": moment(first), "ends_on": found["ends_on"] or first}

    @staticmethod
    def initial_of(row: Course) -> dict[str, Any]:
        """A course as the form shows it."""
        names = ("title", "kind", "ends_on", "place", "audience", "link", "summary")
        return {
            **{name: getattr(row, name) for name in names},
            **figures_of(row, ("online_visits", "headcount", "likes")),
            "starts_on": timezone.localtime(row.starts_at).date(),
            "campaign": row.campaign_id,
        }


class LectureForm(forms.Form):
    """One lecture; a row without a topic is an empty row."""

    topic = forms.CharField(label=gettext_lazy("题目"), max_length=80, required=False)
    speaker = forms.CharField(label=gettext_lazy("主讲"), max_length=60, required=False)
    on_day = day_field(gettext_lazy("日期"), required=False)
    online_visits = FigureField(label=gettext_lazy("线上人次"))
    headcount = FigureField(label=gettext_lazy("现场人数"))

    def clean(self) -> dict[str, Any]:
        """Who speaks, speaks about something; figures belong to a lecture."""
        data = super().clean() or self.cleaned_data
        figures = [data.get(name) for name in ("online_visits", "headcount")]
        beside = (
            data.get("speaker") or data.get("on_day") or any(one and one.value is not None for one in figures)
        )
        if not data.get("topic") and beside:
            self.add_error("topic", _("请写这一讲的题目。"))
        return data


LectureFormSet = forms.formset_factory(LectureForm, extra=3, max_num=rules.LECTURES_MOST, validate_max=True)


def lecture_rows(formset: Any) -> list[dict[str, Any]]:
    """The filled rows of a valid set."""
    return [split_figures(row) for row in formset.cleaned_data if row and row.get("topic")]


def lectures_of(course: Course) -> list[dict[str, Any]]:
    """Lectures as the set shows them."""
    return [
        {"topic": row.topic, "speaker": row.speaker, "on_day": row.on_day}
        | figures_of(row, ("online_visits", "headcount"))
        for row in course.lectures.all()
    ]


class ReplaceForm(PortalForm):
    """Which document takes its place."""

    by = forms.ModelChoiceField(label=gettext_lazy("替代它的文件"), queryset=None)

    def __init__(self, *args: Any, document: Document, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["by"].queryset = queries.may_replace(document)  # type: ignore[attr-defined]


class ReasonForm(PortalForm):
    """Why."""

    reason = forms.CharField(label=gettext_lazy("理由"), max_length=200)
