"""What can be consented to, and from which age on; no database."""

import re
from datetime import date
from hashlib import sha256

from django.db import models
from django.utils.translation import gettext_lazy as _

CHILD_BELOW = 14
MINOR_BELOW = 18
REPLY_DAYS = 15
_YEAR_MONTH = re.compile(r"^(\d{4})-(0[1-9]|1[0-2])$")


class ConsentType(models.TextChoices):
    """Domain reference §10.3."""

    PROCESSING = "c1", _("处理投稿、申报信息")
    VETTING = "c2", _("提供给列明的联审单位")
    PUBLICATION = "c3", _("公示、展示和媒体使用")
    PORTRAIT = "c4", _("使用肖像和影像")
    LICENCE = "c5", _("作品非独家授权")
    GUARDIAN = "c6", _("监护人同意")
    VOICE = "c7", _("使用声音")
    SMS = "c8", _("短信联系")
    VOLUNTEER = "c9", _("录入志愿服务系统")
    DESK_CARD = "cd", _("印制桌签")  # practice 001-27: of its own, each person for themselves


class Channel(models.TextChoices):
    """How a consent reached us."""

    WEB = "web", _("网上勾选")
    PAPER = "paper", _("纸质签字(扫描件)")


class Relation(models.TextChoices):
    """Who gave it."""

    SELF = "self", _("本人")
    GUARDIAN = "guardian", _("监护人")
    FAMILY = "family", _("家人代表")


class RightsKind(models.TextChoices):
    """Rights of a person over their data (PIPL 45–50)."""

    EXPORT = "export", _("查阅和复制")
    ERASE = "erase", _("删除")
    CORRECT = "correct", _("更正")
    OTHER = "other", _("其他")


class RightsState(models.TextChoices):
    """OPEN → DONE | REFUSED (with reasons)."""

    OPEN = "open", _("待办理")
    DONE = "done", _("已办理")
    REFUSED = "refused", _("未予办理")


def parse_year_month(text: str) -> tuple[int, int] | None:
    """`2013-05` → (2013, 5); None when it is not a year and month."""
    match = _YEAR_MONTH.match(text)
    return (int(match[1]), int(match[2])) if match else None


def age_on(birth_ym: str, day: date) -> int:
    """Full years on a day. Only the month of birth is known: until it is over the person counts as younger."""
    found = parse_year_month(birth_ym)
    if found is None:
        raise ValueError(f"not a year and month: {birth_ym!r}")
    year, month = found
    return day.year - year - (day.month <= month)


def is_child(birth_ym: str, day: date) -> bool:
    """Under 14: the guardian acts and consents first."""
    return age_on(birth_ym, day) < CHILD_BELOW


def is_minor(birth_ym: str, day: date) -> bool:
    """Under 18: never shown in full."""
    return age_on(birth_ym, day) < MINOR_BELOW


def text_digest(text: str) -> str:
    """The fingerprint of the words somebody agreed to."""
    return sha256(" ".join(text.split()).encode()).hexdigest()
