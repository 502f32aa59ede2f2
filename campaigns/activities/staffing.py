"""Activities when people change: what a successor takes over, what a role would see."""

from django.utils.translation import gettext_lazy as _

from campaigns.activities.models import Activity
from campaigns.activities.rules import EDITABLE
from portal.access.permissions import Perm
from portal.access.roles import Reach
from portal.access.scope import below
from portal.accounts.models import User
from portal.grants import handover, preview
from portal.units.models import Unit


def _count(user: User) -> int:
    return Activity.objects.filter(created_by=user, status__in=EDITABLE).count()


def _move(old: User, new: User) -> int:
    """Only what is not yet sent in changes hands; who wrote the rest stays written down."""
    return Activity.objects.filter(created_by=old, status__in=EDITABLE).update(created_by=new)


def _seen(unit: Unit, reach: Reach) -> int:
    if reach is Reach.SUBTREE:
        return Activity.objects.filter(below(unit.path, "unit__")).count()
    return Activity.objects.filter(unit=unit).count()


handover.register(_("没有提交的活动记录"), _count, _move)
preview.register(_("活动记录"), Perm.ACTIVITY_VIEW, _seen)
