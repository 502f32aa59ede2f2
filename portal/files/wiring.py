"""How long uploads stay that nobody sent."""

from datetime import datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.files import actions, ffmpeg
from portal.jobs import notes
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


def _without_ffmpeg() -> str:
    if ffmpeg.is_here():
        return ""
    return gettext(
        "这台服务器没有安装 ffmpeg：录音和视频照常收、照常播放，但没有画面截图，大视频也不会另做省流量的版本。"
        "装上以后，已有的视频会自动补做省流量的版本。"
    )


notes.register(_without_ffmpeg)
