"""Works as judges see them: without their authors, screened, with neutral files."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from families.judging.queries.rounds import standing
from families.judging.screening import masked_values, screen, secrets_of
from families.works import queries as works
from families.works.models import Work
from families.works.rules import JUDGED, Status
from families.works.spoken import transcript_of
from portal.files.models import StoredFile
from portal.files.queries import by_target
from portal.reviews.judging.registry import Clip, Redacted
from portal.units.models import Level, Unit


def _places(rows: Sequence[Work]) -> dict[int, list[str]]:
    """Names of the unit of each work and of those above it, up to the county."""
    paths = {row.pk: row.unit.path for row in rows}
    step = Unit.steplen
    wanted = {path[:end] for path in paths.values() for end in range(step, len(path) + 1, step)}
    known = {
        path: [name for name in (short, full) if name]
        for path, short, full in Unit.objects.filter(path__in=wanted, level__gte=Level.COUNTY).values_list(
            "path", "short_name", "name"
        )
    }
    return {
        pk: [name for end in range(step, len(path) + 1, step) for name in known.get(path[:end], [])]
        for pk, path in paths.items()
    }


def _in_play() -> QuerySet[Work]:
    """Works whose files judges may open: before judges now, not taken back, not taken down by staff."""
    return standing(Work.objects.filter(status__in=JUDGED))


def project(ids: Sequence[int]) -> dict[int, Redacted]:
    """Works without their authors: title, text, story and the fields of the category, all screened."""
    found_rows = standing(Work.objects.filter(pk__in=ids).exclude(status=Status.WITHDRAWN))
    rows = list(found_rows.select_related("category", "unit").prefetch_related("authors"))
    places, files = _places(rows), by_target(Work, [row.pk for row in rows])
    found = {}
    for row in rows:
        words = secrets_of(row, places[row.pk])
        parts = [(row.category.text_label or "", screen(row.text, words))] if row.text else []
        if row.story:
            parts.append((_("背后的故事"), screen(row.story, words)))
        facts = []
        for extra, text in masked_values(row, words):
            (parts if extra.kind == "long" else facts).append((extra.label, text))
        ready = [file for file in files.get(str(row.pk), []) if file.is_ready]
        has_field = any(extra.name == "transcript" and extra.value for extra in works.extras_of(row))
        if not has_field and (said := transcript_of(row, [file for file in ready if file.is_media])):
            parts.append((_("文字稿"), screen(said, words)))
        clips = tuple(
            Clip(file.kind, file.media_type, file.length, file.width, file.height)
            for file in ready
            if file.is_media
        )
        found[row.pk] = Redacted(
            title=screen(row.title, words), kind=row.category.name, parts=tuple(parts), facts=tuple(facts),
            pictures=sum(file.kind == StoredFile.Kind.IMAGE for file in ready), clips=clips,
            is_elsewhere=not clips and any(one.kind == "url" for one in works.extras_of(row)),
        )  # fmt: skip
    return found


def pictures(pk: int) -> list[StoredFile]:
    """The ready pictures of a work before judges, in order."""
    row = _in_play().filter(pk=pk).first()
    return [file for file in works.photos_of([row]).get(str(pk), []) if file.is_ready] if row else []


def recordings(pk: int) -> list[StoredFile]:
    """The ready sounds and films of a work before judges, in order."""
    row = _in_play().filter(pk=pk).first()
    return [file for file in works.media_of(row) if file.is_ready] if row else []
