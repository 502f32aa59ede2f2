"""Award tiers, states of an award list, working days; no database (domain reference §2.8, §3.4)."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
from portal.reviews.workflow import Transition, table

PUBLICITY_DAYS = 5  # working days


class Tier(models.TextChoices):
    """Tiers of awarded works."""

    FIRST = "first", _("一等")
    SECOND = "second", _("二等")
    THIRD = "third", _("三等")
    MERIT = "merit", _("优秀")


# Percent of the accepted works of each category and group (domain reference §3.4).
NAMED = {"一等": Tier.FIRST, "二等": Tier.SECOND, "三等": Tier.THIRD, "优秀": Tier.MERIT}
SHARES: dict[str, int] = {Tier.FIRST: 5, Tier.SECOND: 10, Tier.THIRD: 15, Tier.MERIT: 20}


class ListState(models.TextChoices):
    """Of the award list of a call."""

    DRAFT = "draft", _("拟定中")
    PROPOSED = "proposed", _("待审定")
    PUBLICITY = "publicity", _("公示中")
    ANNOUNCED = "announced", _("已公布")


LIST_TONES = {
    ListState.DRAFT: "", ListState.PROPOSED: "warn", ListState.PUBLICITY: "gold", ListState.ANNOUNCED: "ok",
}  # fmt: skip
LIST_TRANSITIONS = table(
    Transition("submit", frozenset({ListState.DRAFT}), ListState.PROPOSED, "awards.proposed", _("送审定"), Perm.JUDGING_MANAGE),
    Transition(
        "return", frozenset({ListState.PROPOSED}), ListState.DRAFT, "awards.returned", _("退回"), Perm.JUDGING_DECIDE,
        needs_reason=True, not_by=("proposed_by",),
    ),
    Transition(
        "confirm", frozenset({ListState.PROPOSED}), ListState.PUBLICITY, "awards.publicity", _("审定并公示"), Perm.JUDGING_DECIDE,
        not_by=("proposed_by",),
    ),
    Transition("announce", frozenset({ListState.PUBLICITY}), ListState.ANNOUNCED, "awards.announced", _("公布结果"), Perm.JUDGING_DECIDE),
)  # fmt: skip


def caps_of(tiers: Iterable[Any]) -> dict[str, tuple[int, int]]:
    """tier → (share in percent, most; 0 = no cap). A call that names tiers (`families.calls`: name, share, most) has just
    those; without any the defaults hold. 优秀组织奖 is for units and not given by order."""
    rows = [row for row in tiers if isinstance(row, Mapping)]
    if not rows:
        return {str(tier): (share, 0) for tier, share in SHARES.items()}
    found = {str(tier): (0, 0) for tier in SHARES}
    for row in rows:
        name = str(row.get("name", ""))
        tier = next((tier for begin, tier in NAMED.items() if begin in name and "组织" not in name), None)
        if tier is not None:
            found[tier] = (int(row.get("share") or 0), int(row.get("most") or 0))
    return found


def cap_for_units(tiers: Iterable[Any]) -> int | None:
    """How many units may get 优秀组织奖: 0 without a cap, None where a call names its tiers and this is not among them."""
    rows = [row for row in tiers if isinstance(row, Mapping)]
    if not rows:
        return 0
    found = [row for row in rows if "组织" in str(row.get("name", ""))]
    return int(found[0].get("most") or 0) if found else None


def award(ordered: Sequence[int], accepted: int, caps: Mapping[str, tuple[int, int]]) -> dict[int, str]:
    """thing → tier: the order is cut by the shares of `accepted`, halves up, and never above a cap."""
    found, at = {}, 0
    for tier in Tier:
        share, cap = caps[tier]
        number = int((Decimal(accepted) * share / 100).quantize(Decimal(1), ROUND_HALF_UP))
        number = min(number, cap) if cap else number
        for thing in ordered[at : at + number]:
            found[thing] = str(tier)
        at += number
    return found
