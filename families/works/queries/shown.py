"""What the public sees, and the files of works."""

from collections.abc import Iterable

from django.core.cache import cache
from django.db.models import Exists, OuterRef, QuerySet

from families.works.models import Work
from families.works.rules import (
    PUBLIC_AUDIENCES,
    RESTING,
    PublishState,
)
from portal.files.models import StoredFile
from portal.files.queries import by_target
from portal.privacy.models import Consent
from portal.units.models import Level, Unit


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


def counties() -> list[Unit]:
    """County-level places that published works come from, in division order; a minute old at most."""
    ids = cache.get_or_set("works:counties", _county_ids, 60) or []
    return list(Unit.objects.filter(pk__in=ids).order_by("path"))


def _county_ids() -> list[int]:
    """One look into the index per county; a DISTINCT would read every published work."""
    shown = Work.objects.filter(publish_state=PublishState.PUBLISHED, county=OuterRef("pk"))
    return list(Unit.objects.filter(Exists(shown), level=Level.COUNTY).values_list("pk", flat=True))


def scans_of(consents: Iterable[Consent]) -> list[StoredFile]:
    """The scans that hang on consents."""
    found = by_target(Consent, [row.pk for row in consents])
    return [file for files in found.values() for file in files]
