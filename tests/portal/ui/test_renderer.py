"""Widgets written by Python are Django's own to the letter."""

from datetime import date, time

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.forms.utils import ErrorList
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from portal.ui.renderer import WRITERS, QuickRenderer

NASTY = "<b>\"'&</b>"
CHOICES = [("", _("全部")), (1, NASTY), (2, mark_safe("<i>safe</i>")), ("组", [("a", "A"), (1200, 1200)])]
FLAT = [("", _("全部")), (1, NASTY), ("a", 1200)]
ATTRS = {"id": "id_x", "class": NASTY, "required": True, "hidden": False, "data-n": 1200, "title": _("说明")}
WIDGETS = [
    (forms.TextInput(), NASTY), (forms.TextInput(), None), (forms.TextInput(), mark_safe("<u>")),
    (forms.NumberInput(), 1234567), (forms.EmailInput(), ""), (forms.URLInput(), "https://a/?b=1&c=2"),
    (forms.PasswordInput(), "x"), (forms.HiddenInput(), NASTY), (forms.DateInput(), date(2026, 5, 1)),
    (forms.DateTimeInput(), None), (forms.TimeInput(), time(9, 30)), (forms.FileInput(), None),
    (forms.CheckboxInput(), True), (forms.CheckboxInput(), False), (forms.CheckboxInput(), "v"),
    (forms.Textarea(), f"\n{NASTY}\n"), (forms.Textarea(), ""), (forms.Textarea(), None),
    (forms.Select(choices=CHOICES), 1), (forms.Select(choices=CHOICES), None), (forms.Select(choices=[]), "x"),
    (forms.SelectMultiple(choices=CHOICES), [1, "a"]), (forms.NullBooleanSelect(), True),
    (forms.CheckboxSelectMultiple(choices=FLAT), ["a"]), (forms.RadioSelect(choices=CHOICES), 2),
    (forms.MultipleHiddenInput(), ["a", NASTY]), (forms.SplitDateTimeWidget(), None), (forms.ClearableFileInput(), None),
]  # fmt: skip


@pytest.mark.parametrize(("widget", "value"), WIDGETS, ids=lambda one: type(one).__name__)
@pytest.mark.parametrize("attrs", [None, ATTRS], ids=["bare", "dressed"])
def test_same_markup_as_django(widget, value, attrs):
    ours = widget.render("名字&x", value, attrs, renderer=QuickRenderer())
    assert ours == widget.render("名字&x", value, attrs, renderer=DjangoTemplates())
    assert "<" in ours


def test_every_writer_is_compared():
    seen = {widget.template_name for widget, _value in WIDGETS}
    options = {"checkbox_option", "radio_option", "input_option", "select_option", "input"}
    options |= {"search", "tel", "color"}  # the same as text, with another type
    assert {name.rsplit("/", 1)[-1].removesuffix(".html") for name in set(WRITERS) - seen} <= options


@pytest.mark.parametrize("kind", [forms.CheckboxSelectMultiple, forms.RadioSelect])
@pytest.mark.parametrize("renderer", [QuickRenderer, DjangoTemplates])
def test_single_boxes_of_a_choice(kind, renderer):
    class Form(forms.Form):
        default_renderer = renderer
        x = forms.ChoiceField(choices=FLAT, widget=kind)

    boxes = [box.tag() + str(box) for box in Form({"x": "1"})["x"]]
    assert boxes == [
        f"{box.tag()}{box}"
        for box in type("Plain", (Form,), {"default_renderer": DjangoTemplates})({"x": "1"})["x"]
    ]
    assert len(boxes) == 3


def test_errors_are_listed_and_none_cost_nothing():
    found = {
        renderer: [str(ErrorList(words, renderer=renderer())) for words in ([], [NASTY])]
        for renderer in (QuickRenderer, DjangoTemplates)
    }
    assert found[QuickRenderer] == found[DjangoTemplates]
    assert found[QuickRenderer][0] == ""
