"""Forms of stories. They write nothing."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.planning import queries as planning
from campaigns.stories import queries
from campaigns.stories.models import Story
from campaigns.stories.rules import BODY_MOST, KIND_COVERS, PART_MOST, PARTS_MOST, RESERVED_SLUGS, Kind
from portal.access.scope import Scope
from portal.files.fields import DocumentsField, FilesFormMixin
from portal.ui.forms import PortalModelForm, RowForm


def _day(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False,
        **options,
    )


class StoryForm(FilesFormMixin, PortalModelForm):
    """Title, lead, text; everything else folded away by the page."""

    unit = forms.ModelChoiceField(
        label=gettext_lazy("单位"), queryset=None, to_field_name="unit_no", empty_label=None,
        error_messages={"invalid_choice": gettext_lazy("您不能替这个单位写文章。")},
    )  # fmt: skip
    happened_on = _day(gettext_lazy("日期"), help_text=gettext_lazy("事情发生或播出的日子，可以不填。"))
    expires_on = _day(gettext_lazy("到期日"), help_text=gettext_lazy("过了这一天自动撤下；不填就一直公开。"))
    source_url = forms.URLField(
        label=gettext_lazy("来源网址"), max_length=300, required=False, assume_scheme="https",
        error_messages={"invalid": gettext_lazy("网址要以 https:// 开头。")},
    )  # fmt: skip
    documents = DocumentsField(
        label=gettext_lazy("附件（PDF、Word、Excel）"), required=False,
        help_text=gettext_lazy("文章公开后，附件跟着公开，谁都能下载。"),
    )  # fmt: skip
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Story
        fields = (
            "title", "slug", "kind", "lead", "body", "cover", "campaign", "source_name", "source_url", "happened_on",
            "expires_on",
        )  # fmt: skip
        widgets = {
            "lead": forms.Textarea(attrs={"rows": 2}),
            "body": forms.Textarea(attrs={"rows": 16, "data-count": "", "data-max": str(BODY_MOST)}),
        }

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        self.scope = scope
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = queries.units_to_write_for(scope)
        self.fields["campaign"].queryset = planning.visible_to(scope)
        self.make_address_optional("story")
        self.fields["body"].help_text = _(
            "空一行是新的一段；行首写 ## 是小标题，写 - 是列表，**两个星号**之间加粗，[文字](网址) 是链接。"
        )
        self.fields["source_name"].help_text = _("转载的写明来源媒体；自己写的不填。")
        self.fields["cover"].help_text = _("不选就按类别配一幅。")
        self.fields["campaign"].help_text = _("专题选了主题，就自动汇集这个主题的活动、系列和作品。")
        self.order_fields(
            ["title", "slug", "unit", "kind", "lead", "body", "campaign", "cover", "happened_on", "source_name",
             "source_url", "expires_on"]
        )  # fmt: skip
        if self.instance.pk:
            self.fields.pop("unit")
            self.fields.pop("slug")
            self.initial["seen"] = self.instance.version

    def clean_slug(self) -> str:
        """Not an address of ours."""
        slug: str = self.cleaned_data["slug"].lower()
        if slug in RESERVED_SLUGS:
            raise ValidationError(_("这个网址名已被占用，请换一个。"), code="slug")
        return slug

    def clean_expires_on(self) -> Any:
        """In the future, unless it is left as it was."""
        day = self.cleaned_data["expires_on"]
        if day and day < timezone.localdate() and day != self.instance.expires_on:
            raise ValidationError(_("到期日已经过了，请核对。"), code="past")
        return day

    def clean(self) -> dict[str, Any]:
        """A themed page needs its theme; a source address needs its name."""
        data = super().clean() or self.cleaned_data
        if data.get("kind") == Kind.THEME and not data.get("campaign"):
            self.add_error("campaign", _("专题要选所属主题，才能汇集活动。"))
        if data.get("source_url") and not data.get("source_name"):
            self.add_error("source_name", _("请写来源媒体的名称。"))
        return data

    @property
    def values(self) -> dict[str, Any]:
        """What the action writes."""
        kept = {name: self.cleaned_data[name] for name in self.Meta.fields if name != "slug"}
        return kept | {"cover": kept["cover"] or KIND_COVERS[Kind(kept["kind"])].value}


class PartForm(RowForm):
    """One question, lesson or section."""

    title = forms.CharField(label=gettext_lazy("问题或小标题"), max_length=120, required=False)
    speaker = forms.CharField(label=gettext_lazy("谁说的（讲的）"), max_length=30, required=False)
    office = forms.CharField(label=gettext_lazy("职务"), max_length=60, required=False)
    text = forms.CharField(
        label=gettext_lazy("内容"),
        max_length=PART_MOST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    url = forms.URLField(
        label=gettext_lazy("影片或资料的网址"), max_length=300, required=False, assume_scheme="https",
        error_messages={"invalid": gettext_lazy("网址要以 https:// 开头。")},
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Words without a heading need one, so that readers find their way."""
        data = super().clean() or self.cleaned_data
        if any(data.get(name) for name in ("text", "url", "speaker", "office")) and not data.get("title"):
            self.add_error("title", _("请写问题或小标题。"))
        return data


PartFormSet = forms.formset_factory(PartForm, extra=2, max_num=PARTS_MOST, validate_max=True)


def parts_of(formset: Any) -> list[dict[str, str]]:
    """The filled rows, in order."""
    names = ("title", "speaker", "office", "text", "url")
    return [{name: row.get(name) or "" for name in names} for row in formset.cleaned_data if row.get("title")]
