"""Calls and rounds: which works may be judged now, which may still join."""

from collections.abc import Sequence

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from families.works.models import Work, WorkCall
from families.works.rules import JUDGED, JUDGED_AS, PublishState, Status, TakedownReason
from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.reviews.judging import queries as judging
from portal.reviews.judging.models import JudgingStage
from portal.reviews.judging.rules import (
    Kind,
    Outcome,
    StageState,
)

CODE = JUDGED_AS
STATE_OF = {Kind.FIRST: Status.FIRST_JUDGE, Kind.SECOND: Status.SECOND_JUDGE, Kind.FINAL: Status.FINAL_JUDGE}


def standing(rows: QuerySet[Work]) -> QuerySet[Work]:
    """Without what staff took down: an objection, a person no longer fit, an error. An author who only closed the
    page to the public stays in the competition."""
    return rows.exclude(Q(publish_state=PublishState.TAKEN_DOWN) & ~Q(taken_down_for=TakedownReason.AUTHOR))


def still_in(kind: str, ids: Sequence[int]) -> set[int]:
    """Works that are in this round now."""
    rows = standing(Work.objects.filter(pk__in=ids, status=STATE_OF[Kind(kind)]))
    return set(rows.values_list("pk", flat=True))


def subject_url(call_id: int) -> str:
    """The page of a call's rounds and its award list."""
    slug = WorkCall.objects.values_list("slug", flat=True).get(pk=call_id)
    return reverse("families:judging:call", args=[slug])


def waiting(call_id: int, kind: str) -> list[int]:
    """Works accepted after the first round was made. Later rounds take only what the one before promoted."""
    first = JudgingStage.objects.filter(code=CODE, subject_id=call_id).order_by("pk").first()
    if first is None or first.kind != kind:
        return []
    rows = standing(Work.objects.filter(call=call_id, status=Status.ACCEPTED))
    return list(rows.order_by("pk").values_list("pk", flat=True))


def staff_label(ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Number, title and page of each work, for the table after a round."""
    rows = Work.objects.filter(pk__in=ids)
    return {row.pk: (f"{row.no}《{row.title}》", row.staff_url) for row in rows}


def calls(scope: Scope) -> QuerySet[WorkCall]:
    """Calls this person organises judging for or decides on, with how many works could be judged."""
    perm = Perm.JUDGING_MANAGE if scope.has(Perm.JUDGING_MANAGE) else Perm.JUDGING_DECIDE
    return (
        scope.rows(WorkCall, perm)
        .select_related("unit", "award_list")
        .annotate(
            ready=Count(
                "works", filter=Q(works__status=Status.ACCEPTED) & ~Q(works__audience="only_recipient")
            ),
            judged=Count("works", filter=Q(works__status__in=JUDGED)),
        )
    )


def candidates(call: WorkCall, kind: str) -> list[int]:
    """Keys of the works that may enter a round: all accepted ones first, later what people promoted."""
    last = judging.last_stage(CODE, call.pk)
    if last is None:
        rows = standing(Work.objects.filter(call=call, status=Status.ACCEPTED))
        return list(rows.order_by("pk").values_list("pk", flat=True))
    if last.status != StageState.DECIDED or kind not in next_kinds(call):
        return []
    ids = last.things.filter(outcome=Outcome.PROMOTED, is_gone=False).values_list("target_id", flat=True)
    return list(
        standing(Work.objects.filter(pk__in=list(ids), status__in=JUDGED)).values_list("pk", flat=True)
    )


def next_kinds(call: WorkCall) -> list[str]:
    """The rounds that may come now."""
    last = judging.last_stage(CODE, call.pk)
    order = [str(kind) for kind in Kind]
    if last is None:
        return order
    return order[order.index(last.kind) + 1 :] if last.status == StageState.DECIDED else []
