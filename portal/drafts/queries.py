"""Reads of drafts; always the holder's own."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from portal.drafts.holder import Holder
from portal.drafts.models import FormDraft


def held_by(holder: Holder) -> QuerySet[FormDraft]:
    """Drafts of this account; without an owner, those of this browser or of this verified phone."""
    mine = Q(owner__isnull=True, token__in=holder.tokens)
    if holder.user is not None:
        mine |= Q(owner=holder.user)
    if holder.phone_hash:
        mine |= Q(owner__isnull=True, phone_hash=holder.phone_hash)
    return FormDraft.objects.filter(mine, expires_at__gt=timezone.now())


def my_drafts(holder: Holder, limit: int = 20) -> list[FormDraft]:
    """我的草稿, newest first."""
    return list(held_by(holder)[:limit])


def count_for(holder: Holder) -> int:
    """How many drafts wait to be continued."""
    return held_by(holder).count()


def find(token: str, holder: Holder, form_code: str = "") -> FormDraft | None:
    """One draft of the holder, or None – whether it is another's or does not exist looks the same."""
    rows = held_by(holder).filter(token=token)
    return (rows.filter(form_code=form_code) if form_code else rows).first()


def by_code(code_hash: str) -> FormDraft | None:
    """The draft behind a resume code, while it is kept."""
    rows = FormDraft.objects.filter(
        resume_code_hash=code_hash, owner__isnull=True, expires_at__gt=timezone.now()
    )
    return rows.first() if code_hash else None


def expired(now: datetime | None = None) -> QuerySet[FormDraft]:
    """Drafts past their time."""
    return FormDraft.objects.filter(expires_at__lte=now or timezone.now())
