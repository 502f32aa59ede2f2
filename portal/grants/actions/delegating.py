"""Passing a role on for a while."""

from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.access.roles import Reach, Role
from portal.accounts.models import User
from portal.grants import queries, rules
from portal.grants.actions.giving import note_given
from portal.grants.models import Grant
from portal.grants.rules import GrantRefused
from portal.journal.once import once
from portal.units.models import Unit


@once(Grant, by="given_by")
def delegate(
    *,
    actor: User,
    source: Grant,
    to: User,
    unit: Unit,
    reach: Reach,
    starts_on: date,
    ends_on: date,
    reason: str,
    token: str | None = None,
) -> Grant:
    """Let a colleague at the same unit or below act for the actor until a date.

    The own grant is the permission: nobody passes on what they do not hold, further than they hold it,
    or longer than they hold it; what was delegated is not passed on.
    """
    if source.user_id != actor.pk or source.pk not in {grant.pk for grant in queries.delegable(actor)}:
        raise PermissionDenied("not a grant of the actor that may be delegated")
    if not unit.path.startswith(source.unit.path) or reach > source.reach:
        raise PermissionDenied("further than the own grant reaches")
    if unit.pk != source.unit_id and source.reach != Reach.SUBTREE:
        raise PermissionDenied("further than the own grant reaches")
    if not queries.colleagues(actor, source.unit).filter(pk=to.pk).exists():
        raise GrantRefused(_("只能委托给本单位或下级单位的同事。"))
    _check_dates(source, starts_on, ends_on)
    to = User.objects.select_for_update().get(pk=to.pk)
    clash = rules.conflict(Role(source.role), {Role(grant.role) for grant in queries.open_of(to)})
    if clash:
        raise GrantRefused(clash)
    grant = Grant.objects.create(
        user=to,
        role=source.role,
        unit=unit,
        reach=reach,
        starts_on=starts_on,
        ends_on=ends_on,
        delegated_from=source,
        given_by=actor,
        reason=reason,
        client_token=token,
    )
    note_given(actor=actor, grant=grant, verb="grant.delegated")
    return grant


def _check_dates(source: Grant, starts_on: date, ends_on: date) -> None:
    if starts_on < timezone.localdate() or ends_on < starts_on:
        raise GrantRefused(_("请检查起止日期：不早于今天，结束不早于开始。"))
    if ends_on - starts_on > timedelta(days=rules.DELEGATION_MOST_DAYS):
        raise GrantRefused(_("一次委托最多 %(days)d 天。") % {"days": rules.DELEGATION_MOST_DAYS})
    if source.ends_on is not None and ends_on > source.ends_on:
        raise GrantRefused(_("不能超过您自己的任期（到 %(day)s）。") % {"day": source.ends_on})
