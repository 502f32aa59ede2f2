"""What becomes of a file that was taken and then could not be read."""

from django.db import transaction

from portal.access.actors import SYSTEM
from portal.files import store
from portal.files.models import StoredFile
from portal.journal.actions import record

State = StoredFile.State


@transaction.atomic
def refuse(*, file: StoredFile, code: str) -> bool:
    """Keep the row to tell why, drop the bytes."""
    paths = file.paths
    changed = StoredFile.objects.filter(pk=file.pk, state=State.PROCESSING, raw_path=file.raw_path).update(
        state=State.FAILED, failure=code, raw_path="", master_path="", web_path="", thumb_path=""
    )
    if changed:
        transaction.on_commit(lambda: store.remove(paths))
        record("file.refused", actor=SYSTEM, target=file, unit=None)
    return bool(changed)
