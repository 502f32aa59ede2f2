"""Answering a request."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.ui.forms import PortalForm


class AnswerForm(PortalForm):
    """What the person is told."""

    answer = forms.CharField(label=_("答复"), max_length=500, widget=forms.Textarea(attrs={"rows": 4}))
    refused = forms.BooleanField(label=_("不予办理（请在答复里写明理由）"), required=False)
