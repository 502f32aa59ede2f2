"""Large files in parts: begin, take a part, finish, drop. A part is stored first and its row follows; a part
whose row was not written is an orphan, which is removed at once or by the sweeper."""

import hashlib
import io
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.signing import Signer
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from portal.files import media, names, queries, rules, specs, store
from portal.files.models import PartialUpload, StoredFile, UploadPart
from portal.files.rules import MEGABYTE, MediaLimits, NoSpaceError, RefusedError
from portal.jobs.actions import enqueue

KEY_SALT = "files.upload"


class WrongPlaceError(Exception):
    """The part does not begin where the file ends now; `received` says where that is."""

    def __init__(self, received: int) -> None:
        super().__init__(received)
        self.received = received


class PartsReader(io.RawIOBase):
    """The parts of an upload as one file that can be read anywhere. Holds one part open at a time."""

    def __init__(self, parts: Sequence[tuple[int, int, str]]) -> None:
        super().__init__()
        self._parts = parts
        self._size = parts[-1][0] + parts[-1][1] if parts else 0
        self._at, self._open, self._file = 0, -1, None  # type: ignore[var-annotated]

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Anywhere."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        """Where the next read begins."""
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Fill from the part that holds this place."""
        number = self._number()
        if number < 0:
            return 0
        start, size, path = self._parts[number]
        if number != self._open:
            self._release()
            self._file, self._open = store.opened(path), number
        inside = self._at - start
        self._file.seek(inside)
        data = self._file.read(min(len(buffer), size - inside))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

    def _number(self) -> int:
        if self._at >= self._size:
            return -1
        low, high = 0, len(self._parts) - 1
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self._parts[middle][0] <= self._at else (low, middle - 1)
        return low

    def _release(self) -> None:
        if self._file is not None:
            self._file.close()
        self._file, self._open = None, -1

    def close(self) -> None:
        """Let go of the open part."""
        self._release()
        super().close()


def reader_of(upload: PartialUpload) -> io.BufferedReader:
    """All parts as one file."""
    rows = list(upload.parts.values_list("offset", "size", "path"))
    return io.BufferedReader(PartsReader(rows), 65_536)


def key_of(upload: PartialUpload) -> str:
    """What a browser keeps to go on after its tab was closed; worth nothing to another account."""
    return Signer(salt=KEY_SALT).signature(f"{upload.public_id}:{upload.uploaded_by_id or ''}")


def _account(actor: Any) -> Any:
    return actor if getattr(actor, "is_authenticated", False) else None


def begin(
    *, actor: Any, token: str, field: str, limits: MediaLimits, name: str, size: int, fingerprint: str, owner: str,
    resume: tuple[str, str] = ("", ""),
) -> PartialUpload:  # fmt: skip
    """Announce a large file, or find the one that was begun before; `received` says where to go on.

    `fingerprint` is what the browser can tell about the file (name, size, date and its ends): the same file in
    the same form is the same upload. `resume` is (public id, key) from an earlier page, whose upload moves to
    this form. Raises RefusedError, NoSpaceError.
    """
    known = _known(actor, token, field, fingerprint, size, resume)
    if known is not None:
        return known
    if size <= 0:
        raise RefusedError("empty")
    if size > limits.most * MEGABYTE:
        kind = "video" if "video" in limits.kinds else "audio"
        raise RefusedError(f"media_big_{kind}", size=f"{size / MEGABYTE:.1f}", limit=limits.most)
    try:
        _check_count(token, actor, field, limits)
    except RefusedError:  # another tab began, or even finished, the same file since we looked
        known = _known(actor, token, field, fingerprint, size, resume)
        if known is None:
            raise
        return known
    _check_room(size, owner)
    try:
        with transaction.atomic():
            return PartialUpload.objects.create(
                form_token=token, field_name=field, fingerprint=fingerprint, original_name=names.shown_name(name),
                size=size, limits=specs.as_plain(limits), kinds=",".join(limits.kinds), owner=owner,
                uploaded_by=_account(actor), expires_at=_until(),
            )  # fmt: skip
    except IntegrityError as error:  # two tabs began at the same moment, or the token is another's
        found = _known(actor, token, field, fingerprint, size, resume)
        if found is None:
            raise RefusedError("not_yours") from error
        return found


def _until() -> Any:
    return timezone.now() + timedelta(hours=rules.STAGED_HOURS)


def _known(
    actor: Any, token: str, field: str, fingerprint: str, size: int, resume: tuple[str, str]
) -> PartialUpload | None:
    rows = queries.unfinished(token, actor, field)
    found = rows.filter(fingerprint=fingerprint, size=size).first()
    if found is not None or not resume[0]:
        return found
    earlier = PartialUpload.objects.filter(
        public_id=resume[0], field_name=field, fingerprint=fingerprint, size=size, file__isnull=True,
        uploaded_by=_account(actor),
    ).first()  # fmt: skip
    if earlier is None or not constant_time_compare(resume[1], key_of(earlier)):
        return None
    PartialUpload.objects.filter(pk=earlier.pk).update(form_token=token, expires_at=_until())
    earlier.form_token = token
    return earlier


def _check_count(token: str, actor: Any, field: str, limits: MediaLimits) -> None:
    taken = (
        queries.staged_under(token, actor, field).count() + queries.unfinished(token, actor, field).count()
    )
    if taken >= limits.count:
        raise RefusedError("media_many", limit=limits.count)


def _check_room(size: int, owner: str) -> None:
    """Quota of the person, then the disk: the file comes twice for a moment (parts and clean copy)."""
    kind = "account" if owner.startswith("u") else "address"
    if queries.promised_to(owner) + size > rules.QUOTA_MEGABYTES[kind] * MEGABYTE:
        raise RefusedError("quota")
    free = store.free_bytes()
    if free is not None and free - queries.still_to_come() - 2 * size < rules.SPARE_MEGABYTES * MEGABYTE:
        raise NoSpaceError


def own(*, actor: Any, token: str, public_id: str) -> PartialUpload:
    """The upload behind an address, if it is of this form and this person; raises RefusedError."""
    row = PartialUpload.objects.filter(public_id=public_id, form_token=token).first()
    if row is None or row.uploaded_by_id not in (None, getattr(_account(actor), "pk", None)):
        raise RefusedError("not_yours")
    return row


def take(*, upload: PartialUpload, offset: int, data: bytes, sha256: str = "") -> PartialUpload:
    """Take one part. The type is looked at with the first one, so a program is refused after a second.

    Raises WrongPlaceError, RefusedError (the whole upload is dropped when its bytes are not acceptable;
    kept when only this part was damaged) and NoSpaceError (nothing of this part is kept).
    """
    digest = hashlib.sha256(data).hexdigest()
    if sha256 and not constant_time_compare(sha256.lower(), digest):
        raise RefusedError("part_damaged")
    if offset != upload.received:
        raise WrongPlaceError(upload.received)
    if not data or len(data) > rules.PART_BYTES or offset + len(data) > upload.size:
        raise RefusedError("media_changed")
    if offset == 0:
        try:
            media.sniff(data[: media.SNIFF_BYTES])
        except RefusedError:
            drop(upload)
            raise
    path = names.random_path(store.STAGED_FOLDER, ".part")
    store.put(path, data)
    try:
        with transaction.atomic():
            moved = PartialUpload.objects.filter(pk=upload.pk, received=offset, file__isnull=True).update(
                received=offset + len(data), expires_at=_until()
            )
            if moved:
                UploadPart.objects.create(
                    upload=upload, offset=offset, size=len(data), sha256=digest, path=path
                )
    except BaseException:
        store.remove([path])
        raise
    if not moved:  # another tab was faster
        store.remove([path])
    upload.refresh_from_db()
    if not moved:
        raise WrongPlaceError(upload.received)
    return upload


def finish(*, upload: PartialUpload, actor: Any) -> StoredFile:
    """Everything is there: look at the whole file and stage it for its form. Twice gives the same file.

    Raises WrongPlaceError when something is missing, RefusedError with the upload dropped.
    """
    if upload.file is not None:
        return upload.file
    if not upload.is_whole:
        raise WrongPlaceError(upload.received)
    try:
        with reader_of(upload) as source:
            found = media.inspect(source, upload.size, specs.as_limits(upload.limits))
    except RefusedError:
        drop(upload)
        raise
    digests = "".join(upload.parts.values_list("sha256", flat=True))
    try:
        with transaction.atomic():
            file = stage_row(
                found, size=upload.size, name=upload.original_name, token=upload.form_token, field=upload.field_name,
                # The digest of the parts' digests until the job has read the whole file.
                sha256=hashlib.sha256(digests.encode()).hexdigest(), actor=upload.uploaded_by,
            )  # fmt: skip
            if not PartialUpload.objects.filter(pk=upload.pk, file__isnull=True).update(file=file):
                raise IntegrityError
            enqueue("files.process", args={"file_id": file.pk}, slot=f"files.process:{file.pk}:0", by=actor)
    except IntegrityError:  # two tabs finished at once, or the same file came by another way
        upload.refresh_from_db()
        if upload.file is not None:
            return upload.file
        same = queries.staged_under(upload.form_token, actor, upload.field_name)
        known = same.filter(size=upload.size).first()
        if known is None:
            raise
        drop(upload)
        return known
    return file


def stage_row(
    found: media.Media, *, size: int, name: str, token: str, field: str, sha256: str, actor: Any, raw_path: str = ""
) -> StoredFile:  # fmt: skip
    """The row of a checked sound or film that waits for its form."""
    return StoredFile.objects.create(
        kind=found.kind, original_name=names.shown_name(name), size=size, sha256=sha256, raw_path=raw_path,
        staged_token=token, field_name=field, seconds=found.seconds, width=found.width or None,
        height=found.height or None, uploaded_by=_account(actor), expires_at=_until(),
        position=queries.staged_under(token, actor, field).count(),
    )  # fmt: skip


def stage_plain(
    upload: UploadedFile, *, token: str, actor: Any, field: str, limits: MediaLimits
) -> StoredFile:
    """A whole file that came with its form (no script). At most PLAIN_MEGABYTES. Raises RefusedError."""
    failure = getattr(upload, "failure", "")
    if failure == "huge":
        raise RefusedError("media_plain", limit=rules.PLAIN_MEGABYTES)
    if failure:
        raise NoSpaceError
    size = upload.size or 0
    upload.seek(0)
    found = media.inspect(upload, size, limits)  # type: ignore[arg-type]
    digest = hashlib.sha256()
    upload.seek(0)
    for block in upload.chunks():
        digest.update(block)
    known = queries.staged_under(token, actor, field)
    again = known.filter(sha256=digest.hexdigest()).first()
    if again is not None:
        return again
    if known.count() >= limits.count:
        raise RefusedError("media_many", limit=limits.count)
    path = names.random_path(store.STAGED_FOLDER, ".bin")
    store.put(path, upload)
    try:
        with transaction.atomic():
            file = stage_row(
                found, size=size, name=upload.name or "", token=token, field=field, sha256=digest.hexdigest(),
                actor=actor, raw_path=path,
            )  # fmt: skip
            enqueue("files.process", args={"file_id": file.pk}, slot=f"files.process:{file.pk}:0", by=actor)
    except IntegrityError as error:
        store.remove([path])
        raced = known.filter(sha256=digest.hexdigest()).first()
        if raced is None:
            raise RefusedError("not_yours") from error
        return raced
    except BaseException:
        store.remove([path])
        raise
    return file


def drop(upload: PartialUpload) -> None:
    """Forget an upload and its parts; bytes go after the commit."""
    paths = list(upload.parts.values_list("path", flat=True))
    with transaction.atomic():
        PartialUpload.objects.filter(pk=upload.pk).delete()
        transaction.on_commit(lambda: store.remove(paths))


def release(upload: PartialUpload) -> None:
    """The clean copy stands: the parts go, the row stays for the quota until the form is sent or expires."""
    paths = list(upload.parts.values_list("path", flat=True))
    upload.parts.all().delete()
    transaction.on_commit(lambda: store.remove(paths))


def drop_stale(now: Any = None) -> int:
    """Drop uploads nobody went on with; returns how many."""
    rows = list(queries.stale_uploads(now)[:500])
    for row in rows:
        drop(row)
    return len(rows)
