"""Menu entry of campaigns, and their names in messages."""

from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
from portal.ui.menu import MANAGE, MenuItem, register

register(
    MenuItem(
        section=MANAGE, label=_("主题活动与目标"), icon="flag", url_name="campaigns:planning:index",
        perm=Perm.CAMPAIGN_VIEW, order=40,
    )
)  # fmt: skip
