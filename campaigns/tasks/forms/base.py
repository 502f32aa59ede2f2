"""What several forms share."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.tasks import rules
from portal.ui.forms import PortalForm


def not_past(day: Any) -> Any:
    """The day, unless it has passed."""
    if day is not None and day < timezone.localdate():
        raise ValidationError(_("期限已经过去了，请选今天或以后的日期（当天 24 点截止）。"), code="past")
    return day


class ReasonForm(PortalForm):
    """Why."""

    reason = forms.CharField(
        label=gettext_lazy("理由（对方会看到）"),
        max_length=rules.REASON_MOST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
