"""Looking after other people's accounts. Allowed to who could have given every role the person holds."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from portal.access.scope import scope_of
from portal.accounts import links, second_factor, sessions
from portal.accounts.messages import tell
from portal.accounts.models import AccessLink, User
from portal.accounts.words import DISABLED, RESET, SECOND_FACTOR_RESET
from portal.grants import queries
from portal.grants.rules import GrantRefused
from portal.journal.actions import record


def require_manageable(actor: User, user: User, reason: str | None = None) -> None:
    """Raise PermissionDenied (or GrantRefused for a missing reason)."""
    if not queries.is_manageable(scope_of(actor, fresh=True), user):
        raise PermissionDenied(f"{actor.pk} may not act on {user.pk}")
    if reason is not None and not reason.strip():
        raise GrantRefused(_("请写明原因。"))


@transaction.atomic
def reset_password(*, actor: User, user: User, reason: str) -> str:
    """Make the old password useless, end all sessions, and return a one-time link for the person."""
    require_manageable(actor, user, reason)
    if not user.is_active:
        raise GrantRefused(_("这个账号已停用，请先恢复。"))
    user.set_unusable_password()
    user.save(update_fields=["password"])
    sessions.end(user)
    token = links.make(user=user, kind=AccessLink.Kind.RESET, given_by=actor)
    record(
        "account.password_reset",
        actor=actor,
        target=user,
        unit=queries.home_unit(user),
        changed=["password"],
        details={"reason": reason},
    )
    tell(user, RESET % {"name": user.display_name, "link": links.address(token)}, secret=True)
    return token


@transaction.atomic
def reset_second_factor(*, actor: User, user: User, reason: str) -> None:
    """The phone is lost: unbind it; the person sets up a new one at the next sign-in, and is told."""
    require_manageable(actor, user, reason)
    if not second_factor.remove(user):
        raise GrantRefused(_("这个账号没有绑定两步验证。"))
    sessions.end(user)
    record(
        "account.second_factor_reset",
        actor=actor,
        target=user,
        unit=queries.home_unit(user),
        details={"reason": reason},
    )
    tell(user, SECOND_FACTOR_RESET % {"actor": actor.display_name})


@transaction.atomic
def disable(*, actor: User, user: User, reason: str) -> None:
    """Close an account: no sign-in, living sessions end at once, open links stop working."""
    require_manageable(actor, user, reason)
    if not User.objects.filter(pk=user.pk, is_active=True).update(
        is_active=False, disabled_reason=reason[:100]
    ):
        raise GrantRefused(_("这个账号已经停用了。"))
    sessions.end(user)
    links.revoke(user)
    unit = queries.home_unit(user)
    record(
        "account.disabled",
        actor=actor,
        target=user,
        unit=unit,
        changed=["is_active"],
        details={"reason": reason},
    )
    tell(user, DISABLED % {"reason": reason})


@transaction.atomic
def enable(*, actor: User, user: User, reason: str) -> None:
    """Open a disabled account again; the password must be changed at the next sign-in."""
    require_manageable(actor, user, reason)
    changed = User.objects.filter(pk=user.pk, is_active=False).update(
        is_active=True, disabled_reason="", must_change_password=True, last_seen_at=None
    )
    if not changed:
        raise GrantRefused(_("这个账号没有停用。"))
    record("account.enabled", actor=actor, target=user, changed=["is_active"], details={"reason": reason})


@transaction.atomic
def rename(*, actor: User, user: User, display_name: str) -> None:
    """Correct a name that was written wrong."""
    require_manageable(actor, user)
    old, user.display_name = user.display_name, display_name
    user.save(update_fields=["display_name"])
    record(
        "account.renamed",
        actor=actor,
        target=user,
        changed=["display_name"],
        details={"display_name": [old, display_name]},
        subject=str(user.ref),
    )
