"""Menu and inbox of requests about personal data."""

from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.privacy import queries
from portal.ui import menu


def waiting(scope: Scope) -> int:
    """How many requests wait for somebody with this scope."""
    return queries.open_requests().count() if scope.has(Perm.RIGHTS_HANDLE) else 0


menu.register(
    menu.MenuItem(
        section=menu.MANAGE, label=_("个人信息请求"), icon="shield-lock", url_name="portal:privacy:requests",
        perm=Perm.RIGHTS_HANDLE, badge=lambda request: waiting(request.scope), order=90,
    )
)  # fmt: skip
