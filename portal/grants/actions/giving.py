"""Giving a role and taking it back."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.access.roles import ROLES, Reach, Role
from portal.access.scope import scope_of
from portal.accounts.messages import tell
from portal.accounts.models import User
from portal.grants import queries, rules
from portal.grants.models import Grant
from portal.grants.rules import GrantRefused
from portal.journal.actions import record
from portal.journal.once import once
from portal.units.models import Unit


@once(Grant, by="given_by")
def give(
    *,
    actor: User,
    user: User,
    role: Role,
    unit: Unit,
    reach: Reach,
    starts_on: date,
    ends_on: date | None = None,
    reason: str = "",
    token: str | None = None,
) -> Grant:
    """Give a role. Raises PermissionDenied outside the giver's rights, GrantRefused when a rule says no."""
    if actor.pk == user.pk:
        raise GrantRefused(_("不能给自己授权，请让上级办理。"))
    if not rules.may_give(scope_of(actor, fresh=True), role, unit, reach):
        raise PermissionDenied(f"{actor.pk} may not give {role} at {unit.pk}")
    # One at a time per person (PostgreSQL; SQLite writers queue anyway): two givers cannot make a forbidden pair.
    user = User.objects.select_for_update().get(pk=user.pk)
    check(user=user, role=role, unit=unit, starts_on=starts_on, ends_on=ends_on)
    grant = Grant.objects.create(
        user=user,
        role=role.value,
        unit=unit,
        reach=reach,
        starts_on=starts_on,
        ends_on=ends_on,
        given_by=actor,
        reason=reason,
        client_token=token,
    )
    note_given(actor=actor, grant=grant)
    return grant


def check(*, user: User, role: Role, unit: Unit, starts_on: date, ends_on: date | None) -> None:
    """The rules that hold whoever gives."""
    if not user.is_active:
        raise GrantRefused(_("这个账号已停用，请先恢复。"))
    if unit.is_closed:
        raise GrantRefused(_("这个单位已撤销。"))
    if starts_on < timezone.localdate():
        raise GrantRefused(_("开始日期不能早于今天。"))
    if ends_on is not None and ends_on < starts_on:
        raise GrantRefused(_("结束日期不能早于开始日期。"))
    held = list(queries.open_of(user))
    clash = rules.conflict(role, {Role(grant.role) for grant in held})
    if clash:
        raise GrantRefused(clash)
    if any(g.role == role and g.unit_id == unit.pk and g.delegated_from_id is None for g in held):
        raise GrantRefused(_("已经有这个单位的同一角色。"))
    # Grants that ran out by their date still hold the open slot of the unique constraint.
    stale = Grant.objects.filter(
        user=user, role=role, unit=unit, ended_at__isnull=True, delegated_from__isnull=True
    )
    stale.filter(ends_on__lt=timezone.localdate()).update(ended_at=timezone.now(), end_reason=_("到期"))


def note_given(*, actor: User, grant: Grant, verb: str = "grant.given") -> None:
    """Journal and message of a new grant."""
    details = {
        "role": grant.role,
        "reach": int(grant.reach),
        "from": grant.starts_on,
        "to": grant.ends_on,
        "person": str(grant.user.ref),
        "reason": grant.reason,
    }
    record(verb, actor=actor, target=grant, unit=grant.unit, changed=["role"], details=details)
    words = {"role": ROLES[Role(grant.role)].label, "unit": grant.unit.name, "day": grant.starts_on}
    if grant.delegated_from_id is None:
        text = _("您自 %(day)s 起担任%(unit)s的“%(role)s”。")
    else:
        words |= {"name": actor.display_name, "last": grant.ends_on}
        text = _("%(name)s把%(unit)s的“%(role)s”临时委托给您，从 %(day)s 到 %(last)s，到期自动收回。")
    tell(grant.user, text % words)


@transaction.atomic
def end(*, actor: User, grant: Grant, reason: str, on: date | None = None) -> Grant:
    """Take a role back now, or at the end of a later day; delegations of it end with it.

    May do so who could have given it; a delegation also by who made it or who received it.
    """
    is_own_delegation = grant.delegated_from is not None and actor.pk in {
        grant.user_id,
        grant.delegated_from.user_id,
    }
    if not is_own_delegation:
        if actor.pk == grant.user_id:
            raise GrantRefused(_("不能收回自己的角色，请让上级办理。"))
        if not rules.may_give(scope_of(actor, fresh=True), Role(grant.role), grant.unit, Reach(grant.reach)):
            raise PermissionDenied(f"{actor.pk} may not end {grant.pk}")
    if not reason.strip():
        raise GrantRefused(_("请写明收回的原因。"))
    close(actor=actor, grant=grant, reason=reason, on=on)
    return grant


def close(*, actor: User, grant: Grant, reason: str, on: date | None) -> None:
    """The write itself, for actions that have checked."""
    now, today = timezone.now(), timezone.localdate()
    open_rows = Grant.objects.filter(ended_at__isnull=True)
    both = open_rows.filter(pk=grant.pk) | open_rows.filter(delegated_from=grant.pk)
    if on is not None and on > today:
        if grant.starts_on > on:
            raise GrantRefused(_("结束日期不能早于开始日期。"))
        changed = (
            both.exclude(ends_on__lte=on)
            .exclude(starts_on__gt=on)
            .update(ends_on=on, end_reason=reason[:200])
        )
        both.filter(starts_on__gt=on).update(ended_at=now, end_reason=reason[:200])
    else:
        changed = both.update(ended_at=now, end_reason=reason[:200])
    if not changed:
        raise GrantRefused(_("这个角色已经收回了。"))
    grant.refresh_from_db()
    details = {"reason": reason, "on": on, "role": grant.role, "person": str(grant.user.ref)}
    record("grant.ended", actor=actor, target=grant, unit=grant.unit, changed=["ended_at"], details=details)
