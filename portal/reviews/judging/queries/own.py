"""What one judge may see: their own sheets, the thing on each, what waits for them as chair."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from portal.access.permissions import Perm
from portal.access.scope import Scope, below
from portal.reviews.judging import registry
from portal.reviews.judging.models import JudgedItem, JudgeProfile, JudgingStage, Sheet
from portal.reviews.judging.rules import COUNTING, SheetState, StageState
from portal.units.models import Unit


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


def is_recused(item: JudgedItem, judge: Any) -> bool:
    """Must this person keep away from this thing?"""
    return item.recusals.filter(judge=judge).exists()


def profile_of(user: Any) -> JudgeProfile | None:
    """Where a judge works and lives, if they have said so."""
    return JudgeProfile.objects.filter(user=user).select_related("work_unit", "home_unit").first()


def units_near(scope: Scope) -> QuerySet[Unit]:
    """Open units below those a judge was named by, for the profile."""
    condition = Q(pk__in=[])
    for _reach, line in scope.lines_for(Perm.JUDGE_SCORE):
        condition |= below(line.unit_path)
    return Unit.objects.open().filter(condition).order_by("path")
