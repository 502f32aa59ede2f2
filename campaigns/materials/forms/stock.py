"""Materials, placements, viewings."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.activities.fields import FigureField, figures_of
from campaigns.materials import rules
from campaigns.materials.forms.base import ANYBODY, UnitForm, campaign_field, link_field
from campaigns.materials.models import Material
from campaigns.materials.rules import Channel, Kind
from portal.files.fields import FilesFormMixin, PhotosField
from portal.files.rules import Limits
from portal.ui.fields import day_field, long_text, moment


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
    campaign = campaign_field()
    link = link_field(gettext_lazy("链接"))
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
