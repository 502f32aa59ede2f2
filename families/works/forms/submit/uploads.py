"""Files of the form of a submission: kept when it comes back, let go of when a child has no guardian's consent."""

from typing import Any

from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy

from families.works.forms.rows import is_unconsented_child
from portal.files.actions import discard
from portal.files.parts import drop as drop_upload
from portal.ui.forms import PortalForm

DROPPED = {
    "files": gettext_lazy("照片没有保存，请在监护人同意后重新选择。"),
    "recording": gettext_lazy("录音或视频没有保存，请在监护人同意后重新选择。"),
}


class UploadsMixin(PortalForm):
    """Which files stay with a form that is not a submission yet."""

    has_dropped = False

    def quieten(self) -> None:
        """The page was sent for something else (a phone code, a draft): show no errors, but keep its files."""
        self._errors = ErrorDict()
        self.cleaned_data: dict[str, Any] = {}
        if self.needs_guardian_first():
            if self._drop_pictures():
                self._say_dropped()
            return
        for name in self._upload_fields:
            try:
                self.fields[name].clean(self[name].data)
            except ValidationError as error:
                if {one.code for one in error.error_list} - {"media_unfinished"}:
                    self.add_error(name, error)

    def needs_guardian_first(self) -> bool:
        """A child's data without the guardian's tick: nothing of it may be stored yet."""
        return is_unconsented_child(self.data)

    def full_clean(self) -> None:
        """Pictures of a child are staged only after the guardian has consented."""
        if self.is_bound and self.needs_guardian_first():
            self.has_dropped = self._drop_pictures()
        super().full_clean()

    def _drop_pictures(self) -> bool:
        """Let go of what came with this form and of what was staged before the age was known."""
        if not self._upload_fields:
            return False
        came = bool(self.files)
        self.files = type(self.files)() if came else self.files
        for name in self._upload_fields:
            board = self.fields[name].board  # type: ignore[attr-defined]
            staged = [file.public_id for file in board.staged()]
            came = bool(discard(token=board.token, actor=board.actor, public_ids=staged)) or came
            for upload in board.unfinished():
                drop_upload(upload)
                came = True
        return came

    def _say_dropped(self) -> None:
        for name in self._upload_fields:
            self.add_error(name, DROPPED[name])

    @property
    def _upload_fields(self) -> list[str]:
        """The fields of this category that take files of the family."""
        return [name for name in ("files", "recording") if name in self.fields]
