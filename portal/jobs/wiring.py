"""Menu entries of the running of the portal."""

from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
from portal.jobs import lists  # noqa: F401 – the list registers itself
from portal.ui.menu import SYSTEM, MenuItem, register

register(
    MenuItem(
        section=SYSTEM,
        label=_("后台任务"),
        icon="cpu",
        url_name="portal:jobs:index",
        perm=Perm.JOB_READ,
        order=10,
    )
)
register(
    MenuItem(
        section=SYSTEM,
        label=_("定时任务"),
        icon="alarm",
        url_name="portal:jobs:periodic",
        perm=Perm.JOB_READ,
        order=20,
    )
)
