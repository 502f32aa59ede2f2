"""Inviting people: an account, its first role and a one-time link, in one step."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from portal.access.roles import Reach, Role
from portal.access.scope import scope_of
from portal.accounts import links
from portal.accounts.actions import store_phone
from portal.accounts.messages import tell
from portal.accounts.models import AccessLink, User
from portal.accounts.rules import is_username
from portal.accounts.words import INVITED
from portal.grants import rules
from portal.grants.actions.giving import give
from portal.grants.actions.people import require_manageable
from portal.grants.models import Grant
from portal.grants.rules import GrantRefused
from portal.journal.actions import record
from portal.units.models import Unit


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """What the inviter knows about the person."""

    username: str
    display_name: str
    role: Role
    unit: Unit
    reach: Reach
    starts_on: date
    ends_on: date | None = None
    title: str = ""
    phone: str = ""
    email: str = ""
    reason: str = ""


@transaction.atomic
def invite(*, actor: User, invitation: Invitation, token: str | None = None) -> tuple[User, str]:
    """Open an account with its first role; returns it with the one-time link's token ("" on a double post)."""
    known = Grant.objects.filter(client_token=token).select_related("user").first() if token else None
    if known is not None:
        return known.user, ""
    scope = scope_of(actor, fresh=True)
    if not rules.may_give(scope, invitation.role, invitation.unit, invitation.reach):
        raise PermissionDenied(f"{actor.pk} may not invite a {invitation.role} at {invitation.unit.pk}")
    if not is_username(invitation.username):
        raise GrantRefused(_("用户名用小写字母开头，3–30 个字母、数字或 _ . -。"))
    if User.objects.filter(username=invitation.username).exists():
        raise GrantRefused(_("用户名 %(name)s 已经有人用了。") % {"name": invitation.username})
    user = User.objects.create_user(
        invitation.username,
        None,
        display_name=invitation.display_name,
        title=invitation.title,
        email=invitation.email,
    )
    if invitation.phone:
        store_phone(user, invitation.phone)
    record("account.invited", actor=actor, target=user, unit=invitation.unit, subject=str(user.ref))
    give(
        actor=actor,
        user=user,
        role=invitation.role,
        unit=invitation.unit,
        reach=invitation.reach,
        starts_on=invitation.starts_on,
        ends_on=invitation.ends_on,
        reason=invitation.reason,
        token=token,
    )
    return user, _send_link(actor, user)


def _send_link(actor: User, user: User) -> str:
    link = links.make(user=user, kind=AccessLink.Kind.INVITE, given_by=actor)
    words = {
        "name": user.display_name,
        "site": settings.SITE["name"],
        "username": user.username,
        "link": links.address(link),
    }
    tell(user, INVITED % words, secret=True)
    return link


@transaction.atomic
def invite_many(
    *, actor: User, invitations: Iterable[Invitation], token: str | None = None
) -> list[tuple[User, str]]:
    """All of them or none."""
    return [
        invite(actor=actor, invitation=invitation, token=f"{token[:30]}-{number}" if token else None)
        for number, invitation in enumerate(invitations)
    ]


@transaction.atomic
def resend(*, actor: User, user: User) -> str:
    """A new link for somebody who has not set a password yet; the old one stops working."""
    require_manageable(actor, user)
    if user.has_usable_password() or not user.is_active:
        raise GrantRefused(_("这个账号已经开通，忘记密码请用“重置密码”。"))
    link = _send_link(actor, user)
    record("account.link_made", actor=actor, target=user)
    return link


@transaction.atomic
def revoke_invitation(*, actor: User, user: User) -> None:
    """Make the link useless; the account stays without a password until it is sent again."""
    require_manageable(actor, user)
    if not links.revoke(user):
        raise GrantRefused(_("没有可撤回的链接。"))
    record("account.link_revoked", actor=actor, target=user)
