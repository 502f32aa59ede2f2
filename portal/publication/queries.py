"""Reads of the publish gate. Public pages use `published_ids` and `is_published`, nothing else."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.grants.queries import holders_at
from portal.journal.verbs import VERBS
from portal.publication import registry, rules
from portal.publication.models import Publication, PublicCopy, WatchWord
from portal.publication.rules import Status
from portal.reviews.queries import history_of
from portal.reviews.workflow import Transition, available


def _live(now: datetime | None = None) -> Q:
    moment = now or timezone.now()
    return Q(status=Status.PUBLISHED) & (Q(expires_at__isnull=True) | Q(expires_at__gt=moment))


def published_ids(code: str) -> QuerySet[Any, Any]:
    """Primary keys of the content that is public now: `Work.objects.filter(pk__in=published_ids("work"))`."""
    return Publication.objects.filter(_live(), content_type=code).values("target_id")


def is_published(obj: Model) -> bool:
    """Is this object public now?"""
    return Publication.objects.filter(_live(), content_type=registry.of(obj).code, target_id=obj.pk).exists()


def published_at(code: str, pks: Iterable[int]) -> dict[int, datetime]:
    """When each of these objects became public, in one query."""
    rows = Publication.objects.filter(
        _live(), content_type=code, target_id__in=list(pks), public_at__isnull=False
    )
    return {target_id: at for target_id, at in rows.values_list("target_id", "public_at") if at is not None}


def of(obj: Model) -> QuerySet[Publication]:
    """Every process of an object, newest first."""
    return Publication.objects.filter(content_type=registry.of(obj).code, target_id=obj.pk).order_by("-pk")


def open_of(obj: Model) -> Publication | None:
    """The process that is under way or live, if any."""
    return of(obj).filter(status__in=rules.OPEN).first()


def states_of(code: str, pks: Iterable[int]) -> dict[int, Publication]:
    """The newest process of each of many objects, in one query: for lists."""
    rows = Publication.objects.filter(content_type=code, target_id__in=list(pks)).order_by("pk")
    return {row.target_id: row for row in rows}


def with_people(rows: QuerySet[Publication]) -> QuerySet[Publication]:
    """Rows with what a list shows."""
    return rows.select_related("unit", "requested_by", "edited_by", "checked_by", "published_by")


READERS = (
    Perm.CONTENT_EDIT,
    Perm.CONTENT_CHECK,
    Perm.CONTENT_PUBLISH,
    Perm.CONTENT_TAKE_DOWN,
    Perm.CONTENT_SUBMIT,
)


def visible(scope: Scope) -> QuerySet[Publication]:
    """Every process this person may open."""
    condition = Q(pk__in=[])
    for perm in READERS:
        condition |= Q(pk__in=scope.rows(Publication, perm).values("pk"))
    return with_people(Publication.objects.filter(condition))


def waiting_for(scope: Scope) -> QuerySet[Publication]:
    """What this person can take one step further now, oldest first – never what they wrote or passed before."""
    steps = (
        (Perm.CONTENT_EDIT, Q(status=Status.REQUESTED), ("requested_by",)),
        (Perm.CONTENT_CHECK, Q(status=Status.EDITED, levels=3), ("requested_by", "edited_by")),
        (Perm.CONTENT_PUBLISH, Q(status=Status.EDITED, levels=2), ("requested_by", "edited_by")),
        (Perm.CONTENT_PUBLISH, Q(status=Status.CHECKED), ("requested_by", "edited_by", "checked_by")),
    )
    condition = Q(pk__in=[])
    wrote = Publication.writers.through.objects.filter(user=scope.actor).values("publication_id")
    for perm, state, people in steps:
        mine = Q(pk__in=[])
        for name in people:
            mine |= Q(**{name: scope.actor})
        condition |= Q(pk__in=scope.rows(Publication.objects.filter(state).exclude(mine), perm).values("pk"))
    rows = Publication.objects.filter(condition).exclude(pk__in=wrote)
    return with_people(rows).order_by("moved_at", "pk")


def expired(now: datetime | None = None) -> QuerySet[Publication]:
    """Published content whose time is over."""
    return Publication.objects.filter(status=Status.PUBLISHED, expires_at__lte=now or timezone.now())


def unmoved_since(moment: datetime) -> QuerySet[Publication]:
    """What has been waiting at its step since before `moment`."""
    return Publication.objects.filter(status__in=rules.UNDER_REVIEW, moved_at__lt=moment).select_related(
        "unit"
    )


def stale_copies(before: datetime) -> QuerySet[PublicCopy]:
    """Copies of pages that left the public site before `before`."""
    return PublicCopy.objects.filter(until_at__lt=before)


def watch_words(*, everything: bool = False) -> list[WatchWord]:
    """The words to watch; with `everything` also those switched off."""
    rows: Any = WatchWord.objects.all() if everything else WatchWord.objects.filter(is_active=True)
    return list(rows)


def writer_ids(row: Publication) -> set[int]:
    """Accounts of the people who wrote, submitted or changed it."""
    return set(row.writers.values_list("pk", flat=True))


def steps_for(row: Publication, scope: Scope) -> list[Transition]:
    """The steps this person may take with it now."""
    wrote = getattr(scope.actor, "pk", None) in writer_ids(row)
    known = rules.steps_of(row.levels)
    steps = [step for step in available(row, scope) if step.name in known]
    return [step for step in steps if not (wrote and rules.is_pass(step.name))]


def timeline(row: Publication) -> list[dict[str, Any]]:
    """The history of all processes of the same content, oldest first, for the page."""
    siblings = Publication.objects.filter(content_type=row.content_type, target_id=row.target_id).order_by(
        "pk"
    )
    entries = []
    for process in siblings.select_related("requested_by"):
        entries.append(
            {"title": _("送审"), "at": process.requested_at, "by": process.requested_by or _("系统")}
        )
        for step in history_of(process):
            label = process.transitions[step.step].label if step.step in process.transitions else step.step
            tone = {Status.PUBLISHED: "ok", Status.RETURNED: "bad", Status.TAKEN_DOWN: "bad"}.get(
                step.after, ""
            )  # type: ignore[call-overload]
            entries.append(
                {"title": label, "at": step.at, "by": step.by or _("系统"), "note": step.reason, "tone": tone}
            )
    return entries


def told_after(row: Publication, *, actor: Any) -> str:
    """Who is told when the next step is passed, as a sentence; empty when nobody is."""
    step = {Status.REQUESTED: f"edit{row.levels}"}.get(Status(row.status), "")
    if row.status == Status.EDITED and row.levels == 3:
        step = "check3"
    verb = VERBS.get(row.transitions[step].verb) if step else None
    if verb is None or verb.tell is None:
        return ""
    people = holders_at(verb.tell, row.unit).exclude(pk=getattr(actor, "pk", 0)).order_by("pk")
    names = [str(user) for user in people[:6]]
    if not names:
        return str(_("还没有人能接着审，请告诉管理员授权。"))
    shown = "、".join(names[:5])
    return str(_("通过后会通知：%(names)s") % {"names": shown + ("…" if len(names) > 5 else "")})


def shows_file(scope: Scope, *, model_name: str, target_id: str, file_id: str) -> bool:
    """Does this person read, behind the gate, content that will show this file?"""
    codes = [
        code
        for code, kind in registry.CONTENT_TYPES.items()
        if kind.model_class._meta.model_name == model_name
    ]
    if not codes or not target_id.isdigit():
        return False
    rows = visible(scope).filter(content_type__in=codes, target_id=int(target_id), status__in=rules.OPEN)
    photos = (
        shown for row in rows for kind in ("photos", "documents") for shown in row.snapshot.get(kind) or []
    )
    return any(file_id in str(photo.get("url")) for photo in photos)
