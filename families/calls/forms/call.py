"""A call with every field of domain reference §3.3."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from families.calls import queries, rules
from families.calls.forms.rows import RowsMixin
from families.calls.rules import Part
from families.works import queries as works
from families.works.models import WorkCall, WorkCategory
from portal.access.scope import Scope
from portal.files.fields import DocumentsField, FilesFormMixin
from portal.ui.fields import day_widget
from portal.ui.forms import PortalModelForm


class CallForm(RowsMixin, FilesFormMixin, PortalModelForm):
    """A call for works. Rows for groups and award tiers are plain numbered fields: no script is needed."""

    open_on = forms.DateField(label=gettext_lazy("开始日期"), widget=day_widget())
    close_on = forms.DateField(
        label=gettext_lazy("截止日期"),
        widget=day_widget(),
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
            fields[name].widget = day_widget()
        self.all_categories: list[WorkCategory] = list(fields["categories"].queryset)
        self._add_rows(call)
        if call:
            fields["open_on"].initial = call.open_at.astimezone().date()
            fields["close_on"].initial = call.last_day
            fields["categories"].initial = [one.pk for one in call.categories.all()]

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

    def values(self) -> dict[str, Any]:
        """The fields for the action."""
        data = {name: self.cleaned_data[name] for name in (*self.Meta.fields, "open_on", "close_on")}
        data["organisers"] = [
            {"role": rules.part_word(part), "name": name}
            for part in Part
            for name in _names(str(self.cleaned_data.get(f"org_{part.value}") or ""))
        ]
        return {**data, "groups": self.groups, "award_tiers": self.tiers, "category_rules": self.limits}


def _names(text: str) -> list[str]:
    parts = text.replace("，", "、").replace(",", "、").replace("；", "、").split("、")
    return [part.strip()[:60] for part in parts if part.strip()]
