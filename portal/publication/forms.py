"""Input of the readers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.publication import rules
from portal.publication.models import WatchWord
from portal.ui.forms import PortalForm


class PassForm(PortalForm):
    """The checklist; every point is looked at before the content goes on."""

    answers = forms.MultipleChoiceField(
        label=_("核对清单"),
        choices=list(rules.CHECKLIST.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("每一项看过、没有问题或不涉及，就打勾。"),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)


class ReasonForm(PortalForm):
    """Why it goes back or comes down."""

    reason = forms.CharField(
        label=_("理由"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "data-count": "", "data-max": "500"}),
        strip=True,
    )


class WatchWordForm(PortalForm):
    """One word to watch."""

    word = forms.CharField(label=_("词语"), max_length=40)
    strength = forms.ChoiceField(label=_("处理"), choices=WatchWord.Strength.choices)
    note = forms.CharField(label=_("说明或建议写法"), max_length=100, required=False)

    def clean_word(self) -> Any:
        """One word without blanks around it."""
        return " ".join(self.cleaned_data["word"].split())
