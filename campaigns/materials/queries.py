"""Reads of materials, placements, viewings, documents and courses."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db.models import Count, Model, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from campaigns.materials.models import Course, Document, Material, Placement, Viewing
from campaigns.materials.rules import DocumentStatus
from campaigns.planning.models import Campaign
from campaigns.planning.queries import open_for
from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.units.models import Unit

Row = TypeVar("Row", bound=Model)


def _seen(model: type[Row], scope: Scope) -> QuerySet[Row]:
    """Rows of one's reach."""
    return scope.rows(model, Perm.MATERIAL_VIEW).select_related("unit")


def _sum(rows: QuerySet[Any], key: str, field: str) -> Any:
    """A sum from another table beside each row, without multiplying rows."""
    sums = (
        rows.filter(**{key: OuterRef("pk")}).order_by().values(key).annotate(total=Sum(field)).values("total")
    )
    return Coalesce(Subquery(sums), 0)


def materials(scope: Scope) -> QuerySet[Material]:
    """Materials with what went out and who watched."""
    return _seen(Material, scope).annotate(
        n_copies=_sum(Placement.objects.all(), "material", "copies"),
        n_plays=_sum(Placement.objects.all(), "material", "plays"),
        n_watched=_sum(Viewing.objects.all(), "film", "headcount"),
    )


def numbered(scope: Scope, numbers: Iterable[str]) -> dict[str, Material]:
    """Materials this person sees, by number; for imports."""
    keys = [int(number) for number in numbers if number.isdecimal() and len(number) < 19]
    rows = scope.rows(Material, Perm.MATERIAL_VIEW).filter(pk__in=keys).select_related("unit", "campaign")
    return {str(row.pk): row for row in rows}


def by_unit_and_title(units: Iterable[str], titles: Iterable[str]) -> dict[tuple[str, str, str], Material]:
    """(unit number, title, edition) → a material that is there; the oldest of several."""
    rows = Material.objects.filter(unit__unit_no__in=list(units), title__in=list(titles)).select_related(
        "unit"
    )
    return {(row.unit.unit_no, row.title, row.edition): row for row in rows.order_by("-pk")}


def by_refs(refs: Iterable[str]) -> dict[str, Material]:
    """Materials by key with what went out, for imports."""
    keys = [int(ref) for ref in refs if ref.isdecimal()]
    rows = Material.objects.filter(pk__in=keys).select_related("unit")
    return {str(row.pk): row for row in rows.prefetch_related("placements", "viewings")}


def is_out(material: Material) -> bool:
    """Was some of it placed or shown? Reads what was prefetched."""
    return bool(material.placements.all() or material.viewings.all())


def campaign_numbered(pk: int | None) -> Campaign | None:
    """The campaign that an import has kept by its key."""
    return Campaign.objects.filter(pk=pk).first() if pk else None


def placements(scope: Scope) -> QuerySet[Placement]:
    """Placements of one's reach."""
    return _seen(Placement, scope).select_related("unit", "material")


def viewings(scope: Scope) -> QuerySet[Viewing]:
    """Viewings of one's reach."""
    return _seen(Viewing, scope).select_related("unit", "film")


def documents(scope: Scope) -> QuerySet[Document]:
    """Documents of one's reach, and those of the units above, which apply below as well."""
    lines = scope.lines_for(Perm.MATERIAL_VIEW)
    paths = {line.unit_path for _reach, line in lines}
    above = {path[:end] for path in paths for end in range(Unit.steplen, len(path), Unit.steplen)}
    mine = scope.rows(Document, Perm.MATERIAL_VIEW).values("pk")
    rows = Document.objects.filter(Q(pk__in=mine) | Q(unit__path__in=above))
    return rows.select_related("unit", "replaced_by")


def courses(scope: Scope) -> QuerySet[Course]:
    """Courses of one's reach."""
    return _seen(Course, scope).select_related("unit", "campaign")


def placements_of(material: Material) -> list[Placement]:
    """All placements of a material, newest first."""
    return list(Placement.objects.filter(material=material).select_related("unit")[:200])


def viewings_of(material: Material) -> list[Viewing]:
    """All viewings of a film, newest first."""
    return list(Viewing.objects.filter(film=material).select_related("unit")[:200])


def units_to_edit(scope: Scope) -> QuerySet[Unit]:
    """Units this person writes materials down for."""
    return scope.rows(Unit.objects.open(), Perm.MATERIAL_EDIT).order_by("path")


def campaigns_for(scope: Scope, row: Any = None) -> QuerySet[Campaign]:
    """Running campaigns of the units a person acts for; the one a record has stays on offer."""
    held = Unit.objects.filter(pk__in=[line.unit_id for _reach, line in scope.lines_for(Perm.MATERIAL_EDIT)])
    wanted = Q(pk__in=[pk for unit in held for pk in open_for(unit).values_list("pk", flat=True)])
    if row is not None and row.campaign_id:
        wanted |= Q(pk=row.campaign_id)
    return Campaign.objects.filter(wanted).order_by("-starts_on", "pk")


def may_replace(document: Document) -> QuerySet[Document]:
    """Current documents of the same unit that can take its place."""
    rows = Document.objects.filter(unit=document.unit_id, status=DocumentStatus.CURRENT)
    return rows.exclude(pk=document.pk).order_by("-created_at")


def replaced_by(document: Document) -> list[Document]:
    """What this one took the place of."""
    return list(Document.objects.filter(replaced_by=document).order_by("-ends_on", "-pk"))


def of_token(model: type[Row], token: str | None, actor: Any) -> Row | None:
    """The record that the same form made before."""
    return model._default_manager.filter(client_token=token, created_by=actor).first() if token else None


def counts(scope: Scope) -> dict[str, int]:
    """How many of each kind, for the tabs."""
    rows = scope.rows(Material, Perm.MATERIAL_VIEW).order_by().values("kind").annotate(n=Count("pk"))
    return {row["kind"]: row["n"] for row in rows}
