"""A plain field is written as crispy writes it."""

import re

import pytest
from crispy_forms.templatetags.crispy_forms_filters import as_crispy_field
from django import forms
from django.utils.safestring import mark_safe

from portal.ui.plain_field import plain_field

NASTY = "<b>\"'&</b>"


class Form(forms.Form):
    name = forms.CharField(label=NASTY, max_length=20)
    email = forms.EmailField(label="邮箱", required=False, help_text="选填")
    text = forms.CharField(
        label="正文", widget=forms.Textarea(attrs={"class": "tall", "rows": 3}), required=False
    )
    day = forms.DateField(
        label="日期", widget=forms.DateInput(attrs={"type": "date", "class": "dateinput inp"})
    )
    kind = forms.ChoiceField(
        label="类型", choices=[("", "请选"), ("a", NASTY)], help_text=mark_safe("见<a>说明</a>")
    )
    many = forms.MultipleChoiceField(label="几种", choices=[("a", "甲"), ("b", "乙")], required=False)
    number = forms.IntegerField(label="", required=False)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)
    box = forms.BooleanField(label="同意", required=False)
    boxes = forms.MultipleChoiceField(
        choices=[("a", "甲")], widget=forms.CheckboxSelectMultiple, required=False
    )
    radio = forms.ChoiceField(choices=[("a", "甲")], widget=forms.RadioSelect, required=False)
    both = forms.SplitDateTimeField(required=False, widget=forms.SplitDateTimeWidget)
    file = forms.FileField(required=False)


def _tight(text):
    """Markup without the blank lines of templates, blanks inside tags as one."""
    return re.sub(
        r"\s+>", ">", re.sub(r">\s+|\s+<", lambda found: found.group().strip(), re.sub(r"\s+", " ", text))
    )


@pytest.mark.parametrize("name", list(Form.base_fields))
@pytest.mark.parametrize(
    "data", [None, {"name": NASTY, "kind": "zzz", "day": "no", "email": "no"}], ids=["new", "bad"]
)
@pytest.mark.parametrize("auto_id", ["id_%s", False])
def test_same_markup_as_crispy(name, data, auto_id):
    ours, theirs = (write(Form(data, auto_id=auto_id)[name]) for write in (plain_field, as_crispy_field))
    assert _tight(ours) == _tight(theirs)


def test_written_twice_it_is_the_same():
    form = Form()
    assert plain_field(form["text"]) == plain_field(form["text"])
