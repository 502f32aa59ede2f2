"""Reads of works and calls."""

import copy
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from families.works.models import Work, WorkCall, WorkCategory
from families.works.rules import (
    AUDIENCE_ORDER,
    JUDGED_AS,
    PAST_REVIEW,
    PUBLIC_AUDIENCES,
    RESTING,
    UNDER_JUDGING,
    Audience,
    CallState,
    PublishState,
    Status,
)
from portal.access.actors import Visitor
from portal.access.permissions import Perm
from portal.access.roles import ROLES, Reach, Role
from portal.access.scope import Scope
from portal.files.models import StoredFile
from portal.files.queries import by_target
from portal.grants.queries import active_on
from portal.privacy.models import Consent
from portal.privacy.queries import about
from portal.reviews.judging.queries import stages_of
from portal.reviews.queries import history_of
from portal.units.models import Level, Unit

# -- calls ---------------------------------------------------------------------------------------


def announced_calls() -> QuerySet[WorkCall]:
    """Calls the public may see, newest first."""
    return WorkCall.objects.exclude(status=CallState.DRAFT).select_related("unit")


def open_calls(now: datetime | None = None) -> QuerySet[WorkCall]:
    """Calls that take works at this moment, the one that closes first in front."""
    moment = now or timezone.now()
    return (
        WorkCall.objects.filter(status=CallState.OPEN, open_at__lte=moment, close_at__gt=moment)
        .select_related("unit")
        .order_by("close_at", "pk")
    )


@dataclass(frozen=True)
class Taking:
    """What decides whether a call takes a work, as it stands in the database at this moment."""

    call: WorkCall
    has_category: bool


def taking(call: WorkCall, category: WorkCategory) -> Taking:
    """The call read anew, and whether it takes this category; one query."""
    offered = call.categories.through.objects.filter(
        workcall=OuterRef("pk"), workcategory=category.pk, workcategory__is_active=True
    )
    row = WorkCall.objects.select_related("unit").annotate(has_category=Exists(offered)).get(pk=call.pk)
    return Taking(row, row.has_category)


def categories_of(call: WorkCall) -> list[WorkCategory]:
    """The active categories of a call."""
    return [with_rules(call, category) for category in call.categories.filter(is_active=True)]


def with_rules(call: WorkCall, category: WorkCategory) -> WorkCategory:
    """The category with what this call asks differently (not to be saved). An own copy: rows may be shared."""
    changed = (call.category_rules or {}).get(category.code) or {}
    if not changed and category.per_person <= call.max_per_person:
        return category
    own = copy.copy(category)
    for name, value in changed.items():
        if name in {"per_person", "text_min", "text_max", "photos_max"}:
            setattr(own, name, value)
    if {"text_min", "text_max", "photos_max"} & set(changed):
        own.hint = ""  # it names the usual numbers, which do not hold in this call
    own.per_person = min(own.per_person, call.max_per_person)
    return own


def ended_calls() -> QuerySet[WorkCall]:
    """Calls that have ended in the last half year: a code for late entries may open them."""
    now = timezone.now()
    rows = WorkCall.objects.filter(close_at__lte=now, close_at__gt=now - timedelta(days=183))
    return rows.exclude(status=CallState.DRAFT).select_related("unit")[:20]


@dataclass(frozen=True)
class Extra:
    """One declared field of a work as it is shown."""

    name: str
    label: str
    value: str
    kind: str


def extras_of(work: Work) -> list[Extra]:
    """The declared fields of a work's category that were filled in, choices in words."""
    found = []
    for field in work.category.fields:
        value = work.extra.get(field["name"])
        if not value:
            continue
        words = dict(field.get("choices") or []).get(value, value)
        found.append(Extra(field["name"], str(field["label"]), str(words), field.get("kind", "text")))
    return found


def audiences_of(category: WorkCategory) -> list[Audience]:
    """What the author may choose from, narrow first."""
    allowed = category.audiences or [Audience.ORGANISATION, Audience.ANONYMOUS, Audience.PUBLIC]
    return [one for one in AUDIENCE_ORDER if one in allowed]


def areas_of(call: WorkCall) -> QuerySet[Unit]:
    """Where an author of this call can live: the open territorial units below the organiser."""
    return (
        Unit.objects.open()
        .under(call.unit.path)
        .filter(level__gte=Level.COUNTY, divisions__isnull=False)
        .distinct()
    )


def county_of(unit: Unit) -> Unit | None:
    """The county-level unit above a unit (or itself), if there is one."""
    if unit.level < Level.COUNTY:
        return None
    prefixes = [unit.path[:end] for end in range(unit.steplen, len(unit.path) + 1, unit.steplen)]
    return Unit.objects.filter(path__in=prefixes, level=Level.COUNTY).first()


# -- works: the family's own -----------------------------------------------------------------------


def by_token(token: str) -> Work | None:
    """The work that was made from a form token."""
    return Work.every.filter(client_token=token).first()


def sent_by(phone_hash: str, call: WorkCall, category: WorkCategory) -> int:
    """How many works of a category a phone has in a call."""
    gone = (Status.WITHDRAWN, Status.REJECTED)
    return (
        Work.every.filter(phone_hash=phone_hash, call=call, category=category)
        .exclude(status__in=gone)
        .count()
    )


def is_own(work: Work, actor: Any) -> bool:
    """Is it this family's: the verified phone (of a minor's work the guardian's too), or the account it was sent from?"""
    if isinstance(actor, Visitor):
        return bool(actor.phone_hash) and actor.phone_hash in (work.phone_hash, work.guardian_hash)
    return bool(getattr(actor, "is_authenticated", False)) and work.submitted_by_id == actor.pk


def own(phone_hash: str = "", user: Any = None) -> QuerySet[Work]:
    """Everything of a family, whatever its audience."""
    condition = Q(pk__in=[])
    if phone_hash:
        condition |= Q(phone_hash=phone_hash) | Q(guardian_hash=phone_hash)
    if getattr(user, "is_authenticated", False):
        condition |= Q(submitted_by=user)
    return Work.every.filter(condition).select_related("call", "category", "unit", "county").order_by("-pk")


def by_code(code_hash: str) -> Work | None:
    """The work behind a resume code."""
    return Work.every.filter(resume_code_hash=code_hash).first()


# -- works: public ---------------------------------------------------------------------------------


def published() -> QuerySet[Work]:
    """What stands in the gallery; what judges score rests until the results are announced."""
    return (
        Work.objects.filter(publish_state=PublishState.PUBLISHED, audience__in=PUBLIC_AUDIENCES)
        .exclude(status__in=RESTING)
        .select_related("category", "county")
    )


def photos_of(works: Iterable[Work]) -> dict[str, list[StoredFile]]:
    """Pictures of many works, in one query."""
    return _of_kind(works, {StoredFile.Kind.IMAGE})


def media_of(work: Work) -> list[StoredFile]:
    """Sound and video of a work."""
    return _of_kind([work], {StoredFile.Kind.AUDIO, StoredFile.Kind.VIDEO}).get(str(work.pk), [])


def shown_files(work: Work) -> tuple[list[StoredFile], list[StoredFile]]:
    """Pictures, and sound and video, of one work; one query for both."""
    files = by_target(Work, [work.pk]).get(str(work.pk), [])
    played = {StoredFile.Kind.AUDIO, StoredFile.Kind.VIDEO}
    return (
        [file for file in files if file.kind == StoredFile.Kind.IMAGE],
        [file for file in files if file.kind in played],
    )


def consents_in_force(work: Work) -> set[str]:
    """Kinds of the consents about a work that nobody has withdrawn."""
    return set(about(work).filter(withdrawn_at__isnull=True).values_list("type", flat=True))


def _of_kind(works: Iterable[Work], kinds: set[str]) -> dict[str, list[StoredFile]]:
    found = by_target(Work, [work.pk for work in works])
    return {pk: [file for file in files if file.kind in kinds] for pk, files in found.items()}


def covers_of(works: Iterable[Work]) -> dict[str, StoredFile]:
    """What stands on the card of each work: its first ready picture, else the frame of its film; one query."""
    found = by_target(Work, [work.pk for work in works])
    chosen: dict[str, StoredFile] = {}
    for pk, files in found.items():
        ready = [file for file in files if file.is_ready and file.thumb_path]
        ready.sort(key=lambda file: file.kind != StoredFile.Kind.IMAGE)
        if ready:
            chosen[pk] = ready[0]
    return chosen


# -- works: staff ----------------------------------------------------------------------------------


def for_staff(scope: Scope) -> QuerySet[Work]:
    """What a person may see of the works of their units; drafts and what is for its recipient never."""
    return (
        scope.rows(Work, Perm.WORK_VIEW)
        .exclude(status=Status.DRAFT)
        .select_related("category", "unit", "entered_by")  # nine joins took the planner 27 ms
    )


def waiting(scope: Scope) -> QuerySet[Work]:
    """What this person may check now, oldest first."""
    return (
        scope.rows(Work, Perm.WORK_REVIEW)
        .filter(status=Status.SUBMITTED)
        .exclude(entered_by=scope.actor)
        .select_related("call", "category", "unit")
        .order_by("submitted_at", "pk")
    )


def past_keeping(now: datetime, days: int) -> QuerySet[Work]:
    """Works not accepted that have lain for so long."""
    gone = (Status.REJECTED, Status.WITHDRAWN, Status.DRAFT)
    return Work.every.filter(status__in=gone, updated_at__lt=now - timedelta(days=days))


def own_by_no(no: str) -> Work | None:
    """A work by its number, whatever its audience; the caller knows whose it is."""
    return Work.every.filter(no=no).select_related("call", "category", "unit", "county").first()


def shown_categories() -> list[WorkCategory]:
    """Categories for the gallery's filter."""
    return list(WorkCategory.objects.filter(is_active=True))


def counties() -> list[Unit]:
    """County-level places that published works come from, in division order; a minute old at most."""
    ids = cache.get_or_set("works:counties", _county_ids, 60) or []
    return list(Unit.objects.filter(pk__in=ids).order_by("path"))


def _county_ids() -> list[int]:
    """One look into the index per county; a DISTINCT would read every published work."""
    shown = Work.objects.filter(publish_state=PublishState.PUBLISHED, county=OuterRef("pk"))
    return list(Unit.objects.filter(Exists(shown), level=Level.COUNTY).values_list("pk", flat=True))


def unit_by_no(unit_no: str) -> Unit | None:
    """A unit by its number."""
    return Unit.objects.filter(unit_no=unit_no[:24]).first()


@dataclass(frozen=True)
class Reader:
    """Somebody who could open a work: a unit, one of its roles that may, and how many people hold it there."""

    unit: str
    role: str
    people: int
    why: str = ""


GATE = (Perm.CONTENT_EDIT, Perm.CONTENT_CHECK, Perm.CONTENT_PUBLISH)


def readers_of(work: Work) -> list[Reader]:
    """谁能看到我: the units on the way up and the roles there whose grants reach this work, with the number of people;
    empty when it is for its recipient only. Who reads only behind the publish gate is named as such."""
    if work.audience == Audience.ONLY_RECIPIENT:
        return []
    path, step = work.unit.path, work.unit.steplen
    above = [path[:end] for end in range(step, len(path) + 1, step)]
    rows = (
        active_on(timezone.localdate())
        .filter(unit__path__in=above)
        .order_by("unit__path", "role")
        .values_list("unit__name", "unit__path", "role", "reach", "user_id")
        .distinct()
    )
    found: dict[tuple[str, str, str], set[int]] = {}
    for unit, unit_path, role, reach, user in rows:
        why = _reason(work, Role(role), Reach(reach), is_here=unit_path == path)
        if why is not None:
            found.setdefault((unit, role, why), set()).add(user)
    return [
        Reader(unit, str(ROLES[Role(role)].label), len(people), why)
        for (unit, role, why), people in found.items()
    ]


def _reason(work: Work, role: Role, reach: Reach, *, is_here: bool) -> str | None:
    """Why a grant of this role and reach opens the work ("" for its ordinary readers), or None when it does not."""

    def opens(perm: Perm) -> bool:
        most = min(ROLES[role].perms.get(perm, Reach.OWN), reach)
        return most is Reach.SUBTREE or (most is Reach.UNIT and is_here)

    if opens(Perm.WORK_VIEW) or opens(Perm.WORK_REVIEW):
        return ""
    if work.wants_public and any(opens(perm) for perm in GATE):
        return gettext("发布前审核")
    return None


def by_pk(pk: str) -> Work | None:
    """A work by its key, for the rule of its files."""
    return Work.every.select_related("unit").filter(pk=pk).first() if pk.isdigit() else None


def of_consent(pk: str) -> Work | None:
    """The work that a consent is about, for the rule of its scans."""
    consent = Consent.objects.filter(pk=pk, target_type="families.work").first() if pk.isdigit() else None
    return by_pk(str(consent.target_id)) if consent else None


def taken_in() -> QuerySet[Work]:
    """What counts: past the format check."""
    return Work.objects.filter(status__in=(Status.CONTENT_REVIEW, *PAST_REVIEW))


def all_categories() -> QuerySet[WorkCategory]:
    """Every active category, in order."""
    return WorkCategory.objects.filter(is_active=True)


def slug_taken(slug: str, but: int | None) -> bool:
    """Is the address of a call used by another one?"""
    return WorkCall.objects.filter(slug=slug).exclude(pk=but or 0).exists()


def scans_of(consents: Iterable[Consent]) -> list[StoredFile]:
    """The scans that hang on consents."""
    found = by_target(Consent, [row.pk for row in consents])
    return [file for files in found.values() for file in files]


def parent_of(unit: Unit) -> Unit | None:
    """The unit above, without loading the tree."""
    path = unit.path[: -unit.steplen]
    return Unit.objects.filter(path=path).first() if path else None


def entered_by(user: Any, no: str) -> Work | None:
    """A work that this person typed in."""
    return Work.objects.filter(entered_by=user, no=no).select_related("category", "call", "unit").first()


def find_area(call: WorkCall, unit_no: str) -> Unit | None:
    """The unit behind a posted number, if it lies in the call's area."""
    return areas_of(call).filter(unit_no=unit_no).first() if unit_no else None


def villages_of(area: Unit) -> list[Unit]:
    """The villages below a township."""
    return list(Unit.objects.open().under(area.path).filter(level=Level.VILLAGE).order_by("path")[:400])


def find_village(area: Unit, name: str) -> Unit | None:
    """The village of a typed name: exact, or the only one that begins with it."""
    bare = name.strip()
    rows = [unit for unit in villages_of(area) if bare in (unit.short_name, unit.name)]
    if not rows:
        stem = bare.removesuffix("社区").removesuffix("村") or bare
        rows = [unit for unit in villages_of(area) if unit.short_name.startswith(stem)]
    return rows[0] if len(rows) == 1 else None


def may_rejoin(work: Work) -> bool:
    """May a work that was taken back be judged? One that judges have had can join its first round while that is open; what
    a closed round reckoned without it is not reckoned again."""
    if not history_of(work).filter(after__in=UNDER_JUDGING).exists():
        return True
    rounds = stages_of(JUDGED_AS, work.call_id)
    return len(rounds) == 1 and not rounds[0].is_over
