"""What imports bring to other pages: a menu line, and the list of one's own imports."""

from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
from portal.importing import lists as _lists  # noqa: F401 – registers itself
from portal.ui.menu import MANAGE, MenuItem, register

# Whoever may import anything holds this one too (portal/access/roles.py); each kind asks for its own permission.
register(
    MenuItem(
        section=MANAGE, label=_("表格导入"), icon="upload", url_name="portal:importing:index",
        perm=Perm.ACTIVITY_IMPORT, order=90,
    )
)  # fmt: skip
