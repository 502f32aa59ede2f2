"""States, criteria and the arithmetic of judging; no database (domain reference §2.5, §3.4)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
from portal.reviews.workflow import Transition, table

FULL = Decimal(100)
DROP_FROM = 5  # the highest and the lowest score go from five judges on
MOST_CRITERIA = 8
ITERATIONS = 60


class Kind(models.TextChoices):
    """The rounds of a call, in order."""

    FIRST = "first", _("初评")
    SECOND = "second", _("复评")
    FINAL = "final", _("终评")


LEAST_JUDGES = {Kind.FIRST: 3, Kind.SECOND: 3, Kind.FINAL: 5}


class StageState(models.TextChoices):
    """How far a round is. Single scores are nobody's to read before CLOSED."""

    PREPARING = "preparing", _("准备中")
    SCORING = "scoring", _("打分中")
    CLOSED = "closed", _("已结束打分")
    DECIDED = "decided", _("已定晋级")


class SheetState(models.TextChoices):
    """One judge's sheet for one thing."""

    OPEN = "open", _("未评")
    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("已评")
    RECUSED = "recused", _("已回避")
    GONE = "gone", _("已撤出")


class Outcome(models.TextChoices):
    """What people decided about one thing after the round."""

    WAITING = "waiting", _("待定")
    PROMOTED = "promoted", _("晋级")
    OUT = "out", _("未晋级")


TO_DO = (SheetState.OPEN, SheetState.DRAFT)
COUNTING = (SheetState.OPEN, SheetState.DRAFT, SheetState.SUBMITTED)
STAGE_TONES = {
    StageState.PREPARING: "", StageState.SCORING: "info", StageState.CLOSED: "warn", StageState.DECIDED: "ok",
}  # fmt: skip
SHEET_TONES = {
    SheetState.OPEN: "warn", SheetState.DRAFT: "info", SheetState.SUBMITTED: "ok", SheetState.RECUSED: "", SheetState.GONE: "",
}  # fmt: skip
STAGE_TRANSITIONS = table(
    Transition("open", frozenset({StageState.PREPARING}), StageState.SCORING, "judging.opened", _("开始打分"), Perm.JUDGING_MANAGE),
    Transition("close", frozenset({StageState.SCORING}), StageState.CLOSED, "judging.closed", _("结束打分"), Perm.JUDGING_MANAGE),
    Transition("decide", frozenset({StageState.CLOSED}), StageState.DECIDED, "judging.decided", _("确定晋级"), Perm.JUDGING_MANAGE),
)  # fmt: skip

# Defaults of domain reference §3.4; a round may change names and weights before it begins.
TEXT_CRITERIA = (
    (_("主题契合与思想性"), 35),
    (_("内容真实与感染力"), 25),
    (_("文字表达"), 25),
    (_("创意与传播力"), 15),
)
ART_CRITERIA = (
    (_("主题契合与思想性"), 35),
    (_("内容真实与感染力"), 25),
    (_("艺术/技术水平"), 25),
    (_("创意与传播力"), 15),
)
CHILD_CRITERIA = (
    (_("主题导向"), 25), (_("符合年龄特征"), 10), (_("综合美感"), 25), (_("创意"), 20), (_("完整性"), 10),
    (_("无旗徽地图错误、整洁"), 10),
)  # fmt: skip


# -- scores ------------------------------------------------------------------------------------------


def criteria_faults(criteria: Sequence[Mapping[str, Any]]) -> str:
    """A plain sentence when names are missing or weights do not make 100, else ""."""
    if not criteria or len(criteria) > MOST_CRITERIA:
        return str(_("每套标准要有 1 到 %(most)d 条。") % {"most": MOST_CRITERIA})
    if any(not str(one["name"]).strip() or int(one["weight"]) < 1 for one in criteria):
        return str(_("每条标准都要有名称和 1 分以上的分值。"))
    total = sum(int(one["weight"]) for one in criteria)
    if total != FULL:
        return str(_("各条分值加起来要正好是 100，现在是 %(total)d。") % {"total": total})
    return ""


def parse_score(text: str, weight: int) -> Decimal:
    """One typed score: 0 to `weight`, at most one decimal, full-width digits taken. Raises ValueError."""
    plain = text.strip().translate({ord("．"): ".", ord("。"): "."})
    plain = "".join(str(int(char)) if char.isdigit() else char for char in plain)
    try:
        value = Decimal(plain)
    except (InvalidOperation, ValueError) as error:
        raise ValueError(text) from error
    if not value.is_finite() or not 0 <= value <= weight or value != value.quantize(Decimal("0.1")):
        raise ValueError(text)
    return value.quantize(Decimal("0.1"))


def two(value: Decimal | float) -> Decimal:
    """Two decimals, halves up."""
    return Decimal(str(value)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def fair_mean(scores: Iterable[Decimal]) -> Decimal | None:
    """The mean to two decimals; from five scores on without the highest and the lowest. None without scores."""
    rows = sorted(scores)
    if not rows:
        return None
    if len(rows) >= DROP_FROM:
        rows = rows[1:-1]
    return two(sum(rows) / len(rows))


def strictness(scores: Mapping[tuple[int, int], Decimal]) -> dict[int, float]:
    """How many points each judge lies above (+) or below (−) what the same things get from the others.

    `scores` maps (thing, judge) to a total. An additive model, thing + judge, fitted by turns; the effects of
    all judges add up to nothing. Judges without a thing in common are compared only through the others.
    """
    things: dict[int, list[tuple[int, float]]] = defaultdict(list)
    judges: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for (thing, judge), value in scores.items():
        things[thing].append((judge, float(value)))
        judges[judge].append((thing, float(value)))
    effect = dict.fromkeys(judges, 0.0)
    for _turn in range(ITERATIONS):
        level = {thing: sum(v - effect[j] for j, v in rows) / len(rows) for thing, rows in things.items()}
        effect = {judge: sum(v - level[t] for t, v in rows) / len(rows) for judge, rows in judges.items()}
        middle = sum(effect.values()) / len(effect) if effect else 0.0
        effect = {judge: value - middle for judge, value in effect.items()}
    return effect


@dataclass(frozen=True)
class Result:
    """One thing after the round. Ranks count within its bucket; equal ranks wait for the chair."""

    thing: int
    count: int
    raw: Decimal | None
    adjusted: Decimal | None
    first: Decimal | None
    raw_rank: int
    adjusted_rank: int
    tied: bool


def results(
    totals: Mapping[tuple[int, int], Decimal], firsts: Mapping[tuple[int, int], Decimal], buckets: Mapping[int, str]
) -> dict[int, Result]:  # fmt: skip
    """Means, ranks and ties of every thing of `buckets` (thing → bucket), also of those without a score.

    `firsts`: the score of the first criterion of each sheet, which parts equal means.
    """
    effect = strictness(totals)
    by_thing: dict[int, list[tuple[int, Decimal]]] = defaultdict(list)
    for (thing, judge), value in totals.items():
        by_thing[thing].append((judge, value))
    raw, adjusted, first = {}, {}, {}
    for thing in buckets:
        rows = by_thing[thing]
        raw[thing] = fair_mean(value for _judge, value in rows)
        fair = fair_mean(value - Decimal(str(effect[judge])) for judge, value in rows)
        adjusted[thing] = None if fair is None else min(max(fair, Decimal("0.00")), Decimal("100.00"))
        firsts_of = [firsts[thing, judge] for judge, _value in rows if (thing, judge) in firsts]
        first[thing] = two(sum(firsts_of) / len(firsts_of)) if firsts_of else None
    found = {}
    groups: dict[str, list[int]] = defaultdict(list)
    for thing, bucket in buckets.items():
        groups[bucket].append(thing)
    for things in groups.values():
        raw_ranks = _ranks({thing: (raw[thing], first[thing]) for thing in things})
        adjusted_ranks = _ranks({thing: (adjusted[thing], first[thing]) for thing in things})
        taken = list(raw_ranks.values())
        for thing in things:
            tied = raw[thing] is not None and taken.count(raw_ranks[thing]) > 1
            found[thing] = Result(
                thing, len(by_thing[thing]), raw[thing], adjusted[thing], first[thing], raw_ranks[thing],
                adjusted_ranks[thing], tied,
            )  # fmt: skip
    return found


def _ranks(values: Mapping[int, tuple[Decimal | None, Decimal | None]]) -> dict[int, int]:
    """1, 2, 2, 4: by mean, then by the first criterion."""

    def key(thing: int) -> tuple[Decimal, Decimal]:
        mean, first = values[thing]
        return (-(mean if mean is not None else Decimal(-1)), -(first if first is not None else Decimal(-1)))

    ordered, ranks = sorted(values, key=key), {}
    for place, thing in enumerate(ordered, 1):
        before = ordered[place - 2] if place > 1 else None
        ranks[thing] = ranks[before] if before is not None and key(before) == key(thing) else place
    return ranks


# -- assignment --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Plan:
    """What one click would assign, and how fair that is."""

    pairs: list[tuple[int, int]]
    load: dict[int, int]
    short: dict[int, int] = field(default_factory=dict)  # thing → how many judges it lacks

    @property
    def spread(self) -> int:
        """The difference between the fullest and the emptiest judge."""
        return max(self.load.values()) - min(self.load.values()) if self.load else 0


def balance(
    things: Sequence[int], judges: Sequence[int], *, each: int, barred: Iterable[tuple[int, int]] = (),
    given: Iterable[tuple[int, int]] = (),
) -> Plan:  # fmt: skip
    """Choose judges so that every thing has `each` and the loads differ as little as the recusals allow.

    `barred`: pairs that may never be; `given`: pairs that stay as they are. The order of `things` and `judges`
    parts equals, so the caller shuffles them. First every thing takes its least loaded judges, the pickiest
    thing first; then loads are evened along chains of judges who can hand a thing on.
    """
    no = set(barred)
    fixed: dict[int, set[int]] = {thing: set() for thing in things}
    for thing, judge in given:
        fixed.setdefault(thing, set()).add(judge)
    load = dict.fromkeys(judges, 0)
    for chosen in fixed.values():
        for judge in chosen:
            if judge in load:
                load[judge] += 1
    can = {t: [j for j in judges if (t, j) not in no and j not in fixed[t]] for t in things}
    new: dict[int, set[int]] = {thing: set() for thing in things}
    short = {}
    for thing in sorted(things, key=lambda t: len(can[t])):
        wanted = max(each - len(fixed[thing]), 0)
        for judge in sorted(can[thing], key=lambda j: load[j])[:wanted]:
            new[thing].add(judge)
            load[judge] += 1
        if len(new[thing]) < wanted:
            short[thing] = wanted - len(new[thing])
    _even(new, can, load)
    return Plan(sorted((t, j) for t, chosen in new.items() for j in chosen), load, short)


def _even(new: dict[int, set[int]], can: Mapping[int, Sequence[int]], load: dict[int, int]) -> None:
    while True:
        chain = _chain(new, can, load)
        if not chain:
            return
        for thing, giver, taker in chain:
            new[thing].remove(giver)
            new[thing].add(taker)
        load[chain[0][1]] -= 1
        load[chain[-1][2]] += 1


def _chain(
    new: Mapping[int, set[int]], can: Mapping[int, Sequence[int]], load: Mapping[int, int]
) -> list[tuple[int, int, int]]:
    """The shortest way to move one thing's worth of load from a full judge to one with at least two less."""
    ways: dict[int, dict[int, int]] = defaultdict(dict)
    for thing, chosen in new.items():
        for giver in chosen:
            for taker in can[thing]:
                if taker not in chosen:
                    ways[giver].setdefault(taker, thing)
    for start in sorted(load, key=lambda judge: -load[judge]):
        came: dict[int, tuple[int, int]] = {start: (0, start)}
        queue = [start]
        for judge in queue:
            if load[judge] <= load[start] - 2:
                return _walked(came, start, judge)
            for taker, thing in ways[judge].items():
                if taker not in came:
                    came[taker] = (thing, judge)
                    queue.append(taker)
    return []


def _walked(came: Mapping[int, tuple[int, int]], start: int, end: int) -> list[tuple[int, int, int]]:
    chain, judge = [], end
    while judge != start:
        thing, giver = came[judge]
        chain.append((thing, giver, judge))
        judge = giver
    return chain[::-1]


def top(ordered: Sequence[int], *, share: int = 0, number: int = 0) -> set[int]:
    """The first ones of an order: a number, or a share in percent (rounded up, at least one of something)."""
    most = number or -(-len(ordered) * share // 100)
    return set(ordered[:most])
