"""Sample size and awareness rate (知晓率), for self-check only (domain reference §13, practices §3 rule 6)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Z95 = 1.959963984540054
LEAST_N = 30
SMALLEST_CELL = 5
FOR_SELF_CHECK = gettext_lazy("用于自查，不作考核")


class TooFewAnswers(ValueError):
    """A rate must not be printed: there are no answers, or fewer than the least number."""


@dataclass(frozen=True)
class Rate:
    """A share of n answers with its 95 % Wilson interval; numbers between 0 and 1."""

    hits: int
    n: int
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class Plan:
    """How many answers are needed and how many households to ask."""

    answers: int
    invitations: int
    is_census: bool


def wilson(hits: int, n: int, z: float = Z95) -> tuple[float, float]:
    """The Wilson score interval of hits/n. Raises TooFewAnswers when n is 0, ValueError for impossible counts."""
    if n == 0:
        raise TooFewAnswers("no answers")
    if n < 0 or not 0 <= hits <= n:
        raise ValueError(f"{hits} of {n}")
    share, square = hits / n, z * z
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = z / (1 + square / n) * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    # At the ends the formula gives exactly 0 and 1; rounding of floats must not leave a trace there.
    return (0.0 if hits == 0 else max(0.0, middle - half)), (1.0 if hits == n else min(1.0, middle + half))


def rate_of(hits: int, n: int, *, least: int = LEAST_N) -> Rate:
    """The share with its interval; raises TooFewAnswers below `least` answers."""
    if n == 0 or n < least:
        raise TooFewAnswers(f"{n} answers, at least {max(1, least)} are needed")
    low, high = wilson(hits, n)
    return Rate(hits, n, hits / n, low, high)


def percent(share: float) -> str:
    """0.875 → 87.5%; whole numbers lose the decimal."""
    text = f"{share * 100:.1f}"
    return f"{text.removesuffix('.0')}%"


def rate_words(hits: int, n: int, *, least: int = LEAST_N) -> str:
    """The only way to print a rate: share, n and interval together. Raises TooFewAnswers."""
    rate = rate_of(hits, n, least=least)
    return _("%(share)s（n=%(n)d，95%% 置信区间 %(low)s—%(high)s）") % {
        "share": percent(rate.share), "n": rate.n, "low": percent(rate.low), "high": percent(rate.high),
    }  # fmt: skip


def plan(*, frame: int, margin: Decimal, design_effect: Decimal, response: int) -> Plan:
    """Answers and invitations for 95 % confidence at the worst share of one half, with finite population correction.

    `margin` in percentage points, `response` the expected share of answers in percent. Never more than the frame.
    """
    if frame < 1 or margin <= 0 or design_effect < 1 or not 0 < response <= 100:
        raise ValueError("frame, margin, design effect or response out of range")
    e, effect = float(margin) / 100, float(design_effect)
    endless = effect * Z95 * Z95 * 0.25 / (e * e)
    answers = min(frame, math.ceil(endless / (1 + (endless - 1) / frame)))
    invitations = math.ceil(answers * 100 / response)
    return Plan(answers, min(frame, invitations), answers >= frame or invitations >= frame)


def shown_counts(counts: Sequence[int], smallest: int = SMALLEST_CELL) -> list[int | None]:
    """Counts for a public page: small cells become None, and with them as many more as hide them from the total."""
    hidden = {index for index, count in enumerate(counts) if 0 < count < smallest}
    rest = [
        index
        for index in sorted(range(len(counts)), key=lambda i: counts[i])
        if index not in hidden and counts[index]
    ]
    while hidden and (len(hidden) < 2 or sum(counts[index] for index in hidden) < smallest) and rest:
        hidden.add(rest.pop(0))
    return [None if index in hidden else count for index, count in enumerate(counts)]
