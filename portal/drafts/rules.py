"""What a draft may hold, for how long; no database."""

import re
from collections.abc import Iterable, Mapping

KEPT_DAYS = 30
RESCUED_HOURS = 24
MAX_FIELDS = 400
MAX_CHARS = 200_000
TOKEN = re.compile(r"^[0-9A-Za-z-]{16,36}$")
FORM_CODE = re.compile(r"^[a-z][a-z0-9_.-]{1,59}$")

# Never written down, whatever the form: secrets, codes, and what belongs to one request only.
SECRET_PARTS = ("password", "passwd", "secret", "otp", "captcha", "altcha")
SECRET_NAMES = {
    "csrfmiddlewaretoken", "code", "sms_code", "phone_code", "recovery_code", "next", "form_code", "draft_path",
    "draft_title", "draft_now",
    "id_number", "id_card",
}  # fmt: skip

Payload = dict[str, list[str]]


def is_secret(name: str) -> bool:
    """Must this field never be stored in a draft?"""
    low = name.lower()
    bare = low.rsplit("-", 1)[-1]
    return bare in SECRET_NAMES or any(part in low for part in SECRET_PARTS)


def clean_payload(fields: Iterable[tuple[str, Iterable[object]]]) -> Payload:
    """The fields worth keeping, as lists of text; cut off where nobody types that much by hand."""
    kept: Payload = {}
    room = MAX_CHARS
    for name, values in fields:
        if len(kept) >= MAX_FIELDS or is_secret(name) or len(name) > 100:
            continue
        texts = [value for value in values if isinstance(value, str) and "\x00" not in value]
        size = sum(len(text) for text in texts)
        if texts and size <= room:
            kept[name] = texts
            room -= size
    return kept


def has_content(payload: Mapping[str, list[str]]) -> bool:
    """Did somebody type anything besides what the form brought along?"""
    return any(text.strip() for name, texts in payload.items() if name != "form_token" for text in texts)


def title_hint(payload: Mapping[str, list[str]]) -> str:
    """A line by which a person recognises the draft."""
    for name in ("title", "name", "subject", "summary", "text"):
        text = " ".join(payload.get(name, [""])).strip()
        if text:
            return text[:60]
    return ""
