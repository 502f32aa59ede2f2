"""Receiving large uploads: a full disk or a huge file becomes a refused file instead of a lost form."""

import contextlib
import io
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

from portal.files import rules, store


class UnsavedUpload(InMemoryUploadedFile):
    """Stands for a file that could not be written; the form field says why."""

    def __init__(self, *, field_name: str, name: str, failure: str) -> None:
        super().__init__(io.BytesIO(), field_name, name, "application/octet-stream", 0, None)
        self.failure = failure


class SpaceAwareHandler(TemporaryFileUploadHandler):
    """Like Django's own, but the rest of the form survives when nothing more can be written."""

    failure = ""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Open the temporary file, or remember that it could not be opened."""
        self.failure = ""
        try:
            super().new_file(*args, **kwargs)
        except OSError as error:
            self._note(error)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write one chunk; after a failure the rest of the file is only read away."""
        if self.failure:
            return
        if start + len(raw_data) > rules.receive_limit():
            self._give_up("huge")
            return
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError as error:
            self._note(error)

    def file_complete(self, file_size: int) -> UploadedFile | None:
        """The file, or its stand-in."""
        if not self.failure:
            try:
                return super().file_complete(file_size)
            except OSError as error:
                self._note(error)
        return UnsavedUpload(
            field_name=self.field_name or "", name=self.file_name or "", failure=self.failure
        )

    def _note(self, error: OSError) -> None:
        if not store.is_full(error):
            raise error
        self._give_up("no_space")

    def _give_up(self, failure: str) -> None:
        self.failure = failure
        if getattr(self, "file", None) is not None:
            with contextlib.suppress(OSError):  # what was buffered does not fit either
                self.file.close()
