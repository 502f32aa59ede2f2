"""Writes of stored files. Bytes go first and rows follow, so that no row ever speaks of missing bytes;
what a crash leaves in between is an orphan, which the sweeper removes."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone

from portal.access.actors import SYSTEM
from portal.files import documents, images, names, parts, queries, rules, store
from portal.files.models import CaptionTrack, PartialUpload, StoredFile
from portal.files.picked import Picked
from portal.jobs.actions import enqueue
from portal.journal.actions import record

log = structlog.get_logger(__name__)
State = StoredFile.State
ERASED: dict[str, Any] = {
    "state": State.DELETED, "original_name": "", "caption": "", "sha256": "", "phash": "", "staged_token": "",
    "raw_path": "", "master_path": "", "web_path": "", "thumb_path": "", "expires_at": None, "essence": "",
    "has_captions": False,
}  # fmt: skip


def stage(
    upload: UploadedFile,
    *,
    token: str,
    actor: Any,
    field: str = "photos",
    limits: rules.Limits | None = None,
    kind: str = StoredFile.Kind.IMAGE,
) -> StoredFile:
    """Check an upload cheaply and keep it for a form that is still being filled in.

    The same bytes under the same token are one file, so a form that is sent twice stages once.
    Raises RefusedError (NoSpaceError when the disk is full) with nothing kept.
    """
    limits = limits or rules.default_limits()
    data = _checked_bytes(upload, limits, kind)
    sha256 = images.digest(data)
    known = queries.staged_under(token, actor, field)
    staged = list(known)  # as many as a form may have, at most
    again = next((file for file in staged if file.sha256 == sha256), None)
    if again is not None:
        return again
    if len(staged) >= limits.count:
        code = "doc_many" if kind == StoredFile.Kind.DOCUMENT else "too_many"
        raise rules.RefusedError(code, limit=limits.count)
    path = names.random_path(store.STAGED_FOLDER, ".bin")
    store.put(path, data)
    try:
        with transaction.atomic():
            file = StoredFile.objects.create(
                kind=kind,
                original_name=names.shown_name(upload.name or ""),
                size=len(data),
                sha256=sha256,
                raw_path=path,
                staged_token=token,
                field_name=field,
                position=len(staged),
                uploaded_by=actor if getattr(actor, "is_authenticated", False) else None,
                expires_at=timezone.now() + timedelta(hours=rules.STAGED_HOURS),
            )
            _enqueue_processing(file, by=actor, fresh=True)
    except IntegrityError as error:  # the same form was sent twice at once, or the token is another's
        store.remove([path])
        return _known_or_refused(known.filter(sha256=sha256).first(), error)
    except BaseException:
        store.remove([path])
        raise
    return file


def _known_or_refused(known: StoredFile | None, error: Exception) -> StoredFile:
    if known is None:
        raise rules.RefusedError("not_yours") from error
    return known


def _checked_bytes(upload: UploadedFile, limits: rules.Limits, kind: str) -> bytes:
    failure, is_document = getattr(upload, "failure", ""), kind == StoredFile.Kind.DOCUMENT
    if failure == "huge":
        raise rules.RefusedError("doc_huge" if is_document else "huge", limit=limits.megabytes)
    if failure:
        raise rules.NoSpaceError
    rules.check_size(upload.size or 0, limits, code="doc_big" if is_document else "too_big")
    upload.seek(0)
    data: bytes = upload.read()
    (documents if is_document else images).inspect(data)
    return data


def _enqueue_processing(file: StoredFile, *, by: Any, round_no: int = 0, fresh: bool = False) -> None:
    slot = f"files.process:{file.pk}:{round_no}"
    enqueue("files.process", args={"file_id": file.pk}, slot=slot, by=by, fresh=fresh)


def settle(*, target: Model, actor: Any, picked: Picked) -> list[StoredFile]:
    """Make the files of `target` what the form says: attach, remove, caption, order.

    Called by the action that owns `target`, inside its transaction and after its permission check.
    """
    if picked.removed:
        detach(target=target, actor=actor, public_ids=picked.removed)
    attached = _attach(
        token=picked.token, public_ids=picked.staged, target=target, actor=actor, captions=picked.captions,
        field=picked.field, strict=False,
    )  # fmt: skip
    if picked.captions:
        _caption(target=target, actor=actor, picked=picked)
    return attached


def settle_all(*, target: Model, actor: Any, picked: Iterable[Picked | None]) -> None:
    """The same for several fields of one form: pictures, documents. Empty ones are passed over."""
    for one in picked:
        if one:
            settle(target=target, actor=actor, picked=one)


@transaction.atomic
def attach(
    *,
    token: str,
    public_ids: Iterable[UUID],
    target: Model,
    actor: Any,
    captions: Mapping[UUID, str] | None = None,
    field: str = "photos",
    strict: bool = True,
) -> list[StoredFile]:
    """Give staged files to `target`, in the given order after those it has; doing it twice does it once.

    Only files staged under `token` by this person (or by nobody signed in) can be taken, else
    RefusedError("not_yours") and nothing is attached; without `strict` such a file is passed over.
    """
    return _attach(
        token=token, public_ids=public_ids, target=target, actor=actor, captions=captions, field=field, strict=strict
    )  # fmt: skip


def _attach(
    *, token: str, public_ids: Iterable[UUID], target: Model, actor: Any, captions: Mapping[UUID, str] | None,
    field: str, strict: bool,
) -> list[StoredFile]:  # fmt: skip
    target_type, target_id = queries.type_of(target), str(target.pk)
    mine = queries.staged_under(token, actor, field)
    start = queries.attached_to(target, field).count()
    taken: list[UUID] = []
    wanted = list(public_ids)
    for number, public_id in enumerate(wanted):
        changed = mine.filter(public_id=public_id).update(
            target_type=target_type,
            target_id=target_id,
            position=start + number,
            caption=_caption_text(captions, public_id),
            staged_token="",
            expires_at=None,
            attached_at=timezone.now(),
        )
        taken += [public_id] if changed else []
    rows = StoredFile.objects.filter(public_id__in=wanted, target_type=target_type, target_id=target_id)
    found = {file.public_id: file for file in rows} if wanted else {}
    if strict and len(found) < len(set(wanted)):
        raise rules.RefusedError("not_yours")
    done = [found[public_id] for public_id in taken if public_id in found]
    if done:
        record("file.attached", actor=actor, target=target, changed=[field])
    return done


def _caption_text(captions: Mapping[UUID, str] | None, public_id: UUID) -> str:
    return (captions or {}).get(public_id, "").strip()[:100]


def _caption(*, target: Model, actor: Any, picked: Picked) -> None:
    changed = 0
    for file in queries.attached_to(target, picked.field):
        text = picked.captions.get(file.public_id)
        if text is not None and text.strip()[:100] != file.caption:
            file.caption = text.strip()[:100]
            file.save(update_fields=["caption"])
            changed += 1
    if changed:
        record("file.captioned", actor=actor, target=target, changed=[picked.field])


@transaction.atomic
def detach(*, target: Model, actor: Any, public_ids: Iterable[UUID] | None = None) -> int:
    """Remove files of `target` (all of them without `public_ids`), bytes included; returns how many.

    Called by the action that owns `target`, after its permission check.
    """
    rows = queries.attached_to(target)
    if public_ids is not None:
        rows = rows.filter(public_id__in=list(public_ids))
    count = sum(_erase(file) for file in rows)
    if count:
        record("file.removed", actor=actor, target=target, changed=["files"])
    return count


@transaction.atomic
def discard(*, token: str, actor: Any, public_ids: Iterable[UUID], field: str = "") -> int:
    """Drop staged files again; only one's own. Returns how many."""
    rows = queries.staged_under(token, actor, field).filter(public_id__in=list(public_ids))
    return sum(_erase(file) for file in rows)


def discard_expired(*, now: datetime | None = None) -> dict[str, int]:
    """Drop staged files nobody sent in time, and put forgotten ones back to work."""
    dropped = 0
    for file in queries.expired(now):
        with transaction.atomic():
            dropped += _erase(file)
    resumed = 0
    for file in queries.waiting(older_than=timedelta(minutes=30)):
        round_no = int(timezone.now().timestamp() // 3600)
        _enqueue_processing(file, by=None, round_no=round_no)
        resumed += 1
    return {"dropped": dropped + parts.drop_stale(now), "resumed": resumed}


def _erase(file: StoredFile) -> bool:
    """Leave a tombstone without content; the bytes go after the commit."""
    paths = file.paths
    gone = bool(StoredFile.objects.filter(pk=file.pk).exclude(state=State.DELETED).update(**ERASED))
    if gone:
        if file.is_media:
            CaptionTrack.objects.filter(file=file).delete()
            upload = PartialUpload.objects.filter(file=file).first()
            if upload is not None:
                parts.drop(upload)
        transaction.on_commit(lambda: store.remove(paths))
    return gone


def sweep_orphans() -> int:
    """Remove stored bytes that no row speaks of; returns how many."""
    found = list(queries.orphans())
    store.remove(found)
    return len(found)


def watch_space(*, job: Model) -> dict[str, Any]:
    """Write an alarm into the log and the journal when the disk is nearly full."""
    used = queries.disk_used()
    if used is None or used < rules.ALARM_PERCENT:
        return {"used_percent": used}
    log.error("files.space_low", used_percent=used)
    with transaction.atomic():
        record("file.space_low", actor=SYSTEM, target=job, unit=None, details={"used_percent": used})
    return {"used_percent": used, "alarm": True}


@transaction.atomic
def reprocess(*, file: StoredFile, actor: Any) -> None:
    """Make the copies of a ready or failed picture again, from the best source that is left."""
    changed = (
        StoredFile.objects.filter(pk=file.pk, state__in=(State.READY, State.FAILED))
        .exclude(raw_path="", master_path="")
        .update(state=State.PROCESSING, failure="")
    )
    if changed:
        _enqueue_processing(file, by=actor, round_no=int(timezone.now().timestamp()))
        record("file.reprocessed", actor=actor, target=file, unit=None)
