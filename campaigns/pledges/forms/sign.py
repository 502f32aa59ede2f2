"""The form people sign with; asks only what the pledge in hand needs."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.pledges import queries, wording
from campaigns.pledges.entry import Entry
from campaigns.pledges.forms.choices import area_choices
from campaigns.pledges.handwriting import clean_image
from campaigns.pledges.models import PledgeTemplate
from campaigns.pledges.rules import MEMBERS_MOST, Relation
from portal.privacy.rules import ConsentType
from portal.ui.forms import PortalForm

KIN = [(code, label) for code, label in Relation.choices if code != Relation.CHILD]
NAME = {"autocomplete": "name", "maxlength": "30"}


class SignForm(PortalForm):
    """Household or person, adult or child: fields that do not apply are left out."""

    signer_name = forms.CharField(
        label=gettext_lazy("签署人姓名"), min_length=2, max_length=30, widget=forms.TextInput(attrs=NAME),
        error_messages={"min_length": gettext_lazy("姓名至少两个字。")},
    )  # fmt: skip
    guardian_name = forms.CharField(
        label=gettext_lazy("监护人姓名"), min_length=2, max_length=30, widget=forms.TextInput(attrs=NAME),
        help_text=gettext_lazy("爸爸、妈妈或者其他监护人。手机号也请填监护人的。"),
    )  # fmt: skip
    relation = forms.ChoiceField(
        label=gettext_lazy("您是"), choices=KIN, initial=Relation.SELF, widget=forms.RadioSelect,
        help_text=gettext_lazy("党员干部、公职人员选“本人”，家里人选与他（她）的关系；普通家庭选“本人”。"),
    )  # fmt: skip
    members = forms.IntegerField(
        label=gettext_lazy("家里几口人一起承诺"), min_value=1, max_value=MEMBERS_MOST, initial=3,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    area = forms.CharField(label=gettext_lazy("所在的县和乡镇（街道）"))
    village = forms.CharField(
        label=gettext_lazy("村（社区）"), required=False, max_length=30,
        help_text=gettext_lazy("可以不填。"), widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    supervisor_name = forms.CharField(label=gettext_lazy("监督人姓名"), min_length=2, max_length=30)
    supervisor_relation = forms.CharField(
        label=gettext_lazy("监督人是您的"),
        max_length=20,
        help_text=gettext_lazy("如：妻子、丈夫、父亲、女儿。"),
    )
    sign_image = forms.CharField(
        required=False, widget=forms.HiddenInput(attrs={"data-sign-value": "", "data-autosave": "off"})
    )
    agree = forms.BooleanField(
        label=gettext_lazy("以上条款我已看过，我（我们家）愿意这样做"),
        error_messages={"required": gettext_lazy("请勾选“愿意这样做”，这就是签署。")},
    )
    adult = forms.BooleanField(
        label=gettext_lazy("签署人已满 18 周岁"),
        error_messages={"required": gettext_lazy("未满 18 周岁请签少年儿童版，由监护人带着签。")},
    )
    consent_processing = forms.BooleanField(
        label=wording.CONSENT_PROCESSING,
        error_messages={"required": gettext_lazy("需要同意处理签署信息才能提交。")},
    )
    consent_guardian = forms.BooleanField(
        label=wording.CONSENT_GUARDIAN, error_messages={"required": gettext_lazy("需要监护人同意才能签。")}
    )
    consent_display = forms.BooleanField(label=wording.CONSENT_DISPLAY, required=False)

    def __init__(self, *args: Any, template: PledgeTemplate, phone: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.template, self.phone = template, phone
        self.fields["area"].widget = forms.Select(choices=area_choices(template))
        self._leave_out()
        if template.is_for_children:
            self.fields["signer_name"].label = _("孩子的姓名")
            self.fields["agree"].label = _("以上条款孩子已看过（听过），愿意这样做")
            self.fields["consent_display"].label = wording.CONSENT_DISPLAY_CHILD

    def _leave_out(self) -> None:
        template, gone = self.template, []
        if template.is_for_children:
            gone += ["relation", "adult"]
        else:
            gone += ["guardian_name", "consent_guardian"]
        if not template.is_for_households:
            gone.append("members")
        if not template.supervisor_required:
            gone += ["supervisor_name", "supervisor_relation"]
        for name in gone:
            del self.fields[name]

    def quieten(self) -> None:
        """Show what was typed without complaints: another button than “sign” was pressed."""
        self.errors.clear()

    def clean_area(self) -> Any:
        """A place within the area of the pledge."""
        unit = queries.find_area(self.template, self.cleaned_data["area"])
        if unit is None:
            raise ValidationError(_("请从列表里选择所在的县和乡镇（街道）。"), code="area")
        return unit

    def clean_sign_image(self) -> str:
        """What was drawn, small and grey; empty for a tick."""
        return clean_image(self.cleaned_data["sign_image"])

    def clean(self) -> dict[str, Any]:
        """A village that is known by its name is where it is counted; other words are no error."""
        data = super().clean() or self.cleaned_data
        area, village = data.get("area"), (data.get("village") or "").strip()
        if area is not None and village:
            found = [unit for unit in queries.villages_of(area) if village in (unit.short_name, unit.name)]
            data["area"] = found[0] if len(found) == 1 else area
        supervisor = (data.get("supervisor_name") or "").strip()
        if supervisor and supervisor == (data.get("signer_name") or "").strip():
            self.add_error("supervisor_name", _("监督人要是另一位家人。"))
        return data

    def entry(self) -> Entry:
        """The clean values for the action."""
        said = self.cleaned_data
        consents = {ConsentType.PROCESSING: str(wording.CONSENT_PROCESSING)}
        if said.get("consent_guardian"):
            consents[ConsentType.GUARDIAN] = str(wording.CONSENT_GUARDIAN)
        if said.get("consent_display"):
            consents[ConsentType.PUBLICATION] = str(self.fields["consent_display"].label)
        return Entry(
            signer_name=said["signer_name"].strip(),
            phone=self.phone,
            unit=said["area"],
            relation=said.get("relation") or Relation.SELF,
            members=said.get("members") or 1,
            guardian_name=(said.get("guardian_name") or "").strip(),
            supervisor_name=(said.get("supervisor_name") or "").strip(),
            supervisor_relation=(said.get("supervisor_relation") or "").strip(),
            sign_image=said.get("sign_image") or "",
            consents=consents,
        )
