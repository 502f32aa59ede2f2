"""From a staged upload to clean copies: what the job does. Safe to run twice, also at the same time."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from portal.files import actions, images, store
from portal.files.rules import RefusedError


def process(*, file_id: int) -> dict[str, Any]:
    """Decode one picture in the bounded child and keep its copies; a full disk raises, to be retried."""
    file = actions.claim(file_id)
    if file is None:
        return {"skipped": True}
    with tempfile.TemporaryDirectory(prefix="portal-files-") as folder:
        source, out = Path(folder) / "source", Path(folder) / "out"
        out.mkdir()
        try:
            with store.opened(file.raw_path or file.master_path) as stored, source.open("wb") as copy:
                shutil.copyfileobj(stored, copy)
        except FileNotFoundError:
            # Another run was faster and the original is gone, or it never will be there.
            return {"skipped": True} if actions.claim(file_id) is None else _refuse(file, "broken")
        try:
            derived = images.derive(source, out)
        except RefusedError as refusal:
            return _refuse(file, refusal.code)
        return {
            "kept": actions.keep(file=file, derived=derived),
            "width": derived.width,
            "height": derived.height,
        }


def _refuse(file: Any, code: str) -> dict[str, Any]:
    return {"refused": code, "noted": actions.refuse(file=file, code=code)}
