"""Writes of drafts. They are a person's own notes, seen by nobody else, so the journal does not hear of
every pause in typing; it hears of what the form becomes."""

import json
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.drafts import labels, queries, rules
from portal.drafts.holder import Holder
from portal.drafts.models import FormDraft
from portal.ui import kept


class DraftError(ValueError):
    """A draft that cannot be kept: the token or the form code makes no sense."""


def save(
    *, token: str, form_code: str, payload: rules.Payload, holder: Holder, path: str = "", title: str = ""
) -> FormDraft | None:
    """Keep what is typed so far; None (and no draft left) when nothing is, or nothing may be kept.

    Raises PermissionDenied for another's token."""
    if not rules.TOKEN.match(token) or not rules.FORM_CODE.match(form_code):
        raise DraftError("token or form")
    payload = labels.keepable(form_code, payload)
    if not rules.has_content(payload):
        discard(token=token, holder=holder)
        return None
    fields = _fields(form_code=form_code, payload=payload, path=path, title=title, days=rules.KEPT_DAYS)
    changed = queries.held_by(holder).filter(token=token).first()
    if changed is not None:
        return _overwrite(changed, fields, holder)
    try:
        with transaction.atomic():
            draft = FormDraft.objects.create(
                token=token, owner=holder.user, phone_hash="" if holder.user else holder.phone_hash, **fields
            )
            kept.forget(holder.user)  # after the write: a page that is made before it keeps the old stamp
            return draft
    except IntegrityError:
        mine = queries.find(token, holder)
        if mine is None:
            raise PermissionDenied("another's draft") from None
        return _overwrite(mine, fields, holder)


def _fields(*, form_code: str, payload: rules.Payload, path: str, title: str, days: int) -> dict[str, Any]:
    return {
        "form_code": form_code,
        "payload": json.dumps(payload, ensure_ascii=False),
        "path": path if path.startswith("/") and not path.startswith("//") and len(path) <= 300 else "",
        "title": (title or rules.title_hint(payload))[:60],
        "expires_at": timezone.now() + timedelta(days=days),
    }


@transaction.atomic
def _overwrite(draft: FormDraft, fields: dict[str, Any], holder: Holder) -> FormDraft:
    for name, value in fields.items():
        setattr(draft, name, value)
    draft.save()
    kept.forget(holder.user)
    return draft


@transaction.atomic
def give_code(*, draft: FormDraft, code_hash: str, phone_hash: str = "") -> None:
    """Let a draft be found from another device: by a code, and by the phone it was written for."""
    fields = {"resume_code_hash": code_hash} | ({"phone_hash": phone_hash} if phone_hash else {})
    FormDraft.objects.filter(pk=draft.pk).update(**fields)


@transaction.atomic
def adopt(*, code_hash: str, phone_hash: str) -> FormDraft | None:
    """Whoever knows the code of a draft and has verified a phone gets it, unless it was written for another."""
    draft = queries.by_code(code_hash)
    if draft is None or draft.phone_hash not in ("", phone_hash):
        return None
    FormDraft.objects.filter(pk=draft.pk).update(phone_hash=phone_hash)
    draft.phone_hash = phone_hash
    return draft


def rescue(*, form_code: str, payload: rules.Payload, path: str, owner: Any = None) -> FormDraft:
    """Keep a form that arrived too late, under a token of its own; its form_token stays inside."""
    fields = _fields(form_code=form_code, payload=payload, path=path, title="", days=1)
    fields["expires_at"] = timezone.now() + timedelta(hours=rules.RESCUED_HOURS)
    with transaction.atomic():
        draft = FormDraft.objects.create(token=str(uuid.uuid4()), owner=owner, rescued=True, **fields)
        kept.forget(owner)
    return draft


def claim(*, draft: FormDraft, holder: Holder) -> bool:
    """A draft begun before signing in becomes the account's own."""
    if holder.user is None or draft.owner_id is not None:
        return False
    rows = queries.held_by(holder).filter(pk=draft.pk, owner__isnull=True)
    with transaction.atomic():
        count = FormDraft.objects.filter(pk__in=rows.values("pk")).update(owner=holder.user)
        kept.forget(holder.user)
    return bool(count)


@transaction.atomic(savepoint=False)
def discard(*, token: str, holder: Holder) -> bool:
    """Throw a draft away, because it was sent or is not wanted; False when it is not the holder's."""
    count, _ = queries.held_by(holder).filter(token=token).delete()
    kept.forget(holder.user)
    return bool(count)


def purge_expired(*, now: datetime | None = None) -> int:
    """Delete drafts past their time; returns how many."""
    with transaction.atomic():
        count, _ = queries.expired(now).delete()
    return count


def content_of(draft: FormDraft) -> rules.Payload:
    """The fields of a draft."""
    found: rules.Payload = json.loads(draft.payload or "{}")
    return found
