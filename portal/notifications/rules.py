"""States of outgoing messages, quiet hours, the length of a short message. No database."""

import math
import re
from datetime import datetime, time, timedelta

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Channel(TextChoices):
    """How something leaves the site. Messages inside the site are `Message` rows."""

    EMAIL = "email", _("邮件")
    SMS = "sms", _("短信")


class State(TextChoices):
    """DRAFT → QUEUED → SENDING → SENT | FAILED; DRAFT, QUEUED and FAILED may be DISCARDED."""

    DRAFT = "draft", _("草稿")
    QUEUED = "queued", _("等待发送")
    SENDING = "sending", _("正在发送")
    SENT = "sent", _("已发出")
    FAILED = "failed", _("发送失败")
    DISCARDED = "discarded", _("已作废")


class EmailMode(TextChoices):
    """What a person wants by e-mail."""

    OFF = "off", _("不发邮件")
    DIGEST = "digest", _("每天一封汇总")
    EACH = "each", _("每条都发")


TONES = {
    State.DRAFT: "",
    State.QUEUED: "warn",
    State.SENDING: "info",
    State.SENT: "ok",
    State.FAILED: "bad",
    State.DISCARDED: "",
}
MAY_SEND_AGAIN = (State.DRAFT, State.FAILED)
MAY_DISCARD = (State.DRAFT, State.QUEUED, State.FAILED)

MOST_TRIES = 3
# So many messages to one address that failed in a row make a task for the unit.
FAILURES_THAT_ASK = 3
PAUSES = (timedelta(minutes=1), timedelta(minutes=10))
# A sender that says nothing for this long lost its process.
SENDING_LOST_AFTER = timedelta(minutes=2)
QUIET_FROM, QUIET_UNTIL = time(21, 0), time(8, 0)
DIGEST_FROM = time(8, 0)

ONE_SMS, PART_OF_LONG_SMS, LONGEST_SMS = 70, 67, 335
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")


def after_quiet_hours(moment: datetime) -> datetime:
    """The moment itself, or the end of the quiet hours it falls into."""
    local = timezone.localtime(moment)
    if local.time() >= QUIET_FROM:
        local += timedelta(days=1)
    elif local.time() >= QUIET_UNTIL:
        return moment
    return local.replace(hour=QUIET_UNTIL.hour, minute=0, second=0, microsecond=0)


def sms_text(text: str, signature: str) -> str:
    """One line with the signature in front; brackets that could pass for another signature are changed."""
    plain = _CONTROL.sub(" ", text).strip().replace("【", "[").replace("】", "]")
    return f"【{signature}】{plain}"[:LONGEST_SMS]


def sms_parts(text: str) -> int:
    """How many short messages this text costs; rare characters count twice, as networks do."""
    length = len(text.encode("utf-16-le")) // 2
    return 1 if length <= ONE_SMS else math.ceil(length / PART_OF_LONG_SMS)


def masked_email(address: str) -> str:
    """a***@example.com."""
    name, _sep, host = address.partition("@")
    return f"{name[:1]}***@{host}" if host else "****"
