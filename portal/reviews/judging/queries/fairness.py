"""Who would judge what, before anybody presses the button."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from portal.accounts.models import User
from portal.reviews.judging import registry
from portal.reviews.judging.models import JudgedItem, JudgingStage, Recusal, Sheet
from portal.reviews.judging.rules import COUNTING, Plan, SheetState, balance


def judges_for(stage: JudgingStage) -> list[User]:
    """The panel, in the order of joining."""
    ids = list(stage.panel.values_list("judge_id", flat=True))
    known = {user.pk: user for user in User.objects.filter(pk__in=ids, is_active=True)}
    return [known[pk] for pk in ids if pk in known]


@dataclass(frozen=True)
class JudgeLoad:
    """One judge in the fairness report."""

    judge: User
    load: int
    done: int
    auto: int
    declared: int


@dataclass(frozen=True)
class Fairness:
    """What an assignment would do, before anybody presses the button."""

    plan: Plan
    judges: list[JudgeLoad]
    short: list[tuple[JudgedItem, int]]
    things: int
    reasons: list[tuple[str, int]]

    @property
    def is_complete(self) -> bool:
        """Has everything as many judges as it should?"""
        return not self.short


def conflicts_of(stage: JudgingStage, judges: Sequence[User]) -> dict[tuple[int, int], str]:
    """(item, judge) → reason: what the rules find now, and what was found or declared before."""
    items = {item.target_id: item.pk for item in stage.things.filter(is_gone=False)}
    kind = registry.of(stage.code)
    found = {
        (items[one.target_id], one.judge_id): one.reason
        for one in kind.conflicts(list(items), judges)
        if one.target_id in items
    }
    for item_id, judge_id, reason in Recusal.objects.filter(item__stage=stage).values_list(
        "item_id", "judge_id", "reason"
    ):
        found.setdefault((item_id, judge_id), reason)
    return found


def progress_of(stage: JudgingStage) -> dict[int, tuple[int, int]]:
    """judge → (sheets that count, handed in)."""
    rows = (
        Sheet.objects.filter(item__stage=stage, item__is_gone=False, state__in=COUNTING)
        .order_by()
        .values_list("judge_id")
        .annotate(n=Count("pk"), done=Count("pk", filter=Q(state=SheetState.SUBMITTED)))
    )
    return {judge: (n, done) for judge, n, done in rows}


def fairness_of(stage: JudgingStage, conflicts: dict[tuple[int, int], str] | None = None) -> Fairness:
    """The report in front of the one click: who would judge how much, who is barred, what falls short."""
    judges = judges_for(stage)
    barred = conflicts_of(stage, judges) if conflicts is None else conflicts
    items = {item.pk: item for item in stage.things.filter(is_gone=False)}
    rows = Sheet.objects.filter(item__stage=stage, item__is_gone=False).values_list(
        "item_id", "judge_id", "state"
    )
    given = {(item, judge) for item, judge, state in rows if state in COUNTING}
    spent = {(item, judge) for item, judge, state in rows if state not in COUNTING}
    # The lot that parts equals is the same on every look, so that the report is what the click does.
    lot = random.Random(str(stage.public_id))  # noqa: S311 – a fair order, no secret
    things, people = sorted(items), sorted(user.pk for user in judges)
    lot.shuffle(things)
    lot.shuffle(people)
    plan = balance(things, people, each=stage.each, barred={*barred, *spent}, given=given)
    declared = set(
        Recusal.objects.filter(item__stage=stage, declared=True).values_list("item_id", "judge_id")
    )
    done = progress_of(stage)
    loads = [
        JudgeLoad(
            user, plan.load.get(user.pk, 0), done.get(user.pk, (0, 0))[1],
            sum(judge == user.pk for pair in barred if pair not in declared for judge in pair[1:]),
            sum(judge == user.pk for _item, judge in declared),
        )
        for user in judges
    ]  # fmt: skip
    short = [
        (items[pk], lack) for pk, lack in sorted(plan.short.items(), key=lambda one: items[one[0]].number)
    ]
    counted = Counter(barred.values())
    return Fairness(plan, loads, short, len(items), counted.most_common())


def substitute_for(item: JudgedItem) -> User | None:
    """The least burdened judge of the panel who may still take this thing."""
    stage = item.stage
    judges = judges_for(stage)
    barred = conflicts_of(stage, judges)
    had = set(item.sheets.values_list("judge_id", flat=True))
    load = progress_of(stage)
    free = [user for user in judges if user.pk not in had and (item.pk, user.pk) not in barred]
    return min(free, key=lambda user: (load.get(user.pk, (0, 0))[0], user.pk), default=None)
