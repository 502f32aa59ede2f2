"""Menu entry of the journal browser."""

from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
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
