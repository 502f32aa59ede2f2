"""Writing the captions of a sound or film, and the form field they are typed or chosen in."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from portal.files import captions, queries
from portal.files.models import CaptionTrack, StoredFile
from portal.journal.actions import record

FILE_SUFFIX = "_file"


@transaction.atomic
def set_captions(*, target: Model, actor: Any, text: str, field: str = "recording") -> bool:
    """Give the sound or film of `target` these captions (WebVTT from `CaptionsField`), or none for an empty text.

    Called by the action that owns `target`, inside its transaction and after its permission check. Of several
    films the first has them. True when something changed.
    """
    film = next((file for file in queries.attached_to(target, field) if file.is_media), None)
    if film is None:
        return False
    known = queries.captions_of(film)
    if (known.text if known else "") == text:
        return False
    if text:
        user = actor if getattr(actor, "is_authenticated", False) else None
        CaptionTrack.objects.update_or_create(file=film, defaults={"text": text, "updated_by": user})
    else:
        CaptionTrack.objects.filter(file=film).delete()
    StoredFile.objects.filter(pk=film.pk).update(has_captions=bool(text))
    record("file.captions_changed", actor=actor, target=target, changed=["captions"])
    return True


class CaptionsWidget(forms.Textarea):
    """A file chooser above the text it holds: what is wrong in a line can be mended right here."""

    needs_multipart_form = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str | ValidationError:
        """The chosen file's text, else what stands in the box; the error of a file that holds no text."""
        upload = files.get(name + FILE_SUFFIX)
        typed = str(data.get(name) or "")
        if upload is None or not upload.size:
            return typed
        upload.seek(0)
        try:
            return captions.decode(upload.read(captions.MAX_BYTES + 1))
        except captions.CaptionsError as error:
            return ValidationError(error.faults)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Either of the two."""
        return name not in data and name + FILE_SUFFIX not in files

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """From the project's own template."""
        context = {
            "name": name, "file_name": name + FILE_SUFFIX, "text": value if isinstance(value, str) else "",
            "attrs": {**self.attrs, **(attrs or {})},
        }  # fmt: skip
        return SafeString(render_to_string("files/widgets/captions.html", context))


class CaptionsField(forms.Field):
    """SRT or WebVTT, chosen as a file or pasted; cleans to WebVTT of the portal's own writing, or to ""."""

    widget = CaptionsWidget

    def __init__(self, **kwargs: Any) -> None:
        kwargs = {"label": _("字幕（选填）"), "required": False, **kwargs}
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        """Raises one error per bad line."""
        if isinstance(value, ValidationError):
            raise value
        try:
            if len(text := str(value or "")) > captions.MAX_BYTES:
                captions.decode(text.encode())
            cues = captions.read(text)
        except captions.CaptionsError as error:
            raise ValidationError(error.faults, code="captions") from error
        return captions.write(cues) if cues else ""

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Is it another text?"""
        return isinstance(data, ValidationError) or str(initial or "").strip() != str(data or "").strip()
