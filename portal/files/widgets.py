"""The picture input: chosen files with thumbnails, captions and a tick to remove, then the file chooser."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from portal.files import queries, rules, specs
from portal.files.models import PartialUpload, StoredFile


@dataclass(frozen=True)
class FilesInput:
    """What a browser sent for one field."""

    uploads: list[UploadedFile]
    removed: list[UUID]
    captions: dict[UUID, str]


@dataclass
class Board:
    """What belongs to the field right now."""

    name: str
    token: str
    actor: Any
    target: Model | None
    limits: rules.Limits
    captions: bool = True
    removed: tuple[UUID, ...] = ()

    def staged(self) -> list[StoredFile]:
        """Sent with this form, not saved yet."""
        return (
            list(queries.staged_under(self.token, self.actor, self.name).order_by("pk")) if self.token else []
        )

    def unfinished(self) -> list[PartialUpload]:
        """Large files on their way."""
        return list(queries.unfinished(self.token, self.actor, self.name)) if self.token else []

    def attached(self) -> list[StoredFile]:
        """Saved before."""
        return list(queries.attached_to(self.target, self.name)) if self.target is not None else []


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


class PhotosWidget(forms.Widget):
    """Works as a plain multi-file input; upload.js adds progress and previews."""

    needs_multipart_form = True
    template = "files/widgets/photos.html"
    accept = rules.ACCEPT
    board: Board | None = None

    def value_from_datadict(self, data: Any, files: Any, name: str) -> FilesInput:
        """Uploads, ids ticked for removal, captions."""
        uploads = (
            files.getlist(name) if hasattr(files, "getlist") else [files[name]] if files.get(name) else []
        )
        removed = (
            data.getlist(f"{name}_remove") if hasattr(data, "getlist") else data.get(f"{name}_remove", [])
        )
        prefix = f"{name}_caption_"
        captions = {
            known: data.get(key)
            for key in data
            if key.startswith(prefix) and (known := _uuid(key.removeprefix(prefix))) is not None
        }
        return FilesInput(list(uploads), [known for text in removed if (known := _uuid(text))], captions)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Nothing chosen is an answer too."""
        return False

    def use_required_attribute(self, initial: Any) -> bool:
        """Staged files answer a required field, which the browser cannot know."""
        return False

    def id_for_label(self, id_: str) -> str:
        """The label belongs to the chooser."""
        return id_

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The field's HTML, from the project's own templates."""
        board, typed = self.board, value if isinstance(value, FilesInput) else None
        rows = [
            {
                "file": file,
                "caption": (typed.captions.get(file.public_id) if typed else None) or file.caption,
                "removed": board is not None and file.public_id in board.removed,
            }
            for file in ([*board.attached(), *board.staged()] if board else [])
        ]
        limits = board.limits if board else rules.default_limits()
        context = {
            "name": name,
            "rows": rows,
            "limits": limits,
            "captions": board.captions if board else False,
            "spec": specs.write(specs.Spec(name, limits)),
            "accept": self.accept,
            "required": self.is_required,
            "attrs": {**self.attrs, **(attrs or {})},
        }
        return SafeString(render_to_string(self.template, context))


class MediaWidget(PhotosWidget):
    """Sound and video: media.js sends them in parts; without it a plain chooser with its smaller limit."""

    template = "files/widgets/media.html"

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Chosen files, what is on its way, the chooser, and what is asked of files in plain words."""
        board = self.board
        limits = (
            board.limits if board and isinstance(board.limits, rules.MediaLimits) else rules.media_limits()
        )
        rows = [
            {"file": file, "removed": board is not None and file.public_id in board.removed}
            for file in ([*board.attached(), *board.staged()] if board else [])
        ]
        context = {
            "name": name, "rows": rows, "unfinished": board.unfinished() if board else [], "limits": limits,
            "spec": specs.write(specs.Spec(name, limits)), "accept": limits.accept, "required": self.is_required,
            "plain": rules.PLAIN_MEGABYTES, "takes_audio": "audio" in limits.kinds,
            "takes_video": "video" in limits.kinds, "audio_mb": limits.megabytes_of("audio"),
            "video_mb": limits.megabytes_of("video"), "text_program": rules.RefusedError("program").message,
            "text_long": rules.RefusedError("media_long", length="{length}", limit=limits.minutes).message,
            "text_small": rules.RefusedError(
                "media_small", width="{width}", height="{height}", least=f"{limits.least[0]}×{limits.least[1]}"
            ).message, "attrs": {**self.attrs, **(attrs or {})},
        }  # fmt: skip
        return SafeString(render_to_string(self.template, context))


class DocumentsWidget(PhotosWidget):
    """The same for documents; a plain chooser, with or without scripts."""

    template = "files/widgets/documents.html"
    accept = rules.ACCEPT_DOCUMENTS
