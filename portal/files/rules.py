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
