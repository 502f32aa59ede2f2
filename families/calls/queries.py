"""Reads of late codes, notices and receipts."""

from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from campaigns.planning.models import Campaign, PolicyDocument
from campaigns.planning.queries import policies_visible, visible_to
from families.calls.models import CallReceipt, LateCode, LateEntry
from families.calls.rules import plain_late_code
from families.works.models import Work, WorkCall
from families.works.queries import for_staff
from families.works.rules import CallPhase, CallState, PublishState, Status
from portal import vault
from portal.access.permissions import Perm
from portal.access.scope import Scope, below
from portal.files.queries import attached_to
from portal.units.models import Level, Unit


def late_hash(code: str) -> str:
    """Under which a late code is found."""
    return vault.keyed_hash(plain_late_code(code), purpose="calls.late")


def late_code(call: WorkCall, typed: str) -> LateCode | None:
    """The code of this call, usable or not."""
    return LateCode.objects.filter(call=call, code_hash=late_hash(typed)).first() if typed.strip() else None


def late_codes_of(call: WorkCall) -> list[LateCode]:
    """Codes of a call, newest first, with who gave them."""
    return list(LateCode.objects.filter(call=call).select_related("given_by")[:200])


def documents_of(call: WorkCall) -> list[dict[str, Any]]:
    """Attachments of a call, as pages list files."""
    rows = attached_to(call, "attachments")
    return [
        {"name": str(file), "url": file.url("master"), "size": file.size} for file in rows if file.is_ready
    ]


def call_by_pk(pk: str) -> WorkCall | None:
    """A call by its key, for the rule of its files."""
    return WorkCall.objects.filter(pk=int(pk)).first() if pk.isdigit() else None


def campaigns_for(scope: Scope, call: WorkCall | None) -> QuerySet[Campaign]:
    """Campaigns a call may belong to."""
    rows = Campaign.objects.filter(
        Q(pk__in=visible_to(scope).values("pk")) | Q(pk=call.campaign_id if call else None)
    )
    return rows.order_by("-starts_on", "pk")


def policies_for(scope: Scope, call: WorkCall | None) -> QuerySet[PolicyDocument]:
    """Documents a call may stand on."""
    seen = policies_visible(scope).order_by().values("pk")
    return PolicyDocument.objects.filter(Q(pk__in=seen) | Q(pk=call.policy_id if call else None))


# -- the list and the desk of a call ------------------------------------------------------------------


def calls_seen(scope: Scope) -> QuerySet[WorkCall]:
    """Announced calls, which everybody may read, and the drafts of one's own units; each with the number of its works
    this person may open, so that the number and the rows behind it always agree."""
    mine = scope.rows(WorkCall, Perm.CALL_EDIT).values("pk")
    rows = WorkCall.objects.filter(Q(pk__in=mine) | ~Q(status=CallState.DRAFT)).select_related("unit")
    works = _counted(for_staff(scope).filter(call=OuterRef("pk")), "call")
    notices = CallReceipt.objects.filter(call=OuterRef("pk"), call__in=mine)
    return rows.annotate(
        n_works=works,
        n_notices=_counted(notices, "call"),
        n_signed=_counted(notices.filter(confirmed_at__isnull=False), "call"),
    )


def organisers_seen(scope: Scope) -> list[tuple[str, str]]:
    """(unit_no, name) of the organisers of these calls, in the order of the tree."""
    calls = calls_seen(scope).order_by().values("unit_id")
    return list(Unit.objects.filter(pk__in=calls).order_by("path").values_list("unit_no", "short_name")[:200])


def _counted(rows: QuerySet[Any], by: str) -> Coalesce:
    grouped = rows.order_by().values(by).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(grouped), Value(0))


def in_phase(rows: QuerySet[WorkCall], phase: str) -> QuerySet[WorkCall]:
    """Calls of one phase at this moment; the same words as `WorkCall.phase`."""
    now = timezone.now()
    published = Q(status=CallState.OPEN)
    return rows.filter(
        {
            CallPhase.DRAFT: Q(status=CallState.DRAFT),
            CallPhase.EARLY: published & Q(open_at__gt=now),
            CallPhase.RUNNING: published & Q(open_at__lte=now, close_at__gt=now),
            CallPhase.ENDED: Q(status=CallState.CLOSED) | published & Q(close_at__lte=now),
        }[CallPhase(phase)]
    )


def call_seen(scope: Scope, slug: str) -> WorkCall | None:
    """One call of the list."""
    return calls_seen(scope).filter(slug=slug).first()


def works_by_state(scope: Scope, call: WorkCall) -> dict[str, int]:
    """How many works of a call this person may open, by state."""
    rows = for_staff(scope).filter(call=call).order_by().values("status").annotate(n=Count("pk"))
    return {row["status"]: row["n"] for row in rows}


def published_of(scope: Scope, call: WorkCall) -> int:
    """How many of them the public can read."""
    return for_staff(scope).filter(call=call, publish_state=PublishState.PUBLISHED).count()


# -- notices ----------------------------------------------------------------------------------------


def addressable(call: WorkCall, level: str) -> list[Unit]:
    """Open units below the organiser: `children`, or all of a level."""
    rows = Unit.objects.open().under(call.unit.path).exclude(pk=call.unit_id)
    if level == "children":
        rows = rows.filter(depth=call.unit.depth + 1)
    elif level == "counties":
        rows = rows.filter(level=Level.COUNTY)
    else:
        rows = rows.filter(level__in=(Level.COUNTY, Level.TOWNSHIP))
    return list(rows.order_by("path")[:2000])


def receipts_of_call(call: WorkCall) -> QuerySet[CallReceipt]:
    """Every addressed unit of a call."""
    return CallReceipt.objects.filter(call=call).select_related("unit", "confirmed_by", "call")


def receipts_seen(scope: Scope) -> QuerySet[CallReceipt]:
    """Notices to units in this person's reach: their own, and those they sent further down."""
    mine = scope.rows(CallReceipt, Perm.POLICY_RECEIVE).values("pk")
    below_me = scope.rows(CallReceipt, Perm.WORK_VIEW).values("pk")
    rows = CallReceipt.objects.filter(Q(pk__in=mine) | Q(pk__in=below_me))
    return rows.select_related("call__unit", "unit", "confirmed_by")


def to_confirm(scope: Scope) -> QuerySet[CallReceipt]:
    """Notices this person can sign for: addressed to their unit, of calls that are still announced and running."""
    rows = scope.rows(CallReceipt, Perm.POLICY_RECEIVE).filter(
        confirmed_at__isnull=True, call__status=CallState.OPEN, call__close_at__gt=timezone.now()
    )
    return rows.select_related("call__unit", "unit").order_by("addressed_at", "pk")


def receipt_counts(calls: list[WorkCall]) -> dict[int, tuple[int, int]]:
    """(addressed, confirmed) for several calls in one query."""
    rows = (
        CallReceipt.objects.filter(call__in=calls)
        .order_by()
        .values("call_id")
        .annotate(all=Count("pk"), done=Count("confirmed_at"))
    )
    return {row["call_id"]: (row["all"], row["done"]) for row in rows}


def sent_in_from(call: WorkCall, unit: Unit) -> int:
    """How many works a unit and everything below it has sent to a call, those given up left out."""
    gone = (Status.DRAFT, Status.REJECTED, Status.WITHDRAWN)
    return Work.objects.filter(below(unit.path, "unit__"), call=call).exclude(status__in=gone).count()


def late_entry_of(work: Work) -> Any:
    """How a work came in after the end, if it did."""
    return LateEntry.objects.filter(work=work).select_related("code__given_by").first()
