"""The upload form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.access.scope import Scope
from portal.importing import queries
from portal.importing.registry import ImportKind
from portal.ui.forms import PortalForm


class TableForm(PortalForm):
    """A table to be read."""

    unit = forms.ModelChoiceField(
        label=_("没写单位的行算谁的"), queryset=None, to_field_name="unit_no", empty_label=None,
        error_messages={"invalid_choice": _("您不能为这个单位导入，请选自己负责的单位。")},
    )  # fmt: skip
    file = forms.FileField(
        label=_("表格文件"), widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text=_("xlsx 或 csv，10 MB 以内，最多 5000 行。上传只做检查，不会写入。"),
        error_messages={"required": _("请选择要导入的表格。"), "empty": _("文件是空的，请重新选择。")},
    )  # fmt: skip

    def __init__(self, *args: Any, scope: Scope, kind: ImportKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = queries.units_for(scope, kind)
