"""Documents and their steps."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.materials import queries, rules
from campaigns.materials.forms.base import UnitForm, link_field
from campaigns.materials.models import ISSUE_NO, Document
from campaigns.materials.rules import DocumentKind
from portal.files.fields import DocumentsField, FilesFormMixin, PhotosField
from portal.files.rules import Limits
from portal.ui.fields import day_field, long_text
from portal.ui.forms import PortalForm


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
    link = link_field(gettext_lazy("文件链接"))
    photos = PhotosField(label=gettext_lazy("扫描件（逐页图片）"), required=False, limits=Limits(30, 10))
    documents = DocumentsField(label=gettext_lazy("文件（PDF、Word、Excel）"), required=False)

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


class ReplaceForm(PortalForm):
    """Which document takes its place."""

    by = forms.ModelChoiceField(label=gettext_lazy("替代它的文件"), queryset=None)

    def __init__(self, *args: Any, document: Document, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["by"].queryset = queries.may_replace(document)  # type: ignore[attr-defined]


class ReasonForm(PortalForm):
    """Why."""

    reason = forms.CharField(label=gettext_lazy("理由"), max_length=200)
