"""The form itself: its fields, fitted to the category and to who fills it in, and what it gives to the action."""

import re
from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from families.works import parts, queries, wording
from families.works.entry import Entry
from families.works.forms.authors import AuthorsMixin
from families.works.forms.choices import AUDIENCE_WORDS, area_choices
from families.works.forms.fields import declared
from families.works.forms.submit.checks import ChecksMixin
from families.works.forms.submit.uploads import UploadsMixin
from families.works.models import WorkCall, WorkCategory
from families.works.rules import TITLE_MAX, Audience, Origin
from portal.files.captioning import CaptionsField
from portal.files.fields import FilesFormMixin, MediaField, PhotosField
from portal.files.rules import Limits, default_limits, media_limits
from portal.privacy.rules import ConsentType
from portal.ui.forms import PortalForm

REQUIRED = {
    "author_name": gettext_lazy("请填写作者姓名。"),
    "birth_ym": gettext_lazy("请填写出生年月，例如 1962-05。"),
    "area": gettext_lazy("请选择所在县区和乡镇。"),
    "audience": gettext_lazy("请选择谁能看到。"),
}


def _box(label: Any) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False, initial=False)


class WorkForm(UploadsMixin, ChecksMixin, AuthorsMixin, FilesFormMixin, PortalForm):
    """`phone` is the number verified in this session, or "". `paper`: typed in by staff for a family."""

    title = forms.CharField(label=gettext_lazy("标题"), required=False, max_length=TITLE_MAX)
    text = forms.CharField(
        label=gettext_lazy("正文"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    story = forms.CharField(
        label=gettext_lazy("背后的故事"), required=False, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("从哪里来、对家里人有什么影响，几句话就行。"),
    )  # fmt: skip
    origin = forms.ChoiceField(
        label=gettext_lazy("来历"), required=False, choices=Origin.choices, widget=forms.RadioSelect
    )
    files = PhotosField(label=gettext_lazy("照片"), required=False)
    recording = MediaField(label=gettext_lazy("录音或视频"), required=False)
    captions = CaptionsField()
    author_name = forms.CharField(
        label=gettext_lazy("作者姓名"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    birth_ym = forms.CharField(
        label=gettext_lazy("出生年月"), max_length=12, help_text=gettext_lazy("例如 1962-05；只用来分组和保护未成年人，不公开。"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "placeholder": "1962-05", "autocomplete": "bday"}),
    )  # fmt: skip
    area = forms.CharField(label=gettext_lazy("所在县区和乡镇"), max_length=24, widget=forms.Select)
    village = forms.CharField(
        label=gettext_lazy("村（社区）"), required=False, max_length=30, help_text=gettext_lazy("可以不填")
    )
    guardian_name = forms.CharField(label=gettext_lazy("监护人姓名"), required=False, max_length=60)
    guardian_phone = forms.CharField(
        label=gettext_lazy("监护人手机号"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    phone = forms.CharField(
        label=gettext_lazy("手机号"), max_length=20, required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
        help_text=gettext_lazy("用来告诉您进度、找回草稿和作品，不公开。"),
    )  # fmt: skip
    audience = forms.ChoiceField(label=gettext_lazy("谁能看到"), widget=forms.RadioSelect)
    consent_processing = _box(wording.CONSENT_PROCESSING)
    licence = _box(wording.LICENCE)
    consent_publication = _box(wording.CONSENT_PUBLICATION)
    consent_guardian = _box(wording.CONSENT_GUARDIAN)

    def __init__(
        self,
        *args: Any,
        call: WorkCall,
        category: str = "",
        phone: str = "",
        paper: bool = False,
        **kwargs: Any,
    ) -> None:
        self.call, self.phone, self.paper = call, phone, paper
        self.is_editing = kwargs.get("target") is not None
        self.categories = queries.categories_of(call)
        data = args[0] if args else kwargs.get("data")
        self.category = self._choose(
            str((data or kwargs.get("initial") or {}).get("category", "")) or category
        )
        limits = Limits(max(1, self.category.photos_max), default_limits().megabytes)
        super().__init__(*args, **kwargs)
        photos: Any = self.fields["files"]
        photos.limits = photos.board.limits = limits
        photos.widget.is_required = self.category.photos_min > 0  # what it says; `_clean_content` counts them
        if self.category.media_max:
            long, short = self.category.media_least or (0, 0)
            media: Any = self.fields["recording"]
            media.limits = media.board.limits = media_limits(
                self.category.media_max, tuple(self.category.media), (long, short)
            )
        self._shape()

    def _choose(self, code: str) -> WorkCategory:
        return next((one for one in self.categories if one.code == code), self.categories[0])

    def _shape(self) -> None:
        """Fit the fields to the category and to who is filling in."""
        category, fields = self.category, self.fields
        fields["category"] = forms.ChoiceField(
            label=_("类别"), choices=[(one.code, one.name) for one in self.categories], initial=category.code,
            widget=forms.HiddenInput if len(self.categories) == 1 else forms.RadioSelect,
        )  # fmt: skip
        if category.text_max:
            fields["text"].label = category.text_label or fields["text"].label
            fields["text"].widget.attrs |= {"data-count": "", "data-max": category.text_max}
            fields["text"].widget.attrs["rows"] = 12 if category.text_max > 300 else 3
            if not category.photos_max or category.text_max <= 100:
                fields["text"].required = category.code == "MOTTO"
                fields["text"].error_messages["required"] = _("请写下%(what)s。") % {
                    "what": category.text_label
                }
        else:
            del fields["text"]
        if category.story_max:
            fields["story"].widget.attrs |= {"data-count": "", "data-max": category.story_max}
        else:
            del fields["story"]
            del fields["origin"]
        if not category.photos_max:
            del fields["files"]
        if not category.media_max:
            del fields["recording"]
            del fields["captions"]
        for spec in category.fields:
            fields[f"x_{spec['name']}"] = declared(spec)
        if category.media_max and "x_transcript" in fields:
            fields["x_transcript"].help_text = _(
                "念的、唱的是什么，听不见的人靠它；审核时也用。没有就先空着。"
            )
        self._shape_people()
        self._shape_parts()
        audiences = queries.audiences_of(category)
        fields["audience"].choices = [(one, AUDIENCE_WORDS[one]) for one in audiences]  # type: ignore[attr-defined]
        # Read only when the page is shown: a form that is taken needs none of the hundreds of places.
        fields["area"].widget.choices = partial(area_choices, self.call)  # type: ignore[attr-defined]
        for name, words in REQUIRED.items():
            fields[name].error_messages["required"] = words
        if self.phone:
            fields["phone"].initial = self.phone
        if self.call.has_ended:
            fields["late_code"] = forms.CharField(
                label=_("补投码"), required=False, max_length=20,
                widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
                help_text=_("征集已经截止；主办方发给您补投码的，填在这里还可以投。"),
            )  # fmt: skip

    def _shape_parts(self) -> None:
        """What other slices ask beside a work: not while it is changed, not from a village officer's keyboard."""
        self.parts = [] if self.paper or self.is_editing else parts.for_category(self.category)
        for part in self.parts:
            self.fields |= part.fields()

    @property
    def chosen(self) -> WorkCategory:
        """The category the form is shaped for (in templates `form.category` is the field)."""
        return self.category

    @property
    def fields_before_text(self) -> list[Any]:
        """The bound fields that only this category has; beside a text, only the short ones stand before it."""
        return [field for field in self._declared if not ("text" in self.fields and self._is_long(field))]

    @property
    def fields_after_text(self) -> list[Any]:
        """What is told about a text: whoever sends a motto meets the motto first."""
        return [field for field in self._declared if "text" in self.fields and self._is_long(field)]

    @property
    def _declared(self) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith("x_")]

    def _is_long(self, field: Any) -> bool:
        return isinstance(field.field.widget, forms.Textarea)

    def entry(self) -> Entry:
        """The clean values as plain data for the action."""
        data = self.cleaned_data
        chosen = {
            ConsentType.PROCESSING: (data["consent_processing"], wording.CONSENT_PROCESSING),
            ConsentType.LICENCE: (data["licence"], wording.LICENCE),
            ConsentType.PUBLICATION: (data["consent_publication"], self._publication_words()),
            ConsentType.GUARDIAN: (data["consent_guardian"], wording.CONSENT_GUARDIAN),
        }
        extra = {name[2:]: data[name] for name in self.fields if name.startswith("x_") and data.get(name)}
        more = {"photos": data["files"]} if "files" in data else {}
        more |= {"media": data["recording"]} if "recording" in data else {}
        more |= {"captions": data["captions"]} if "captions" in data else {}
        return Entry(
            category=self.category,
            title=data["title"] or self._title(),
            text=data.get("text", ""),
            story=data.get("story", ""),
            origin=data.get("origin", ""),
            unit=data["area"],
            audience=data["audience"],
            **self.people(),
            phone=data["phone"],
            licence=data["licence"],
            guardian_name=data["guardian_name"],
            guardian_phone=data["guardian_phone"],
            consents={kind: str(words) for kind, (ticked, words) in chosen.items() if ticked},
            extra=extra,
            parts=self._of_parts(),
            **more,
        )

    def _publication_words(self) -> str:
        """What was agreed to: with a household's name the words about it belong to the consent."""
        data = self.cleaned_data
        words = [str(wording.CONSENT_PUBLICATION)]
        if data.get("household") and data.get("household_agreed") and data["audience"] == Audience.PUBLIC:
            words.append(str(wording.CONSENT_HOUSEHOLD))
        return "\n".join(words)

    def _of_parts(self) -> dict[str, dict[str, Any]]:
        """The clean values of each part."""
        return {
            part.code: {name: self.cleaned_data.get(name) for name in part.fields()} for part in self.parts
        }

    def _title(self) -> str:
        """A title from the first words."""
        first = re.split(r"[，。；！？,.;!?\s]", self.cleaned_data.get("text", ""), maxsplit=1)[0]
        return first[:20] if len(first) >= 2 else self.category.name
