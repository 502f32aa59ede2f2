"""Jobs of imports: an id in, an action called."""

from typing import Any

from django.utils.translation import gettext_lazy

from portal.importing import actions
from portal.jobs.registry import job, periodic
from portal.jobs.runner import Run
from portal.jobs.words import KIND_WORDS

KIND_WORDS |= {
    "importing.apply": gettext_lazy("写入导入的表格"),
    "importing.undo": gettext_lazy("撤销一次导入"),
    "importing.forget": gettext_lazy("清理旧的导入表格"),
}


@job("importing.apply", limit=1800)
def apply_import(run: Run, *, import_id: int) -> dict[str, Any]:
    """Write the chosen rows of a confirmed table; a row written before is not written again."""
    return actions.apply(import_id=import_id, actor=run.by, progress=run.progress)


@job("importing.undo", limit=1800)
def undo_import(run: Run, *, import_id: int) -> dict[str, Any]:
    """Take a whole import back; a row taken back before is left alone."""
    return actions.undo(import_id=import_id, actor=run.by, progress=run.progress)


@periodic("importing.forget", every=86_400, offset=9_000)
def forget_tables(run: Run) -> dict[str, Any]:
    """Uploaded tables that nobody confirmed are deleted after a week."""
    return actions.forget_old()
