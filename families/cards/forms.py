"""The studio of a family, and the options of a batch."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from families.cards import queries, wording
from families.cards.models import Card
from families.cards.rules import Fold, Lettering, Pattern, Sheet, Size, plain_crop
from families.works.models import Work
from portal.ui.forms import PortalForm

EDGES = ("left", "top", "right", "bottom")


def _edge(label: Any, start: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=100, initial=start,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": 0, "max": 100, "step": 1}),
    )  # fmt: skip


class StudioForm(PortalForm):
    """Lettering, frame, pattern, place, consent."""

    lettering = forms.ChoiceField(
        label=gettext_lazy("用什么字"), choices=Lettering.choices, widget=forms.RadioSelect
    )
    left = _edge(gettext_lazy("左边从(%)"), 0)
    top = _edge(gettext_lazy("上边从(%)"), 0)
    right = _edge(gettext_lazy("右边到(%)"), 100)
    bottom = _edge(gettext_lazy("下边到(%)"), 100)
    pattern = forms.ChoiceField(label=gettext_lazy("图案"), choices=Pattern.choices, widget=forms.RadioSelect)
    unit = forms.CharField(
        label=gettext_lazy("摆在哪个单位"), required=False, max_length=24, widget=forms.Select,
        help_text=gettext_lazy("写给在机关、单位上班的家人时选；不选就由您所在地的妇联统一印。"),
    )  # fmt: skip
    opted = forms.BooleanField(label=wording.CONSENT_CARD, required=False)

    def __init__(self, *args: Any, work: Work, **kwargs: Any) -> None:
        self.work = work
        card = queries.card_of(work)
        kwargs["initial"] = {**_initial(work, card), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.places = {place.unit_no: place for place in queries.workplaces(work)[:200]}
        self.fields["unit"].widget.choices = [  # type: ignore[attr-defined]
            ("", _("由所在地统一印（%(place)s）") % {"place": work.unit.short_name}),
            *((no, place.name) for no, place in self.places.items()),
        ]

    def clean_unit(self) -> Any:
        """One of the offices offered, or none."""
        no = self.cleaned_data["unit"]
        if no and no not in self.places:
            raise ValidationError(_("请从列出的单位里选。"), code="unit")
        return self.places.get(no)

    def clean(self) -> dict[str, Any]:
        """The frame as a whole."""
        data = super().clean() or self.cleaned_data
        given = [data.get(name) for name in EDGES]
        edges = [start if edge is None else edge for edge, start in zip(given, (0, 0, 100, 100), strict=True)]
        try:
            data["crop"] = plain_crop(*edges)
        except ValueError:
            self.add_error("right", _("裁切框太小或者左右、上下写反了，请调整。"))
        return data


def _initial(work: Work, card: Card | None) -> dict[str, Any]:
    edges = (card.crop if card else None) or [0, 0, 100, 100]
    has_text = bool(work.text)
    return {
        "lettering": card.lettering if card else Lettering.TYPED if has_text else Lettering.HANDWRITTEN,
        "pattern": card.pattern if card else Pattern.LOTUS,
        "unit": card.unit.unit_no if card and card.unit_id != work.unit_id else "",
        "opted": bool(getattr(work, "opted", False)),
        **dict(zip(EDGES, edges, strict=True)),
    }


class BatchForm(PortalForm):
    """How a batch is printed."""

    size = forms.ChoiceField(
        label=gettext_lazy("大小"), choices=Size.choices, initial=Size.A5, widget=forms.RadioSelect
    )
    fold = forms.ChoiceField(
        label=gettext_lazy("折法"), choices=Fold.choices, initial=Fold.TENT, widget=forms.RadioSelect
    )
    sheet = forms.ChoiceField(
        label=gettext_lazy("排版"), choices=Sheet.choices, initial=Sheet.A4, widget=forms.RadioSelect
    )
