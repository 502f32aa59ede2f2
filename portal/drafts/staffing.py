"""Drafts when people change."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.drafts.models import FormDraft
from portal.grants import handover


def _count(user: User) -> int:
    return FormDraft.objects.filter(owner=user, expires_at__gt=timezone.now()).count()


def _move(old: User, new: User) -> int:
    return FormDraft.objects.filter(owner=old, expires_at__gt=timezone.now()).update(owner=new)


handover.register(_("填到一半的草稿"), _count, _move)
