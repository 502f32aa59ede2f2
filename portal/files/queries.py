"""Reads of stored files."""

import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Model, Q, QuerySet, Sum
from django.utils import timezone

from portal.files import images, store
from portal.files.models import CaptionTrack, PartialUpload, StoredFile, UploadPart

State = StoredFile.State
SETTLING_TIME = timedelta(hours=2)


def type_of(target: Model | type[Model]) -> str:
    """The name under which files of a model are kept and served: its model name."""
    name = target._meta.model_name
    if not name:
        raise ValueError("a model without a name")
    return name


def find(public_id: str) -> StoredFile | None:
    """The file behind an address, or None."""
    try:
        return in_use().filter(public_id=UUID(public_id)).first()
    except ValueError:
        return None


def in_use() -> QuerySet[StoredFile]:
    """Every file that has not been deleted."""
    return StoredFile.objects.exclude(state=State.DELETED)


def attached_to(target: Model, field: str = "") -> QuerySet[StoredFile]:
    """The files of one object, in their order."""
    rows = in_use().filter(target_type=type_of(target), target_id=str(target.pk))
    return rows.filter(field_name=field) if field else rows


def by_target(model: type[Model], pks: Iterable[Any], field: str = "") -> dict[str, list[StoredFile]]:
    """The files of many objects in one query: `str(pk)` → files, for lists."""
    rows = in_use().filter(target_type=type_of(model), target_id__in=[str(pk) for pk in pks])
    found: dict[str, list[StoredFile]] = defaultdict(list)
    for file in rows.filter(field_name=field) if field else rows:
        found[file.target_id].append(file)
    return found


def listed(files: Iterable[StoredFile]) -> list[dict[str, str]]:
    """Documents as a snapshot of published content names them; what could not be read is left out."""
    return [{"url": file.master_url, "name": file.original_name} for file in files if not file.has_failed]


def staged_under(token: str, actor: Any, field: str = "") -> QuerySet[StoredFile]:
    """What this person staged for one form. Files of another account under the same token stay hidden."""
    if not token:
        return StoredFile.objects.none()
    mine = Q(uploaded_by__isnull=True)
    if getattr(actor, "is_authenticated", False):
        mine |= Q(uploaded_by=actor)
    rows = in_use().filter(mine, staged_token=token, target_type="")
    return rows.filter(field_name=field) if field else rows


def unfinished(token: str, actor: Any, field: str) -> QuerySet[PartialUpload]:
    """Large files of one form that have not arrived completely; only one's own."""
    if not token:
        return PartialUpload.objects.none()
    mine = Q(uploaded_by__isnull=True)
    if getattr(actor, "is_authenticated", False):
        mine |= Q(uploaded_by=actor)
    return PartialUpload.objects.filter(mine, form_token=token, field_name=field, file__isnull=True)


def stale_uploads(now: datetime | None = None) -> QuerySet[PartialUpload]:
    """Uploads nobody went on with in time, and what is left of those whose file is settled."""
    settled = Q(file__isnull=True) | Q(file__state__in=(State.READY, State.FAILED, State.DELETED))
    return PartialUpload.objects.filter(settled, expires_at__lt=now or timezone.now())


def promised_to(owner: str) -> int:
    """Bytes that the unfinished uploads of one account or address will take."""
    waiting = Q(file__isnull=True) | Q(file__target_type="") & ~Q(file__state=State.DELETED)
    rows = PartialUpload.objects.filter(waiting, owner=owner)
    return rows.aggregate(sum=Sum("size"))["sum"] or 0


def still_to_come() -> int:
    """Bytes that all unfinished uploads have announced and not sent."""
    rows = PartialUpload.objects.filter(file__isnull=True)
    return rows.aggregate(sum=Sum(F("size") - F("received")))["sum"] or 0


def expired(now: datetime | None = None) -> QuerySet[StoredFile]:
    """Staged files that nobody sent in time."""
    return in_use().filter(target_type="", expires_at__lt=now or timezone.now())


def waiting(*, older_than: timedelta) -> QuerySet[StoredFile]:
    """Files whose processing should have ended by now; after three days nobody hopes any more."""
    now = timezone.now()
    return StoredFile.objects.filter(
        state__in=(State.STAGED, State.PROCESSING),
        created_at__lt=now - older_than,
        created_at__gt=now - timedelta(days=3),
    )


def heavy() -> QuerySet[StoredFile]:
    """Sound and film nobody has looked at yet whether phones need a lighter copy, and whose turn has come; oldest first."""
    media = (StoredFile.Kind.AUDIO, StoredFile.Kind.VIDEO)
    rows = StoredFile.objects.filter(state=State.READY, kind__in=media, web_size__isnull=True)
    return rows.filter(Q(light_after__isnull=True) | Q(light_after__lte=timezone.now())).order_by("pk")


def captions_of(file: StoredFile) -> CaptionTrack | None:
    """The captions of one sound or film."""
    return CaptionTrack.objects.filter(file=file).first() if file.has_captions else None


def known_paths() -> set[str]:
    """Every storage path that a row speaks of."""
    rows = StoredFile.objects.values_list("raw_path", "master_path", "web_path", "thumb_path")
    parts = UploadPart.objects.values_list("path", flat=True)
    return {path for row in rows.iterator() for path in row if path} | set(parts.iterator())


def orphans(older_than: timedelta = SETTLING_TIME) -> Iterator[str]:
    """Stored files without a row; young ones may still be about to get theirs."""
    known, limit = known_paths(), timezone.now() - older_than
    for folder in (store.STAGED_FOLDER, store.KEPT_FOLDER):
        for path in store.walk(folder):
            if path in known:
                continue
            written = store.written_at(path)
            if written is not None and written <= limit:
                yield path


def missing() -> Iterator[tuple[StoredFile, str]]:
    """Rows whose bytes are gone."""
    for file in in_use().iterator():
        for path in file.paths:
            if store.written_at(path) is None:
                yield file, path


def disk_used() -> int | None:
    """Percent of the disk that holds the files, None for a bucket."""
    folder = store.local_folder()
    if folder is None:
        return None
    usage = shutil.disk_usage(folder)
    return round(usage.used * 100 / (usage.used + usage.free)) if usage.total else None


def same_bytes(file: StoredFile) -> QuerySet[StoredFile]:
    """Attached files that were sent as exactly the same bytes, elsewhere."""
    return in_use().filter(sha256=file.sha256).exclude(pk=file.pk).exclude(target_type="")


def look_alikes(file: StoredFile, among: QuerySet[StoredFile], *, bits: int = 6) -> list[StoredFile]:
    """Files of `among` that show nearly the same picture, for a reviewer to compare."""
    if not file.phash:
        return []
    others = among.exclude(pk=file.pk).exclude(phash="")
    return [other for other in others if images.likeness(file.phash, other.phash) <= bits]
