"""What was accepted after a round was made, and who would judge it."""

import random
from collections import Counter
from dataclasses import dataclass, field

from portal.accounts.models import User
from portal.reviews.judging import registry
from portal.reviews.judging.models import JudgingStage, Recusal, Sheet
from portal.reviews.judging.queries.fairness import judges_for
from portal.reviews.judging.rules import COUNTING, Plan, balance


@dataclass(frozen=True)
class Extra:
    """One judge: how much they have, how much would be added, how much they keep away from."""

    judge: User
    before: int
    added: int
    auto: int


@dataclass(frozen=True)
class LateReport:
    """What 补入 would do. Keys are those of the things themselves: they have no number yet."""

    targets: list[int]
    plan: Plan
    judges: list[Extra]
    conflicts: dict[tuple[int, int], str]
    short: list[
        tuple[str, int, int]
    ]  # (category and group, how many things, how many judges they lack together)
    new_sets: list[str] = field(default_factory=list)  # kinds that come with the default criteria

    @property
    def things(self) -> int:
        """How many things would join."""
        return len(self.targets)


def late_report(stage: JudgingStage) -> LateReport:
    """Only the least burdened judges who may: what is given already stays and counts."""
    kind = registry.of(stage.code)
    known = set(stage.things.filter(is_gone=False).values_list("target_id", flat=True))
    targets = [pk for pk in kind.waiting(stage.subject_id, stage.kind) if pk not in known]
    judges = judges_for(stage)
    found = kind.conflicts(targets, judges) if targets else ()
    conflicts = {(one.target_id, one.judge_id): one.reason for one in found}
    # What left the round and comes back: who kept away from it does so still.
    before_it_left = Recusal.objects.filter(item__stage=stage, item__target_id__in=targets)
    for target, judge, reason in before_it_left.values_list("item__target_id", "judge_id", "reason"):
        conflicts.setdefault((target, judge), reason)
    rows = Sheet.objects.filter(item__stage=stage, item__is_gone=False, state__in=COUNTING)
    # Things that are in the round stand under negative keys, so that they cannot be taken for one that joins.
    given = {(-item, judge) for item, judge in rows.values_list("item_id", "judge_id")}
    before = Counter(judge for _item, judge in given)
    # The lot that parts equals is the same on every look, so that the report is what the click does.
    lot = random.Random(f"{stage.public_id}:{len(known)}")  # noqa: S311 – a fair order, no secret
    things, people = sorted(targets), sorted(user.pk for user in judges)
    lot.shuffle(things)
    lot.shuffle(people)
    plan = balance(things, people, each=stage.each, barred=conflicts, given=given)
    added = Counter(judge for _thing, judge in plan.pairs)
    extras = [
        Extra(user, before[user.pk], added[user.pk], sum(judge == user.pk for _t, judge in conflicts))
        for user in judges
    ]
    buckets = kind.buckets(targets) if targets else {}
    lacking: dict[str, list[int]] = {}
    for target, lack in plan.short.items():
        if target in buckets:
            lacking.setdefault(buckets[target].label, []).append(lack)
    sets = set(stage.criteria.values_list("key", flat=True))
    new = {one.criteria_label for one in buckets.values() if one.criteria_key not in sets}
    short = [(label, len(lacks), sum(lacks)) for label, lacks in sorted(lacking.items())]
    return LateReport(list(buckets), plan, extras, conflicts, short, sorted(new))
