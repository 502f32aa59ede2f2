"""The form of a submission: one page, works without JavaScript, loses nothing when it fails."""

import re
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from families.works import parts, queries, wording
from families.works.entry import Entry
from families.works.forms.authors import AuthorsMixin
from families.works.forms.choices import AUDIENCE_WORDS, area_choices
from families.works.forms.fields import TOO_LONG, clean_name, clean_year_month, declared
from families.works.forms.rows import is_unconsented_child
from families.works.models import WorkCall, WorkCategory
from families.works.rules import PUBLIC_AUDIENCES, TITLE_MAX, Audience, Origin, numbered
from portal.accounts.phone_codes import clean_phone
from portal.files import captions
from portal.files.actions import discard
from portal.files.captioning import CaptionsField
from portal.files.fields import FilesFormMixin, MediaField, PhotosField
from portal.files.parts import drop as drop_upload
from portal.files.rules import Limits, default_limits, media_limits
from portal.privacy.rules import ConsentType, is_child, is_minor
from portal.ui.forms import PortalForm
from portal.ui.text import count_chars

DROPPED = {
    "files": gettext_lazy("照片没有保存，请在监护人同意后重新选择。"),
    "recording": gettext_lazy("录音或视频没有保存，请在监护人同意后重新选择。"),
}
REQUIRED = {
    "author_name": gettext_lazy("请填写作者姓名。"),
    "birth_ym": gettext_lazy("请填写出生年月，例如 1962-05。"),
    "area": gettext_lazy("请选择所在县区和乡镇。"),
    "audience": gettext_lazy("请选择谁能看到。"),
}
TOO_SHORT = gettext_lazy("写了 %(count)d 字，至少要 %(least)d 字。")


def _box(label: Any) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False, initial=False)


class WorkForm(AuthorsMixin, FilesFormMixin, PortalForm):
    """`phone` is the number verified in this session, or "". `paper`: typed in by staff for a family."""

    has_dropped = False
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
    def declared_fields_of_category(self) -> list[Any]:
        """The bound fields that only this category has."""
        return [self[name] for name in self.fields if name.startswith("x_")]

    # -- steps that are not a submission -----------------------------------------------------------

    def quieten(self) -> None:
        """The page was sent for something else (a phone code, a draft): show no errors, but keep its files."""
        self._errors = ErrorDict()
        self.cleaned_data: dict[str, Any] = {}
        if self.needs_guardian_first():
            if self._drop_pictures():
                self._say_dropped()
            return
        for name in self._upload_fields:
            try:
                self.fields[name].clean(self[name].data)
            except ValidationError as error:
                if {one.code for one in error.error_list} - {"media_unfinished"}:
                    self.add_error(name, error)

    def needs_guardian_first(self) -> bool:
        """A child's data without the guardian's tick: nothing of it may be stored yet."""
        return is_unconsented_child(self.data)

    def full_clean(self) -> None:
        """Pictures of a child are staged only after the guardian has consented."""
        if self.is_bound and self.needs_guardian_first():
            self.has_dropped = self._drop_pictures()
        super().full_clean()

    def _drop_pictures(self) -> bool:
        """Let go of what came with this form and of what was staged before the age was known."""
        if not self._upload_fields:
            return False
        came = bool(self.files)
        self.files = type(self.files)() if came else self.files
        for name in self._upload_fields:
            board = self.fields[name].board  # type: ignore[attr-defined]
            staged = [file.public_id for file in board.staged()]
            came = bool(discard(token=board.token, actor=board.actor, public_ids=staged)) or came
            for upload in board.unfinished():
                drop_upload(upload)
                came = True
        return came

    def _say_dropped(self) -> None:
        for name in self._upload_fields:
            self.add_error(name, DROPPED[name])

    @property
    def _upload_fields(self) -> list[str]:
        """The fields of this category that take files of the family."""
        return [name for name in ("files", "recording") if name in self.fields]

    # -- cleaning ----------------------------------------------------------------------------------

    def clean_title(self) -> str:
        """One line."""
        title = " ".join(self.cleaned_data["title"].split())
        if title and len(title) < 2:
            raise ValidationError(_("标题请写 2–40 个字，也可以不填。"))
        return title

    def clean_text(self) -> str:
        """Counted the Chinese way; a letter may be a picture instead."""
        text = str(self.cleaned_data["text"]).strip()
        return self._counted(text, least=self.category.text_min, most=self.category.text_max)

    def clean_story(self) -> str:
        """At most what the category allows."""
        return self._counted(str(self.cleaned_data["story"]).strip(), least=0, most=self.category.story_max)

    def _counted(self, text: str, *, least: int, most: int) -> str:
        count = count_chars(text)
        if most and count > most:
            raise ValidationError(
                TOO_LONG % {"count": count, "extra": count - most, "most": most}, code="too_long"
            )
        if most and len(text) > most * 4 + 200:
            raise ValidationError(_("标点、空格或表情太多，请删减后再提交。"), code="too_long")
        if text and least and count < least:
            raise ValidationError(TOO_SHORT % {"count": count, "least": least}, code="too_short")
        return text

    def clean_author_name(self) -> str:
        """2–30 letters of any plane."""
        return clean_name(self.cleaned_data["author_name"])

    def clean_birth_ym(self) -> str:
        """Year and month."""
        return clean_year_month(self.cleaned_data["birth_ym"])

    def clean_guardian_name(self) -> str:
        """A name, when given."""
        name = self.cleaned_data["guardian_name"]
        return clean_name(name) if name.strip() else ""

    def clean_guardian_phone(self) -> str:
        """A mobile number, when given."""
        phone = self.cleaned_data["guardian_phone"]
        return clean_phone(phone) if phone.strip() else ""

    def clean_phone(self) -> str:
        """The verified one, else a mobile number; on paper it may be missing."""
        if self.phone:
            return self.phone
        phone = self.cleaned_data["phone"]
        if not phone.strip():
            if self.paper:
                return ""
            raise ValidationError(_("请填写手机号，收到验证码后再提交。"), code="required")
        return clean_phone(phone)

    def clean_area(self) -> Any:
        """A unit inside the area of the call."""
        unit = queries.find_area(self.call, self.cleaned_data["area"])
        if unit is None:
            raise ValidationError(_("这个地方不在本次征集的范围内，请重新选择县区和乡镇。"), code="area")
        return unit

    def clean(self) -> dict[str, Any]:
        """What depends on several fields."""
        data = super().clean() or self.cleaned_data
        self._clean_village(data)
        self._clean_content(data)
        self._clean_authors(data)
        self._clean_guardian(data)
        self._clean_consents(data)
        for part in self.parts:
            part.check(self, data)
        return data

    def _clean_village(self, data: dict[str, Any]) -> None:
        area, name = data.get("area"), str(data.get("village") or "").strip()
        if not area or not name:
            return
        village = queries.find_village(area, name)
        if village is None:
            self.add_error(
                "village",
                _("在%(area)s没有找到“%(name)s”，请检查名称，或者留空。")
                % {"area": area.short_name, "name": name},
            )
        else:
            data["area"] = village

    def _clean_content(self, data: dict[str, Any]) -> None:
        photos = data.get("files")
        pictures = len(photos.staged) - len(photos.removed) if photos else 0
        pictures += len(self.fields["files"].board.attached()) if "files" in self.fields else 0  # type: ignore[attr-defined]
        has_link = bool(data.get("x_link"))
        sounds = data["recording"].staged if data.get("recording") else ()
        played = len(sounds) + self._kept_media(data)
        if (
            "recording" in self.fields
            and "text" not in self.fields
            and "recording" in data
            and not (played or has_link)
        ):
            what = _("录音或视频") if "audio" in self.category.media else _("视频")
            self.add_error("recording", _("请选择要投的%(what)s。") % {"what": what})
        self._clean_transcript(data)
        self._clean_captions(data)
        if (
            "text" in data
            and not count_chars(data["text"])
            and (self.category.code == "MOTTO" or not (pictures or played or has_link))
        ):
            self.add_error("text", _("请写下%(what)s。") % {"what": self.category.text_label or _("正文")})
        if "files" in data and pictures < self.category.photos_min:
            self.add_error("files", _("请至少上传 %(n)d 张照片。") % {"n": self.category.photos_min})
        for spec in self.category.fields:
            other, values = spec.get("required_if") or ("", [])
            name = f"x_{spec['name']}"
            if other and data.get(f"x_{other}") in values and not str(data.get(name) or "").strip():
                self.add_error(name, _("请填写%(what)s。") % {"what": spec["label"].split("(")[0]})

    def _kept_media(self, data: dict[str, Any]) -> int:
        """Sound and video saved before and not removed now."""
        if "recording" not in self.fields or not data.get("recording"):
            board = self.fields["recording"].board if "recording" in self.fields else None  # type: ignore[attr-defined]
            return len(board.attached()) if board else 0
        return len(self.fields["recording"].board.attached()) - len(data["recording"].removed)  # type: ignore[attr-defined]

    def _clean_transcript(self, data: dict[str, Any]) -> None:
        """Families are asked for the words, staff has to write them (WCAG 1.2.1)."""
        if self.paper and "recording" in self.fields and "x_transcript" in data and not data["x_transcript"]:
            self.add_error("x_transcript", _("代录时请写上文字稿，听不见的人靠它知道内容。"))

    def _clean_captions(self, data: dict[str, Any]) -> None:
        """Captions belong to a sound or film, and to one that is as long as they are."""
        if not data.get("captions") or "recording" not in data:
            return
        board: Any = self.fields["recording"].board  # type: ignore[attr-defined]
        gone = data["recording"].removed
        files = [file for file in (*board.attached(), *board.staged()) if file.public_id not in gone]
        if not files:
            self.add_error("captions", _("还没有录音或视频，字幕用不上。请先选录音或视频，或者把字幕清空。"))
            return
        typed = str(self["captions"].data or "")  # its lines are those the person knows
        try:
            captions.check_length(captions.read(typed), max(file.seconds or 0 for file in files))
        except captions.CaptionsError as error:
            self.add_error("captions", ValidationError(error.faults))

    def _clean_guardian(self, data: dict[str, Any]) -> None:
        """One guardian acts for all minors of a work; of a child nothing is stored before the tick."""
        today = timezone.localdate()
        born = {number: data.get(numbered("birth_ym", number)) for number in range(1, self.shown_rows + 1)}
        minors = [number for number, month in born.items() if month and is_minor(month, today)]
        if not minors:
            return
        for name, words in (("guardian_name", _("姓名")), ("guardian_phone", _("手机号"))):
            if name in data and not data[name]:
                self.add_error(name, _("作者未成年，请填写监护人%(what)s。") % {"what": words})
        children = [number for number in minors if is_child(born[number] or "", today)]
        if children and not data.get("consent_guardian"):
            who = _("作者") if self.shown_rows == 1 else _("第 %(n)d 位作者") % {"n": children[0]}
            self.add_error(
                "consent_guardian",
                _("%(who)s未满 14 周岁，需要监护人勾选同意后才能提交；在此之前我们不保存任何信息。")
                % {"who": who},
            )
            if self.has_dropped and self._upload_fields:
                self._say_dropped()

    def _clean_consents(self, data: dict[str, Any]) -> None:
        if not data.get("consent_processing"):
            self.add_error("consent_processing", _("请阅读并勾选，否则我们不能接收您的作品。"))
        if data.get("audience") not in PUBLIC_AUDIENCES:
            return
        if not data.get("consent_publication"):
            self.add_error(
                "consent_publication", _("选了公开展示，请勾选这一项；不想公开，请在上面选“只给组织方看”。")
            )
        if not data.get("licence"):
            self.add_error("licence", _("公开展示需要作品授权，请勾选。"))

    # -- result ------------------------------------------------------------------------------------

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
