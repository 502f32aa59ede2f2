"""Hooks messages into the journal, the bell, the phone codes and the menu."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
from portal.accounts.phone_codes import set_sender
from portal.journal.actions import follow
from portal.notifications import actions, delivery, queries
from portal.ui import context, menu


def _unread(request: HttpRequest) -> int:
    return queries.unread_count(request.user)


def _send_code(phone: str, text: str, purpose: str) -> None:
    actions.send_sms(to=phone, text=text, secret=True)


follow(delivery.follow_entry)
set_sender(_send_code)
context.set_unread(_unread, url_name="portal:notifications:messages")
menu.register(
    menu.MenuItem(
        section=menu.SYSTEM,
        label=_("发件箱"),
        icon="send",
        url_name="portal:notifications:outbox",
        perm=Perm.OUTBOX_READ,
        order=40,
    )
)
