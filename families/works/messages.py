"""Telling a family by SMS; the outbox row is written in the transaction of the step it tells of."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from families.works.models import Work
from families.works.wording import SMS
from portal.notifications.actions import send_sms


def full_url(path: str) -> str:
    """An address that works outside the site."""
    return settings.SITE["base_url"].rstrip("/") + path


def tell(work: Work, code: str, /, *, phone: str = "", **words: Any) -> None:
    """Send one of the messages about a work to the family's phone (or another one given)."""
    to = phone or work.phone
    if not to or work.is_demo:
        return
    path = work.get_absolute_url() if code == "published" else reverse("families:works:mine", args=[work.no])
    text = str(SMS[code]) % {"no": work.no, "url": full_url(path), **words}
    send_sms(to=to, text=text, about=work, secret="code" in words)
