"""What the forms of staff have in common."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from campaigns.quizzes.queries.bank import own_unit
from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.ui.forms import PortalForm, PortalModelForm
from portal.units.fields import UnitChoiceField
from portal.units.models import Unit


def day(**attrs: Any) -> forms.DateInput:
    """A native date field."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", **attrs})


class OfUnit(PortalModelForm):
    """A form whose record belongs to a unit of the person."""

    perm = Perm.QUIZ_EDIT
    unit = UnitChoiceField(label=gettext_lazy("单位"))

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["unit"]
        else:
            field: Any = self.fields["unit"]
            field.perm, field.rows = self.perm, scope.rows(Unit, self.perm).order_by("path")
            self.initial.setdefault("unit", own_unit(scope, self.perm))

    @property
    def values(self) -> dict[str, Any]:
        """The fields of the record."""
        return {name: self.cleaned_data[name] for name in self._meta.fields if name in self.cleaned_data}


class ReasonForm(PortalForm):
    """Why."""

    reason = forms.CharField(label=gettext_lazy("理由"), max_length=200)
