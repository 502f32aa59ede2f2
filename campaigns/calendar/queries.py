"""Reads of key dates and of what units do about them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from campaigns.activities.models import Activity
from campaigns.activities.rules import COUNTED, EDITABLE, Status
from campaigns.calendar import rules
from campaigns.calendar.dates import Span
from campaigns.calendar.models import CalendarNode, NodeTurn, next_span
from campaigns.calendar.rules import TurnStatus
from portal.access.permissions import Perm
from portal.access.scope import Scope, below
from portal.units.models import Level, Unit

KNOWN_STATES = (Status.SUBMITTED, *COUNTED)
MOST_UNITS = 300
MOST_PAST = 600


def _paths_of(scope: Scope, perm: Perm) -> set[str]:
    return {line.unit_path for _reach, line in scope.lines_for(perm)}


def visible(scope: Scope) -> QuerySet[CalendarNode]:
    """Nodes that hold for this person's units or are kept inside their reach."""
    paths = _paths_of(scope, Perm.CAMPAIGN_VIEW)
    above = {path[:end] for path in paths for end in range(Unit.steplen, len(path) + 1, Unit.steplen)}
    wanted = Q(unit__path__in=above)
    for path in paths:
        wanted |= below(path, "unit__")
    return CalendarNode.objects.filter(wanted).select_related("unit")


def units_that_keep(scope: Scope) -> QuerySet[Unit]:
    """Units for which this person may keep nodes: where they work, not everything below."""
    lines = scope.lines_for(Perm.NODE_EDIT)
    return Unit.objects.open().filter(pk__in=[line.unit_id for _reach, line in lines]).order_by("path")


def addressed(node: CalendarNode) -> QuerySet[Unit]:
    """The units that act on a node."""
    units = Unit.objects.open().under(node.unit.path).filter(level__in=node.levels)
    only = list(node.only_units.values_list("pk", flat=True))
    return units.filter(pk__in=only) if only else units


@dataclass
class Dated:
    """A node with its days in one year, and how far the units in sight are."""

    node: CalendarNode
    span: Span
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def days_left(self) -> int:
        """Days until it begins."""
        return (self.span.first - timezone.localdate()).days

    @property
    def is_near(self) -> bool:
        """Is its work under way?"""
        return (self.span.last - timezone.localdate()).days > -1 and self.days_left <= self.node.days_before

    @property
    def is_past(self) -> bool:
        """Is it over?"""
        return self.span.last < timezone.localdate()


def in_year(nodes: Iterable[CalendarNode], year: int) -> list[Dated]:
    """Active nodes of a year in the order of their days."""
    found = [(node, node.in_year(year)) for node in nodes if node.is_active]
    dated = [Dated(node, span) for node, span in found if span is not None]
    return sorted(dated, key=lambda item: (item.span.first, item.node.pk))


def by_month(items: list[Dated]) -> list[tuple[int, list[Dated]]]:
    """The same, month by month."""
    months: dict[int, list[Dated]] = defaultdict(list)
    for item in items:
        months[item.span.first.month].append(item)
    return sorted(months.items())


def add_counts(items: list[Dated], scope: Scope, year: int) -> None:
    """How many units in this person's sight have what; one query for all nodes."""
    turns = scope.rows(NodeTurn, Perm.ACTIVITY_VIEW).filter(year=year, node__in=[item.node for item in items])
    declined = Q(status=TurnStatus.DECLINED)
    open_ = Q(status=TurnStatus.PREPARED)
    rows = turns.order_by().values("node").annotate(
        total=Count("pk"), declined=Count("pk", filter=declined),
        done=Count("pk", filter=open_ & Q(activity__status__in=KNOWN_STATES)),
        draft=Count("pk", filter=open_ & Q(activity__status__in=EDITABLE)),
    )  # fmt: skip
    found = {row.pop("node"): row for row in rows}
    for item in items:
        item.counts = found.get(item.node.pk, {})


def turns_of(node: CalendarNode, year: int, scope: Scope) -> list[NodeTurn]:
    """What each unit in sight does about a node in a year, in the order of the tree."""
    rows = scope.rows(NodeTurn, Perm.ACTIVITY_VIEW).filter(node=node, year=year)
    return list(rows.select_related("unit", "activity", "node").order_by("unit__path")[:MOST_UNITS])


def without_turn(node: CalendarNode, year: int, scope: Scope) -> list[Unit]:
    """Addressed units in sight for which nothing is prepared yet."""
    units = scope.rows(addressed(node), Perm.ACTIVITY_VIEW)
    made = NodeTurn.objects.filter(node=node, year=year).values("unit_id")
    return list(units.exclude(pk__in=made).order_by("path")[:MOST_UNITS])


def mine(scope: Scope) -> QuerySet[NodeTurn]:
    """Turns this person may answer."""
    return scope.rows(NodeTurn, Perm.ACTIVITY_LOG).select_related("node__unit", "unit", "activity")


def near(scope: Scope, today: date) -> list[NodeTurn]:
    """临近节点: open turns of the units this person works at (not of all below), the nearest first."""
    units = [line.unit_id for _reach, line in scope.lines_for(Perm.ACTIVITY_LOG)]
    rows = NodeTurn.objects.filter(unit__in=units, last__gte=today, status=TurnStatus.PREPARED)
    waiting = Q(activity__isnull=True) | Q(activity__status__in=EDITABLE)
    return list(rows.filter(waiting).select_related("node", "unit", "activity").order_by("first", "pk")[:8])


def past_records(names: Iterable[str], units: Iterable[int], before: date) -> dict[int, list[Activity]]:
    """去年这样做的: for each unit its records of the newest year before a day that has any; one query."""
    zone = timezone.get_current_timezone()
    rows = (
        Activity.objects.filter(
            unit__in=list(units), node__in=list(names), status__in=KNOWN_STATES,
            starts_at__lt=datetime.combine(before, time.min, zone),
        )
        .select_related("unit")
        .order_by("-starts_at", "-pk")[:MOST_PAST]
    )  # fmt: skip
    found: dict[int, list[Activity]] = defaultdict(list)
    for row in rows:
        kept = found[row.unit_id]
        if not kept or timezone.localtime(kept[0].starts_at).year == timezone.localtime(row.starts_at).year:
            kept.append(row)
    return dict(found)


def past_of_turns(turns: list[NodeTurn]) -> dict[int, list[Activity]]:
    """The same for turns of several nodes: turn key → records; one query for all of them."""
    if not turns:
        return {}
    names = {name for turn in turns for name in turn.node.names}
    zone = timezone.get_current_timezone()
    latest = max(turn.first for turn in turns)
    rows = list(
        Activity.objects.filter(
            unit__in={turn.unit_id for turn in turns}, node__in=names, status__in=KNOWN_STATES,
            starts_at__lt=datetime.combine(latest, time.min, zone),
        ).order_by("-starts_at", "-pk")[:MOST_PAST]
    )  # fmt: skip
    found: dict[int, list[Activity]] = {}
    for turn in turns:
        edge = datetime.combine(turn.first - timedelta(days=turn.node.days_before), time.min, zone)
        fits = [
            row
            for row in rows
            if row.unit_id == turn.unit_id and row.node in turn.node.names and row.starts_at < edge
        ]
        found[turn.pk] = [row for row in fits if row.starts_at.year == fits[0].starts_at.year][:3]
    return found


def turn_of(activity: Activity) -> NodeTurn | None:
    """The turn whose draft this is."""
    return NodeTurn.objects.filter(activity=activity).select_related("node", "unit").first()


def past_for(activity: Activity) -> list[Activity]:
    """去年这样做的, for a draft's own page: by its turn, else by the name typed into `node`."""
    if not activity.node:
        return []
    day = timezone.localtime(activity.starts_at).date()
    turn = turn_of(activity)
    names = turn.node.names if turn is not None else _names_for(activity)
    edge = day - timedelta(days=rules.MOST_DAYS_BEFORE)
    return past_records(names, [activity.unit_id], edge).get(activity.unit_id, [])[:3]


def _names_for(activity: Activity) -> list[str]:
    paths = [
        activity.unit.path[:end] for end in range(Unit.steplen, len(activity.unit.path) + 1, Unit.steplen)
    ]
    for node in CalendarNode.objects.filter(unit__path__in=paths):
        if activity.node in node.names:
            return node.names
    return [activity.node]


def known_record(node: CalendarNode, unit: Unit, span: Span) -> Activity | None:
    """What the unit logged for this occurrence before any draft was prepared."""
    zone = timezone.get_current_timezone()
    first = datetime.combine(span.first - timedelta(days=node.days_before), time.min, zone)
    last = datetime.combine(span.last + timedelta(days=15), time.min, zone)
    rows = Activity.objects.filter(unit=unit, node__in=node.names, starts_at__gte=first, starts_at__lt=last)
    return rows.exclude(status=Status.DRAFT).order_by("starts_at", "pk").first()


def due_nodes(today: date) -> list[tuple[CalendarNode, int, Span]]:
    """(node, year, span) of everything whose time to prepare has come and whose last day has not passed."""
    found = []
    for node in (
        CalendarNode.objects.filter(is_active=True).select_related("unit").prefetch_related("only_units")
    ):
        for year in (today.year, today.year + 1):
            span = node.in_year(year)
            if span and span.first - timedelta(days=node.days_before) <= today <= span.last:
                found.append((node, year, span))
    return found


def open_turns(today: date) -> QuerySet[NodeTurn]:
    """Turns that are neither answered nor over."""
    rows = NodeTurn.objects.filter(status=TurnStatus.PREPARED, last__gte=today)
    return (
        rows.filter(activity__status__in=EDITABLE).select_related("node", "unit", "activity").order_by("pk")
    )


def coming(nodes: Iterable[CalendarNode], today: date, years: int = 5) -> list[tuple[int, Any]]:
    """The next occurrences of each node, for its page."""
    return [
        (year, span)
        for node in nodes
        for year in range(today.year, today.year + years)
        if (span := node.in_year(year)) is not None
    ]


def next_of(node: CalendarNode, today: date) -> Span | None:
    """The running or next occurrence."""
    return next_span(node, today)


def silent_units(now: datetime, days: int = rules.SILENT_DAYS) -> list[tuple[Unit, datetime]]:
    """County-level units that have been logging and then fell silent, each with the time of its last record."""
    rows = Activity.objects.exclude(status=Status.DRAFT).filter(starts_at__lte=now, unit__level=Level.COUNTY)
    last = dict(
        rows.order_by().values_list("unit").annotate(last=Max("starts_at")).values_list("unit", "last")
    )
    edge = now - timedelta(days=days)
    silent = {pk: at for pk, at in last.items() if at < edge}
    units = Unit.objects.open().filter(pk__in=silent).order_by("path")
    return [(unit, silent[unit.pk]) for unit in units]


def returned_and_untouched(now: datetime, days: int = rules.RETURNED_DAYS) -> QuerySet[Activity]:
    """Returned records that nobody has touched for some days."""
    edge = now - timedelta(days=days)
    return (
        Activity.objects.filter(status=Status.RETURNED, updated_at__lt=edge)
        .select_related("unit", "created_by", "submitted_by")
        .order_by("pk")
    )
