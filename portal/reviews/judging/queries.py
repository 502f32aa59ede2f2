"""Reads of judging: what one judge may see, what staff may see before and after a round is closed."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from portal.access.permissions import Perm
from portal.access.roles import Role
from portal.access.scope import Scope, below
from portal.accounts.models import User
from portal.grants.queries import active_on
from portal.reviews.judging import registry
from portal.reviews.judging.models import JudgedItem, JudgeProfile, JudgingStage, Recusal, Sheet
from portal.reviews.judging.rules import COUNTING, TO_DO, Plan, SheetState, StageState, balance, top
from portal.units.models import Unit

# -- a judge's own ---------------------------------------------------------------------------------


def sheets_of(scope: Scope) -> QuerySet[Sheet]:
    """The sheets of this judge in rounds that have begun; those of others do not exist for them."""
    return (
        scope.rows(Sheet, Perm.JUDGE_SCORE)
        .exclude(item__stage__status=StageState.PREPARING)
        .exclude(state=SheetState.GONE)
        .select_related("item__stage", "item__criteria")
        .order_by("item__stage_id", "item__bucket", "item__number")
    )


@dataclass(frozen=True)
class Round:
    """One round as its judge sees it."""

    stage: JudgingStage
    sheets: list[Sheet]

    @property
    def done(self) -> int:
        """How many are handed in."""
        return sum(sheet.state == SheetState.SUBMITTED for sheet in self.sheets)

    @property
    def total(self) -> int:
        """How many are to be judged, recused ones left out."""
        return sum(sheet.state in COUNTING for sheet in self.sheets)

    @property
    def next(self) -> Sheet | None:
        """The first one to do."""
        return next((sheet for sheet in self.sheets if sheet.is_to_do), None)

    @property
    def percent(self) -> int:
        """How far, 0–100."""
        return round(self.done * 100 / self.total) if self.total else 0


def rounds_of(scope: Scope) -> list[Round]:
    """The rounds of this judge: those with work left first, then by date."""
    found: dict[int, list[Sheet]] = defaultdict(list)
    for sheet in sheets_of(scope):
        found[sheet.item.stage_id].append(sheet)
    rounds = [Round(sheets[0].item.stage, sheets) for sheets in found.values()]
    return sorted(rounds, key=lambda one: (not one.stage.is_scoring, one.next is None, -one.stage.pk))


def projection(item: JudgedItem) -> registry.Redacted | None:
    """The thing as judges see it; None when it is gone."""
    return registry.of(item.stage.code).project([item.target_id]).get(item.target_id)


def chaired(scope: Scope) -> QuerySet[JudgingStage]:
    """Closed rounds whose ties wait for this judge as chair."""
    if scope.actor is None or not scope.has(Perm.JUDGE_SCORE):
        return JudgingStage.objects.none()
    tied = JudgedItem.objects.filter(is_tied=True, tie_order__isnull=True, is_gone=False)
    return JudgingStage.objects.filter(
        chair=scope.actor, status=StageState.CLOSED, pk__in=tied.values("stage_id")
    )


def ties_of(stage: JudgingStage) -> list[list[JudgedItem]]:
    """Equal ranks of a closed round that nobody has parted yet, group by group."""
    rows = stage.things.filter(is_tied=True, tie_order__isnull=True, is_gone=False).order_by(
        "bucket", "raw_rank", "number"
    )
    groups: dict[tuple[str, int | None], list[JudgedItem]] = defaultdict(list)
    for row in rows:
        groups[row.bucket, row.raw_rank].append(row)
    return list(groups.values())


def is_recused(item: JudgedItem, judge: Any) -> bool:
    """Must this person keep away from this thing?"""
    return item.recusals.filter(judge=judge).exists()


def profile_of(user: Any) -> JudgeProfile | None:
    """Where a judge works and lives, if they have said so."""
    return JudgeProfile.objects.filter(user=user).select_related("work_unit", "home_unit").first()


# -- staff -----------------------------------------------------------------------------------------


def stages(scope: Scope) -> QuerySet[JudgingStage]:
    """Rounds this person organises or decides on, with their progress (never a score)."""
    perm = Perm.JUDGING_MANAGE if scope.has(Perm.JUDGING_MANAGE) else Perm.JUDGING_DECIDE
    return (
        scope.rows(JudgingStage, perm)
        .select_related("unit", "chair")
        .annotate(
            wanted=Count("things__sheets", filter=Q(things__sheets__state__in=COUNTING)),
            scored=Count("things__sheets", filter=Q(things__sheets__state=SheetState.SUBMITTED)),
        )
    )


def judges_for(stage: JudgingStage) -> list[User]:
    """The panel, in the order of joining."""
    ids = list(stage.panel.values_list("judge_id", flat=True))
    known = {user.pk: user for user in User.objects.filter(pk__in=ids, is_active=True)}
    return [known[pk] for pk in ids if pk in known]


def available_judges(scope: Scope) -> QuerySet[User]:
    """Accounts with the role of a judge at a unit this person organises judging for."""
    rows = active_on(timezone.localdate()).filter(role=Role.JUDGE.value)
    condition = Q(pk__in=[])
    for _reach, line in scope.lines_for(Perm.JUDGING_MANAGE):
        condition |= below(line.unit_path, "unit__")
    return User.objects.filter(pk__in=rows.filter(condition).values("user_id")).order_by("display_name", "pk")


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


def late_work(now: datetime) -> list[tuple[User, JudgingStage, int]]:
    """Judges with sheets left in rounds that score now: who, where, how many."""
    rows = (
        Sheet.objects.filter(state__in=TO_DO, item__is_gone=False, item__stage__status=StageState.SCORING)
        .order_by()
        .values_list("judge_id", "item__stage_id")
        .annotate(n=Count("pk"))
    )
    found = list(rows)
    users = User.objects.filter(is_active=True).in_bulk([judge for judge, _stage, _n in found])
    open_stages = JudgingStage.objects.select_related("unit").in_bulk([stage for _judge, stage, _n in found])
    return [(users[j], open_stages[s], n) for j, s, n in found if j in users]


def table_of(stage: JudgingStage) -> list[dict[str, Any]]:
    """The table of a closed round: every thing with its scores and both ranks. Empty while judges score."""
    if not stage.is_over:
        return []
    items = list(stage.things.filter(is_gone=False).select_related("stage").prefetch_related("recusals"))
    scores: dict[int, list[tuple[str, Decimal]]] = defaultdict(list)
    rows = Sheet.objects.filter(item__stage=stage, state=SheetState.SUBMITTED).select_related("judge")
    for sheet in rows.order_by("judge_id"):
        if sheet.total is not None:
            scores[sheet.item_id].append((sheet.judge.display_name, sheet.total))
    labels = registry.of(stage.code).staff_label([item.target_id for item in items])
    found = [
        {
            "item": item, "scores": scores[item.pk], "label": labels.get(item.target_id, ("", ""))[0],
            "url": labels.get(item.target_id, ("", ""))[1],
        }
        for item in items
    ]  # fmt: skip
    return sorted(found, key=lambda row: order_key(row["item"]))


def order_key(item: JudgedItem) -> tuple[Any, ...]:
    """The order inside a bucket: rank, then what the chair decided."""
    return (item.bucket, item.raw_rank or 10**6, item.tie_order or 10**6, item.number)


def in_order(items: Iterable[JudgedItem]) -> dict[str, list[JudgedItem]]:
    """bucket → its things, the best first."""
    found: dict[str, list[JudgedItem]] = defaultdict(list)
    for item in sorted(items, key=order_key):
        found[item.bucket].append(item)
    return found


def last_stage(code: str, subject_id: int) -> JudgingStage | None:
    """The newest round of a subject."""
    return JudgingStage.objects.filter(code=code, subject_id=subject_id).order_by("-pk").first()


def stages_of(code: str, subject_id: int) -> list[JudgingStage]:
    """The rounds of a subject, in order."""
    return list(JudgingStage.objects.filter(code=code, subject_id=subject_id).order_by("pk"))


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


def proposal_of(stage: JudgingStage) -> set[int]:
    """The things that rank would promote: a number or share of each bucket, keys of JudgedItem."""
    found: set[int] = set()
    for items in in_order(stage.things.filter(is_gone=False)).values():
        scored = [item.pk for item in items if item.raw is not None]
        found |= top(scored, share=stage.keep_share, number=stage.keep_number)
    return found


def open_ties_at_cut(stage: JudgingStage) -> list[list[JudgedItem]]:
    """Equal ranks of which rank alone would take some and leave some: the chair decides first."""
    chosen = proposal_of(stage)
    return [group for group in ties_of(stage) if 0 < sum(item.pk in chosen for item in group) < len(group)]


def substitute_for(item: JudgedItem) -> User | None:
    """The least burdened judge of the panel who may still take this thing."""
    stage = item.stage
    judges = judges_for(stage)
    barred = conflicts_of(stage, judges)
    had = set(item.sheets.values_list("judge_id", flat=True))
    load = progress_of(stage)
    free = [user for user in judges if user.pk not in had and (item.pk, user.pk) not in barred]
    return min(free, key=lambda user: (load.get(user.pk, (0, 0))[0], user.pk), default=None)


def units_near(scope: Scope) -> QuerySet[Unit]:
    """Open units below those a judge was named by, for the profile."""
    condition = Q(pk__in=[])
    for _reach, line in scope.lines_for(Perm.JUDGE_SCORE):
        condition |= below(line.unit_path)
    return Unit.objects.open().filter(condition).order_by("path")


def stage_for(scope: Scope, ref: Any) -> JudgingStage:
    """One round inside the scope, else Http404."""
    found: JudgingStage = scope.get(
        stages(scope),
        Perm.JUDGING_MANAGE if scope.has(Perm.JUDGING_MANAGE) else Perm.JUDGING_DECIDE,
        public_id=ref,
    )
    return found
