"""Forms of staff: typing in a paper entry, reasons, calls."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from families.works import queries
from families.works.forms.submit import WorkForm
from families.works.models import WorkCall
from families.works.rules import Audience, TakedownReason
from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.files.fields import PhotosField
from portal.files.rules import Limits, default_limits
from portal.ui.forms import PortalForm, PortalModelForm


class PaperForm(WorkForm):
    """The family's form with the scan of the paper and of the signed consent."""

    scan = PhotosField(
        label=gettext_lazy("纸质稿和签字同意书"), limits=Limits(6, default_limits().megabytes), captions=False,
        help_text=gettext_lazy("拍照或扫描；只有代录人和审核人员能看到。"),
    )  # fmt: skip

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        self.scope = scope
        super().__init__(*args, paper=True, **kwargs)
        audience: Any = self.fields[
            "audience"
        ]  # who types it in has read it: it cannot be for its recipient only
        audience.choices = [one for one in audience.choices if one[0] != Audience.ONLY_RECIPIENT]
        self.fields["scan"].required = kwargs.get("target") is None
        self.fields["scan"].error_messages["required"] = _("请拍照或扫描纸质稿和签字同意书后上传。")

    def _clean_village(self, data: dict[str, Any]) -> None:
        super()._clean_village(data)
        area = data.get("area")
        if area is not None and not self.scope.may(Perm.WORK_ENTER, area):
            self.add_error("area", _("您只能为本单位范围内的家庭代录，请重新选择乡镇和村（社区）。"))


class ReasonForm(PortalForm):
    """A reason that the other side reads."""

    reason = forms.CharField(
        label=gettext_lazy("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("作者会在短信和“我的”里看到。"),
    )  # fmt: skip


class TakedownForm(ReasonForm):
    """Why a page goes down."""

    why = forms.ChoiceField(
        label=gettext_lazy("原因"),
        choices=[choice for choice in TakedownReason.choices if choice[0] != TakedownReason.AUTHOR],
    )


class CallForm(PortalModelForm):
    """A call for works."""

    open_on = forms.DateField(
        label=gettext_lazy("开始日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    close_on = forms.DateField(
        label=gettext_lazy("截止日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("当天 24 点以前都可以投稿"),
    )  # fmt: skip
    categories = forms.ModelMultipleChoiceField(
        label=gettext_lazy("类别"),
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
    )
    organisers_text = forms.CharField(
        label=gettext_lazy("组织单位"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("一行一个，例如“主办：阳泉市妇女联合会”"),
    )  # fmt: skip

    field_order = (
        "title", "slug", "theme", "open_on", "close_on", "categories", "max_per_person", "intro", "audience_text",
        "organisers_text", "contact", "jury_from", "jury_to", "publicity_from", "publicity_to", "exhibition",
    )  # fmt: skip

    class Meta:
        model = WorkCall
        fields = (
            "title", "slug", "theme", "intro", "audience_text", "max_per_person", "unit_min_quota", "jury_from", "jury_to",
            "publicity_from", "publicity_to", "exhibition", "copyright_mode", "originality_since", "original_return",
            "contact", "no_fee", "disclaimer",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].help_text = _("字母、数字和短横线，例如 jiaxun-2026，会出现在网址里。")
        self.fields["intro"].widget.attrs["rows"] = 4
        self.fields["categories"].queryset = queries.all_categories()  # type: ignore[attr-defined]
        for name in ("jury_from", "jury_to", "publicity_from", "publicity_to"):
            self.fields[name].widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        call = self.instance
        if call.pk:
            self.fields["open_on"].initial = call.open_at.astimezone().date()
            self.fields["close_on"].initial = call.last_day
            self.fields["categories"].initial = call.categories.all()
            self.fields["organisers_text"].initial = "\n".join(
                f"{row['role']}：{row['name']}" for row in call.organisers
            )

    def clean_slug(self) -> str:
        """Not used by another call."""
        slug = str(self.cleaned_data["slug"])
        if slug == "new" or (queries.slug_taken(slug, self.instance.pk) and not self.was_sent):
            raise ValidationError(_("这个网址已经用过了，请换一个。"))
        return slug

    def clean(self) -> dict[str, Any]:
        """The end is not before the beginning."""
        data = super().clean() or self.cleaned_data
        if data.get("open_on") and data.get("close_on") and data["close_on"] < data["open_on"]:
            self.add_error("close_on", _("截止日期不能早于开始日期。"))
        return data

    def values(self) -> dict[str, Any]:
        """The fields for the action."""
        data = dict(self.cleaned_data)
        for name in ("form_token", "categories"):
            data.pop(name, None)
        lines = [line.strip() for line in data.pop("organisers_text").splitlines() if line.strip()]
        pairs = [line.replace(":", "：").partition("：") for line in lines]
        data["organisers"] = [
            {"role": role.strip() if sep else _("主办"), "name": (name if sep else role).strip()}
            for role, sep, name in pairs
        ]
        return data
