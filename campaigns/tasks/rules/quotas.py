"""How far a quota is filled and how it can be split; no database."""

from dataclasses import dataclass

from django.utils.translation import gettext as _now


@dataclass(frozen=True)
class Fill:
    """How far a quota is filled; `over` and `short` are what is too much and what is missing."""

    filled: int
    minimum: int = 0
    maximum: int | None = None

    @property
    def over(self) -> int:
        """Beyond the upper number."""
        return max(0, self.filled - self.maximum) if self.maximum is not None else 0

    @property
    def short(self) -> int:
        """Missing to the lower number."""
        return max(0, self.minimum - self.filled)

    @property
    def tone(self) -> str:
        """Tone of its tag."""
        return "bad" if self.over else "warn" if self.short else "ok"

    @property
    def text(self) -> str:
        """In words."""
        if self.over:
            return _now("超出 %(n)d") % {"n": self.over}
        if self.short:
            return _now("还差 %(n)d") % {"n": self.short}
        return _now("已达要求")


def split_fault(*, minimum: int, maximum: int | None, parts: list[tuple[int, int]]) -> str:
    """Why a share of `minimum`–`maximum` cannot be split into these (min, max) parts; "" when it can."""
    lows, highs = sum(low for low, _high in parts), sum(high for _low, high in parts)
    if any(low > high for low, high in parts):
        return _now("每行的下限不能大于上限。")
    if maximum is not None and highs > maximum:
        return _now("各单位上限合计 %(sum)d，超过本单位名额 %(max)d。") % {"sum": highs, "max": maximum}
    if highs < minimum:
        return _now("各单位上限合计 %(sum)d，达不到本单位至少 %(min)d 的要求。") % {
            "sum": highs,
            "min": minimum,
        }
    if maximum is not None and lows > maximum:
        return _now("各单位下限合计 %(sum)d，超过本单位名额 %(max)d。") % {"sum": lows, "max": maximum}
    return ""
