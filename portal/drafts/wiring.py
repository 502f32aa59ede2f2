"""Tells the gate what to do with a form that arrives after the session ended; menu and privacy."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.access.gate import set_expired_post_hook
from portal.drafts import keeping
from portal.drafts import staffing as _staffing  # noqa: F401 – registers itself
from portal.drafts.holder import holder_of
from portal.drafts.queries import count_for
from portal.drafts.rescue import expired_post
from portal.privacy.registry import register_retention, register_source
from portal.ui import menu


def _waiting(request: HttpRequest) -> int:
    return count_for(holder_of(request))


set_expired_post_hook(expired_post)
register_source(keeping.SOURCE)
register_retention(keeping.RETENTION)
menu.register(
    menu.MenuItem(
        section=menu.WORK,
        label=_("我的草稿"),
        icon="pencil-square",
        url_name="portal:drafts:index",
        badge=_waiting,
        order=90,
    )
)
