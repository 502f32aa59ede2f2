"""Reads of complaints."""

import hmac
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.complaints import rules
from portal.complaints.models import Complaint
from portal.complaints.rules import Status
from portal.notifications.queries import home_unit
from portal.publication.models import Publication, PublicCopy
from portal.reviews.queries import history_of
from portal.units.models import Level, Unit


def visible(scope: Scope) -> QuerySet[Complaint]:
    """What this person may read."""
    return scope.rows(Complaint, Perm.COMPLAINT_VIEW).select_related("unit", "answered_by")


def waiting_for(scope: Scope) -> QuerySet[Complaint]:
    """What this person can answer and nobody has answered yet, the nearest date first."""
    rows = scope.rows(Complaint.objects.filter(status__in=rules.WAITING), Perm.COMPLAINT_ANSWER)
    return rows.select_related("unit").order_by("due_on", "pk")


def find(number: str, code: str) -> Complaint | None:
    """The complaint that this number and code open; the work is the same for a wrong number and a wrong code."""
    number, code = rules.clean_number(number), rules.clean_code(code)
    row = Complaint.objects.filter(no=number).select_related("unit").first()
    known = row.code_hash if row is not None else "0" * 64
    fits = hmac.compare_digest(known, rules.code_hash(number, code))
    return row if fits and row is not None else None


def addressees() -> QuerySet[Unit]:
    """Units people may write to: the one that runs the site and those right below it."""
    home = default_unit()
    if home is None:
        return Unit.objects.none()
    rows = Unit.objects.open().under(home.path).filter(level__lte=Level.COUNTY)
    return rows.order_by("path")


def default_unit() -> Unit | None:
    """Who gets what is addressed to nobody."""
    return home_unit() or Unit.objects.filter(closed_on__isnull=True).order_by("level", "path").first()


def unit_of_page(page: str) -> Unit | None:
    """The unit that answers reports about a page: the one that published it, at least of a county – villages and
    townships have nobody who may take a page down."""
    publication = publication_of_page(page)
    unit = publication.unit if publication else None
    while unit is not None and unit.level > Level.COUNTY:
        unit = Unit.objects.get_parent(unit)
    return unit


def publication_of_page(page: str) -> Publication | None:
    """The gate's record of a page, so that it can be taken down."""
    if not page:
        return None
    copy = (
        PublicCopy.objects.filter(url=page).select_related("publication__unit").order_by("-from_at").first()
    )
    return copy.publication if copy else None


def transfer_targets(complaint: Complaint, scope: Scope) -> QuerySet[Unit]:
    """Where it may go: units this person answers for, and the units above the present one."""
    step = Unit.steplen
    above = [complaint.unit.path[:end] for end in range(step, len(complaint.unit.path), step)]
    mine = scope.rows(Unit, Perm.COMPLAINT_ANSWER).filter(level__lte=Level.TOWNSHIP).values("pk")
    upwards = Unit.objects.filter(path__in=above, level__gte=Level.CITY).values("pk")
    rows = Unit.objects.filter(pk__in=mine) | Unit.objects.filter(pk__in=upwards)
    return rows.filter(closed_on__isnull=True).exclude(pk=complaint.unit_id).order_by("path")


def due_until(day: date) -> QuerySet[Complaint]:
    """Unanswered and due on or before a day."""
    return Complaint.objects.filter(status__in=rules.WAITING, due_on__lte=day).select_related("unit")


def answered_before(moment: datetime) -> QuerySet[Complaint]:
    """Answered long ago and never closed."""
    return Complaint.objects.filter(status=Status.ANSWERED, answered_at__lt=moment)


def identities_before(moment: datetime) -> QuerySet[Complaint]:
    """Finished long ago and still carrying a name or number."""
    over = Complaint.objects.filter(created_at__lt=moment).exclude(status__in=rules.WAITING)
    return over.exclude(name="", phone="")


def public_steps(complaint: Complaint) -> list[dict[str, object]]:
    """The history as the writer may read it: states and times, no names of staff."""
    steps: list[dict[str, object]] = [{"title": _("已收到"), "at": complaint.created_at, "tone": "ok"}]
    for step in history_of(complaint):
        note = step.reason if step.step == "reject" else ""
        title = Status(step.after).label
        tone = {"rejected": "bad", "answered": "ok"}.get(step.after, "")
        steps.append({"title": title, "at": step.at, "note": note, "tone": tone})
    return steps


def staff_steps(complaint: Complaint) -> list[dict[str, object]]:
    """The history with people and reasons."""
    steps: list[dict[str, object]] = [{"title": _("收到"), "at": complaint.created_at}]
    for step in history_of(complaint):
        label = complaint.transitions[step.step].label if step.step in complaint.transitions else step.step
        steps.append({"title": label, "at": step.at, "by": step.by or _("系统"), "note": step.reason})
    return steps
