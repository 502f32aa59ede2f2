"""Policy documents."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.planning import queries
from campaigns.planning.models import PolicyDocument
from campaigns.planning.rules import CONFIRM_DAYS
from portal.files.fields import DocumentsField, FilesFormMixin, PhotosField
from portal.ui.fields import day_field
from portal.ui.forms import PortalModelForm
from portal.units.models import Unit


class PolicyForm(FilesFormMixin, PortalModelForm):
    """A document: its words, the pages as pictures, who is to confirm it."""

    issued_on = day_field(gettext_lazy("印发日期"), required=False)
    scan = PhotosField(
        label=gettext_lazy("附件：盖章文件的扫描页"), required=False, captions=False,
        help_text=gettext_lazy("JPG 或 PNG 图片，最多 9 页。不得上传涉密文件和工作秘密。"),
    )  # fmt: skip
    documents = DocumentsField(label=gettext_lazy("文件附件（PDF、Word、Excel）"), required=False)
    receivers = forms.ModelMultipleChoiceField(
        label=gettext_lazy("发给哪些单位签收"), queryset=None, to_field_name="unit_no", required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("只能发给本单位的直接下级。")},
    )  # fmt: skip

    levels = forms.TypedMultipleChoiceField(
        label=gettext_lazy("他们下面哪一级也要签收"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("不勾就只由上面选的单位签收；勾了，他们下面这一级的每个妇联各签各的。"),
    )  # fmt: skip

    class Meta:
        model = PolicyDocument
        fields = ("title", "issue_no", "issued_on", "confirm_days", "summary", "text", "is_public")

    def __init__(self, *args: Any, unit: Unit, sent_to: list[str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("summary", 3), ("text", 12)):
            self.fields[name].widget.attrs["rows"] = rows
        self.fields["confirm_days"].required = False
        self.fields["receivers"].queryset = queries.addressees(unit)
        self.fields["levels"].choices = queries.levels_below_addressees(unit)
        self.initial.setdefault("levels", self.instance.levels)
        if sent_to is not None:
            self.initial["receivers"] = sent_to

    def clean_confirm_days(self) -> int:
        """Left empty it is the usual number of days."""
        return self.cleaned_data["confirm_days"] or CONFIRM_DAYS

    def clean(self) -> dict[str, Any]:
        """Levels stand below somebody."""
        data = super().clean() or self.cleaned_data
        if data.get("levels") and not data.get("receivers") and "receivers" not in self.errors:
            self.add_error("levels", _("请先在上面勾选直接下级，再选他们下面的级别。"))
        return data

    @property
    def values(self) -> dict[str, Any]:
        """What the action writes into the row."""
        return {name: self.cleaned_data[name] for name in (*self.Meta.fields, "levels")}
