"""Naming of bases: criteria, states, periods (domain reference §8.2, §2.8). No database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from campaigns.venues.rules.venues import months_later
from portal.access.permissions import Perm
from portal.reviews.workflow import Transition, table


class Status(TextChoices):
    """The way of an application to the plate, and what becomes of the plate."""

    DRAFT = "draft", _("填报中")
    SUBMITTED = "submitted", _("已申报")
    COUNTY_CHECK = "county_check", _("县级审核中")
    SITE_VISIT = "site_visit", _("现场评审中")
    DECISION = "decision", _("待研究决定")
    PUBLICITY = "publicity", _("公示中")
    NAMED = "named", _("已命名授牌")
    ANNUAL_REVIEW = "annual_review", _("年度复核中")
    RECTIFYING = "rectifying", _("限期整改")
    REMOVED = "removed", _("已摘牌")
    NOT_NAMED = "not_named", _("未命名")


HOLDS_PLATE = (Status.NAMED, Status.ANNUAL_REVIEW, Status.RECTIFYING)
FILLS_QUOTA = (Status.PUBLICITY, *HOLDS_PLATE)
ON_THE_WAY = (Status.SUBMITTED, Status.COUNTY_CHECK, Status.SITE_VISIT, Status.DECISION)
ENDED = (Status.REMOVED, Status.NOT_NAMED)
TONES = {
    Status.DRAFT: "", Status.SUBMITTED: "warn", Status.COUNTY_CHECK: "warn", Status.SITE_VISIT: "info",
    Status.DECISION: "warn", Status.PUBLICITY: "info", Status.NAMED: "ok", Status.ANNUAL_REVIEW: "warn",
    Status.RECTIFYING: "bad", Status.REMOVED: "bad", Status.NOT_NAMED: "",
}  # fmt: skip
_S, _CC, _SV, _D = Status.SUBMITTED, Status.COUNTY_CHECK, Status.SITE_VISIT, Status.DECISION
_E, _C, _L = Perm.VENUE_EDIT, Perm.VENUE_CHECK, Perm.VENUE_DECIDE
TRANSITIONS = table(
    Transition("submit", frozenset({Status.DRAFT}), _S, "base.submitted", _("提交申报"), _E),
    Transition("withdraw", frozenset({_S}), Status.DRAFT, "base.withdrawn", _("撤回修改"), _E),
    Transition("take", frozenset({_S}), _CC, "base.taken", _("受理"), _C, not_by=("submitted_by",)),
    Transition("return", frozenset({_S, _CC}), Status.DRAFT, "base.returned", _("退回修改"), _C, True),
    Transition(
        "recommend",
        frozenset({_CC}),
        _SV,
        "base.recommended",
        _("推荐并转现场评审"),
        _C,
        not_by=("submitted_by",),
    ),
    Transition(
        "scored", frozenset({_SV}), _D, "base.scored", _("评审完成，提交研究"), _C, not_by=("submitted_by",)
    ),
    Transition(
        "decide",
        frozenset({_D}),
        Status.PUBLICITY,
        "base.decided",
        _("同意，开始公示"),
        _L,
        not_by=("submitted_by", "checked_by"),
    ),
    Transition("decline", frozenset({_D}), Status.NOT_NAMED, "base.declined", _("不予命名"), _L, True),
    Transition(
        "stop", frozenset({Status.PUBLICITY}), Status.NOT_NAMED, "base.stopped", _("终止命名"), _L, True
    ),
    Transition(
        "name",
        frozenset({Status.PUBLICITY}),
        Status.NAMED,
        "base.named",
        _("命名授牌"),
        _L,
        not_by=("submitted_by", "checked_by"),
    ),
    Transition(
        "review", frozenset({Status.NAMED}), Status.ANNUAL_REVIEW, "base.review_began", _("开始年度复核"), _C
    ),
    Transition(
        "pass_review",
        frozenset({Status.ANNUAL_REVIEW}),
        Status.NAMED,
        "base.review_passed",
        _("复核合格"),
        _C,
        not_by=("submitted_by",),
    ),
    Transition(
        "rectify",
        frozenset({Status.ANNUAL_REVIEW}),
        Status.RECTIFYING,
        "base.rectifying",
        _("限期整改"),
        _C,
        True,
        not_by=("submitted_by",),
    ),
    Transition(
        "rectified",
        frozenset({Status.RECTIFYING}),
        Status.NAMED,
        "base.rectified",
        _("整改合格"),
        _C,
        not_by=("submitted_by",),
    ),
    # The second person; the first one is kept in `removal_by`.
    Transition(
        "remove",
        frozenset(HOLDS_PLATE),
        Status.REMOVED,
        "base.removed",
        _("同意摘牌"),
        _L,
        True,
        not_by=("removal_by", "submitted_by"),
    ),
)

INTRO_MOST = 1500
RULES_MOST = 2000
PHOTOS_MOST = 10
SCORERS_LEAST = 2
PASS_SCORE = 80
PUBLIC_DAYS, PUBLIC_DAYS_LEAST, PUBLIC_DAYS_MOST = 5, 3, 7
RECTIFY_MONTHS = 3
REVIEW_MONTHS = 12
REMIND_DAYS_BEFORE = 30
TITLE_WORD = "实践基地"
GUARDED_WORD = "示范"  # a title with this word needs the number of an approving document (design §2.3)
TOTAL, CHILD_LEAST, CHILD_MOST = 10, 2, 3


class Finding(TextChoices):
    """What became of an objection (domain reference §2.8)."""

    OPEN = "", _("核查中")
    SUBSTANTIATED = "substantiated", _("属实")
    UNSUBSTANTIATED = "unsubstantiated", _("不属实")
    UNVERIFIABLE = "unverifiable", _("无法核实")


class Outcome(TextChoices):
    """What a yearly re-check came to."""

    OK = "ok", _("合格")
    RECTIFY = "rectify", _("整改")
    REMOVE = "remove", _("摘牌")


# Default weights of the domain reference §8.2; a batch keeps its own copy and may change it.
DEFAULT_CRITERIA: list[dict[str, Any]] = [
    {"code": "rules", "label": "组织领导与制度", "weight": 20},
    {"code": "place", "label": "阵地建设（有形）", "weight": 25},
    {"code": "effect", "label": "活动成效（有神，近 12 个月 6 场以上）", "weight": 30},
    {"code": "team", "label": "队伍建设", "weight": 10},
    {"code": "feature", "label": "特色与影响", "weight": 15},
]


def default_criteria() -> list[dict[str, Any]]:
    """A fresh copy for a new batch."""
    return [dict(row) for row in DEFAULT_CRITERIA]


def weights_fit(criteria: Iterable[Mapping[str, Any]]) -> bool:
    """Do the weights sum to exactly 100?"""
    return sum((Decimal(str(row["weight"])) for row in criteria), Decimal(0)) == 100


def total_of(points: Mapping[str, Decimal], criteria: Iterable[Mapping[str, Any]]) -> Decimal:
    """The sum of one scorer's points. Raises ValueError for a missing, negative or too large figure or more
    than one decimal."""
    total = Decimal(0)
    for row in criteria:
        value = points.get(row["code"])
        if value is None or not 0 <= value <= Decimal(str(row["weight"])):
            raise ValueError(row["label"])
        if value != value.quantize(Decimal("0.1")):
            raise ValueError(row["label"])
        total += value
    return total


def average(totals: Iterable[Decimal]) -> Decimal | None:
    """The mean of the scorers' totals, to two decimals; None without any. Two, so that 79.95 stays below 80."""
    rows = list(totals)
    mean = sum(rows, Decimal(0)) / len(rows) if rows else None
    return mean if mean is None else mean.quantize(Decimal("0.01"), ROUND_HALF_UP)


def latest_rectification(day: date) -> date:
    """The longest time to put things right: three months."""
    return months_later(day, RECTIFY_MONTHS)


@dataclass(frozen=True)
class QuotaLine:
    """One unit of a batch beside its quota; shown in division order, never sorted by figures."""

    unit: Any
    least: int
    most: int
    filled: int
    waiting: int

    @property
    def short(self) -> int:
        """How many are missing to the least."""
        return max(0, self.least - self.filled)

    @property
    def over(self) -> int:
        """How many too many."""
        return max(0, self.filled - self.most)

    @property
    def tone(self) -> str:
        """Colour of its tag; words stand beside it."""
        return "bad" if self.over else "warn" if self.short else "ok"
