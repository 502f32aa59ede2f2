"""Batches, applications, scores, decisions."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.venues.forms.venues import DATE, counted, limits, too_long
from campaigns.venues.models import BaseBatch
from campaigns.venues.queries import bases as queries
from campaigns.venues.rules import bases as rules
from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.files.fields import DocumentsField, FilesFormMixin, PhotosField
from portal.ui.forms import PortalForm, PortalModelForm
from portal.units.fields import UnitChoiceField

SEPARATOR = re.compile(r"[、,，;；\s]+")
CRITERION = re.compile(r"^(?P<label>.+?)[\s:：]+(?P<weight>\d+(?:\.\d)?)\s*分?$")


class BatchForm(PortalModelForm):
    """A round of naming."""

    unit = UnitChoiceField(label=gettext_lazy("命名单位"), perm=Perm.VENUE_CHECK)
    criteria_text = forms.CharField(
        label=gettext_lazy("评分标准"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("一行一项：名称、空格、分值。加起来正好 100 分。"),
    )
    pool_text = forms.CharField(
        label=gettext_lazy("可申报的单位"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("粘贴清廉乡村示范村(社区)等单位的编号或名称，一行一个；空着表示不限。"),
    )

    class Meta:
        model = BaseBatch
        fields = (
            "name", "year", "title_word", "total", "child_least", "child_most", "pass_score", "public_days",
            "opens_on", "closes_on",
        )  # fmt: skip
        widgets = {"opens_on": forms.DateInput(**DATE), "closes_on": forms.DateInput(**DATE)}
        help_texts = {
            "title_word": gettext_lazy("默认“实践基地”。写“示范基地”的，命名时必须有批准文号。"),
            "public_days": gettext_lazy("3 到 7 个工作日。"),
        }

    field_order = ("unit", *Meta.fields, "criteria_text", "pool_text")

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.batch = self.instance if self.instance.pk else None
        if self.batch is not None:
            del self.fields["unit"]
        else:
            field: Any = self.fields["unit"]
            field.rows = queries.units_that_name(scope)
        criteria = self.instance.criteria if self.batch else rules.default_criteria()
        self.initial.setdefault("criteria_text", "\n".join(f"{r['label']} {r['weight']}" for r in criteria))
        if self.batch is not None:
            pool = self.batch.pool.order_by("path").values_list("unit_no", "short_name")
            self.initial.setdefault("pool_text", "\n".join(number for number, _name in pool))

    def clean_criteria_text(self) -> str:
        """One criterion a line; the sum must be 100."""
        found: list[dict[str, Any]] = []
        for number, line in enumerate(self.cleaned_data["criteria_text"].splitlines(), start=1):
            if not line.strip():
                continue
            match = CRITERION.match(line.strip())
            if match is None:
                raise ValidationError(
                    _("第 %(n)d 行看不懂，请写成“名称 分值”，如：队伍建设 10。") % {"n": number}
                )
            weight = Decimal(match["weight"])
            shown: Any = int(weight) if weight == weight.to_integral_value() else float(weight)
            found.append(
                {"code": f"c{len(found) + 1}", "label": match["label"].strip()[:40], "weight": shown}
            )
        known = self.batch.criteria if self.batch else rules.default_criteria()
        codes = {row["label"]: row["code"] for row in known}
        for row in found:
            row["code"] = codes.get(row["label"], f"n{row['code']}")
        if not rules.weights_fit(found):
            total = sum((Decimal(str(row["weight"])) for row in found), Decimal(0))
            raise ValidationError(_("各项加起来是 %(total)s 分，必须正好 100 分。") % {"total": total})
        self.criteria = found
        return self.cleaned_data["criteria_text"]  # type: ignore[no-any-return]

    def clean(self) -> dict[str, Any]:
        """The pool is looked up below the naming unit."""
        data = super().clean() or self.cleaned_data
        if data.get("opens_on") and data.get("closes_on") and data["closes_on"] < data["opens_on"]:
            self.add_error("closes_on", _("截止日期不能早于开始日期。"))
        if data.get("child_least") is not None and data.get("child_most") is not None and data["child_most"] < data["child_least"]:  # fmt: skip
            self.add_error("child_most", _("“至多”不能小于“至少”。"))
        unit = self.batch.unit if self.batch else data.get("unit")
        self.pool: list[Any] = []
        if unit is not None:
            words = [word for word in SEPARATOR.split(data.get("pool_text") or "") if word]
            self.pool, unknown = queries.unit_by_words(words, unit)
            if unknown:
                self.add_error(
                    "pool_text",
                    _("这些单位没有找到，或者同名的不止一个（请改填编号）：%(names)s") % {"names": "、".join(unknown[:10])},
                )  # fmt: skip
        return data

    @property
    def values(self) -> dict[str, Any]:
        """Clean values for the action."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields} | {"criteria": self.criteria}


class ApplyForm(PortalForm):
    """Which venue applies in which batch."""

    venue = forms.ModelChoiceField(
        label=gettext_lazy("用哪个阵地申报"), queryset=None, to_field_name="no", empty_label=gettext_lazy("请选择")
    )  # fmt: skip

    def __init__(self, *args: Any, scope: Scope, batch: BaseBatch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["venue"].queryset = queries.venues_to_apply_with(scope, batch)  # type: ignore[attr-defined]


class ApplicationForm(FilesFormMixin, PortalForm):
    """The application file: words, regulations, linked activities, photos that may be missing."""

    intro = forms.CharField(
        label=gettext_lazy("情况介绍"),
        max_length=rules.INTRO_MOST * 2,
        widget=counted(rules.INTRO_MOST, 10),
        help_text=gettext_lazy("阵地什么样、开展了什么、有什么效果，1500 字以内。"),
    )
    regulations = forms.CharField(
        label=gettext_lazy("制度"),
        max_length=rules.RULES_MOST * 2,
        required=False,
        widget=counted(rules.RULES_MOST, 6),
        help_text=gettext_lazy("管理、开放、活动等制度的名称和要点。"),
    )
    activities = forms.MultipleChoiceField(
        label=gettext_lazy("近 12 个月的活动（已审核的记录，不用再填）"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("有一场活动不在可选的范围里，请刷新后再选。")},
    )
    photos = PhotosField(label=gettext_lazy("照片"), required=False, limits=limits())
    documents = DocumentsField(label=gettext_lazy("制度文本和其他附件（PDF、Word、Excel）"), required=False)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["activities"].choices = choices  # type: ignore[attr-defined]

    def clean_intro(self) -> str:
        """At most 1500 characters."""
        text: str = self.cleaned_data["intro"]
        too_long(text, rules.INTRO_MOST)
        return text

    def clean_regulations(self) -> str:
        """At most 2000 characters."""
        text: str = self.cleaned_data["regulations"]
        too_long(text, rules.RULES_MOST)
        return text


class OpinionForm(FilesFormMixin, PortalForm):
    """推荐意见 of the county."""

    opinion = forms.CharField(
        label=gettext_lazy("推荐意见"), max_length=500, widget=forms.Textarea(attrs={"rows": 4})
    )
    opinion_files = DocumentsField(label=gettext_lazy("推荐意见盖章件（PDF、Word）"), required=False)


class ScoreForm(PortalForm):
    """One field per criterion of the batch."""

    visited_on = forms.DateField(label=gettext_lazy("到场日期"), widget=forms.DateInput(**DATE))
    note = forms.CharField(
        label=gettext_lazy("评语"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, criteria: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        for row in criteria:
            self.fields[f"p_{row['code']}"] = forms.DecimalField(
                label=_("%(label)s（%(weight)s 分）") % row, min_value=0, max_value=row["weight"], max_digits=4,
                decimal_places=1, widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.1"}),
            )  # fmt: skip
        self.order_fields(["visited_on", *(f"p_{row['code']}" for row in criteria), "note"])

    @property
    def points(self) -> dict[str, Decimal]:
        """Points by code."""
        return {row["code"]: self.cleaned_data[f"p_{row['code']}"] for row in self.criteria}


class DecideForm(PortalForm):
    """Agreeing to the naming."""

    title_word = forms.CharField(label=gettext_lazy("称号用词"), max_length=20)
    approval_basis = forms.CharField(
        label=gettext_lazy("批准依据"), max_length=120, help_text=gettext_lazy("如：市妇联党组会议纪要第 5 期。")
    )  # fmt: skip
    approval_no = forms.RegexField(
        r"^[\u4e00-\u9fa5]{1,8}〔\d{4}〕[1-9]\d*号$",
        label=gettext_lazy("批准文号"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("形如：阳妇发〔2026〕5号。称号里有“示范”的必填。"),
        error_messages={"invalid": gettext_lazy("发文字号形如：阳妇发〔2026〕5号。")},
    )
    public_from = forms.DateField(label=gettext_lazy("公示开始"), widget=forms.DateInput(**DATE))
    quota_reason = forms.CharField(
        label=gettext_lazy("超额理由"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("名额没满不用填。"),
    )


class PlateForm(PortalForm):
    """Giving the plate."""

    plate_no = forms.CharField(label=gettext_lazy("牌匾编号"), max_length=30)


class ObjectionForm(PortalForm):
    """What somebody reported during the notice."""

    received_on = forms.DateField(label=gettext_lazy("收到日期"), widget=forms.DateInput(**DATE))
    reporter = forms.CharField(
        label=gettext_lazy("反映人（可不填，加密保存）"), max_length=60, required=False
    )
    facts = forms.CharField(
        label=gettext_lazy("反映内容"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


class FindingForm(PortalForm):
    """What the check of an objection found."""

    finding = forms.ChoiceField(
        label=gettext_lazy("核查结论"), choices=[row for row in rules.Finding.choices if row[0]]
    )
    decision = forms.CharField(label=gettext_lazy("处理说明"), max_length=300)


class ReviewForm(PortalForm):
    """The yearly re-check."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("复核结论"), choices=rules.Outcome.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=gettext_lazy("复核情况"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )
    rectify_by = forms.DateField(
        label=gettext_lazy("整改期限（选“整改”时填，最长三个月）"),
        required=False,
        widget=forms.DateInput(**DATE),
    )
