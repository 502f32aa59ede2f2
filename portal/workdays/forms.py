"""One day, one file."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.ui.forms import PortalForm
from portal.workdays import tables
from portal.workdays.rules import EARLIEST_YEAR, LATEST_YEAR, LONGEST_NAME, Kind


class DayForm(PortalForm):
    """Enter or change a day."""

    date = forms.DateField(
        label=_("日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("请按“年-月-日”填写日期，如 2026-10-01。")},
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("类型"), choices=Kind.choices)
    name = forms.CharField(label=_("名称"), max_length=LONGEST_NAME)

    def clean_date(self) -> Any:
        """Within what the table takes."""
        day = self.cleaned_data["date"]
        if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
            raise forms.ValidationError(_("年份不对，请核对。"))
        return day


class TableForm(PortalForm):
    """A file, or the rows of a file that was looked at on the page before."""

    file = forms.FileField(
        label=_("CSV 文件"), required=False,
        help_text=_("表头：日期,类型,名称；类型填 放假 或 补班。UTF-8 和 GBK 都可以。"),
    )  # fmt: skip
    text = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """The rows, with what is wrong with them; a table that cannot be read is told at the file."""
        data = super().clean() or self.cleaned_data
        upload, text = data.get("file"), data.get("text")
        if upload is None and not text:
            self.add_error("file", _("请选择文件。"))
            return data
        try:
            data["reading"] = tables.read(
                upload.read(tables.MOST_BYTES + 1) if upload is not None else text.encode()
            )
        except tables.UnreadableError as error:
            self.add_error("file", error.message)
        return data
