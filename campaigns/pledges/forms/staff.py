"""Forms of staff: versions of a pledge, letters, copies, paper batches."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.planning import queries as planning
from campaigns.pledges import queries
from campaigns.pledges.models import Handout, Initiative, PledgeTemplate
from campaigns.pledges.rules import (
    BATCH_MOST,
    CLAUSE_LONGEST,
    CLAUSES_LEAST,
    CLAUSES_MOST,
    DEFAULT_CLAUSES,
    PAPER,
    RESERVED_SLUGS,
    Method,
)
from portal.access.scope import Scope
from portal.files.fields import DocumentsField, FilesFormMixin, PhotosField
from portal.ui.fields import day_field
from portal.ui.forms import PortalForm, PortalModelForm


def unit_field(label: Any) -> forms.ModelChoiceField:
    """A unit by its number."""
    return forms.ModelChoiceField(
        label=label, queryset=None, to_field_name="unit_no", empty_label=None,
        error_messages={"invalid_choice": gettext_lazy("您不能替这个单位办理。")},
    )  # fmt: skip


def clean_slug(text: str) -> str:
    """An address that is no page of ours."""
    if text in RESERVED_SLUGS:
        raise ValidationError(_("这个网址名已被占用，请换一个。"), code="slug")
    return text


class TemplateForm(PortalModelForm):
    """One version of a pledge; the clauses one per line."""

    unit = unit_field(gettext_lazy("发出单位"))
    clause_lines = forms.CharField(
        label=gettext_lazy("条款"), max_length=CLAUSES_MOST * (CLAUSE_LONGEST + 4),
        widget=forms.Textarea(attrs={"rows": 10}), help_text=gettext_lazy("一行一条，3 到 10 条，每条不超过 60 字。"),
    )  # fmt: skip
    valid_from = day_field(gettext_lazy("开始签署"))
    valid_until = day_field(
        gettext_lazy("截止签署"), required=False, help_text=gettext_lazy("不填就一直可以签。")
    )

    class Meta:
        model = PledgeTemplate
        fields = (
            "title", "code", "audience", "sign_by", "intro", "supervisor_required", "valid_from", "valid_until", "campaign",
        )  # fmt: skip
        widgets = {"intro": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = queries.units_to_issue(scope)
        self.fields["campaign"].queryset = planning.visible_to(scope)
        self.make_address_optional("pledge", "code")
        self.order_fields(
            ["title", "code", "unit", "audience", "sign_by", "intro", "clause_lines", "supervisor_required",
             "valid_from", "valid_until", "campaign"]
        )  # fmt: skip
        if self.instance.pk:
            self.fields.pop("unit")
            self.fields.pop("code")
            self.initial["clause_lines"] = "\n".join(self.instance.clauses)
        else:
            self.initial.setdefault("clause_lines", "\n".join(str(text) for text in DEFAULT_CLAUSES))
            self.initial.setdefault("valid_from", timezone.localdate())

    def clean_code(self) -> str:
        """Free and not reserved."""
        code = clean_slug(self.cleaned_data["code"].lower())
        if queries.code_taken(code) and not self.was_sent:
            raise ValidationError(_("这个网址名已经有人用了，请换一个。"), code="taken")
        return code

    def clean_clause_lines(self) -> list[str]:
        """3 to 10 clauses; numbers people put in front are taken off."""
        lines = [
            line.strip().lstrip("0123456789.、）) ").strip()
            for line in self.cleaned_data["clause_lines"].splitlines()
        ]
        clauses = [line for line in lines if line]
        if not CLAUSES_LEAST <= len(clauses) <= CLAUSES_MOST:
            raise ValidationError(
                _("条款要有 3 到 10 条，现在是 %(n)d 条。") % {"n": len(clauses)}, code="clauses"
            )
        longest = max(clauses, key=len)
        if len(longest) > CLAUSE_LONGEST:
            raise ValidationError(
                _("“%(start)s…”超过 60 字，请分成两条。") % {"start": longest[:12]}, code="long"
            )
        return clauses

    def clean(self) -> dict[str, Any]:
        """The period runs forward."""
        data = super().clean() or self.cleaned_data
        if data.get("valid_from") and data.get("valid_until") and data["valid_until"] < data["valid_from"]:
            self.add_error("valid_until", _("截止日期早于开始日期，请核对。"))
        return data

    @property
    def values(self) -> dict[str, Any]:
        """What the action writes."""
        kept = {name: self.cleaned_data[name] for name in self.Meta.fields if name != "code"}
        return kept | {"clauses": self.cleaned_data["clause_lines"]}


class InitiativeForm(FilesFormMixin, PortalModelForm):
    """A letter, with pictures of the printed one if there are any."""

    unit = unit_field(gettext_lazy("单位"))
    issued_on = day_field(gettext_lazy("日期"))
    scans = PhotosField(label=gettext_lazy("附件（红头件或版面的照片、扫描图）"), required=False)
    documents = DocumentsField(label=gettext_lazy("附件（PDF、Word、Excel）"), required=False)

    class Meta:
        model = Initiative
        fields = ("title", "slug", "issuers", "issued_on", "audience", "body", "campaign")
        widgets = {"body": forms.Textarea(attrs={"rows": 14, "data-count": "", "data-max": "6000"})}

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        self.scope = scope
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = queries.units_to_issue(scope)
        self.fields["campaign"].queryset = planning.visible_to(scope)
        self.make_address_optional("letter")
        self.fields["issuers"].help_text = _("用顿号隔开，如：市妇联、市纪委监委。")
        self.fields["body"].help_text = _("空一行就是新的一段。")
        self.order_fields(
            [
                "title",
                "slug",
                "unit",
                "issuers",
                "issued_on",
                "audience",
                "body",
                "scans",
                "documents",
                "campaign",
            ]
        )
        if self.instance.pk:
            self.fields.pop("unit")
            self.fields.pop("slug")

    def clean_slug(self) -> str:
        """Not reserved; the model form looks whether it is free."""
        return clean_slug(self.cleaned_data["slug"].lower())

    @property
    def values(self) -> dict[str, Any]:
        """What the action writes."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields if name != "slug"}


class HandoutForm(PortalModelForm):
    """Copies and messages, as counts."""

    unit = unit_field(gettext_lazy("哪个单位发的"))
    given_on = day_field(gettext_lazy("日期"))

    class Meta:
        model = Handout
        fields = ("given_on", "copies", "sms_count", "note")

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = queries.units_to_enter(scope)
        self.order_fields(["unit", "given_on", "copies", "sms_count", "note"])
        self.initial.setdefault("given_on", timezone.localdate())

    def clean_given_on(self) -> Any:
        """Not in the future."""
        day = self.cleaned_data["given_on"]
        if day > timezone.localdate():
            raise ValidationError(_("日期不能在今天之后。"), code="future")
        return day

    def clean(self) -> dict[str, Any]:
        """One of the two counts."""
        data = super().clean() or self.cleaned_data
        if not self.errors and not data.get("copies") and not data.get("sms_count"):
            self.add_error("copies", _("发放份数和短信条数至少填一项。"))
        return data

    @property
    def values(self) -> dict[str, Any]:
        """What the action writes."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class BatchForm(FilesFormMixin, PortalForm):
    """Pledges signed on paper: two counts, a day, a unit, pictures of the sheets."""

    unit = unit_field(gettext_lazy("单位"))
    signed_on = day_field(gettext_lazy("签署日期"))
    method = forms.ChoiceField(
        label=gettext_lazy("方式"), choices=[(code, Method(code).label) for code in PAPER], widget=forms.RadioSelect,
        initial=Method.PAPER_SCAN,
    )  # fmt: skip
    signatures = forms.IntegerField(
        label=gettext_lazy("签名人数（人）"), min_value=1, max_value=BATCH_MOST,
        help_text=gettext_lazy("数纸上的签名；和户数是两个数，不相加。"),
    )  # fmt: skip
    households = forms.IntegerField(
        label=gettext_lazy("签订户数（户）"), min_value=0, max_value=BATCH_MOST,
        help_text=gettext_lazy("不按户签的填 0。"),
    )  # fmt: skip
    households_estimated = forms.BooleanField(label=gettext_lazy("户数是约数"), required=False)
    note = forms.CharField(label=gettext_lazy("说明"), max_length=100, required=False)
    scans = PhotosField(
        label=gettext_lazy("签名页的照片或扫描图"), required=False, captions=False,
        help_text=gettext_lazy("只给本单位和上级看，不公开；现场签名墙拍一张就行，可以不传。"),
    )  # fmt: skip
    documents = DocumentsField(
        label=gettext_lazy("扫描件（PDF）"), required=False,
        help_text=gettext_lazy("扫描成 PDF 的签名页放这里，同样只给本单位和上级看。"),
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("更正理由"), max_length=200, help_text=gettext_lazy("会留痕。")
    )

    def __init__(self, *args: Any, scope: Scope, correcting: Any = None, **kwargs: Any) -> None:
        self.scope, self.correcting = scope, correcting
        super().__init__(*args, target=correcting, **kwargs)
        self.fields["unit"].queryset = queries.units_to_enter(scope)
        self.initial.setdefault("signed_on", timezone.localdate())
        self.fields.pop("unit" if correcting is not None else "reason")

    def clean_signed_on(self) -> Any:
        """Not in the future."""
        day = self.cleaned_data["signed_on"]
        if day > timezone.localdate():
            raise ValidationError(_("签署日期不能在今天之后。"), code="future")
        return day

    def clean(self) -> dict[str, Any]:
        """Never more households than people."""
        data = super().clean() or self.cleaned_data
        people, homes = data.get("signatures"), data.get("households")
        if people is not None and homes is not None and homes > people:
            self.add_error("households", _("户数不会多于签名人数，请核对两个数。"))
        return data

    @property
    def values(self) -> dict[str, Any]:
        """What the action writes; the day counts from its beginning."""
        said = self.cleaned_data
        kept = {
            name: said[name]
            for name in ("method", "signatures", "households", "households_estimated", "note")
        }
        return kept | {"signed_at": timezone.make_aware(datetime.combine(said["signed_on"], time.min))}


class ReasonForm(PortalForm):
    """Why."""

    reason = forms.CharField(label=gettext_lazy("理由"), min_length=4, max_length=200)
