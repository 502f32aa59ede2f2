"""Timed captions: SRT and WebVTT read line by line, told what is wrong in which line, written anew as plain WebVTT.

Pure. What is served is never what was sent: only times and text are taken over, tags, styles and places are not
(W3C WebVTT; SRT as editors write it).
"""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext as _

MAX_BYTES = 300 * 1024
MAX_CUES = 2000
MAX_CHARS = 200
MAX_FAULTS = 5
ENCODINGS = ("utf-8-sig", "gb18030")
_TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})(?:[.,．，](\d{1,3}))?"
_LINE = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?:\s.*)?$")
_TAG = re.compile(r"</?[a-zA-Z0-9.:]+(?:\s[^<>]*)?>|</?v(?:\.[^<>\s]*)?>|\{\\[^{}]*\}")
_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


@dataclass(frozen=True)
class Cue:
    """One caption: from and to in seconds, its lines, and the line of the file it began in."""

    start: float
    end: float
    text: str
    line: int = 0


class CaptionsError(Exception):
    """What is wrong, one sentence per place, for the person who made the file."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = list(faults)
        super().__init__(self.faults)


def decode(data: bytes) -> str:
    """The text of a file of captions, whatever a Chinese desktop saved it as; raises CaptionsError."""
    if len(data) > MAX_BYTES:
        raise CaptionsError(
            [
                _("字幕文件太大了（最多 %(n)d KB）。字幕是文字文件，请检查是不是选错了。")
                % {"n": MAX_BYTES // 1024}
            ]
        )
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    if b"\0" in data:
        raise CaptionsError([_("这不是字幕文件。请选 .srt 或 .vtt 文件，剪映等软件可以导出。")])
    for name in ENCODINGS:
        try:
            return data.decode(name)
        except UnicodeDecodeError:
            continue
    raise CaptionsError([_("字幕的文字编码认不出来，请在剪辑软件里按 UTF-8 重新导出。")])


def read(text: str) -> list[Cue]:
    """The cues of a SRT or WebVTT text; empty for an empty text. Raises CaptionsError with at most five sentences."""
    lines = _HIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    if not any(line.strip() for line in lines):
        return []
    _refuse_other_kinds(text)
    cues: list[Cue] = []
    faults: list[str] = []
    for number, block in _blocks(lines):
        if _is_aside(block[0], first=number == 1):
            continue
        try:
            cues.append(_cue(number, block))
        except CaptionsError as error:
            faults += error.faults
    faults += _order_faults(cues)
    if not cues and not faults:
        faults = [_("没有找到带时间的字幕。每条要先写时间，例如 00:00:05.000 --> 00:00:08.000，下一行写字。")]
    if len(cues) > MAX_CUES:
        faults = [_("字幕有 %(n)d 条，太多了（最多 %(most)d 条）。") % {"n": len(cues), "most": MAX_CUES}]
    if faults:
        more = len(faults) - MAX_FAULTS
        rest = [_("后面还有 %(n)d 处类似的问题。") % {"n": more}] if more > 0 else []
        raise CaptionsError([*faults[:MAX_FAULTS], *rest])
    return cues


def check_length(cues: list[Cue], seconds: float) -> None:
    """Captions of another, longer film are those of another film; raises CaptionsError."""
    late = next((cue for cue in cues if cue.start > seconds + 1), None)
    if late is not None:
        said = _(
            "第 %(line)d 行：这条从 %(at)s 开始，可录音或视频只有 %(length)s。请检查是不是选错了字幕文件。"
        )
        raise CaptionsError([said % {"line": late.line, "at": _short(late.start), "length": _short(seconds)}])


def write(cues: Iterable[Cue]) -> str:
    """WebVTT with nothing in it but times and text."""
    rows = [
        f"{_clock(cue.start)} --> {_clock(cue.end)}\n{html.escape(cue.text, quote=False)}\n" for cue in cues
    ]
    return "WEBVTT\n\n" + "\n".join(rows)


def words(text: str) -> str:
    """What is said, without times: for readers, and for the check before publishing."""
    said = [line for cue in read(text) for line in cue.text.split("\n")]
    return "\n".join([*said[:1], *(after for before, after in pairwise(said) if after != before)])


# -- parts -----------------------------------------------------------------------------------------


def _refuse_other_kinds(text: str) -> None:
    head = text.lstrip("\ufeff \n\r\t")[:2000]
    if head.startswith("[Script Info]"):
        raise CaptionsError([_("这是 ASS 字幕，网页放不出来。请在剪辑软件里导出 SRT 再传。")])
    if "-->" not in text and re.search(r"^\s*\[\d{1,2}:\d{2}", head, re.MULTILINE):
        raise CaptionsError([_("这是 LRC 歌词，没有每句的结束时间。请在剪辑软件里导出 SRT 再传。")])
    if head.startswith(("<?xml", "<tt")):
        raise CaptionsError([_("这是 XML 字幕，网页放不出来。请在剪辑软件里导出 SRT 再传。")])


def _blocks(lines: list[str]) -> Iterable[tuple[int, list[str]]]:
    """Stretches between empty lines, with the number of their first line; a time also begins a new one."""
    block: list[str] = []
    start = 0
    for number, line in enumerate([*lines, ""], 1):
        begins = "-->" in line and any("-->" in one for one in block)
        if block and (not line.strip() or begins):
            carried = [block.pop()] if begins and len(block) > 1 and block[-1].strip().isdigit() else []
            yield start, block
            block, start = carried, number - len(carried)
        if line.strip():
            start = number if not block else start
            block.append(line)


def _is_aside(line: str, *, first: bool) -> bool:
    """The head of WebVTT, remarks, styles and regions."""
    bare = line.strip()
    return (first and bare.startswith("WEBVTT")) or bare.split(" ")[0] in {"NOTE", "STYLE", "REGION"}


def _cue(number: int, block: list[str]) -> Cue:
    at = next((index for index, line in enumerate(block[:2]) if "-->" in line), None)
    if at is None:
        said = _("第 %(line)d 行：这里缺时间。每条字幕前要有一行时间，例如 00:00:05.000 --> 00:00:08.000。")
        raise CaptionsError([said % {"line": number}])
    line = number + at
    match = _LINE.match(block[at].replace("：", ":"))
    if match is None:
        said = _("第 %(line)d 行：时间“%(text)s”看不懂，应写成 00:00:05.000 --> 00:00:08.000。")
        raise CaptionsError([said % {"line": line, "text": block[at].strip()[:40]}])
    start, end = (_seconds(match.groups()[part : part + 4], line) for part in (0, 4))
    if end <= start:
        said = _("第 %(line)d 行：结束时间 %(end)s 不晚于开始时间 %(start)s。")
        raise CaptionsError([said % {"line": line, "start": _short(start), "end": _short(end)}])
    said_lines = [plain for row in block[at + 1 :] if (plain := _plain(row))]
    if not said_lines:
        raise CaptionsError([_("第 %(line)d 行：这个时间下面没有字。") % {"line": line}])
    if sum(map(len, said_lines)) > MAX_CHARS:
        said = _("第 %(line)d 行：这一条超过 %(most)d 个字，手机上放不下，请拆成几条。")
        raise CaptionsError([said % {"line": line + 1, "most": MAX_CHARS}])
    return Cue(start, end, "\n".join(said_lines), line)


def _seconds(parts: tuple[str | None, ...], line: int) -> float:
    hours, minutes, seconds = (int(part or 0) for part in parts[:3])
    if minutes > 59 or seconds > 59:
        raise CaptionsError([_("第 %(line)d 行：分和秒不能超过 59。") % {"line": line}])
    return hours * 3600 + minutes * 60 + seconds + int((parts[3] or "0").ljust(3, "0")) / 1000


def _plain(row: str) -> str:
    """A line of a caption without its tags, its entities as letters; arrows would be a time again."""
    text = html.unescape(_TAG.sub("", row)).replace("-->", "→")
    return " ".join(_HIDDEN.sub("", text).split())


def _order_faults(cues: list[Cue]) -> list[str]:
    said = _("第 %(line)d 行：这条从 %(at)s 开始，比上一条还早，请按时间先后排。")
    return [
        said % {"line": after.line, "at": _short(after.start)}
        for before, after in pairwise(cues)
        if after.start < before.start
    ]


def _clock(seconds: float) -> str:
    whole = round(seconds * 1000)
    return f"{whole // 3_600_000:02d}:{whole // 60_000 % 60:02d}:{whole // 1000 % 60:02d}.{whole % 1000:03d}"


def _short(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
