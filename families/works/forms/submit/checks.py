"""What is checked before a work is taken: field by field, then what depends on several."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from families.works import queries
from families.works.forms.fields import TOO_LONG, clean_name, clean_year_month
from families.works.models import WorkCall, WorkCategory
from families.works.rules import PUBLIC_AUDIENCES, numbered
from portal.accounts.phone_codes import clean_phone
from portal.files import captions
from portal.privacy.rules import is_child, is_minor
from portal.ui.forms import PortalForm
from portal.ui.text import count_chars

TOO_SHORT = gettext_lazy("写了 %(count)d 字，至少要 %(least)d 字。")


class ChecksMixin(PortalForm):
    """The cleaning of the form of a submission."""

    category: WorkCategory
    call: WorkCall
    parts: list[Any]
    phone: str
    paper: bool
    shown_rows: int
    has_dropped: bool

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
