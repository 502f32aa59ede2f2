"""What a person does with the own account. Acting on other people's accounts is in `grants`."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from portal import vault
from portal.accounts import links, passwords, phone_codes, sessions
from portal.accounts.messages import tell
from portal.accounts.models import AccessLink, User
from portal.accounts.words import PASSWORD_CHANGED
from portal.journal.actions import record


def _own(actor: User, user: User) -> None:
    if actor.pk != user.pk or not actor.is_active:
        raise PermissionDenied("only the own account")


@transaction.atomic
def change_password(*, actor: User, user: User, password: str, device_id: int | None = None) -> None:
    """Set a checked password; every other session of the person ends."""
    _own(actor, user)
    passwords.set_new(user, password)
    sessions.end(user, keep=device_id)
    record("account.password_changed", actor=actor, target=user, changed=["password"])
    tell(user, str(PASSWORD_CHANGED))


@transaction.atomic
def use_link(*, link: AccessLink, password: str) -> bool:
    """Set the first or a new password through a one-time link; False when somebody was faster.

    The link itself is the permission: it was made by an action that checked it.
    """
    if not links.take(link):
        return False
    user = link.user
    passwords.set_new(user, password)
    sessions.end(user)
    record("account.link_used", actor=user, target=user, changed=["password"], details={"kind": link.kind})
    return True


@transaction.atomic
def set_forgotten_password(*, user: User, password: str) -> None:
    """After a code to the phone of the account was given: new password, all sessions end."""
    passwords.set_new(user, password)
    links.revoke(user)
    sessions.end(user)
    record("account.password_forgotten", actor=user, target=user, changed=["password"])
    tell(user, str(PASSWORD_CHANGED))


@transaction.atomic
def update_profile(*, actor: User, user: User, title: str, email: str) -> None:
    """Keep title and mail address right."""
    _own(actor, user)
    new = {"title": title, "email": email}
    changed = {
        name: [getattr(user, name), value] for name, value in new.items() if getattr(user, name) != value
    }
    if not changed:
        return
    for name, value in new.items():
        setattr(user, name, value)
    user.save(update_fields=list(new))
    record("account.profile_changed", actor=actor, target=user, changed=changed, details=changed)


@transaction.atomic
def set_phone(*, actor: User, user: User, phone: str) -> None:
    """A phone that was verified by a code becomes the account's."""
    _own(actor, user)
    store_phone(user, phone)
    record("account.phone_changed", actor=actor, target=user, changed=["phone"])


def store_phone(user: User, phone: str) -> None:
    """Write number and hash together; inside the caller's transaction."""
    user.phone = phone_codes.clean_phone(phone) if phone else ""
    user.phone_hash = vault.keyed_hash(user.phone, purpose="phone") if user.phone else ""
    user.save(update_fields=["phone", "phone_hash"])


@transaction.atomic
def end_devices(*, actor: User, user: User, only: int | None = None, keep: int | None = None) -> int:
    """Sign out elsewhere: one device, or all but this one."""
    _own(actor, user)
    count = sessions.end(user, only=only, keep=keep)
    if count:
        record("account.device_ended", actor=actor, target=user)
    return count
