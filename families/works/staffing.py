"""Works when people change: what a successor takes over, what a role would see."""

from django.utils.translation import gettext_lazy as _

from families.works.models import Work
from families.works.rules import Status
from portal.access.permissions import Perm
from portal.access.roles import Reach
from portal.access.scope import below
from portal.accounts.models import User
from portal.grants import handover, preview
from portal.units.models import Unit

OPEN = (Status.DRAFT, Status.RETURNED)


def _count(user: User) -> int:
    return Work.objects.filter(entered_by=user, status__in=OPEN).count()


def _move(old: User, new: User) -> int:
    """What was entered for a family and still waits for it."""
    return Work.objects.filter(entered_by=old, status__in=OPEN).update(entered_by=new)


def _seen(unit: Unit, reach: Reach) -> int:
    if reach is Reach.SUBTREE:
        return Work.objects.filter(below(unit.path, "unit__")).count()
    return Work.objects.filter(unit=unit).count()


handover.register(_("代录未完成的投稿"), _count, _move)
preview.register(_("投稿"), Perm.WORK_VIEW, _seen)
