"""Reads of initiatives, templates and signatures."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.pledges.models import (
    Handout,
    Initiative,
    PledgeRecord,
    PledgeSignature,
    PledgeTemplate,
)
from campaigns.pledges.rules import (
    KEEP_DAYS,
    SMALL_CELL,
    WALL_MOST,
    LetterState,
    PageState,
    RecordState,
)
from portal.access.actors import Visitor
from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.privacy.models import Consent
from portal.reviews.queries import history_of
from portal.units.models import Level, Unit

TOTALS_SECONDS = 60

# -- public ------------------------------------------------------------------------------------------


def published_templates() -> QuerySet[PledgeTemplate]:
    """The versions in force, in the order in which they were first published."""
    return (
        PledgeTemplate.objects.filter(status=PageState.PUBLISHED)
        .select_related("unit")
        .order_by("published_at", "pk")
    )


def current(code: str) -> PledgeTemplate | None:
    """The version in force of a pledge."""
    return published_templates().filter(code=code).first()


def open_templates(today: date | None = None) -> QuerySet[PledgeTemplate]:
    """Pledges that can be signed today."""
    day = today or timezone.localdate()
    return published_templates().filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=day), valid_from__lte=day
    )


def titles_by_code(most: int) -> list[tuple[str, str]]:
    """(address, title of the newest version) of every pledge that was ever published, the newest first."""
    found: dict[str, str] = {}
    rows = PledgeTemplate.objects.filter(published_at__isnull=False).order_by("-version", "-pk")
    for code, title in rows.values_list("code", "title"):
        found.setdefault(code, title)
    return list(found.items())[:most]


def published_initiatives() -> QuerySet[Initiative]:
    """Letters everybody may read."""
    return Initiative.objects.filter(status=LetterState.PUBLISHED).select_related("unit", "campaign")


@dataclass(frozen=True)
class Totals:
    """Households and people; never added."""

    households: int = 0
    people: int = 0


def totals(code: str = "") -> Totals:
    """How many households and people stand behind a pledge (all versions), or behind all; a minute old at most."""
    found: Totals | None = cache.get(f"pledges:totals:{code}")
    if found is None:
        rows = PledgeRecord.objects.filter(status=RecordState.VALID)
        if code:
            rows = rows.filter(template__code=code)
        sums = rows.aggregate(h=Sum("households"), s=Sum("signatures"))
        found = Totals(sums["h"] or 0, sums["s"] or 0)
        cache.set(f"pledges:totals:{code}", found, TOTALS_SECONDS)
    return found


def wall(template: PledgeTemplate) -> list[dict[str, str]]:
    """Masked names of those who agreed, newest first; a village is named only where enough of its people are shown,
    and nothing at all while the wall itself is small (design §2.6)."""
    rows = list(
        PledgeSignature.objects.filter(
            template__code=template.code, display_consent=True, record__status=RecordState.VALID
        )
        .select_related("record__unit")
        .order_by("-pk")[:WALL_MOST]
    )
    if len(rows) < SMALL_CELL:
        return []
    per_unit: dict[int, int] = {}
    for row in rows:
        per_unit[row.record.unit_id] = per_unit.get(row.record.unit_id, 0) + 1
    return [
        {
            "name": row.masked_name,
            "place": row.record.unit.short_name if per_unit[row.record.unit_id] >= SMALL_CELL else "",
        }
        for row in rows
    ]


def areas_of(template: PledgeTemplate) -> QuerySet[Unit]:
    """Where a signer can live: open territorial units below the unit that issued the pledge, itself included
    when it is county or lower."""
    return (
        Unit.objects.open()
        .under(template.unit.path)
        .filter(level__gte=Level.COUNTY, divisions__isnull=False)
        .distinct()
    )


def villages_of(area: Unit) -> list[Unit]:
    """The villages below a township."""
    return list(Unit.objects.open().under(area.path).filter(level=Level.VILLAGE).order_by("path")[:400])


def find_area(template: PledgeTemplate, unit_no: str) -> Unit | None:
    """The unit behind a posted number, if it lies in the area of the pledge."""
    return areas_of(template).filter(unit_no=unit_no[:24]).first() if unit_no else None


# -- the signer's own ----------------------------------------------------------------------------------


def of_phone(phone_hash: str) -> QuerySet[PledgeSignature]:
    """Everything signed with a phone, newest first."""
    return (
        PledgeSignature.objects.filter(phone_hash=phone_hash)
        .select_related("record__unit", "template")
        .order_by("-pk")
    )


def is_own(signature: PledgeSignature, actor: Any) -> bool:
    """Was it signed with the phone this visitor has verified?"""
    return isinstance(actor, Visitor) and bool(actor.phone_hash) and actor.phone_hash == signature.phone_hash


def by_token(token: str) -> PledgeSignature | None:
    """The signature that was made from a form."""
    return (
        PledgeSignature.objects.filter(record__client_token=token)
        .select_related("record__unit", "template")
        .first()
    )


def open_of_key(template: PledgeTemplate, key: str) -> PledgeSignature | None:
    """The valid signature of a signer under a version."""
    return (
        PledgeSignature.objects.filter(template=template, open_key=key)
        .select_related("record__unit", "template")
        .first()
    )


def by_public_id(public_id: Any) -> PledgeSignature | None:
    """A signature by the address of its receipt."""
    return (
        PledgeSignature.objects.filter(public_id=public_id)
        .select_related("record__unit", "template__unit")
        .first()
    )


def of_consent(consent: Consent) -> PledgeSignature | None:
    """The signature a consent is about."""
    return PledgeSignature.objects.filter(pk=consent.target_id).select_related("record").first()


# -- staff ----------------------------------------------------------------------------------------------


def templates_for(scope: Scope) -> QuerySet[PledgeTemplate]:
    """Versions of one's subtree with their sums, and what the units above published (so that a village can enter paper)."""
    sums = PledgeRecord.objects.filter(template=OuterRef("pk"), status=RecordState.VALID).values("template")
    return (
        PledgeTemplate.objects.filter(
            Q(pk__in=scope.rows(PledgeTemplate, Perm.PLEDGE_VIEW).values("pk"))
            | Q(status=PageState.PUBLISHED)
        )
        .select_related("unit", "campaign")
        .annotate(
            households=_zero(sums.annotate(n=Sum("households")).values("n")),
            people=_zero(sums.annotate(n=Sum("signatures")).values("n")),
        )
    )


def _zero(rows: QuerySet[Any, Any]) -> Any:
    return Coalesce(Subquery(rows, output_field=IntegerField()), Value(0))


def pledge_choices(scope: Scope) -> list[tuple[str, str]]:
    """Pledges for a filter, each once with the name of its newest version."""
    rows = templates_for(scope).order_by("version", "pk").values_list("code", "title")
    return list(dict(rows).items())


def template_of(scope: Scope, code: str, version: int) -> PledgeTemplate | None:
    """One version, if this person may see it."""
    return templates_for(scope).filter(code=code, version=version).first()


def versions_of(template: PledgeTemplate) -> QuerySet[PledgeTemplate]:
    """All versions of a pledge, newest first."""
    return PledgeTemplate.objects.filter(code=template.code).order_by("-version")


def records_for(scope: Scope) -> QuerySet[PledgeRecord]:
    """Signatures and batches of one's units."""
    return scope.rows(PledgeRecord, Perm.PLEDGE_VIEW).select_related(
        "template", "unit", "signature", "entered_by"
    )


def initiatives_for(scope: Scope) -> QuerySet[Initiative]:
    """Letters of one's subtree and what is public, with the counts of what was handed out."""
    sums = Handout.objects.filter(initiative=OuterRef("pk")).values("initiative")
    return (
        Initiative.objects.filter(
            Q(pk__in=scope.rows(Initiative, Perm.PLEDGE_VIEW).values("pk")) | Q(status=LetterState.PUBLISHED)
        )
        .select_related("unit", "campaign")
        .annotate(
            copies=_zero(sums.annotate(n=Sum("copies")).values("n")),
            sms=_zero(sums.annotate(n=Sum("sms_count")).values("n")),
        )
    )


def handouts_of(initiative: Initiative, scope: Scope) -> QuerySet[Handout]:
    """What one's units handed out of a letter."""
    return scope.rows(Handout, Perm.PLEDGE_VIEW).filter(initiative=initiative).select_related("unit")


def units_to_enter(scope: Scope) -> QuerySet[Unit]:
    """Units this person may enter paper for."""
    return scope.rows(Unit.objects.open(), Perm.PLEDGE_ENTER).order_by("path")


def units_to_issue(scope: Scope) -> QuerySet[Unit]:
    """Units this person may issue letters and pledges for: county level and above."""
    return scope.rows(Unit.objects.open(), Perm.PLEDGE_EDIT).filter(level__lte=Level.COUNTY).order_by("path")


def code_taken(code: str) -> bool:
    """Is the address of a pledge used?"""
    return PledgeTemplate.objects.filter(code=code).exists()


def slug_taken(slug: str, but: int | None = None) -> bool:
    """Is the address of a letter used by another one?"""
    return Initiative.objects.filter(slug=slug).exclude(pk=but or 0).exists()


def steps_of(obj: Any) -> list[dict[str, Any]]:
    """The history of a text or record, with people and reasons, for a timeline."""
    steps: list[dict[str, Any]] = [{"title": _("登记"), "at": obj.created_at}]
    for step in history_of(obj):
        label = obj.transitions[step.step].label if step.step in obj.transitions else step.step
        steps.append({"title": label, "at": step.at, "by": step.by or _("系统"), "note": step.reason})
    return steps


# -- figures --------------------------------------------------------------------------------------------


def counted() -> QuerySet[PledgeRecord]:
    """What counts: valid signatures and batches."""
    return PledgeRecord.objects.filter(status=RecordState.VALID)


def counts(unit_ids: Iterable[int], start: date, end: date, *, template_code: str = "") -> dict[int, Totals]:
    """Households and people signed per unit (rows of exactly these units, not of their subtrees), first to last day
    inclusive; units without any are left out. For packages and reports."""
    rows = counted().filter(
        unit_id__in=list(unit_ids),
        signed_at__gte=_start(start),
        signed_at__lt=_start(end + timedelta(days=1)),
    )
    if template_code:
        rows = rows.filter(template__code=template_code)
    sums = rows.order_by().values("unit_id").annotate(h=Sum("households"), s=Sum("signatures"))
    return {row["unit_id"]: Totals(row["h"] or 0, row["s"] or 0) for row in sums}


def handout_counts(unit_ids: Iterable[int], start: date, end: date) -> dict[int, tuple[int, int]]:
    """Copies and messages of initiative letters per unit, first to last day inclusive. For packages and reports."""
    rows = Handout.objects.filter(unit_id__in=list(unit_ids), given_on__range=(start, end))
    sums = rows.order_by().values("unit_id").annotate(c=Sum("copies"), m=Sum("sms_count"))
    return {row["unit_id"]: (row["c"] or 0, row["m"] or 0) for row in sums}


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


# -- upkeep ---------------------------------------------------------------------------------------------


def past_keeping(now: datetime) -> QuerySet[PledgeSignature]:
    """Signatures older than three years (domain reference §10.4)."""
    return PledgeSignature.objects.filter(
        record__signed_at__lt=now - timedelta(days=KEEP_DAYS)
    ).select_related("record", "template")


def count_below(units: QuerySet[Unit]) -> int:
    """How many records hang on a set of units."""
    return PledgeRecord.objects.filter(unit__in=units).aggregate(n=Count("pk"))["n"] or 0
