"""The numbered rows of the form of a call: organisers, limits per category, groups by age, award tiers."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from families.calls import rules
from families.calls.rules import DEFAULT_TIERS, GROUP_ROWS, TIER_ROWS, Channel, Part
from families.works.models import WorkCall, WorkCategory
from portal.ui.forms import PortalModelForm

LIMITS = ("per_person", "text_min", "text_max", "photos_max")


def _number(label: Any, most: int, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=most, **more)


_LIMIT_LABELS: dict[str, Any] = {
    "per_person": gettext_lazy("每人最多几件"),
    "text_min": gettext_lazy("最少字数"),
    "text_max": gettext_lazy("最多字数"),
    "photos_max": gettext_lazy("最多几张图"),
}


class RowsMixin(PortalModelForm):
    """Plain numbered fields, so that no script is needed."""

    all_categories: list[WorkCategory]

    def _add_rows(self, call: WorkCall | None) -> None:
        fields = self.fields
        for part in Part:
            names = (
                [row["name"] for row in call.organisers if row.get("role") == rules.part_word(part)]
                if call
                else []
            )
            fields[f"org_{part.value}"] = forms.CharField(
                label=part.label, required=False, max_length=300, initial="、".join(names),
                help_text=_("几个单位用“、”隔开") if part is Part.HOST else "",
            )  # fmt: skip
        for category in self.all_categories:
            chosen = (call.category_rules or {}).get(category.code, {}) if call else {}
            for name in LIMITS:
                default = getattr(category, name)
                if name != "per_person" and not default:
                    continue  # what a category does not have cannot be given to it by a call
                fields[f"c_{category.code}_{name}"] = _number(
                    _LIMIT_LABELS[name], max(default, 3000 if name.startswith("text") else 20),
                    initial=chosen.get(name), widget=forms.NumberInput(attrs={"placeholder": default, "class": "form-control"}),
                )  # fmt: skip
        groups = list(call.groups) if call else []
        for number in range(max(GROUP_ROWS, len(groups))):
            row = groups[number] if number < len(groups) else {}
            fields[f"g{number}_name"] = forms.CharField(
                label=_("组别名称"), required=False, max_length=20, initial=row.get("name", "")
            )
            fields[f"g{number}_min"] = _number(_("从几岁"), 120, initial=row.get("age_min"))
            fields[f"g{number}_max"] = _number(_("到几岁"), 120, initial=row.get("age_max"))
            fields[f"g{number}_channel"] = forms.ChoiceField(
                label=_("怎样报送"),
                required=False,
                choices=Channel.choices,
                initial=row.get("channel", Channel.PUBLIC),
            )
        tiers = (
            list(call.award_tiers) if call else [{**row, "name": str(row["name"])} for row in DEFAULT_TIERS]
        )
        for number in range(max(TIER_ROWS, len(tiers))):
            row = tiers[number] if number < len(tiers) else {}
            fields[f"t{number}_name"] = forms.CharField(
                label=_("奖项名称"), required=False, max_length=20, initial=row.get("name", "")
            )
            fields[f"t{number}_share"] = _number(_("占入选作品的百分比"), 100, initial=row.get("share"))
            fields[f"t{number}_most"] = _number(_("最多几名"), 500, initial=row.get("most"))

        for name, field in fields.items():
            if name[0] in "gt" and name[1:2].isdigit():
                field.widget.attrs["class"] = (
                    "form-select" if isinstance(field.widget, forms.Select) else "form-control"
                )

    @property
    def organiser_fields(self) -> list[Any]:
        """主办, 承办, 协办, 指导."""
        return [self[f"org_{part.value}"] for part in Part]

    @property
    def category_rows(self) -> list[dict[str, Any]]:
        """Each category with its box and its limits."""
        ticked = {str(value) for value in (self["categories"].value() or [])}
        return [
            {
                "category": category,
                "checked": str(category.pk) in ticked,
                "limits": [
                    self[f"c_{category.code}_{name}"] if f"c_{category.code}_{name}" in self.fields else None
                    for name in LIMITS
                ],
            }
            for category in self.all_categories
        ]

    @property
    def limit_labels(self) -> list[Any]:
        """Heads of the columns of the category table."""
        return [_LIMIT_LABELS[name] for name in LIMITS]

    def _numbered(self, prefix: str, names: tuple[str, ...]) -> list[list[Any]]:
        rows, number = [], 0
        while f"{prefix}{number}_{names[0]}" in self.fields:
            rows.append([self[f"{prefix}{number}_{name}"] for name in names])
            number += 1
        return rows

    @property
    def group_rows(self) -> list[list[Any]]:
        """Name, from, to, channel."""
        return self._numbered("g", ("name", "min", "max", "channel"))

    @property
    def tier_rows(self) -> list[list[Any]]:
        """Name, share, at most."""
        return self._numbered("t", ("name", "share", "most"))

    def _clean_groups(self, data: dict[str, Any]) -> None:
        groups: list[dict[str, Any]] = []
        for number in range(len(self.group_rows)):
            name = str(data.get(f"g{number}_name") or "").strip()
            low, high = data.get(f"g{number}_min"), data.get(f"g{number}_max")
            if not name:
                if low is not None or high is not None:
                    self.add_error(f"g{number}_name", _("请写组别名称，例如“少年组”。"))
                continue
            if low is not None and high is not None and high < low:
                self.add_error(f"g{number}_max", _("年龄上限不能小于下限。"))
            clash = next((row for row in groups if _overlap(row, low, high)), None)
            if clash:
                self.add_error(
                    f"g{number}_min", _("年龄和“%(name)s”重叠了，请调整。") % {"name": clash["name"]}
                )
            groups.append(
                {
                    "code": f"g{number + 1}", "name": name, "age_min": low, "age_max": high,
                    "channel": data.get(f"g{number}_channel") or Channel.PUBLIC.value,
                }
            )  # fmt: skip
        self.groups = groups

    def _clean_tiers(self, data: dict[str, Any]) -> None:
        tiers, total = [], 0
        for number in range(len(self.tier_rows)):
            name = str(data.get(f"t{number}_name") or "").strip()
            share, most = data.get(f"t{number}_share"), data.get(f"t{number}_most")
            if name:
                tiers.append({"name": name, "share": share, "most": most})
                total += share or 0
            elif share or most:
                self.add_error(f"t{number}_name", _("请写奖项名称。"))
        if total > 100:
            self.add_error("t0_share", _("各奖项的百分比加起来是 %(n)d，超过了 100。") % {"n": total})
        self.tiers = tiers

    def _clean_limits(self, data: dict[str, Any]) -> None:
        found: dict[str, dict[str, int]] = {}
        chosen = {category.code for category in data.get("categories") or []}
        for category in self.all_categories:
            values = {
                name: data[f"c_{category.code}_{name}"]
                for name in LIMITS
                if data.get(f"c_{category.code}_{name}") is not None
            }
            least = values.get("text_min", category.text_min)
            if "text_max" in values and values["text_max"] < max(least, 1):
                self.add_error(f"c_{category.code}_text_max", _("最多字数不能小于最少字数。"))
            if "photos_max" in values and values["photos_max"] < category.photos_min:
                self.add_error(
                    f"c_{category.code}_photos_max",
                    _("这一类至少要 %(n)d 张图片。") % {"n": category.photos_min},
                )
            if values and category.code in chosen:
                found[category.code] = values
        self.limits = found


def _overlap(row: dict[str, Any], low: int | None, high: int | None) -> bool:
    top = rules.OLDEST if row["age_max"] is None else row["age_max"]
    return (low or 0) <= top and (row["age_min"] or 0) <= (rules.OLDEST if high is None else high)
