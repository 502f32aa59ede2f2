"""A venue, its content, its inspections."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.venues.actions.venues import FIELDS
from campaigns.venues.models import Venue, VenueItem
from campaigns.venues.queries import venues as queries
from campaigns.venues.rules import venues as rules
from campaigns.venues.rules import visits as visit_rules
from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.files.fields import FilesFormMixin, PhotosField
from portal.files.rules import Limits
from portal.ui.forms import PortalForm, PortalModelForm
from portal.ui.text import count_chars
from portal.units.fields import UnitChoiceField

FORM_CODE = "venues.new"
DATE = {"attrs": {"type": "date"}, "format": "%Y-%m-%d"}
CLOCK = {"attrs": {"type": "time"}, "format": "%H:%M"}


def too_long(text: str, most: int) -> None:
    """Raise ValidationError beyond `most` characters, counted as the counter on the page counts."""
    extra = count_chars(text) - most
    if extra > 0:
        raise ValidationError(
            _("超出 %(extra)d 字，请写在 %(most)d 字以内。") % {"extra": extra, "most": most}, code="length"
        )


def counted(most: int, rows: int = 4) -> forms.Textarea:
    """A text area with a live counter."""
    return forms.Textarea(attrs={"rows": rows, "data-count": "", "data-max": str(most)})


def limits() -> Limits:
    """Photos of a venue or an application: ten at most, and none needed."""
    return Limits(count=rules.PHOTOS_MOST, megabytes=10)


class VenueForm(FilesFormMixin, PortalModelForm):
    """First what a phone needs in the field; the rest folded away."""

    unit = UnitChoiceField(label=gettext_lazy("所属单位"), perm=Perm.VENUE_EDIT)
    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("哪几天开放"),
        choices=visit_rules.WEEKDAYS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    photos = PhotosField(label=gettext_lazy("照片"), required=False, limits=limits())
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Venue
        fields = FIELDS
        widgets = {
            "opened_on": forms.DateInput(**DATE),
            "opens_at": forms.TimeInput(**CLOCK),
            "closes_at": forms.TimeInput(**CLOCK),
            "features": counted(rules.FEATURES_MOST),
            "annual_plan": counted(rules.PLAN_MOST),
            "contact_phone": forms.TextInput(attrs={"inputmode": "tel"}),
        }
        help_texts = {
            "contact_phone": gettext_lazy("只填办公电话，不填个人手机号。"),
            "owner_org": gettext_lazy("房子归谁管，如：东关社区居委会。不填就是所属单位。"),
            "opening_hours": gettext_lazy("公开页上这样写，如：周一至周五 9:00—17:00。"),
            "docents": gettext_lazy("只填人数，不填姓名。"),
            "refresh_months": gettext_lazy("到期前 14 天提醒。"),
            "honours": gettext_lazy("本平台以外的命名，如：省级第一批廉政文化进家庭示范点（2012 年）。"),
            "slot_capacity": gettext_lazy("约满后这一场自动不能再约。"),
        }

    FIRST = ("kind", "name", "address", "opening_hours", "contact_phone", "features")
    MORE = (
        "owner_org", "area_m2", "capacity", "docents", "opened_on", "refresh_months", "honours", "annual_plan", "remark",
    )  # fmt: skip
    BOOKING = (
        "takes_bookings",
        "weekdays",
        "opens_at",
        "closes_at",
        "slot_minutes",
        "slot_capacity",
        "ahead_days",
    )

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        self.scope = scope
        instance = kwargs.get("instance")
        super().__init__(*args, actor=scope.actor, **kwargs)
        if instance is not None and instance.pk:
            del self.fields["unit"]
            self.fields["version"].initial = instance.version
        else:
            rows = queries.units_to_enter_for(scope)
            field: Any = self.fields["unit"]
            field.rows = rows
            only = list(rows[:2])
            if len(only) == 1:
                self.initial.setdefault("unit", only[0].unit_no)
        for name in (*self.BOOKING, "refresh_months"):
            self.fields[name].required = False

    def _part(self, names: tuple[str, ...]) -> list[Any]:
        return [self[name] for name in names if name in self.fields]

    @property
    def first(self) -> list[Any]:
        """What a phone shows first."""
        return self._part(("unit", *self.FIRST))

    @property
    def more(self) -> list[Any]:
        """The folded rest."""
        return self._part(self.MORE)

    @property
    def booking(self) -> list[Any]:
        """Everything about bookings."""
        return self._part(self.BOOKING)

    @property
    def more_is_needed(self) -> bool:
        """Must the fold stand open because something in it is wrong?"""
        return bool(set(self.MORE) & set(self.errors))

    @property
    def booking_is_needed(self) -> bool:
        """The same for the booking part; it also stands open when bookings are on."""
        return bool(set(self.BOOKING) & set(self.errors)) or bool(self["takes_bookings"].value())

    def clean_features(self) -> str:
        """At most 300 characters."""
        text: str = self.cleaned_data["features"]
        too_long(text, rules.FEATURES_MOST)
        return text

    def clean_annual_plan(self) -> str:
        """At most 1000 characters."""
        text: str = self.cleaned_data["annual_plan"]
        too_long(text, rules.PLAN_MOST)
        return text

    def clean_opened_on(self) -> Any:
        """Not in the future."""
        day = self.cleaned_data["opened_on"]
        if day is not None and day > timezone.localdate():
            raise ValidationError(_("建成（启用）日期不能晚于今天。"))
        return day

    def clean(self) -> dict[str, Any]:
        """What is left empty takes its default; bookings need days and hours."""
        data = super().clean() or self.cleaned_data
        for name in ("slot_minutes", "slot_capacity", "ahead_days", "refresh_months"):
            if data.get(name) is None and name not in self.errors:
                data[name] = Venue._meta.get_field(name).get_default()
        opens, closes = data.get("opens_at"), data.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("关门时间要晚于开门时间。"))
        if data.get("takes_bookings"):
            for name, words in (("opens_at", _("接受预约要填开门时间。")), ("closes_at", _("接受预约要填关门时间。")), ("weekdays", _("请选哪几天开放。"))):  # fmt: skip
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, words)
        return data

    @property
    def values(self) -> dict[str, Any]:
        """Clean values for the action."""
        return {name: self.cleaned_data[name] for name in FIELDS if name in self.cleaned_data}


class ItemForm(PortalModelForm):
    """One item of the inventory."""

    class Meta:
        model = VenueItem
        fields = ("title", "kind", "quantity", "placed_on", "renewed_on", "condition", "note")
        widgets = {"placed_on": forms.DateInput(**DATE), "renewed_on": forms.DateInput(**DATE)}

    def clean(self) -> dict[str, Any]:
        """Renewed after it was placed, and nothing lies ahead."""
        data = super().clean() or self.cleaned_data
        placed, renewed, today = data.get("placed_on"), data.get("renewed_on"), timezone.localdate()
        for name, day in (("placed_on", placed), ("renewed_on", renewed)):
            if day and day > today:
                self.add_error(name, _("日期不能晚于今天。"))
        if placed and renewed and renewed < placed:
            self.add_error("renewed_on", _("更新日期不能早于布置日期。"))
        return data


class CheckForm(PortalForm):
    """An inspection."""

    on = forms.DateField(label=gettext_lazy("检查日期"), widget=forms.DateInput(**DATE))
    result = forms.ChoiceField(
        label=gettext_lazy("结论"), choices=rules.Result.choices, widget=forms.RadioSelect
    )
    findings = forms.CharField(
        label=gettext_lazy("检查情况"),
        required=False,
        max_length=rules.FINDINGS_MOST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("看到什么、哪里要改。需要整改的必填。"),
    )


class RefreshForm(PortalForm):
    """The content was renewed."""

    on = forms.DateField(label=gettext_lazy("更新日期"), widget=forms.DateInput(**DATE))
    note = forms.CharField(label=gettext_lazy("换了什么"), max_length=200, required=False)


class ReasonForm(PortalForm):
    """Why."""

    reason = forms.CharField(
        label=gettext_lazy("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class ClosedDayForm(PortalForm):
    """A day on which nobody is taken."""

    day = forms.DateField(label=gettext_lazy("不开放的日子"), widget=forms.DateInput(**DATE))
    reason = forms.CharField(label=gettext_lazy("原因"), max_length=60, required=False)
