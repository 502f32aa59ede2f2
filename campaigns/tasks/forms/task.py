"""A task and its date."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.tasks import queries, rules
from campaigns.tasks.forms.base import not_past
from campaigns.tasks.models import Task, TaskCopy
from portal.access.scope import Scope
from portal.files.fields import DocumentsField, FilesFormMixin, PhotosField
from portal.ui.fields import day_field
from portal.ui.forms import PortalForm, PortalModelForm
from portal.units.models import Unit


class _Loose(forms.MultipleChoiceField):
    """Takes values beyond its boxes, so that a refusal can say why (a unit that was closed meanwhile)."""

    def valid_value(self, value: str) -> bool:
        """Looked at by the form."""
        return len(value) <= 24


class TaskForm(FilesFormMixin, PortalModelForm):
    """A task with its checklist, its address and the settings of chasing."""

    unit = forms.ModelChoiceField(
        label=gettext_lazy("下达单位"), queryset=None, to_field_name="unit_no", empty_label=None,
        error_messages={"invalid_choice": gettext_lazy("您不能替这个单位下达任务。")},
    )  # fmt: skip
    due_on = day_field(gettext_lazy("完成期限"), help_text=gettext_lazy("当天 24 点截止（北京时间）。"))
    deployed_on = day_field(gettext_lazy("部署日期"), required=False)
    check_on = day_field(gettext_lazy("检查日期"), required=False)
    levels = forms.TypedMultipleChoiceField(
        label=gettext_lazy("下级妇联"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("这一级的妇联（含开发区）都会收到。"),
    )  # fmt: skip
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("行业、系统、机关"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(code, label) for code, (label, _kinds) in rules.KIND_GROUPS.items()],
    )
    units = _Loose(label=gettext_lazy("指定单位"), required=False, widget=forms.CheckboxSelectMultiple)
    items_text = forms.CharField(
        label=gettext_lazy("任务清单"), required=False, max_length=rules.ITEMS_MOST * 160,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("每行一件事，承办单位逐条打勾；要写责任人就用竖线隔开，如：上报名单 | 家儿部。"),
    )  # fmt: skip
    attachments = PhotosField(label=gettext_lazy("附件（图片或扫描件）"), required=False)
    documents = DocumentsField(label=gettext_lazy("附件（PDF、Word、Excel）"), required=False)

    class Meta:
        model = Task
        fields = (
            "title", "text", "campaign", "policy", "due_on", "deployed_on", "check_on", "appraisal", "leader_name",
            "contact_name", "soon_days", "last_days", "overdue_days", "silent_days",
        )  # fmt: skip
        widgets = {"text": forms.Textarea(attrs={"rows": 6})}
        labels = {
            "overdue_days": gettext_lazy("逾期几个工作日后上报"),
            "silent_days": gettext_lazy("几个工作日没有签收就上报"),
        }  # fmt: skip

    def __init__(self, *args: Any, scope: Scope, parent: TaskCopy | None = None, **kwargs: Any) -> None:
        self.scope, self.parent = scope, parent
        super().__init__(*args, **kwargs)
        issuing = queries.issuing_units(scope)
        self.fields["unit"].queryset = issuing
        self.fields["campaign"].queryset = queries.campaigns_for(scope)
        self.fields["policy"].queryset = queries.policies_for(scope)
        self.fields["campaign"].empty_label = self.fields["policy"].empty_label = _("不选")
        self.issuer = self._issuer(list(issuing))
        if self.issuer is None:
            return
        self.fields["levels"].choices = queries.levels_below(self.issuer)
        self.offered = queries.offered_units(self.issuer)
        self.fields["units"].choices = [
            (unit.unit_no, "　" * (unit.depth - self.issuer.depth - 1) + unit.short_name)
            for unit in sorted(self.offered, key=lambda unit: unit.path)
        ]
        if parent is not None or self.instance.pk or len(issuing) == 1:
            self.fields["unit"].required = False
            self.fields["unit"].widget = forms.HiddenInput()
        if self.instance.pk:
            self.initial |= self.instance.address | {
                "items_text": "\n".join(
                    f"{item.text} | {item.owner}" if item.owner else item.text
                    for item in self.instance.items.all()
                )
            }

    def _issuer(self, issuing: list[Unit]) -> Unit | None:
        if self.parent is not None:
            return self.parent.unit
        if self.instance.pk:
            unit: Unit = self.instance.unit
            return unit
        wanted = self.data.get("unit") if self.is_bound else self.initial.get("unit")
        return next((unit for unit in issuing if unit.unit_no == wanted), issuing[0] if issuing else None)

    def clean_due_on(self) -> Any:
        """Today or later, and not after the date of the task that is handed down."""
        day = not_past(self.cleaned_data["due_on"])
        if self.parent is not None and day > self.parent.due_on:
            words = _("上级要求 %(day)s 前完成，转发的期限不能比它晚。") % {
                "day": self.parent.due_on.isoformat()
            }
            raise ValidationError(words, code="after_parent")
        return day

    def clean_items_text(self) -> str:
        """Lines with their owners are kept in `items`."""
        lines = [line.strip() for line in self.cleaned_data["items_text"].splitlines() if line.strip()]
        if len(lines) > rules.ITEMS_MOST:
            raise ValidationError(_("清单最多 %(n)d 条，请合并一些。") % {"n": rules.ITEMS_MOST})
        self.items: list[tuple[str, str]] = []
        for line in lines:
            text, _bar, owner = line.replace("｜", "|").partition("|")
            if len(text.strip()) > rules.ITEM_MOST:
                raise ValidationError(
                    _("清单每条不超过 %(n)d 字：“%(line)s…”")
                    % {"n": rules.ITEM_MOST, "line": text.strip()[:20]}
                )
            self.items.append((text.strip(), owner.strip()[:30]))
        self.items = [(text, owner) for text, owner in self.items if text]
        return "\n".join(lines)

    def clean_units(self) -> list[str]:
        """Open units below the issuing unit."""
        numbers: list[str] = self.cleaned_data["units"]
        if not numbers or self.issuer is None:
            return numbers
        found = queries.units_numbered(self.issuer, numbers)
        strange = set(numbers) - {unit.unit_no for unit in found}
        if strange:
            raise ValidationError(
                _("%(no)s 不是本单位的下级，不能下达。") % {"no": "、".join(sorted(strange))}
            )
        closed = [unit for unit in found if unit.is_closed]
        if closed:
            raise ValidationError([queries.closed_words(unit) for unit in closed], code="closed")
        return numbers

    def clean(self) -> dict[str, Any]:
        """The check comes after the date; the second reminder comes after the first."""
        data = super().clean() or self.cleaned_data
        due, check = data.get("due_on"), data.get("check_on")
        if due and check and check < due:
            self.add_error("check_on", _("检查日期早于完成期限，请核对。"))
        if data.get("last_days", 0) > data.get("soon_days", 99):
            self.add_error("last_days", _("第二次提醒应在第一次之后，天数不能更大。"))
        return data

    @property
    def is_more_needed(self) -> bool:
        """Is there a mistake, or something kept, in the folded part?"""
        folded = ("policy", "deployed_on", "check_on", "appraisal", "soon_days", "last_days", "overdue_days")
        return any(self[name].errors for name in (*folded, "silent_days", "leader_name", "contact_name"))

    @property
    def values(self) -> dict[str, Any]:
        """What the action writes."""
        kept = {name: self.cleaned_data[name] for name in self.Meta.fields}
        address = {name: self.cleaned_data[name] for name in ("levels", "kinds", "units")}
        return kept | {"address": address}


class DueForm(PortalForm):
    """A new date with its reason."""

    due_on = day_field(gettext_lazy("新的完成期限"))
    reason = forms.CharField(
        label=gettext_lazy("理由（各单位会看到）"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean_due_on(self) -> Any:
        """Today or later."""
        return not_past(self.cleaned_data["due_on"])
