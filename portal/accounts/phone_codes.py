"""One-time codes sent to a phone: for families without an account and for forgotten passwords.

`issue` sends six digits, `verify` takes them once, `mark_verified` remembers the phone in the session for
as long as the person goes on using the site. Only keyed hashes and encrypted numbers are ever stored.
"""

import hmac
import re
import secrets
import time
import unicodedata
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import vault
from portal.access.actors import Visitor
from portal.accounts.models import PhoneCode

LIFE = timedelta(minutes=10)
MOST_TRIES = 5
PAUSE = timedelta(minutes=1)
MOST_PER_PHONE_AND_HOUR = 5
MOST_PER_IP_AND_HOUR = 600  # a school's or a mobile network's one address; each code also costs a captcha
SESSION_KEY = "_verified_phone"

# What a code is for, as the message says it. Slices add their own.
PURPOSES: dict[str, str | Promise] = {
    "submit": gettext_lazy("投稿"),
    "me": gettext_lazy("查看我的提交"),
    "reset": gettext_lazy("找回密码"),
}

Sender = Callable[[str, str, str], None]
_sender: Sender | None = None


class TooOften(Exception):
    """No code was sent; `seconds` says how long to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"wait {seconds} s")
        self.seconds = seconds

    @property
    def text(self) -> str:
        """The sentence for the person."""
        if self.seconds <= 60:
            return _("请在 %(seconds)d 秒后再获取验证码。") % {"seconds": self.seconds}
        return _("获取验证码太频繁，请在 %(minutes)d 分钟后再试。") % {"minutes": -(-self.seconds // 60)}


def set_sender(sender: Sender) -> None:
    """Tell how a text reaches a phone: sender(phone, text, purpose). It runs inside the transaction of
    `issue`, so it may only write an outbox row."""
    global _sender
    _sender = sender


def clean_phone(text: str) -> str:
    """The eleven digits of a mainland mobile number; full-width digits, spaces and +86 are taken too.

    Raises ValidationError for anything else.
    """
    digits = re.sub(r"[\s\-()]", "", unicodedata.normalize("NFKC", text or ""))
    digits = re.sub(r"^(\+86|0086|86(?=1\d{10}$))", "", digits)
    if not re.fullmatch(r"1[3-9][0-9]{9}", digits):
        raise ValidationError(_("请填写 11 位手机号，例如 138 开头的号码。"), code="phone")
    return digits


def phone_hash(phone: str) -> str:
    """The keyed hash under which a phone number is found again, everywhere in the portal."""
    return vault.keyed_hash(clean_phone(phone), purpose="phone")


def masked(phone: str) -> str:
    """138****8000, for pages."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 7 else "****"


def issue(phone: str, purpose: str, ip: str, *, send: bool = True) -> PhoneCode:
    """Send a new code; raises TooOften, or ValidationError for a number that is none.

    With `send=False` everything happens but the sending, so that a page need not tell whether a number is
    known. An older code for the same purpose stops working. Not journalled: nothing is known about the person yet.
    """
    number = clean_phone(phone)
    digest = vault.keyed_hash(number, purpose="phone")
    _refuse_too_often(digest, ip)
    code = f"{secrets.randbelow(10**6):06d}"
    text = _("验证码 %(code)s，10 分钟内有效，用于%(purpose)s。请不要告诉他人。") % {
        "code": code,
        "purpose": PURPOSES.get(purpose, _("身份确认")),
    }
    with transaction.atomic():
        row = PhoneCode.objects.create(
            phone_hash=digest,
            purpose=purpose,
            code_hash=_code_hash(digest, purpose, code),
            ip=ip or None,
            expires_at=timezone.now() + LIFE,
        )
        if send and _sender is not None:
            _sender(number, text, purpose)
    if send and settings.DEMO:
        cache.set(f"demo-code:{digest}:{purpose}", code, int(LIFE.total_seconds()))
    return row


def last_demo_code(phone: str, purpose: str) -> str:
    """The code just sent, for the pages of a demo; always empty elsewhere."""
    if not settings.DEMO:
        return ""
    return str(cache.get(f"demo-code:{phone_hash(phone)}:{purpose}") or "")


def verify(phone: str, code: str, purpose: str) -> bool:
    """Take a code once. Five tries per code; a newer code replaces it."""
    try:
        digest = phone_hash(phone)
    except ValidationError:
        return False
    now = timezone.now()
    row = PhoneCode.objects.filter(phone_hash=digest, purpose=purpose).order_by("-pk").first()
    if row is None or row.used_at is not None or row.expires_at <= now:
        return False
    counted = PhoneCode.objects.filter(pk=row.pk, tries__lt=MOST_TRIES).update(tries=F("tries") + 1)
    given = re.sub(r"\s", "", unicodedata.normalize("NFKC", code or ""))
    if not counted or not hmac.compare_digest(row.code_hash, _code_hash(digest, purpose, given)):
        return False
    return bool(PhoneCode.objects.filter(pk=row.pk, used_at__isnull=True).update(used_at=now))


def _code_hash(digest: str, purpose: str, code: str) -> str:
    return vault.keyed_hash(f"{digest}:{purpose}:{code}", purpose="phone-code")


def _refuse_too_often(digest: str, ip: str) -> None:
    now = timezone.now()
    hour = PhoneCode.objects.filter(created_at__gt=now - timedelta(hours=1))
    times = list(hour.filter(phone_hash=digest).order_by("-created_at").values_list("created_at", flat=True))
    if times and times[0] > now - PAUSE:
        raise TooOften(_seconds(times[0] + PAUSE))
    if len(times) >= MOST_PER_PHONE_AND_HOUR:
        raise TooOften(_seconds(times[-1] + timedelta(hours=1)))
    if ip and hour.filter(ip=ip).count() >= MOST_PER_IP_AND_HOUR:
        first = hour.filter(ip=ip).order_by("created_at").values_list("created_at", flat=True)[0]
        raise TooOften(_seconds(first + timedelta(hours=1)))


def _seconds(until: object) -> int:
    return max(1, int((until - timezone.now()).total_seconds()) + 1)  # type: ignore[operator]


def mark_verified(request: HttpRequest, phone: str) -> None:
    """Remember in the session that this phone belongs to the visitor; the session gets a new key."""
    now = int(time.time())
    request.session.cycle_key()
    request.session[SESSION_KEY] = {"phone": vault.encrypt(clean_phone(phone)), "began": now, "seen": now}


def verified_phone(request: HttpRequest) -> str:
    """The verified phone, or "" – after 30 minutes without use or a working day it must be verified again."""
    kept = request.session.get(SESSION_KEY)
    if not kept:
        return ""
    now = int(time.time())
    idle = now - kept["seen"]
    if idle > settings.PUBLIC_IDLE_MINUTES * 60 or now - kept["began"] > settings.SESSION_HOURS * 3600:
        forget_phone(request)
        return ""
    if idle > 60:
        request.session[SESSION_KEY] = {**kept, "seen": now}
    try:
        return vault.decrypt(kept["phone"])
    except vault.VaultError:
        return ""


def forget_phone(request: HttpRequest) -> None:
    """End the visitor's session, for a shared phone or computer."""
    request.session.pop(SESSION_KEY, None)


def visitor_for(digest: str) -> Visitor:
    """The actor behind a phone hash; the same pseudonym every time, so that it can be erased."""
    return Visitor(ref=f"visitor:{digest[:40]}", phone_hash=digest)


def visitor_of(request: HttpRequest) -> Visitor | None:
    """The actor behind the verified phone of this session, or None."""
    phone = verified_phone(request)
    return visitor_for(phone_hash(phone)) if phone else None
