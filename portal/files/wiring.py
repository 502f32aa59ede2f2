"""How long uploads stay that nobody sent."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from portal.files import actions
from portal.privacy.registry import Retention, register_retention


def _purge(now: datetime) -> int:
    return actions.discard_expired(now=now)["dropped"]


register_retention(
    Retention(
        code="files.staged",
        what=_("选了照片但没有提交的表单"),
        how_long=_("照片 24 小时后删除"),
        purge=_purge,
    )
)
