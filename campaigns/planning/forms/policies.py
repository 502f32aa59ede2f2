"""Policy documents."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from campaigns.planning import queries
from campaigns.planning.fields import day_field
from campaigns.planning.models import PolicyDocument
from campaigns.planning.rules import CONFIRM_DAYS
from portal.files.fields import DocumentsField, FilesFormMixin, PhotosField
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

    class Meta:
        model = PolicyDocument
        fields = ("title", "issue_no", "issued_on", "confirm_days", "summary", "text", "is_public")

    def __init__(self, *args: Any, unit: Unit, sent_to: list[str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("summary", 3), ("text", 12)):
            self.fields[name].widget.attrs["rows"] = rows
        self.fields["confirm_days"].required = False
        self.fields["receivers"].queryset = queries.addressees(unit)
        if sent_to is not None:
            self.initial["receivers"] = sent_to

    def clean_confirm_days(self) -> int:
        """Left empty it is the usual number of days."""
        return self.cleaned_data["confirm_days"] or CONFIRM_DAYS

    @property
    def values(self) -> dict[str, Any]:
        """What the action writes into the row."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}
