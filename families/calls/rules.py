"""Groups by age, organisers, award tiers, late codes; no database (domain reference §3.1, §3.3, §3.4)."""

import unicodedata
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

LATE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0 O 1 I L
LATE_LENGTH = 6
LATE_DAYS = 7
LATE_MOST = 200
GROUP_ROWS = 6
TIER_ROWS = 6
OLDEST = 120


class Channel(models.TextChoices):
    """Who sends the works of a group in."""

    PUBLIC = "public", _("本人网上投稿")
    GUARDIAN = "guardian", _("监护人代为投稿")
    SCHOOL = "school", _("学校统一报送")
    EDU_BUREAU = "edu_bureau", _("教育部门统一报送")


COLLECTED = (Channel.SCHOOL, Channel.EDU_BUREAU)


class Part(models.TextChoices):
    """What a body does in a call."""

    HOST = "host", _("主办")
    UNDERTAKE = "undertake", _("承办")
    ASSIST = "assist", _("协办")
    GUIDE = "guide", _("指导")


def part_word(part: Part) -> str:
    """What is stored and printed: the Chinese word, whatever language the clerk's page is in."""
    with override("zh-hans"):
        return str(part.label)


# Domain reference §3.4: shares of the accepted works of each category and group; the last one is for units.
DEFAULT_TIERS: tuple[dict[str, Any], ...] = (
    {"name": _("一等奖"), "share": 5, "most": None},
    {"name": _("二等奖"), "share": 10, "most": None},
    {"name": _("三等奖"), "share": 15, "most": None},
    {"name": _("优秀奖"), "share": 20, "most": None},
    {"name": _("优秀组织奖"), "share": None, "most": 10},
)


def group_of(groups: Iterable[dict[str, Any]], ages: Iterable[int]) -> dict[str, Any] | None:
    """The group of a work: that of its youngest author; None when no group takes that age."""
    found = list(ages)
    if not found:
        return None
    age = min(found)
    for row in groups:
        if (row.get("age_min") or 0) <= age <= (row["age_max"] if row.get("age_max") is not None else OLDEST):
            return row
    return None


def ages_in_words(row: dict[str, Any]) -> str:
    """The span of a group: 7–12 周岁, 18 周岁以上, 不满 18 周岁."""
    low, high = row.get("age_min"), row.get("age_max")
    if low and high is not None:
        return str(_("%(low)d–%(high)d 周岁")) % {"low": low, "high": high}
    if low:
        return str(_("%(low)d 周岁以上")) % {"low": low}
    if high is not None:
        return str(_("不满 %(n)d 周岁")) % {"n": high + 1}
    return str(_("年龄不限"))


def plain_late_code(text: str) -> str:
    """A code as typed by hand: full-width letters, spaces, dashes and small letters are taken."""
    return "".join(char for char in unicodedata.normalize("NFKC", text).upper() if char in LATE_ALPHABET)


# Words that take entrants' rights away (domain reference §3.3).
WAIVERS = ("最终解释权",)


def waiver_in(text: str) -> str:
    """The first such word in a text, or nothing."""
    return next((word for word in WAIVERS if word in text), "")
