"""Forms: a new round, the award list, its notice."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from families.judging.queries import UnitRow
from families.judging.rules import Tier
from portal.accounts.models import User
from portal.reviews.judging.forms import PanelForm
from portal.reviews.judging.rules import LEAST_JUDGES, Kind
from portal.ui.forms import PortalForm


def _day(label: Any, **kwargs: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs
    )


class StageForm(PanelForm):
    """A new round."""

    kind = forms.ChoiceField(label=gettext_lazy("轮次"))
    each = forms.IntegerField(
        label=gettext_lazy("每件几位评委"),
        min_value=3,
        max_value=15,
        initial=3,
        help_text=gettext_lazy("初评、复评至少 3 位，终评至少 5 位"),
    )
    due_on = _day(gettext_lazy("打分截止"))
    contact = forms.CharField(label=gettext_lazy("评委有问题找谁"), max_length=60, required=False)
    keep_share = forms.IntegerField(
        label=gettext_lazy("建议晋级比例(%)"), min_value=1, max_value=100, initial=50, required=False
    )
    keep_number = forms.IntegerField(
        label=gettext_lazy("或每个类别组别晋级几件"), min_value=0, max_value=500, initial=0, required=False,
        help_text=gettext_lazy("填了件数就按件数；最后由人确定。"),
    )  # fmt: skip

    field_order = ("kind", "each", "due_on", "contact", "keep_share", "keep_number", "judges", "chair")

    def __init__(self, *args: Any, people: Sequence[User], kinds: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, people=people, **kwargs)
        self.fields["kind"].choices = [(kind, Kind(kind).label) for kind in kinds]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Enough judges, a date to come."""
        data = super().clean() or self.cleaned_data
        kind, each = data.get("kind"), data.get("each")
        if kind and each and each < LEAST_JUDGES[Kind(kind)]:
            self.add_error(
                "each",
                _("%(kind)s每件至少要 %(n)d 位评委。")
                % {"kind": Kind(kind).label, "n": LEAST_JUDGES[Kind(kind)]},
            )
        if each and data.get("judges") and len(data["judges"]) < each:
            self.add_error("judges", _("请至少选 %(n)d 位评委。") % {"n": each})
        if data.get("due_on") and data["due_on"] < timezone.localdate():
            self.add_error("due_on", _("截止日期不能早于今天。"))
        if data.get("chair") and data.get("judges") and data["chair"] not in data["judges"]:
            self.add_error("chair", _("组长要从评委里选。"))
        return data


class AwardsForm(PortalForm):
    """The tier of every candidate, and the units with 优秀组织奖."""

    reason = forms.CharField(
        label=gettext_lazy("调整的理由（和排位不一致，或选了没完成计划的单位）"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    contact = forms.CharField(label=gettext_lazy("受理反映的部门和电话"), required=False, max_length=120)

    units = forms.MultipleChoiceField(label=gettext_lazy("优秀组织奖"), required=False)

    def __init__(
        self, *args: Any, rows: Sequence[dict[str, Any]], units: Sequence[UnitRow] = (), **kwargs: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.rows, self.unit_rows = list(rows), list(units)
        self.fields["units"].choices = [(row.unit.unit_no, str(row.unit)) for row in self.unit_rows]  # type: ignore[attr-defined]
        for row in self.rows:
            self.fields[f"tier_{row['work'].pk}"] = forms.ChoiceField(
                label=_("%(no)s 的等次") % {"no": row["work"].no}, required=False, choices=[("", "—"), *Tier.choices],
                initial=row["tier"], widget=forms.Select(attrs={"class": "form-select"}),
            )  # fmt: skip

    @property
    def lines(self) -> list[tuple[dict[str, Any], Any]]:
        """Each candidate with its field."""
        return [(row, self[f"tier_{row['work'].pk}"]) for row in self.rows]

    @property
    def unit_lines(self) -> list[tuple[UnitRow, bool]]:
        """Each unit in division order, and whether it is ticked."""
        ticked = {str(value) for value in self["units"].value() or []}
        return [(row, row.unit.unit_no in ticked) for row in self.unit_rows]

    def chosen_units(self) -> set[int]:
        """Keys of the ticked units."""
        ticked = set(self.cleaned_data["units"])
        return {row.unit.pk for row in self.unit_rows if row.unit.unit_no in ticked}

    def tiers(self) -> dict[int, str]:
        """work → tier."""
        return {row["work"].pk: self.cleaned_data[f"tier_{row['work'].pk}"] for row in self.rows}


class ConfirmForm(PortalForm):
    """From when the list is public, and when the result may be known."""

    first = _day(gettext_lazy("公示从哪天起"), help_text=gettext_lazy("公示 5 个工作日，从第二天起算"))
    embargo_on = _day(gettext_lazy("最早公布日期（可不填）"), required=False)
