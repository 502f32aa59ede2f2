"""Words to a person outside the portal. Who delivers them (SMS, e-mail, inbox) is set by notifications."""

from collections.abc import Callable

from portal.accounts.models import User

Messenger = Callable[[User, str, bool], None]
_messenger: list[Messenger] = []


def set_messenger(messenger: Messenger) -> None:
    """messenger(user, text, secret) runs inside the transaction of the write; it may only write outbox rows.
    A secret text holds a link that opens the account: it goes to the phone or mailbox, never into the site."""
    _messenger[:] = [messenger]


def tell(user: User, text: str, *, secret: bool = False) -> bool:
    """Send a text to a person; False when nothing can deliver it (then the page shows it)."""
    for messenger in _messenger:
        messenger(user, text, secret)
    return bool(_messenger)
