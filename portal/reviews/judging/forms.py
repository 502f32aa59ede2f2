"""Forms of judging."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.models import User
from portal.reviews.judging.models import CriteriaSet, JudgedItem, Sheet
from portal.reviews.judging.rules import MOST_CRITERIA, parse_score
from portal.ui.forms import PortalForm
from portal.units.fields import UnitChoiceField
from portal.units.models import Unit


class ScoreField(forms.CharField):
    """0 to `weight` with at most one decimal; full-width digits are taken."""

    def __init__(self, *, weight: int, **kwargs: Any) -> None:
        self.weight = weight
        widget = forms.NumberInput(
            attrs={
                "min": 0, "max": weight, "step": "0.1", "inputmode": "decimal", "class": "form-control jg-score",
                "data-score": weight, "autocomplete": "off",
            }
        )  # fmt: skip
        super().__init__(required=False, max_length=12, widget=widget, **kwargs)

    def clean(self, value: Any) -> Decimal | None:
        """A Decimal, or None when left empty."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_score(text, self.weight)
        except ValueError as error:
            raise ValidationError(
                _("请填 0 到 %(most)d 之间的数，最多一位小数。") % {"most": self.weight}
            ) from error


class ScoreForm(PortalForm):
    """One sheet: a score per criterion and a word, if the judge wants to say one."""

    comment = forms.CharField(
        label=gettext_lazy("评语（可不填）"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, sheet: Sheet, hand_in: bool = False, **kwargs: Any) -> None:
        initial = {"comment": sheet.comment, "version": sheet.version}
        initial |= {f"score_{number}": value for number, value in sheet.values.items()}
        super().__init__(*args, initial=initial, **kwargs)
        self.hand_in = hand_in
        self.criteria = sheet.item.criteria.items
        for number, one in enumerate(self.criteria):
            self.fields[f"score_{number}"] = ScoreField(weight=int(one["weight"]), label=one["name"])

    @property
    def score_fields(self) -> list[Any]:
        """The bound fields in order, for the page."""
        return [self[f"score_{number}"] for number in range(len(self.criteria))]

    def clean(self) -> dict[str, Any]:
        """To hand it in, every criterion needs a score."""
        data = super().clean() or self.cleaned_data
        if self.hand_in:
            for number in range(len(self.criteria)):
                if f"score_{number}" in data and data[f"score_{number}"] is None:
                    self.add_error(f"score_{number}", _("这一项还没有打分。"))
        return data

    def values(self) -> dict[int, Decimal]:
        """position → score, for the action."""
        found = {number: self.cleaned_data[f"score_{number}"] for number in range(len(self.criteria))}
        return {number: value for number, value in found.items() if value is not None}


class RecuseForm(PortalForm):
    """Why a judge keeps away."""

    reason = forms.CharField(
        label=gettext_lazy("回避理由"),
        max_length=200,
        help_text=gettext_lazy("例如：认出是亲属的作品。只有组织方能看到。"),
    )


class ProfileForm(PortalForm):
    """Where a judge works and lives."""

    work_unit = UnitChoiceField(label=gettext_lazy("工作单位（没有可不填）"), required=False)
    home_unit = UnitChoiceField(
        label=gettext_lazy("居住的村（社区）"), required=False,
        help_text=gettext_lazy("填简称，例如“东关社区”。只用来回避同单位、同村的作品，不公开。"),
    )  # fmt: skip

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("work_unit", "home_unit"):
            field: Any = self.fields[name]
            field.rows = units
            field.widget = forms.TextInput(attrs={"autocomplete": "off", "class": "form-control"})

    def initial_of(self, unit: Unit | None) -> str:
        """A unit as it is typed."""
        return unit.short_name if unit else ""


class PanelForm(PortalForm):
    """Judges and their chair."""

    judges = forms.MultipleChoiceField(label=gettext_lazy("评委"), widget=forms.CheckboxSelectMultiple)
    chair = forms.ChoiceField(label=gettext_lazy("组长（同分时由他定先后）"), required=False)

    def __init__(self, *args: Any, people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(user.ref): user for user in people}
        choices = [(ref, user.display_name) for ref, user in self.people.items()]
        self.fields["judges"].choices = choices  # type: ignore[attr-defined]
        self.fields["chair"].choices = [("", _("不设组长")), *choices]  # type: ignore[attr-defined]

    def chosen(self) -> tuple[list[User], User | None]:
        """The accounts behind the choices."""
        judges = [self.people[ref] for ref in self.cleaned_data["judges"]]
        return judges, self.people.get(self.cleaned_data["chair"])


class CriteriaForm(PortalForm):
    """All sets of a round on one page: eight rows each, empty ones are dropped."""

    def __init__(self, *args: Any, sets: Sequence[CriteriaSet], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sets = list(sets)
        for one in self.sets:
            for row in range(MOST_CRITERIA):
                known = one.items[row] if row < len(one.items) else {"name": "", "weight": ""}
                self.fields[f"name_{one.pk}_{row}"] = forms.CharField(
                    label=_("第 %(n)d 条") % {"n": row + 1}, required=False, max_length=40, initial=known["name"],
                    widget=forms.TextInput(attrs={"class": "form-control"}),
                )  # fmt: skip
                self.fields[f"weight_{one.pk}_{row}"] = forms.IntegerField(
                    label=_("第 %(n)d 条分值") % {"n": row + 1}, required=False, min_value=1, max_value=100, initial=known["weight"],
                    widget=forms.NumberInput(attrs={"class": "form-control", "inputmode": "numeric"}),
                )  # fmt: skip

    @property
    def tables(self) -> list[dict[str, Any]]:
        """Set by set, the rows as bound fields."""
        return [
            {
                "set": one,
                "rows": [
                    (self[f"name_{one.pk}_{n}"], self[f"weight_{one.pk}_{n}"]) for n in range(MOST_CRITERIA)
                ],
            }
            for one in self.sets
        ]

    def clean(self) -> dict[str, Any]:
        """Each row whole, each set exactly 100."""
        data = super().clean() or self.cleaned_data
        for one in self.sets:
            total = 0
            for row in range(MOST_CRITERIA):
                name, weight = data.get(f"name_{one.pk}_{row}"), data.get(f"weight_{one.pk}_{row}")
                if bool(name) != bool(weight):
                    self.add_error(f"name_{one.pk}_{row}", _("名称和分值要一起填。"))
                total += weight or 0
            if total != 100:
                self.add_error(
                    f"weight_{one.pk}_0",
                    _("“%(label)s”各条加起来要正好是 100，现在是 %(total)d。")
                    % {"label": one.label, "total": total},
                )
        return data

    def values(self) -> dict[int, list[dict[str, Any]]]:
        """key of the set → its criteria."""
        data = self.cleaned_data
        return {
            one.pk: [
                {"name": data[f"name_{one.pk}_{row}"], "weight": data[f"weight_{one.pk}_{row}"]}
                for row in range(MOST_CRITERIA)
                if data[f"name_{one.pk}_{row}"]
            ]
            for one in self.sets
        }


class TieForm(PortalForm):
    """Equal ones in the order the chair wants."""

    reason = forms.CharField(label=gettext_lazy("理由"), max_length=200)

    def __init__(self, *args: Any, items: Sequence[JudgedItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = list(items)
        for item in self.items:
            self.fields[f"place_{item.pk}"] = forms.IntegerField(
                label=item.shown_number, min_value=1, max_value=len(self.items),
                widget=forms.NumberInput(attrs={"class": "form-control", "inputmode": "numeric"}),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Every place once."""
        data = super().clean() or self.cleaned_data
        places = sorted(data.get(f"place_{item.pk}") or 0 for item in self.items)
        if places != list(range(1, len(self.items) + 1)):
            raise ValidationError(_("请填 1、2、3……，每个数字只用一次。"))
        return data

    def order(self) -> list[int]:
        """Keys, the first place first."""
        return [
            item.pk for item in sorted(self.items, key=lambda item: self.cleaned_data[f"place_{item.pk}"])
        ]
