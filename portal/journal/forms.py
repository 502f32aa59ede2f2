"""Filtering the journal, and the reason for looking closer."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.journal.verbs import VERBS


def _verbs() -> list[tuple[str, object]]:
    return [
        ("", _("全部")),
        *sorted(((code, verb.text) for code, verb in VERBS.items()), key=lambda item: item[0]),
    ]


class JournalFilterForm(forms.Form):
    """All optional."""

    since = forms.DateField(
        label=_("从"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("到"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    person = forms.CharField(label=_("操作人"), required=False, max_length=40)
    verb = forms.ChoiceField(label=_("动作"), required=False, choices=_verbs)
    unit = forms.CharField(label=_("单位"), required=False, max_length=60)
    target = forms.CharField(
        label=_("对象"), required=False, max_length=100, help_text=_("如 portal.grant:12，或 portal.grant")
    )


class RevealForm(forms.Form):
    """Why the values are needed."""

    reason = forms.CharField(label=_("查看理由"), min_length=2, max_length=200)
