"""From the sheets of a closed round to means and ranks."""

from decimal import Decimal

from portal.reviews.judging.models import JudgedItem, JudgingStage, Sheet
from portal.reviews.judging.rules import SheetState, results


def reckon(stage: JudgingStage) -> None:
    """Means, ranks and ties of everything still in the round, from the sheets that were handed in."""
    items = {item.pk: item for item in stage.things.filter(is_gone=False)}
    totals: dict[tuple[int, int], Decimal] = {}
    firsts: dict[tuple[int, int], Decimal] = {}
    for sheet in Sheet.objects.filter(item__in=items, state=SheetState.SUBMITTED):
        if sheet.total is None:
            continue
        totals[sheet.item_id, sheet.judge_id] = sheet.total
        firsts[sheet.item_id, sheet.judge_id] = Decimal(sheet.values["0"])
    found = results(totals, firsts, {pk: item.bucket for pk, item in items.items()})
    for pk, row in found.items():
        item = items[pk]
        item.count, item.raw, item.adjusted, item.first = row.count, row.raw, row.adjusted, row.first
        item.raw_rank, item.adjusted_rank, item.is_tied = row.raw_rank, row.adjusted_rank, row.tied
    JudgedItem.objects.bulk_update(
        items.values(),
        ["count", "raw", "adjusted", "first", "raw_rank", "adjusted_rank", "is_tied"],
        batch_size=200,
    )
