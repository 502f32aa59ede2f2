"""Every write on materials, placements, viewings, documents and courses."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.materials import queries, rules
from campaigns.materials.models import Course, Document, Lecture, Material, Placement, Viewing
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.accounts.models import User
from portal.files.actions import detach, settle_all
from portal.files.picked import Picked
from portal.journal.actions import record
from portal.reviews.workflow import WorkflowError, move
from portal.units.models import Unit

Row = TypeVar("Row", bound=Model)
MATERIAL_FIELDS = (
    "title", "kind", "campaign", "edition", "partners", "copies", "copies_estimated", "minutes", "made_on", "summary", "link",
)  # fmt: skip
PLACEMENT_FIELDS = (
    "channel", "place", "placed_at", "ends_on", "copies", "copies_estimated", "plays", "plays_estimated", "audience", "people",
    "people_estimated", "note",
)  # fmt: skip
VIEWING_FIELDS = ("watched_at", "place", "audience", "headcount", "headcount_estimated", "note")
DOCUMENT_FIELDS = (
    "title", "kind", "number", "effective_on", "ends_on", "contents", "summary", "text", "link",
)  # fmt: skip
COURSE_FIELDS = (
    "title", "kind", "campaign", "starts_at", "ends_on", "place", "audience", "online_visits", "online_visits_estimated",
    "headcount", "headcount_estimated", "likes", "likes_estimated", "summary", "link",
)  # fmt: skip
TOTALS = ("online_visits", "headcount")


def _add(
    model: type[Row],
    *,
    actor: User,
    unit: Unit,
    names: Sequence[str],
    fields: Mapping[str, Any],
    verb: str,
    client_token: str | None,
    picked: Sequence[Picked | None] = (),
    **beside: Any,
) -> Row:
    """One new record; the same token twice gives the first one back."""
    scope_of(actor).require(Perm.MATERIAL_EDIT, unit)
    known = queries.of_token(model, client_token, actor)
    if known is not None:
        return known
    try:
        with transaction.atomic():
            values = {name: fields[name] for name in names if name in fields}
            row = model._default_manager.create(
                unit=unit, created_by=actor, client_token=client_token or None, **values, **beside
            )
            settle_all(target=row, actor=actor, picked=picked)
            record(verb, actor=actor, target=row, changed=values.keys())
            return row
    except IntegrityError:
        known = queries.of_token(model, client_token, actor)
        if known is None:
            raise
        return known


@transaction.atomic
def _edit(
    row: Any,
    *,
    actor: User,
    names: Sequence[str],
    fields: Mapping[str, Any],
    verb: str,
    picked: Sequence[Picked | None] = (),
) -> Any:
    scope_of(actor).require(Perm.MATERIAL_EDIT, row)
    changed = [name for name in names if name in fields and getattr(row, name) != fields[name]]
    for name in changed:
        setattr(row, name, fields[name])
    if changed:
        row.save(update_fields=[*changed, "updated_at"])
    settle_all(target=row, actor=actor, picked=picked)
    if changed or any(picked):
        record(verb, actor=actor, target=row, changed=changed)
    return row


def add_material(
    *,
    actor: User,
    unit: Unit,
    fields: Mapping[str, Any],
    picked: Picked | None = None,
    client_token: str | None = None,
    is_demo: bool = False,
) -> Material:
    """Put a booklet, film, poster … on the list."""
    return _add(
        Material, actor=actor, unit=unit, names=MATERIAL_FIELDS, fields=fields, verb="material.added",
        client_token=client_token, picked=(picked,), is_demo=is_demo,
    )  # fmt: skip


def edit_material(
    *, actor: User, material: Material, fields: Mapping[str, Any], picked: Picked | None = None
) -> Material:
    """Correct it."""
    return _edit(
        material, actor=actor, names=MATERIAL_FIELDS, fields=fields, verb="material.edited", picked=(picked,)
    )  # fmt: skip


@transaction.atomic
def remove_imported(*, actor: User, target: Material) -> None:
    """Take back a material that a table made, while none of it went out; the journal keeps that it existed."""
    scope_of(actor).require(Perm.MATERIAL_EDIT, target)
    if queries.is_out(target):
        raise WorkflowError(_("这份资料已有投放或观影记录，不能撤销。"))
    detach(target=target, actor=actor)
    record("material.import_undone", actor=actor, target=target, details={"title": target.title})
    Material.objects.filter(pk=target.pk).delete()


def add_placement(
    *,
    actor: User,
    unit: Unit,
    material: Material,
    fields: Mapping[str, Any],
    client_token: str | None = None,
    is_demo: bool = False,
) -> Placement:
    """Handed out, hung up, shown, played: by any unit that can see the material."""
    scope_of(actor).require(Perm.MATERIAL_VIEW, material)
    return _add(
        Placement, actor=actor, unit=unit, names=PLACEMENT_FIELDS, fields=fields, verb="placement.added",
        client_token=client_token, material=material, is_demo=is_demo,
    )  # fmt: skip


def add_viewing(
    *,
    actor: User,
    unit: Unit,
    film: Material,
    fields: Mapping[str, Any],
    client_token: str | None = None,
    is_demo: bool = False,
) -> Viewing:
    """A film was watched. Raises WorkflowError when it is no film."""
    scope_of(actor).require(Perm.MATERIAL_VIEW, film)
    if not film.is_film:
        raise WorkflowError(_("只有影片能登记观影；别的资料请登记投放。"))
    return _add(
        Viewing, actor=actor, unit=unit, names=VIEWING_FIELDS, fields=fields, verb="viewing.added",
        client_token=client_token, film=film, is_demo=is_demo,
    )  # fmt: skip


@transaction.atomic
def remove(*, actor: User, row: Placement | Viewing) -> None:
    """A placement or viewing that was written down by mistake; the journal keeps that there was one."""
    scope_of(actor).require(Perm.MATERIAL_EDIT, row)
    verb = "placement.removed" if isinstance(row, Placement) else "viewing.removed"
    record(verb, actor=actor, target=row)
    row.delete()


# -- documents --------------------------------------------------------------------------------------


def add_document(
    *,
    actor: User,
    unit: Unit,
    fields: Mapping[str, Any],
    picked: Picked | None = None,
    documents: Picked | None = None,
    client_token: str | None = None,
    is_demo: bool = False,
) -> Document:
    """Put a rule or notice into the library."""
    return _add(
        Document, actor=actor, unit=unit, names=DOCUMENT_FIELDS, fields=fields, verb="document.added",
        client_token=client_token, picked=(picked, documents), is_demo=is_demo,
    )  # fmt: skip


def edit_document(
    *,
    actor: User,
    document: Document,
    fields: Mapping[str, Any],
    picked: Picked | None = None,
    documents: Picked | None = None,
) -> Document:
    """Correct it."""
    return _edit(
        document, actor=actor, names=DOCUMENT_FIELDS, fields=fields, verb="document.edited",
        picked=(picked, documents),
    )  # fmt: skip


def replace(*, actor: User, document: Document, by: Document) -> None:
    """Another current document of the same unit takes its place, from the day that one applies."""
    if not queries.may_replace(document).filter(pk=by.pk).exists():
        raise WorkflowError(_("替代文件要是本单位另一份现行文件。"))
    first = by.effective_on or timezone.localdate()
    last = first - timedelta(days=1)
    if document.effective_on and last < document.effective_on:
        last = document.effective_on
    move(document, "replace", actor=actor, fields={"replaced_by": by, "ends_on": last})


def repeal(*, actor: User, document: Document, reason: str) -> None:
    """It applies no longer, from today on."""
    last = timezone.localdate()
    if document.effective_on and last < document.effective_on:
        last = document.effective_on
    move(document, "repeal", actor=actor, reason=reason, fields={"ends_on": last})


def restore(*, actor: User, document: Document, reason: str) -> None:
    """It applies after all."""
    move(document, "restore", actor=actor, reason=reason, fields={"replaced_by": None, "ends_on": None})


# -- courses ----------------------------------------------------------------------------------------


def _totals(fields: Mapping[str, Any], lectures: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The course's own figure stands; where none was written, the sum over its lectures does."""
    found = dict(fields)
    for name in TOTALS:
        known = [row[name] for row in lectures if row.get(name) is not None]
        if found.get(name) is None and known:
            found[name] = sum(known)
            found[f"{name}_estimated"] = any(row.get(f"{name}_estimated") for row in lectures)
    return found


def _set_lectures(course: Course, lectures: Sequence[Mapping[str, Any]]) -> bool:
    """Exactly these, in this order; False when they are so already."""
    known = list(course.lectures.order_by("sort"))
    same = len(known) == len(lectures) and all(
        getattr(row, name) == value
        for row, wanted in zip(known, lectures, strict=True)
        for name, value in wanted.items()
    )
    if same:
        return False
    course.lectures.all().delete()
    Lecture.objects.bulk_create(
        Lecture(course=course, sort=number, **row) for number, row in enumerate(lectures)
    )
    return True


@transaction.atomic
def add_course(
    *,
    actor: User,
    unit: Unit,
    fields: Mapping[str, Any],
    lectures: Sequence[Mapping[str, Any]] = (),
    client_token: str | None = None,
    is_demo: bool = False,
) -> Course:
    """Several days with their lectures: dicts of topic, speaker, on_day and figures."""
    _refuse_many(lectures)
    course = _add(
        Course, actor=actor, unit=unit, names=COURSE_FIELDS, fields=_totals(fields, lectures), verb="course.added",
        client_token=client_token, is_demo=is_demo, n_lectures=len(lectures),
    )  # fmt: skip
    if not course.lectures.exists():
        _set_lectures(course, lectures)
    return course


@transaction.atomic
def edit_course(
    *, actor: User, course: Course, fields: Mapping[str, Any], lectures: Sequence[Mapping[str, Any]]
) -> Course:
    """Correct it, with exactly these lectures."""
    _refuse_many(lectures)
    values = {**_totals(fields, lectures), "n_lectures": len(lectures)}
    _edit(
        course, actor=actor, names=(*COURSE_FIELDS, "n_lectures"), fields=values, verb="course.edited"
    )  # fmt: skip
    if _set_lectures(course, lectures):  # said for itself: whoever has the page open is told
        record("course.edited", actor=actor, target=course, changed=["lectures"])
    return course


def _refuse_many(lectures: Sequence[Any]) -> None:
    if len(lectures) > rules.LECTURES_MOST:
        raise WorkflowError(_("一个课程最多 %(most)d 讲。") % {"most": rules.LECTURES_MOST})
