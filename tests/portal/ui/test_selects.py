"""A select written out by Python says what Django's own says."""

import pytest
from django import forms
from django.db.models import BLANK_CHOICE_DASH
from django.test.html import parse_html
from django.utils.html import escape

from portal.ui.forms import PortalForm
from portal.ui.selects import plain_select
from portal.units.models import Unit

CHOICES = [("", "全部"), ("a", "<b>甲</b>"), ("组", [("x", "乙"), ("y", 'say "丙"')])]


class Filter(forms.Form):
    """One of each."""

    kind = forms.ChoiceField(choices=CHOICES, required=False)
    known = forms.NullBooleanField(required=False)
    must = forms.ChoiceField(choices=CHOICES, widget=forms.Select(attrs={"class": "form-select"}))


@pytest.mark.parametrize(
    "data", [None, {"kind": "a", "must": "y"}, {"kind": "nope", "known": "true", "must": ""}]
)
@pytest.mark.parametrize("name", ["kind", "known", "must"])
def test_same_as_django(data, name):
    field = Filter(data)[name]
    assert parse_html(plain_select(field)) == parse_html(str(field))


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


def test_words_are_escaped():
    assert escape("<b>甲</b>") in plain_select(Filter()["kind"])
