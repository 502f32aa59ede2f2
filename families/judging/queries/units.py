"""优秀组织奖: what each unit was asked for and what became of it, in division order – never a ranking by uploads."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from families.calls.models import CallReceipt
from families.judging.models import AwardList, UnitAward
from families.judging.queries.rounds import standing
from families.judging.rules import ListState, cap_for_units
from families.works.models import Work, WorkCall
from families.works.rules import PAST_REVIEW, Status
from portal.units.models import Unit

NOT_SENT = (Status.DRAFT, Status.PRIVATE, Status.REJECTED, Status.WITHDRAWN)


@dataclass
class UnitRow:
    """One unit that was asked, or that sent works. `plan` 0: nobody named a number to it."""

    unit: Unit
    plan: int
    received: int = 0
    accepted: int = 0
    awarded: int = 0
    is_proposed: bool = False

    @property
    def meets(self) -> bool:
        """The plan fulfilled, something accepted, something on the list."""
        return self.received >= self.plan and self.accepted > 0 and self.awarded > 0


def unit_cap(call: WorkCall) -> int | None:
    """How many units at most, 0 without a cap; None when the call gives no such award."""
    return cap_for_units(call.award_tiers)


def unit_rows(call: WorkCall, awarded: Iterable[int]) -> list[UnitRow]:
    """Units with the notice of the call, else those right below its organiser that sent works; in division order.

    `awarded`: works on the list. Proposed are those that meet the plan – unless there are more of them than the
    call allows: then nobody is, and people choose.
    """
    cap = unit_cap(call)
    if cap is None:
        return []
    rows, chosen, step = {row.unit.path: row for row in _asked(call)}, set(awarded), Unit.steplen
    works = Work.objects.filter(call=call).exclude(status__in=NOT_SENT)
    for pk, path, status in works.values_list("pk", "unit__path", "status"):
        for end in range(step, len(path) + 1, step):
            row = rows.get(path[:end])
            if row is not None:
                row.received += 1
                row.accepted += status in PAST_REVIEW
                row.awarded += pk in chosen
    found = [row for row in rows.values() if row.plan or row.received]
    good = [row for row in found if row.meets]
    for row in good:
        row.is_proposed = not cap or len(good) <= cap
    return found


def _asked(call: WorkCall) -> list[UnitRow]:
    receipts = CallReceipt.objects.filter(call=call).select_related("unit").order_by("unit__path")
    rows = [UnitRow(receipt.unit, receipt.wanted or call.unit_min_quota) for receipt in receipts]
    if rows:
        return rows
    below = Unit.objects.open().under(call.unit.path).filter(depth=call.unit.depth + 1)
    return [UnitRow(unit, call.unit_min_quota) for unit in below.order_by("path")]


def doubtful(award_list: AwardList) -> dict[UnitAward, UnitRow]:
    """Units on the public notice for which something no longer holds that held when people chose them: works were struck,
    taken back or taken down. With their figures of now."""
    return lost_ground(award_list) if award_list.status == ListState.PUBLICITY else {}


def lost_ground(award_list: AwardList) -> dict[UnitAward, UnitRow]:
    """The same, whatever the list says of itself: while its works are in the notice."""
    chosen = list(units_on_show(award_list))
    if not chosen or unit_cap(award_list.call) is None:
        return {}
    listed = award_list.awards.filter(struck_for="").values("work_id")
    shown = standing(Work.objects.filter(pk__in=listed, status=Status.PUBLICITY))
    rows = {row.unit.pk: row for row in unit_rows(award_list.call, shown.values_list("pk", flat=True))}
    now = {one: rows.get(one.unit_id) or UnitRow(one.unit, one.plan) for one in chosen}
    return {one: row for one, row in now.items() if _has_lost(one, row)}


def _has_lost(then: UnitAward, now: UnitRow) -> bool:
    fell_short = then.received >= then.plan > now.received
    none_left = (then.accepted and not now.accepted) or (then.awarded and not now.awarded)
    return fell_short or bool(none_left)


def units_on_show(award_list: AwardList) -> QuerySet[UnitAward]:
    """What stands on the list, in division order."""
    return award_list.unit_awards.filter(struck_for="").select_related("unit")
