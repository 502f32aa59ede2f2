"""What those who organise may see: rounds, progress, late work; never a score of an open round."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from portal.access.permissions import Perm
from portal.access.roles import Role
from portal.access.scope import Scope, below
from portal.accounts.models import User
from portal.grants.queries import active_on
from portal.reviews.judging.models import CriteriaSet, JudgedItem, JudgingStage, Sheet
from portal.reviews.judging.rules import COUNTING, TO_DO, SheetState, StageState


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


def available_judges(scope: Scope) -> QuerySet[User]:
    """Accounts with the role of a judge at a unit this person organises judging for."""
    rows = active_on(timezone.localdate()).filter(role=Role.JUDGE.value)
    condition = Q(pk__in=[])
    for _reach, line in scope.lines_for(Perm.JUDGING_MANAGE):
        condition |= below(line.unit_path, "unit__")
    return User.objects.filter(pk__in=rows.filter(condition).values("user_id")).order_by("display_name", "pk")


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


def last_stage(code: str, subject_id: int) -> JudgingStage | None:
    """The newest round of a subject."""
    return JudgingStage.objects.filter(code=code, subject_id=subject_id).order_by("-pk").first()


def stages_of(code: str, subject_id: int) -> list[JudgingStage]:
    """The rounds of a subject, in order."""
    return list(JudgingStage.objects.filter(code=code, subject_id=subject_id).order_by("pk"))


def stage_for(scope: Scope, ref: Any) -> JudgingStage:
    """One round inside the scope, else Http404."""
    found: JudgingStage = scope.get(
        stages(scope),
        Perm.JUDGING_MANAGE if scope.has(Perm.JUDGING_MANAGE) else Perm.JUDGING_DECIDE,
        public_id=ref,
    )
    return found


def criteria_before(stage: JudgingStage) -> dict[str, list[dict[str, Any]]]:
    """key → criteria as the rounds before this one of the same subject had them: what a call changed stays changed."""
    rows = CriteriaSet.objects.filter(stage__code=stage.code, stage__subject_id=stage.subject_id)
    return dict(rows.exclude(stage=stage).order_by("stage_id").values_list("key", "items"))


def is_in_open_round(code: str, target_id: int) -> bool:
    """Would anybody notice if this thing left?"""
    open_states = (StageState.SCORING, StageState.CLOSED)
    rows = JudgedItem.objects.filter(stage__code=code, target_id=target_id, is_gone=False)
    return rows.filter(stage__status__in=open_states).exists()
