"""Forms of staff: a call with every field of domain reference §3.3, late codes, the notice to units."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from families.calls import queries, rules
from families.calls.rules import DEFAULT_TIERS, GROUP_ROWS, TIER_ROWS, Channel, Part
from families.works import queries as works
from families.works.actions.calls import end_of
from families.works.models import WorkCall, WorkCategory
from portal.access.scope import Scope
from portal.files.fields import DocumentsField, FilesFormMixin
from portal.ui.forms import PortalForm, PortalModelForm

LIMITS = ("per_person", "text_min", "text_max", "photos_max")


def _date() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _number(label: Any, most: int, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=most, **more)


class CallForm(FilesFormMixin, PortalModelForm):
    """A call for works. Rows for groups and award tiers are plain numbered fields: no script is needed."""

    open_on = forms.DateField(label=gettext_lazy("开始日期"), widget=_date())
    close_on = forms.DateField(
        label=gettext_lazy("截止日期"),
        widget=_date(),
        help_text=gettext_lazy("当天 24 点以前都可以投稿，一秒也不晚收"),
    )
    categories = forms.ModelMultipleChoiceField(
        label=gettext_lazy("类别"), queryset=None, widget=forms.CheckboxSelectMultiple
    )
    attachments = DocumentsField(
        label=gettext_lazy("附件"),
        required=False,
        help_text=gettext_lazy("正式通知、报名表等，公众可以下载。"),
    )

    class Meta:
        model = WorkCall
        fields = (
            "title", "slug", "theme", "intro", "audience_text", "max_per_person", "unit_min_quota", "jury_from", "jury_to",
            "publicity_from", "publicity_to", "exhibition", "copyright_mode", "originality_since", "original_return",
            "contact", "no_fee", "disclaimer", "campaign", "policy",
        )  # fmt: skip

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, actor=scope.actor, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["slug"].help_text = _("字母、数字和短横线，例如 jiaxun-2026，会出现在网址里。")
        fields["intro"].widget.attrs["rows"] = 4
        fields["originality_since"].help_text = _("例如：近三年内创作")
        fields["unit_min_quota"].help_text = _("0 表示不要求；只显示还差多少，不排名。")
        fields["disclaimer"].help_text = _("不能写“最终解释权归主办方”一类的话。")
        fields["categories"].queryset = works.all_categories()
        call = self.instance if self.instance.pk else None
        fields["campaign"].queryset = queries.campaigns_for(scope, call)
        fields["policy"].queryset = queries.policies_for(scope, call)
        for name in ("jury_from", "jury_to", "publicity_from", "publicity_to"):
            fields[name].widget = _date()
        self.all_categories: list[WorkCategory] = list(fields["categories"].queryset)
        self._add_rows(call)
        if call:
            fields["open_on"].initial = call.open_at.astimezone().date()
            fields["close_on"].initial = call.last_day
            fields["categories"].initial = [one.pk for one in call.categories.all()]

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

    # -- what the template loops over ----------------------------------------------------------------

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

    # -- cleaning --------------------------------------------------------------------------------------

    def clean_slug(self) -> str:
        """Not used by another call."""
        slug = str(self.cleaned_data["slug"])
        if slug in {"new", "notices"} or works.slug_taken(slug, self.instance.pk):
            raise ValidationError(_("这个网址已经用过了，请换一个。"))
        return slug

    def clean(self) -> dict[str, Any]:
        """Dates in order, no waiver of entrants' rights, groups and limits that make sense."""
        data = super().clean() or self.cleaned_data
        for first, last, words in (
            ("open_on", "close_on", _("截止日期不能早于开始日期。")),
            ("jury_from", "jury_to", _("评审结束不能早于评审开始。")),
            ("publicity_from", "publicity_to", _("公示结束不能早于公示开始。")),
            ("close_on", "jury_from", _("评审开始不能早于截止日期。")),
            ("close_on", "publicity_from", _("公示开始不能早于截止日期。")),
            ("jury_to", "publicity_from", _("公示开始不能早于评审结束。")),
        ):
            if data.get(first) and data.get(last) and data[last] < data[first]:
                self.add_error(last, words)
        for first, last in (("jury_from", "jury_to"), ("publicity_from", "publicity_to")):
            if bool(data.get(first)) != bool(data.get(last)) and not {first, last} & set(self.errors):
                self.add_error(last if data.get(first) else first, _("开始和结束要一起填，或者都不填。"))
        for name in ("theme", "intro", "disclaimer", "audience_text"):
            word = rules.waiver_in(str(data.get(name) or ""))
            if word:
                self.add_error(
                    name, _("不能写“%(word)s”：它不能免除主办方对投稿人的责任，请删去。") % {"word": word}
                )
        self._clean_groups(data)
        self._clean_tiers(data)
        self._clean_limits(data)
        if not data.get("org_host") and "org_host" not in self.errors and not self.instance.pk:
            data["org_host"] = ""
        return data

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

    def values(self) -> dict[str, Any]:
        """The fields for the action."""
        data = {name: self.cleaned_data[name] for name in (*self.Meta.fields, "open_on", "close_on")}
        data["organisers"] = [
            {"role": rules.part_word(part), "name": name}
            for part in Part
            for name in _names(str(self.cleaned_data.get(f"org_{part.value}") or ""))
        ]
        return {**data, "groups": self.groups, "award_tiers": self.tiers, "category_rules": self.limits}


_LIMIT_LABELS: dict[str, Any] = {
    "per_person": gettext_lazy("每人最多几件"),
    "text_min": gettext_lazy("最少字数"),
    "text_max": gettext_lazy("最多字数"),
    "photos_max": gettext_lazy("最多几张图"),
}


def _names(text: str) -> list[str]:
    parts = text.replace("，", "、").replace(",", "、").replace("；", "、").split("、")
    return [part.strip()[:60] for part in parts if part.strip()]


def _overlap(row: dict[str, Any], low: int | None, high: int | None) -> bool:
    top = rules.OLDEST if row["age_max"] is None else row["age_max"]
    return (low or 0) <= top and (row["age_min"] or 0) <= (rules.OLDEST if high is None else high)


class LateCodeForm(PortalForm):
    """给谁、为什么、几件、到哪天."""

    given_to = forms.CharField(
        label=gettext_lazy("给谁"),
        max_length=60,
        help_text=gettext_lazy("例如“郊区某村一户家庭”“平定县妇联补报”，不写电话。"),
    )
    reason = forms.CharField(label=gettext_lazy("为什么"), max_length=120)
    most = forms.IntegerField(
        label=gettext_lazy("可以投几件"), min_value=1, max_value=rules.LATE_MOST, initial=1,
        help_text=gettext_lazy("一户家庭填 1；一个单位集中补报，填件数。"),
    )  # fmt: skip
    until = forms.DateField(
        label=gettext_lazy("有效到哪天"), widget=_date(), help_text=gettext_lazy("当天 24 点失效")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].initial = timezone.localdate() + timedelta(days=rules.LATE_DAYS)

    def clean_until(self) -> Any:
        """Not in the past, not for ever."""
        day, today = self.cleaned_data["until"], timezone.localdate()
        if day < today:
            raise ValidationError(_("这一天已经过了。"))
        if day > today + timedelta(days=180):
            raise ValidationError(_("补投码最长用半年。"))
        return day

    def values(self) -> dict[str, Any]:
        """The fields for the action."""
        data = self.cleaned_data
        return {
            "given_to": data["given_to"], "reason": data["reason"], "most": data["most"], "expires_at": end_of(data["until"]),
        }  # fmt: skip


class NoticeForm(PortalForm):
    """Who shall receive the notice."""

    to = forms.ChoiceField(
        label=gettext_lazy("发给"),
        choices=[
            ("children", gettext_lazy("直接下级单位")),
            ("counties", gettext_lazy("全部县(市、区)级单位")),
            ("townships", gettext_lazy("全部县级和乡镇(街道)单位")),
        ],
        widget=forms.RadioSelect,
        initial="children",
    )
    wanted = forms.IntegerField(
        label=gettext_lazy("希望每个单位征集几件"), min_value=0, max_value=9999, required=False,
        help_text=gettext_lazy("不填就用征集启事里的“单位最少件数”。"),
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("附言"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )
