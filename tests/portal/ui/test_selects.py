"""A select written out by Python says what Django's own says."""

import pytest
from django import forms
from django.test.html import parse_html
from django.utils.html import escape

from portal.ui.selects import plain_select

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


def test_words_are_escaped():
    assert escape("<b>甲</b>") in plain_select(Filter()["kind"])
