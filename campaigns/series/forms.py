"""Forms of series. They write nothing."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.activities.fields import FigureField, figures_of, split_figures
from campaigns.series import queries, rules
from campaigns.series.models import Episode, Series
from campaigns.series.rules import Every, Kind, Section
from portal.access.scope import Scope
from portal.files.fields import FilesFormMixin, PhotosField
from portal.files.rules import Limits
from portal.ui.fields import day_field, long_text, too_long
from portal.ui.forms import PortalForm

LINE = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[\s,，、:：]*(.*)$")
SUMMARY_MOST, EPISODE_MOST = 300, 500


class SeriesForm(PortalForm):
    """What runs, how many episodes, where."""

    title = forms.CharField(label=gettext_lazy("系列名称"), max_length=80)
    kind = forms.ChoiceField(label=gettext_lazy("类型"), choices=Kind.choices)
    planned = forms.IntegerField(
        label=gettext_lazy("计划几期"), min_value=1, max_value=rules.MOST_EPISODES,
        help_text=gettext_lazy("页面和报表按“已发布/计划”显示，如 8/10。"),
    )  # fmt: skip
    unit = forms.ModelChoiceField(
        label=gettext_lazy("主办单位"), queryset=None, to_field_name="unit_no", empty_label=None,
        error_messages={"invalid_choice": gettext_lazy("您不能替这个单位办系列，请选自己负责的单位。")},
    )  # fmt: skip
    campaign = forms.ModelChoiceField(
        label=gettext_lazy("属于哪个主题"), queryset=None, required=False,
        empty_label=gettext_lazy("不属于主题活动"),
    )  # fmt: skip
    outlet = forms.CharField(
        label=gettext_lazy("在哪里发布"), max_length=80, required=False,
        help_text=gettext_lazy("如：微信公众号、市广播电台、抖音。"),
    )  # fmt: skip
    partners = forms.CharField(
        label=gettext_lazy("联合单位"), max_length=200, required=False, help_text=gettext_lazy("用顿号隔开。")
    )
    starts_on = day_field(gettext_lazy("开始日期"), required=False)
    ends_on = day_field(gettext_lazy("结束日期"), required=False)
    summary = long_text(gettext_lazy("简介"), SUMMARY_MOST)
    slug = forms.SlugField(
        label=gettext_lazy("网址名"), max_length=60, required=False,
        help_text=gettext_lazy("小写字母、数字和短横线，如 radio-2026；不填自动生成，建好后不变。"),
        error_messages={"invalid": gettext_lazy("只能用字母、数字和短横线。")},
    )  # fmt: skip

    def __init__(self, *args: Any, scope: Scope, series: Series | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = queries.units_for(scope)
        self.fields["campaign"].queryset = queries.campaigns_for(scope, series)
        if series is not None:
            self.fields.pop("unit")
            self.fields.pop("slug")

    def clean_slug(self) -> str:
        """Words that are addresses of this slice are taken."""
        slug: str = self.cleaned_data["slug"].lower()
        if slug in rules.RESERVED_SLUGS or slug.isdigit():
            raise ValidationError(_("这个网址名已被占用，请换一个。"))
        return slug

    def clean(self) -> dict[str, Any]:
        """Dates in order, the text not too long."""
        data = super().clean() or self.cleaned_data
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("结束日期早于开始日期，请核对。"))
        extra = too_long(data.get("summary") or "", SUMMARY_MOST)
        if extra:
            self.add_error("summary", _("超出 %(extra)d 字，请删减。") % {"extra": extra})
        return data

    @property
    def values(self) -> dict[str, Any]:
        """What the action writes."""
        return {name: value for name, value in self.cleaned_data.items() if name not in {"unit", "slug"}}

    @staticmethod
    def initial_of(series: Series) -> dict[str, Any]:
        """A series as the form shows it."""
        names = ("title", "kind", "planned", "outlet", "partners", "starts_on", "ends_on", "summary")
        return {name: getattr(series, name) for name in names} | {"campaign": series.campaign_id}


class EpisodeForm(FilesFormMixin, PortalForm):
    """One episode."""

    number = forms.IntegerField(
        label=gettext_lazy("第几期"), required=False, min_value=1, max_value=rules.MOST_EPISODES
    )
    topic = forms.CharField(label=gettext_lazy("主题"), max_length=80, required=False)
    section = forms.ChoiceField(
        label=gettext_lazy("栏目"), required=False, choices=[("", gettext_lazy("不分栏目")), *Section.choices]
    )
    due_on = day_field(gettext_lazy("计划日期"), required=False)
    aired_on = day_field(gettext_lazy("发布日期"), required=False)
    speaker = forms.CharField(label=gettext_lazy("主讲（主播）"), max_length=60, required=False)
    works = forms.CharField(
        label=gettext_lazy("作品"), required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}), help_text=gettext_lazy("一行一件，只写标题。"),
    )  # fmt: skip
    summary = long_text(gettext_lazy("内容介绍"), EPISODE_MOST, rows=4)
    link = forms.URLField(
        label=gettext_lazy("链接"), max_length=300, required=False, assume_scheme="https",
        help_text=gettext_lazy("公众号文章、音频或视频的网址。"),
        error_messages={"invalid": gettext_lazy("请填完整网址，以 https:// 或 http:// 开头。")},
    )  # fmt: skip
    online_visits = FigureField(
        label=gettext_lazy("线上人次"), help_text=gettext_lazy("收看、收听的人次，与现场人数分开，不相加。")
    )
    headcount = FigureField(label=gettext_lazy("现场人数"))
    likes = FigureField(
        label=gettext_lazy("点赞（传播量）"), help_text=gettext_lazy("只作传播量登记，不作评价、不比较。")
    )
    photos = PhotosField(label=gettext_lazy("封面或图片"), required=False, limits=Limits(3, 10))

    def __init__(self, *args: Any, episode: Episode | None = None, **kwargs: Any) -> None:
        super().__init__(*args, target=episode, **kwargs)
        self.episode = episode
        if episode is None or not episode.is_published:
            self.fields.pop("aired_on")
        if episode is not None and not episode.is_planned:
            self.fields.pop("number")

    def clean_works(self) -> list[str]:
        """Titles, one in a line."""
        found = rules.clean_works(self.cleaned_data["works"].splitlines())
        if len(found) > 60:
            raise ValidationError(_("一期最多列 60 件作品。"))
        return found

    def clean_aired_on(self) -> date | None:
        """A day that has come."""
        day: date | None = self.cleaned_data["aired_on"]
        if day is not None and day > timezone.localdate():
            raise ValidationError(_("发布日期还没到，请核对。"))
        return day

    def clean(self) -> dict[str, Any]:
        """What went out keeps its topic."""
        data = super().clean() or self.cleaned_data
        if self.episode is not None and self.episode.is_published and not data.get("topic"):
            self.add_error("topic", _("已发布的一期要有主题。"))
        extra = too_long(data.get("summary") or "", EPISODE_MOST)
        if extra:
            self.add_error("summary", _("超出 %(extra)d 字，请删减。") % {"extra": extra})
        return data

    @property
    def values(self) -> dict[str, Any]:
        """What the action writes."""
        beside = {"number", "photos", "aired_on", "form_token"}
        return split_figures({name: value for name, value in self.cleaned_data.items() if name not in beside})

    @staticmethod
    def initial_of(episode: Episode) -> dict[str, Any]:
        """An episode as the form shows it."""
        names = ("number", "topic", "section", "due_on", "speaker", "summary", "link")
        return {
            **{name: getattr(episode, name) for name in names},
            **figures_of(episode, ("online_visits", "headcount", "likes")),
            "works": "\n".join(episode.works),
            "aired_on": timezone.localtime(episode.aired_at).date() if episode.aired_at else None,
        }


class BulkForm(PortalForm):
    """Several episodes at once: at a regular interval, or one typed line per episode."""

    count = forms.IntegerField(
        label=gettext_lazy("排几期"), required=False, min_value=1, max_value=rules.MOST_AT_ONCE
    )
    first_on = day_field(gettext_lazy("第一期日期"), required=False)
    step = forms.IntegerField(
        label=gettext_lazy("每隔"), required=False, min_value=1, max_value=366, initial=1
    )
    every = forms.ChoiceField(
        label=gettext_lazy("按天、周还是月"), choices=Every.choices, initial=Every.WEEK, required=False
    )
    sections = forms.BooleanField(
        label=gettext_lazy("栏目按说纪、说法、说德、说害、说责轮流"), required=False
    )
    lines = forms.CharField(
        label=gettext_lazy("或者一行一期"), required=False, max_length=8000,
        widget=forms.Textarea(attrs={"rows": 6, "placeholder": "2026-12-25 节前话廉洁"}),
        help_text=gettext_lazy("每行先写日期，空格后写主题（主题可以以后再补），适合节前发布的《妇廉纪语》。"),
    )  # fmt: skip

    def clean_lines(self) -> list[tuple[date, str]]:
        """(day, topic) of every line; says which line cannot be read."""
        found, errors = [], []
        for number, line in enumerate(self.cleaned_data["lines"].splitlines(), start=1):
            if not line.strip():
                continue
            match = LINE.match(line.strip())
            day = _day(match) if match else None
            if match is None or day is None:
                errors.append(_("第 %(n)d 行看不出日期，请写成 2026-12-25 主题。") % {"n": number})
                continue
            found.append((day, match.group(4).strip()[:80]))
        if errors:
            raise ValidationError(errors)
        if len(found) > rules.MOST_AT_ONCE:
            raise ValidationError(_("一次最多安排 %(most)d 期。") % {"most": rules.MOST_AT_ONCE})
        return found

    def clean(self) -> dict[str, Any]:
        """One way or the other."""
        data = super().clean() or self.cleaned_data
        if self.errors:
            return data
        if data.get("lines") and data.get("count"):
            self.add_error("lines", _("“排几期”和“一行一期”请只用一种。"))
        elif not data.get("lines"):
            if not data.get("count"):
                self.add_error("count", _("请填排几期，或者在下面一行一期地写。"))
            elif not data.get("first_on"):
                self.add_error("first_on", _("请填第一期的日期。"))
        return data

    @property
    def rows(self) -> list[tuple[date, str, str]]:
        """(day, topic, section) for the action."""
        data = self.cleaned_data
        plan: list[tuple[date, str]] = data["lines"] or [
            (day, "")
            for day in rules.schedule(
                data["first_on"],
                count=data["count"],
                step=data["step"] or 1,
                every=data["every"] or Every.WEEK,
            )
        ]
        wheel = list(Section) if data["sections"] else []
        return [
            (day, topic, wheel[number % len(wheel)].value if wheel else "")
            for number, (day, topic) in enumerate(plan)
        ]


def _day(match: re.Match[str]) -> date | None:
    year, month, day = (int(part) for part in match.groups()[:3])
    try:
        return parse_date(f"{year:04d}-{month:02d}-{day:02d}")
    except ValueError:
        return None
