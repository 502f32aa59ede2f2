"""After a round: the table, the order, ties, what rank would promote."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from portal.reviews.judging import registry
from portal.reviews.judging.models import JudgedItem, JudgingStage, Recusal, Sheet
from portal.reviews.judging.rules import SheetState, top


def ties_of(stage: JudgingStage) -> list[list[JudgedItem]]:
    """Equal ranks of a closed round that nobody has parted yet, group by group."""
    rows = stage.things.filter(is_tied=True, tie_order__isnull=True, is_gone=False).order_by(
        "bucket", "raw_rank", "number"
    )
    groups: dict[tuple[str, int | None], list[JudgedItem]] = defaultdict(list)
    for row in rows:
        groups[row.bucket, row.raw_rank].append(row)
    return list(groups.values())


def ties_by_hand(stage: JudgingStage) -> tuple[list[list[JudgedItem]], list[list[JudgedItem]]]:
    """Equal ranks by who parts them: the chair, or the deciding unit where the chair is missing or keeps away."""
    groups = ties_of(stage)
    rows = Recusal.objects.filter(item__in=[item for group in groups for item in group], judge=stage.chair_id)
    away = set(rows.values_list("item_id", flat=True))
    chairs, others = [], []
    for group in groups:
        alone = stage.chair_id is None or any(item.pk in away for item in group)
        (others if alone else chairs).append(group)
    return chairs, others


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
