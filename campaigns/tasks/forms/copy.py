"""What a unit says about its copy."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.tasks import evidence, rules
from campaigns.tasks.models import TaskCopy
from portal.access.scope import Scope
from portal.files.fields import DocumentsField, FilesFormMixin
from portal.ui.forms import PortalForm


class AnswerForm(FilesFormMixin, PortalForm):
    """What a unit says; everything is optional, but something must be said to report it done."""

    items = forms.TypedMultipleChoiceField(coerce=int, required=False, widget=forms.CheckboxSelectMultiple)
    shown = forms.TypedMultipleChoiceField(coerce=int, required=False, widget=forms.MultipleHiddenInput)
    text = forms.CharField(
        label=gettext_lazy("完成情况"), required=False, max_length=rules.ANSWER_MOST,
        widget=forms.Textarea(
            attrs={"rows": 4, "data-count": "", "data-max": str(rules.ANSWER_MOST)}
        ),
        help_text=gettext_lazy("写办了什么、还差什么。活动已经记过的，在下面勾选就行，不用再写一遍。"),
    )  # fmt: skip
    proofs = forms.MultipleChoiceField(
        label=gettext_lazy("佐证：选本单位已有的记录"), required=False, widget=forms.CheckboxSelectMultiple
    )
    documents = DocumentsField(label=gettext_lazy("附件（PDF、Word、Excel）"), required=False)

    def __init__(self, *args: Any, copy: TaskCopy, scope: Scope, ticked: set[int], **kwargs: Any) -> None:
        self.copy, self.scope = copy, scope
        super().__init__(*args, target=copy, **kwargs)
        items = list(copy.task.items.all())
        self.fields["items"].choices = [(item.pk, item.text) for item in items]
        self.fields["shown"].choices = self.fields["items"].choices
        known = {f"{row.kind}:{row.object_id}" for row in copy.evidence.all()}
        self.fields["proofs"].choices = [
            (label, [row for row in rows if row[0] not in known])
            for label, rows in evidence.choices(scope, copy.unit)
            if any(row[0] not in known for row in rows)
        ]
        if not self.is_bound:
            self.initial |= {"items": sorted(ticked), "shown": sorted(ticked)}

    def clean(self) -> dict[str, Any]:
        """An empty report is none."""
        data = super().clean() or self.cleaned_data
        said = (
            data.get("text")
            or data.get("proofs")
            or data.get("items")
            or data.get("documents")
            or self.initial.get("said")
        )
        if self.data.get("act") == "finish" and not said:
            self.add_error("text", _("请写一句完成情况，或勾选清单、佐证，再报告完成。"))
        return data


class PeopleForm(PortalForm):
    """责任领导 and 责任人 of a unit's copy."""

    leader_name = forms.CharField(label=gettext_lazy("责任领导"), max_length=30, required=False)
    person_name = forms.CharField(label=gettext_lazy("责任人"), max_length=30, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("leader_name", "person_name"):
            self.fields[name].widget.attrs |= {"list": "people-here", "autocomplete": "off"}
