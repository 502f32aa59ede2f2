"""Hooks messages into the journal, the bell, the phone codes and the menu."""

import uuid

from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.accounts.messages import set_messenger
from portal.accounts.models import User
from portal.accounts.phone_codes import set_sender
from portal.journal.actions import follow
from portal.notifications import actions, delivery, queries, terms  # noqa: F401 – terms registers itself
from portal.reviews import inbox
from portal.ui import context, menu


def _unread(request: HttpRequest) -> int:
    return queries.unread_count(request.user)


def _send_code(phone: str, text: str, purpose: str) -> None:
    actions.send_sms(to=phone, text=text, secret=True)


def _tell_person(user: User, text: str, secret: bool) -> None:
    """Words about the own account: to the phone and mailbox, and in the site unless they hold a secret."""
    key = f"account:{uuid.uuid4().hex}"
    if not secret:
        actions.tell(users=[user], title=str(_("账号通知")), text=text, key=key)
    if user.phone:
        actions.send_sms(to=user.phone, text=text, user=user, key=f"{key}:sms", secret=secret)
    actions.send_email(
        user=user, subject=str(_("账号通知")), text=text, key=f"{key}:mail", may_wait=not secret
    )


def _failing(scope: Scope, limit: int) -> list[inbox.InboxItem]:
    return [
        inbox.InboxItem(
            str(task.user) if task.user else str(task),
            gettext("%(to)s 连续三次发不到 · %(unit)s") % {"to": task, "unit": task.unit or ""},
            task.staff_url,
            task.created_at,
        )
        for task in queries.bad_addresses(scope)[:limit]
    ]


inbox.register(
    inbox.InboxSource(
        "addresses",
        _("发不到的号码和邮箱"),
        "telephone-x",
        queries.bad_addresses,
        _failing,
        order=60,
    )
)
set_messenger(_tell_person)
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
