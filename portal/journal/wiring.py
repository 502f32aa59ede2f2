"""Menu entry of the journal browser; every entry makes the numbers in the menu new."""

from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
from portal.journal.actions import follow
from portal.ui import badges
from portal.ui.menu import SYSTEM, MenuItem, register

register(
    MenuItem(
        section=SYSTEM,
        label=_("操作记录"),
        icon="journal-text",
        url_name="portal:journal:index",
        perm=Perm.JOURNAL_READ,
        order=40,
    )
)
follow(badges.follow)
