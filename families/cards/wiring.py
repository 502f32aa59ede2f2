"""Tells works and the kernel about desk cards."""

from django.utils.translation import gettext_lazy as _

from families.cards import demo as _demo  # noqa: F401 – registers itself
from families.cards import keeping, lists, panels
from families.works import panels as pages
from portal.access.permissions import Perm
from portal.privacy import registry as privacy
from portal.ui import menu

__all__ = ["lists"]

pages.on_own_work(panels.on_own_work)
privacy.register_source(
    privacy.DataSource(code="cards", label=_("桌签"), export=keeping.export_of, erase=keeping.erase_of)
)
menu.register(
    menu.MenuItem(
        section=menu.CARRIER, label=_("寄语桌签"), icon="postcard-heart", url_name="families:cards:index",
        perm=Perm.CARD_PRINT, order=95,
    )
)  # fmt: skip
