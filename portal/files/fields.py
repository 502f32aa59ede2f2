"""The file field of forms: what was chosen survives a form that fails.

    class ActivityForm(FilesFormMixin, PortalModelForm):
        photos = PhotosField(required=False)

    form = ActivityForm(request.POST or None, request.FILES or None, actor=request.user, target=activity)
    if form.is_valid():
        ...actions.log(..., photos=form.cleaned_data["photos"])      # a Picked; there: files.actions.settle

Cleaning stages the uploads under the form's token: the one write that a form makes, because a browser
cannot send the same files again by itself. Everything else about them is written by the action.
"""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model
from django.utils.translation import gettext as _

from portal.files import actions, parts, specs
from portal.files.models import StoredFile
from portal.files.names import shown_name
from portal.files.picked import Picked
from portal.files.rules import (
    Limits,
    MediaLimits,
    NoSpaceError,
    RefusedError,
    default_limits,
    document_limits,
    media_limits,
)
from portal.files.widgets import Board, DocumentsWidget, FilesInput, MediaWidget, PhotosWidget

TOKEN_FIELD = "form_token"


class PhotosField(forms.Field):
    """Several pictures with captions; cleans to `Picked`."""

    widget = PhotosWidget
    kind: str = StoredFile.Kind.IMAGE
    over_code = "over"

    def __init__(self, *, limits: Limits | None = None, captions: bool = True, **kwargs: Any) -> None:
        self.limits = limits or default_limits()
        self.captions = captions
        self.board: Board | None = None
        super().__init__(**kwargs)

    def attach_to(self, *, name: str, token: str, actor: Any, target: Model | None) -> None:
        """Tell the field which form, person and object it works for; called by the mixin."""
        self.board = Board(
            name=name,
            token=token if specs.is_token(token) else "",
            actor=actor or AnonymousUser(),
            target=target if target is not None and target.pk else None,
            limits=self.limits,
            captions=self.captions,
        )
        self.widget.board = self.board

    def clean(self, value: FilesInput) -> Picked:
        """Stage what came, drop what was unticked; raises one error per refused file, keeping the others."""
        board = self.board
        if board is None:
            raise RuntimeError("PhotosField outside FilesFormMixin")
        removed = self._remove(board, value.removed)
        errors = self._stage(board, value.uploads, taken=len(board.attached()) - len(removed))
        rows = board.staged()
        errors += self._failed(board, rows)
        if errors:
            raise ValidationError(errors)
        staged = tuple(file.public_id for file in rows)
        total = len(staged) + len(board.attached()) - len(removed)
        if total > self.limits.count:
            raise ValidationError(
                RefusedError(self.over_code, limit=self.limits.count, total=total).message, code="over"
            )
        if self.required and not total:
            raise ValidationError(self.error_messages["required"], code="required")
        return Picked(board.token, board.name, staged, removed, value.captions)

    def _remove(self, board: Board, wanted: list[UUID]) -> tuple[UUID, ...]:
        """Staged ones go at once; attached ones when the form is saved."""
        if not wanted:
            return ()
        actions.discard(token=board.token, actor=board.actor, public_ids=wanted, field=board.name)
        known = {file.public_id for file in board.attached()}
        board.removed = tuple(public_id for public_id in wanted if public_id in known)
        return board.removed

    def _stage(self, board: Board, uploads: list[UploadedFile], *, taken: int) -> list[ValidationError]:
        errors: list[ValidationError] = []
        room = Limits(max(0, self.limits.count - taken), self.limits.megabytes)
        for upload in uploads:
            name = shown_name(upload.name or "")
            if not board.token:
                return [ValidationError(_("页面已过期，请刷新后重新选择文件。"), code="token")]
            try:
                actions.stage(
                    upload,
                    token=board.token,
                    actor=board.actor,
                    field=board.name,
                    limits=room,
                    kind=self.kind,
                )
            except NoSpaceError as refusal:
                return [*errors, ValidationError(refusal.message, code=refusal.code)]
            except RefusedError as refusal:
                errors.append(refusal.naming(name))
        return errors

    def _failed(self, board: Board, rows: list[StoredFile]) -> list[ValidationError]:
        """Files that were taken but turned out unreadable: said once, then gone."""
        failed = [file for file in rows if file.state == StoredFile.State.FAILED]
        ids = [file.public_id for file in failed]
        if ids:
            actions.discard(token=board.token, actor=board.actor, public_ids=ids, field=board.name)
        return [RefusedError(file.failure or "broken").naming(file.original_name) for file in failed]

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Were files added, removed or described?"""
        return isinstance(data, FilesInput) and bool(data.uploads or data.removed or data.captions)


class MediaField(PhotosField):
    """Sound and video; cleans to `Picked` like pictures do. With script they arrive in parts before the form."""

    widget = MediaWidget

    def __init__(self, *, limits: MediaLimits | None = None, **kwargs: Any) -> None:
        super().__init__(limits=limits or media_limits(), captions=False, **kwargs)

    def _remove(self, board: Board, wanted: list[UUID]) -> tuple[UUID, ...]:
        for upload in board.unfinished():
            if upload.public_id in wanted:
                parts.drop(upload)
        return super()._remove(board, wanted)

    def _stage(self, board: Board, uploads: list[UploadedFile], *, taken: int) -> list[ValidationError]:
        errors: list[ValidationError] = []
        limits = self.limits if isinstance(self.limits, MediaLimits) else media_limits()
        room = replace(limits, count=max(0, limits.count - taken))
        for upload in uploads:
            if not board.token:
                return [ValidationError(_("页面已过期，请刷新后重新选择文件。"), code="token")]
            try:
                parts.stage_plain(upload, token=board.token, actor=board.actor, field=board.name, limits=room)
            except NoSpaceError as refusal:
                return [*errors, ValidationError(refusal.message, code=refusal.code)]
            except RefusedError as refusal:
                errors.append(refusal.naming(shown_name(upload.name or "")))
        for waiting in board.unfinished():
            refusal = RefusedError("media_unfinished", percent=waiting.percent)
            errors.append(refusal.naming(waiting.original_name))
        return errors


class DocumentsField(PhotosField):
    """Several documents (PDF, Word, Excel); cleans to `Picked` like pictures do. They travel with the form and
    are staged when it is cleaned, so a form that fails still has them."""

    widget = DocumentsWidget
    kind = StoredFile.Kind.DOCUMENT
    over_code = "doc_over"

    def __init__(self, *, limits: Limits | None = None, **kwargs: Any) -> None:
        super().__init__(limits=limits or document_limits(), captions=False, **kwargs)


class FilesFormMixin:
    """Connects the PhotosFields of a form with its token, its person and the object it edits.

    `actor` and `target` are taken from the arguments, or from what the form below knows already.
    """

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, actor: Any = None, target: Model | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        actor = actor or getattr(self, "actor", None) or getattr(getattr(self, "scope", None), "actor", None)
        target = target if target is not None else getattr(self, "instance", None)
        for name, field in self.fields.items():
            if isinstance(field, PhotosField):
                field.attach_to(name=name, token=self._files_token(), actor=actor, target=target)

    def _files_token(self) -> str:
        """The form's token: what came back. A page that begins a form has none yet under which files could lie."""
        form: Any = self
        if not form.is_bound and TOKEN_FIELD not in form.initial:
            return ""
        value = form[TOKEN_FIELD].value() if TOKEN_FIELD in form.fields else form.initial.get(TOKEN_FIELD)
        return str(value or "")
