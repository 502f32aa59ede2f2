"""From a staged upload to clean copies: what the job does. Safe to run twice, also at the same time."""

import contextlib
import shutil
import tempfile
from pathlib import Path
from typing import Any

from django.db import transaction

from portal.files import arrivals, documents, films, images, names, store
from portal.files.models import StoredFile
from portal.files.refusals import refuse
from portal.files.rules import RefusedError

State = StoredFile.State


def process(*, file_id: int, is_last: bool = False) -> dict[str, Any]:
    """Decode one picture in the bounded child and keep its copies; a full disk raises, to be retried. `is_last`: there
    will be no other try."""
    file = claim(file_id)
    if file is None:
        return {"skipped": True}
    if file.kind == StoredFile.Kind.DOCUMENT:
        return {"kept": keep_document(file=file)}
    if file.is_media:
        return films.process(file, is_last=is_last)
    with tempfile.TemporaryDirectory(prefix="portal-files-") as folder:
        source, out = Path(folder) / "source", Path(folder) / "out"
        out.mkdir()
        try:
            with store.opened(file.raw_path or file.master_path) as stored, source.open("wb") as copy:
                shutil.copyfileobj(stored, copy)
        except FileNotFoundError:
            # Another run was faster and the original is gone, or it never will be there.
            return {"skipped": True} if claim(file_id) is None else _refuse(file, "broken")
        try:
            derived = images.derive(source, out)
        except RefusedError as refusal:
            return _refuse(file, refusal.code)
        return {
            "kept": keep(file=file, derived=derived),
            "width": derived.width,
            "height": derived.height,
        }


def _refuse(file: StoredFile, code: str) -> dict[str, Any]:
    return {"refused": code, "noted": refuse(file=file, code=code)}


def claim(file_id: int) -> StoredFile | None:
    """Take a file for processing; None when there is nothing left to do."""
    StoredFile.objects.filter(pk=file_id, state=State.STAGED).update(state=State.PROCESSING)
    with contextlib.suppress(StoredFile.DoesNotExist):
        return StoredFile.objects.get(pk=file_id, state=State.PROCESSING)
    return None


def keep(*, file: StoredFile, derived: images.Derived) -> bool:
    """Store the clean copies and drop the original. Of two runs one wins, the other tidies up."""
    fresh: dict[str, str] = {}
    old = file.paths
    try:
        for name in ("master", "web", "thumb"):
            source = getattr(derived, name)
            path = names.random_path(store.KEPT_FOLDER, source.suffix)
            store.put(path, source)
            fresh[f"{name}_path"] = path
        with transaction.atomic():
            won = StoredFile.objects.filter(
                pk=file.pk, state=State.PROCESSING, raw_path=file.raw_path, master_path=file.master_path
            ).update(
                state=State.READY, failure="", raw_path="", width=derived.width, height=derived.height,
                phash=derived.phash, **fresh,
            )  # fmt: skip
            if won:
                arrivals.ready(file.pk)
                transaction.on_commit(lambda: store.remove(old))
    except BaseException:
        store.remove(fresh.values())
        raise
    if not won:
        store.remove(fresh.values())
    return bool(won)


def keep_document(*, file: StoredFile) -> bool:
    """A document is kept as it came, away from the staged files; it is only ever handed out as a download."""
    if not file.raw_path:
        return False
    try:
        with store.opened(file.raw_path) as stored:
            data = stored.read()
        ending = documents.inspect(data)
    except FileNotFoundError:
        return refuse(file=file, code="doc_broken")
    except RefusedError as refusal:
        return refuse(file=file, code=refusal.code)
    path, old = names.random_path(store.KEPT_FOLDER, ending), file.paths
    store.put(path, data)
    with transaction.atomic():
        won = StoredFile.objects.filter(pk=file.pk, state=State.PROCESSING, raw_path=file.raw_path).update(
            state=State.READY, failure="", raw_path="", master_path=path
        )
        if won:
            transaction.on_commit(lambda: store.remove(old))
    if not won:
        store.remove([path])
    return bool(won)
