"""Single fields of the forms of works: names, dates of birth, longer texts, what a category declares."""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from families.works.rules import is_name
from portal.privacy import detect
from portal.privacy.masking import COMPOUND_SURNAMES
from portal.ui.text import count_chars

TOO_LONG = gettext_lazy(
    "写了 %(count)d 字，超出 %(extra)d 字，最多 %(most)d 字。请删减后再提交，其他内容都还在。"
)
_HAN_NAME = re.compile(r"[\u3007\u3400-\u9fff\U00020000-\U000323af]{2,4}")


def clean_year_month(text: str) -> str:
    """2013-05, 2013年5月, 2013.5, 201305 → 2013-05; raises ValidationError."""
    plain = unicodedata.normalize("NFKC", text).strip()
    match = re.fullmatch(r"(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*(?:月|[-/.月]\d{1,2}日?)?", plain)
    today = timezone.localdate()
    if match is None or not 1 <= int(match[2]) <= 12 or not 1900 <= int(match[1]) <= today.year:
        raise ValidationError(_("请填写出生的年和月，例如 1962-05。"), code="birth_ym")
    if (int(match[1]), int(match[2])) > (today.year, today.month):
        raise ValidationError(_("出生年月不能晚于今天。"), code="birth_ym")
    return f"{match[1]}-{int(match[2]):02d}"


def clean_name(text: str) -> str:
    """One person's name: 2–30 letters of any plane, with `·` inside; raises ValidationError, also for two names in one."""
    name = " ".join(unicodedata.normalize("NFC", text).replace("•", "·").replace("・", "·").split())
    if _holds_several(name):
        raise ValidationError(_("一栏只写一位的姓名；还有别的作者，请点“再加一位作者”。"), code="several")
    if not is_name(name):
        raise ValidationError(_("姓名请写 2–30 个字，可以有“·”，不能有数字和符号。"), code="name")
    return name


def _holds_several(name: str) -> bool:
    """张三、李四 or 张三 李四; not 欧阳 娜娜 and no foreign name."""
    if re.search(r"[、，,;；/]", name):
        return True
    parts = name.split(" ")
    return (
        len(parts) > 1
        and all(_HAN_NAME.fullmatch(part) for part in parts)
        and parts[0] not in COMPOUND_SURNAMES
    )


def clean_byline(text: str, what: Any) -> str:
    """A pen name, a household's name or what somebody did: one line without numbers that lead to a person."""
    line = " ".join(unicodedata.normalize("NFC", text).split())
    if any(unicodedata.category(char) in {"Cc", "Cs", "Co"} for char in line) or "<" in line or ">" in line:
        raise ValidationError(_("%(what)s里有不能用的符号，请改一下。") % {"what": what}, code="byline")
    if detect.find(line):
        raise ValidationError(_("%(what)s里不要写电话、证件号码。") % {"what": what}, code="byline")
    return line


class NameField(forms.CharField):
    """One person's name, or nothing."""

    def clean(self, value: Any) -> str:
        """See `clean_name`."""
        text = str(super().clean(value))
        return clean_name(text) if text.strip() else ""


class MonthField(forms.CharField):
    """Year and month of birth, or nothing."""

    def clean(self, value: Any) -> str:
        """See `clean_year_month`."""
        text = str(super().clean(value))
        return clean_year_month(text) if text.strip() else ""


class LineField(forms.CharField):
    """A pen name, a household's name, what somebody did."""

    def clean(self, value: Any) -> str:
        """See `clean_byline`."""
        return clean_byline(str(super().clean(value)), self.label)


class CountedField(forms.CharField):
    """A longer text, counted the Chinese way."""

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        self.most = most
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        """At most so many characters."""
        text = str(super().clean(value)).strip()
        count = count_chars(text)
        if count > self.most or len(text) > self.most * 4 + 200:
            extra = max(count - self.most, 1)
            raise ValidationError(
                TOO_LONG % {"count": count, "extra": extra, "most": self.most}, code="too_long"
            )
        return text


def declared(spec: dict[str, Any]) -> forms.Field:
    """The field behind one declaration of a category (`families.works.categories`)."""
    required = bool(spec.get("required"))
    words = {"required": required, "label": spec["label"], "help_text": spec.get("help", "")}
    if spec.get("kind") == "url":
        return forms.URLField(
            **words, max_length=spec.get("max", 300), assume_scheme="https",
            validators=[URLValidator(schemes=["http", "https"])],
            widget=forms.TextInput(attrs={"inputmode": "url", "placeholder": "https://"}),
            error_messages={
                "required": _("请贴上录音或视频的网址。"), "invalid": _("这不是一个网址，请从浏览器或视频号里复制链接再贴到这里。"),
            },
        )  # fmt: skip
    if spec.get("kind") == "long":
        most = spec.get("max", 300)
        area = forms.Textarea(attrs={"rows": 3, "data-count": "", "data-max": most})
        return CountedField(**words, most=most, widget=area)
    if spec.get("kind") == "choice":
        choices = [tuple(choice) for choice in spec["choices"]]
        return forms.ChoiceField(
            label=spec["label"], required=required, choices=choices, widget=forms.RadioSelect
        )
    return forms.CharField(label=spec["label"], required=required, max_length=spec.get("max", 100))
