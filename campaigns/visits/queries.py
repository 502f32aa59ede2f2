"""Reads of family visits."""

from datetime import date, datetime

from django.db.models import Q, QuerySet

from campaigns.planning.models import Campaign
from campaigns.planning.queries import open_for
from campaigns.visits.models import FamilyVisit
from campaigns.visits.rules import Status
from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.units.models import Level, Unit


def visible(scope: Scope) -> QuerySet[FamilyVisit]:
    """Visits of one's reach, and those whose follow-up lies with one's own units."""
    mine = scope.rows(Unit, Perm.FAMILY_VISIT_LOG).values("pk")
    seen = scope.rows(FamilyVisit, Perm.FAMILY_VISIT_VIEW).values("pk")
    rows = FamilyVisit.objects.filter(Q(pk__in=seen) | Q(responsible__in=mine))
    return rows.select_related("unit", "responsible", "campaign", "created_by", "handled_by")


def to_follow_up(scope: Scope) -> QuerySet[FamilyVisit]:
    """What this person's units have to handle, the nearest date first."""
    mine = scope.rows(Unit, Perm.FAMILY_VISIT_LOG).values("pk")
    rows = FamilyVisit.objects.filter(
        Q(responsible__in=mine) | Q(responsible__isnull=True, unit__in=mine), status=Status.OPEN
    )
    return rows.select_related("unit", "responsible").order_by("due_on", "pk")


def units_to_log_for(scope: Scope) -> QuerySet[Unit]:
    """Units this person writes visits down for."""
    return scope.rows(Unit.objects.open(), Perm.FAMILY_VISIT_LOG).order_by("path")


def may_follow_up(units: list[Unit]) -> QuerySet[Unit]:
    """Who can be asked to follow up: the visiting units themselves and those above them, up to the city."""
    paths = {
        unit.path[:end] for unit in units for end in range(unit.steplen, len(unit.path) + 1, unit.steplen)
    }
    return Unit.objects.open().filter(path__in=paths, level__gte=Level.CITY).order_by("-path")


def campaigns_for(units: list[Unit]) -> QuerySet[Campaign]:
    """Running campaigns a visit may belong to."""
    wanted = [pk for unit in units for pk in open_for(unit).values_list("pk", flat=True)]
    return Campaign.objects.filter(pk__in=wanted).order_by("-starts_on", "pk")


def due_until(day: date) -> QuerySet[FamilyVisit]:
    """Open follow-ups due on or before a day."""
    rows = FamilyVisit.objects.filter(status=Status.OPEN, due_on__lte=day)
    return rows.select_related("unit", "responsible").order_by("due_on", "pk")


def texts_before(moment: datetime) -> QuerySet[FamilyVisit]:
    """Visits so old that names and texts have to go, and that still hold some."""
    return FamilyVisit.objects.filter(visited_at__lt=moment).exclude(family_name="", needs="", outcome="")


def last_of(user_id: int) -> FamilyVisit | None:
    """What this person wrote down last, for filling the form in."""
    return FamilyVisit.objects.filter(created_by=user_id).order_by("-pk").first()
