"""The choice of nothing has a name, in every form of the site."""

from django import forms
from django.db.models import BLANK_CHOICE_DASH

from portal.ui.forms import PortalForm
from portal.units.models import Unit


def test_the_choice_of_nothing_is_named_in_every_form_of_the_site():
    class Both(PortalForm):
        must = forms.ModelChoiceField(Unit.objects.none())
        may = forms.ModelChoiceField(Unit.objects.none(), required=False)
        kind = forms.TypedChoiceField(choices=[*BLANK_CHOICE_DASH, ("a", "甲")], required=False)

    form = Both()
    assert [next(iter(form.fields[name].choices))[1] for name in ("must", "may", "kind")] == [
        "请选择",
        "不选",
        "不选",
    ]
    assert "---" not in form.as_p()
