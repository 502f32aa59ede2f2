"""The menu entry, and the list that exports know by its code."""

from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
from portal.ui.menu import MANAGE, MenuItem, register
from portal.units import lists  # noqa: F401 – registers the list

register(
    MenuItem(
        section=MANAGE,
        label=_("单位"),
        icon="diagram-3",
        url_name="portal:units:index",
        perm=Perm.UNIT_VIEW,
        order=40,
    )
)
