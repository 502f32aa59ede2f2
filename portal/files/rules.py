"""What may be uploaded, and what a person is told when a file is refused; no database, no decoding."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MEGABYTE = 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_SIDE = 12_000
MAX_SCANS = 100
WEB_EDGE = 2560
THUMB_EDGE = 480
STAGED_HOURS = 24
ALARM_PERCENT = 90
# What no field takes is not even written to the disk while it arrives.
RECEIVE_MEGABYTES = 50
# Sound and video (domain reference §3.2, §13.1).
MEDIA_MINUTES = 5
AUDIO_MEGABYTES, VIDEO_MEGABYTES = 50, 500
# Without script a whole file arrives in one request; bigger ones are sent in parts.
PLAIN_MEGABYTES = RECEIVE_MEGABYTES
PART_BYTES = 4 * MEGABYTE
# Unfinished uploads and films not yet sent, per account; an address may be that of a whole village.
QUOTA_MEGABYTES = {"account": 2000, "address": 6000}
SPARE_MEGABYTES = 500
ACCEPT_AUDIO = "audio/mpeg,audio/mp4,audio/x-m4a,.mp3,.m4a"
ACCEPT_VIDEO = "video/mp4,.mp4"
ACCEPT_DOCUMENTS = ".pdf,.doc,.docx,.xls,.xlsx"
VARIANTS = ("thumb", "web", "master")
ACCEPT = "image/jpeg,image/png,image/webp,.jpg,.jpeg,.png,.webp"

MESSAGES: dict[str, Promise] = {
    "empty": gettext_lazy("文件是空的，请重新选择。"),
    "too_big": gettext_lazy("文件有 %(size)s MB，超过了 %(limit)s MB。请在相册里压缩，或不选“原图”再传。"),
    "huge": gettext_lazy("文件超过 %(limit)s MB，没有接收。请在相册里压缩，或不选“原图”再传。"),
    "heic": gettext_lazy(
        "这是 HEIC/HEIF 格式，浏览器打不开。苹果手机：设置→相机→格式→选“兼容性最佳”后重拍；"
        "安卓手机：在相机设置里关闭“高效图片格式（HEIF）”。也可以把照片发到聊天里再保存，一般会变成 JPG。"
    ),
    "animated": gettext_lazy("这是动图，请截取其中一张图再上传。"),
    "svg": gettext_lazy("不能上传 SVG 图形，请另存为 JPG 或 PNG 图片再上传。"),
    "video": gettext_lazy("这是视频文件，这里只能上传图片。"),
    "type": gettext_lazy("这不是 JPG、PNG 或 WebP 图片，请换一个文件。"),
    "truncated": gettext_lazy("图片不完整，可能没有传完或已损坏。请重新选择后再传一次。"),
    "broken": gettext_lazy("图片已损坏，打不开。请换一张，或用手机截屏后上传截图。"),
    "pixels": gettext_lazy(
        "图片有 %(width)s×%(height)s 像素，太大了（最多 4000 万像素，每边不超过 12000）。请缩小后再传。"
    ),
    "complex": gettext_lazy("图片结构过于复杂，处理不了。请用手机截屏，或另存为 JPG 后再传。"),
    "too_many": gettext_lazy("最多上传 %(limit)s 张，这一张没有保存。请先移除别的照片。"),
    "over": gettext_lazy("现在有 %(total)s 张，最多 %(limit)s 张。请移除几张再提交。"),
    "no_space": gettext_lazy("服务器空间不足，文件没有保存。文字内容不受影响，请稍后再传照片。"),
    "not_yours": gettext_lazy("有一个文件已经不在了，请重新选择照片。"),
    "doc_big": gettext_lazy("文件有 %(size)s MB，超过了 %(limit)s MB。请压缩或拆成几个文件再传。"),
    "doc_huge": gettext_lazy("文件超过 %(limit)s MB，没有接收。请压缩或拆成几个文件再传。"),
    "doc_many": gettext_lazy("最多上传 %(limit)s 个文件，这一个没有保存。请先移除别的文件。"),
    "doc_over": gettext_lazy("现在有 %(total)s 个文件，最多 %(limit)s 个。请移除几个再提交。"),
    "doc_type": gettext_lazy("这里只能上传 PDF、Word（doc、docx）或 Excel（xls、xlsx）文件，请换一个文件。"),
    "doc_macro": gettext_lazy("文件里有宏，不能上传。请另存为不带宏的文件再传。"),
    "doc_broken": gettext_lazy("文件打不开，可能没有传完或已损坏。请重新保存后再传。"),
    "program": gettext_lazy("这是一个程序，不是录音或视频，不能上传。请重新选择文件。"),
    "media_archive": gettext_lazy(
        "这是压缩包或文档，不是录音或视频。请解压后选里面的 MP3、M4A 或 MP4 文件。"
    ),
    "media_picture": gettext_lazy("这是图片，不是录音或视频。请重新选择文件。"),
    "media_type": gettext_lazy("这不是录音或视频文件。这里能传 MP3、M4A 录音和 MP4 视频，请换一个文件。"),
    "media_wav": gettext_lazy(
        "这是 WAV 或 AVI 格式，不能上传。请在手机录音机里选“M4A”或“MP3”，或转换后再传。"
    ),
    "media_amr": gettext_lazy("这是 AMR 录音，网页放不出来。请在录音机设置里把格式改成 M4A 或 MP3 后重录。"),
    "media_format": gettext_lazy("这种格式不能上传。请转换成 MP3、M4A 录音或 MP4 视频后再传。"),
    "media_video_codec": gettext_lazy(
        "视频的编码很多手机放不出来，需要 H.264。请在相机设置里关闭“高效视频（HEVC/H.265）”后重拍，或用剪辑软件导出为 MP4（H.264）。"
    ),
    "media_audio_codec": gettext_lazy(
        "声音的编码很多手机放不出来，需要 AAC。请用剪辑软件导出为 MP4（H.264/AAC）后再传。"
    ),
    "media_cut": gettext_lazy("文件不完整，可能没有拍完或没有传完。请在手机上放一遍，能放完再重新选择。"),
    "media_broken": gettext_lazy("文件已损坏，放不出来。请重新导出或换一个文件。"),
    "media_long": gettext_lazy("有 %(length)s，超过了 %(limit)s 分钟。请剪短后再传。"),
    "media_big_audio": gettext_lazy(
        "录音有 %(size)s MB，超过了 %(limit)s MB。请剪短，或用较低的音质导出后再传。"
    ),
    "media_big_video": gettext_lazy(
        "视频有 %(size)s MB，超过了 %(limit)s MB。请剪短，或用较低的清晰度导出后再传。"
    ),
    "media_plain": gettext_lazy(
        "文件超过 %(limit)s MB，这样传不上来。请用能分段上传的浏览器（手机自带的浏览器或微信都行）打开本页再选，或压缩到 %(limit)s MB 以内。"
    ),
    "media_small": gettext_lazy(
        "画面只有 %(width)s×%(height)s，至少要 %(least)s。请用手机的高清（720P 以上）模式拍。"
    ),
    "media_audio_only": gettext_lazy("这里只收录音，不收视频。"),
    "media_video_only": gettext_lazy("这里只收视频，不收录音。"),
    "media_many": gettext_lazy("最多上传 %(limit)s 个，这一个没有保存。请先移除别的文件。"),
    "media_unfinished": gettext_lazy(
        "只传了 %(percent)s%%。请重新选择同一个文件接着传，或勾选“移除”不传了。"
    ),
    "media_changed": gettext_lazy("接着传的不是同一个文件。请移除后从头上传。"),
    "part_damaged": gettext_lazy("有一段在路上损坏了，正在重传。"),
    "quota": gettext_lazy("您没有传完的文件太多了。请先传完或移除前面的，或者明天再传。"),
    "busy": gettext_lazy("上传太频繁，请过几分钟再试。"),
}


class RefusedError(Exception):
    """A file that is not taken; `message` is a sentence for the person who sent it."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.values = values

    @property
    def message(self) -> str:
        """The sentence, in the language of the moment."""
        return str(MESSAGES[self.code]) % self.values if self.values else str(MESSAGES[self.code])

    def naming(self, filename: str) -> ValidationError:
        """The same as a field error that names the file."""
        text = _("“%(name)s”：%(message)s") % {"name": filename, "message": self.message}
        return ValidationError(text, code=self.code)


class NoSpaceError(RefusedError):
    """The disk or bucket is full: nothing was kept."""

    def __init__(self) -> None:
        super().__init__("no_space")


@dataclass(frozen=True)
class Limits:
    """How many files of what size one field takes."""

    count: int
    megabytes: int

    @property
    def size(self) -> int:
        """The cap of one file in bytes."""
        return self.megabytes * MEGABYTE


@dataclass(frozen=True)
class MediaLimits(Limits):
    """How long, how heavy and how sharp sound and video may be. `kinds` holds audio, video or both.

    `least` is the smallest picture taken (long side, short side); (0, 0) takes any.
    """

    kinds: tuple[str, ...] = ("audio", "video")
    minutes: int = MEDIA_MINUTES
    least: tuple[int, int] = (0, 0)

    def megabytes_of(self, kind: str) -> int:
        """The cap of one kind."""
        return min(self.megabytes, AUDIO_MEGABYTES if kind == "audio" else VIDEO_MEGABYTES)

    @property
    def most(self) -> int:
        """The cap of whatever is heaviest here."""
        return max(self.megabytes_of(kind) for kind in self.kinds)

    @property
    def accept(self) -> str:
        """For the file chooser."""
        return ",".join({"audio": ACCEPT_AUDIO, "video": ACCEPT_VIDEO}[kind] for kind in self.kinds)

    def check(self, kind: str, size: int, seconds: float, width: int, height: int) -> None:
        """Hold one file against them; raises RefusedError."""
        if kind not in self.kinds:
            raise RefusedError(f"media_{self.kinds[0]}_only")
        limit = self.megabytes_of(kind)
        if size > limit * MEGABYTE:
            raise RefusedError(f"media_big_{kind}", size=f"{size / MEGABYTE:.1f}", limit=limit)
        if seconds >= self.minutes * 60 + 1:  # cameras stop a moment after the fifth minute
            whole = int(seconds)
            raise RefusedError("media_long", length=f"{whole // 60}:{whole % 60:02d}", limit=self.minutes)
        if kind == "video" and (max(width, height) < self.least[0] or min(width, height) < self.least[1]):
            least = f"{self.least[0]}×{self.least[1]}"
            raise RefusedError("media_small", width=width, height=height, least=least)


def media_limits(
    count: int = 1, kinds: tuple[str, ...] = ("audio", "video"), least: tuple[int, int] = (0, 0)
) -> MediaLimits:
    """What one field for sound and video takes where nothing else is said."""
    return MediaLimits(count=count, megabytes=VIDEO_MEGABYTES, kinds=kinds, least=least)


def default_limits() -> Limits:
    """What the deployment allows where a field asks for nothing else."""
    return Limits(
        count=getattr(settings, "UPLOAD_MAX_FILES", 9),
        megabytes=getattr(settings, "UPLOAD_MAX_MB", 10),
    )


def document_limits() -> Limits:
    """Documents: PDF, Word, Excel up to 20 MB (domain reference §13.1)."""
    return Limits(count=5, megabytes=20)


def receive_limit() -> int:
    """Bytes of one file that are received at all."""
    return max(RECEIVE_MEGABYTES, default_limits().megabytes) * MEGABYTE


def check_size(size: int, limits: Limits, *, code: str = "too_big") -> None:
    """Refuse nothing-at-all and too-much."""
    if size <= 0:
        raise RefusedError("empty")
    if size > limits.size:
        raise RefusedError(code, size=f"{size / MEGABYTE:.1f}", limit=limits.megabytes)
