"""Courses with their lectures."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.activities.fields import FigureField, figures_of, split_figures
from campaigns.materials import rules
from campaigns.materials.forms.base import UnitForm, campaign_field, link_field
from campaigns.materials.models import Course
from campaigns.materials.rules import CourseKind
from portal.ui.fields import day_field, long_text, moment
from portal.ui.forms import RowForm


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
    campaign = campaign_field()
    link = link_field(gettext_lazy("链接"))
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


class LectureForm(RowForm):
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


def days_fit(form: CourseForm, formset: Any) -> bool:
    """Does every lecture of two valid forms lie within the course? Says so at the row that does not."""
    first, last = form.cleaned_data["starts_on"], form.cleaned_data.get("ends_on")
    for row in formset.forms:
        day = row.cleaned_data.get("on_day")
        if day and (day < first or (last and day > last)):
            row.add_error("on_day", _("这一天不在课程的起止日期里，请核对。"))
    return not any(row.errors for row in formset.forms)


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
