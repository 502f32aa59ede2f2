"""Days off in the menu and in the demo."""

from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
from portal.ui.menu import MANAGE, MenuItem, register
from portal.workdays import demo  # noqa: F401 – registers itself

register(
    MenuItem(
        section=MANAGE,
        label=_("放假和补班"),
        icon="calendar-week",
        url_name="portal:workdays:index",
        perm=Perm.HOLIDAY_EDIT,
        order=80,
    )
)
