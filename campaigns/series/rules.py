"""Kinds, states and schedules of series; no database."""

import calendar
from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
from portal.reviews.workflow import Transition, table


class Kind(TextChoices):
    """What runs in numbered episodes (domain reference §0, glossary 展播)."""

    SHOWCASE = "showcase", _("作品展播")
    COLUMN = "column", _("媒体专栏")
    BRIEF = "brief", _("妇廉纪语")
    LECTURE = "lecture", _("大讲堂")
    LIVE = "live", _("网络直播")
    TALKS = "talks", _("系列宣讲")
    STUDY = "study", _("学习计划")
    OTHER = "other", _("其他")


class Section(TextChoices):
    """The five sections of 《妇廉纪语》."""

    DISCIPLINE = "discipline", _("说纪")
    LAW = "law", _("说法")
    VIRTUE = "virtue", _("说德")
    HARM = "harm", _("说害")
    DUTY = "duty", _("说责")


class SeriesStatus(TextChoices):
    """RUNNING → CLOSED, and back when it goes on after all."""

    RUNNING = "running", _("进行中")
    CLOSED = "closed", _("已结束")


class EpisodeStatus(TextChoices):
    """PLANNED → PUBLISHED; CANCELLED with a reason. PUBLISHED says that the episode went out; whether this
    site shows it is the publish gate's business (`is_public`)."""

    PLANNED = "planned", _("待发布")
    PUBLISHED = "published", _("已发布")
    CANCELLED = "cancelled", _("已取消")


class Every(TextChoices):
    """Regular intervals of a proposed schedule."""

    DAY = "day", _("天")
    WEEK = "week", _("周")
    MONTH = "month", _("个月")


ICONS = {
    Kind.SHOWCASE: "collection-play",
    Kind.COLUMN: "mic",
    Kind.BRIEF: "journal-text",
    Kind.LECTURE: "mortarboard",
    Kind.LIVE: "camera-video",
    Kind.TALKS: "megaphone",
    Kind.STUDY: "book",
    Kind.OTHER: "collection",
}
COVERS = {
    Kind.SHOWCASE: "cover-voice.svg",
    Kind.COLUMN: "cover-talk.svg",
    Kind.BRIEF: "cover-rules.svg",
    Kind.LECTURE: "cover-read.svg",
    Kind.LIVE: "cover-video.svg",
    Kind.TALKS: "cover-hands.svg",
    Kind.STUDY: "cover-read.svg",
    Kind.OTHER: "cover-court.svg",
}
SERIES_TONES = {SeriesStatus.RUNNING: "ok", SeriesStatus.CLOSED: "info"}
TONES = {EpisodeStatus.PLANNED: "warn", EpisodeStatus.PUBLISHED: "ok", EpisodeStatus.CANCELLED: ""}

REMIND_DAYS_BEFORE = 3
MOST_AT_ONCE = 60
MOST_EPISODES = 366
RESERVED_SLUGS = frozenset({"new", "episodes"})
# Held for a moment while two episodes change places; a real number is at least 1.
PARKED_NUMBER = 0

SERIES_TRANSITIONS = table(
    Transition(
        "close",
        frozenset({SeriesStatus.RUNNING}),
        SeriesStatus.CLOSED,
        "series.closed",
        _("结束这个系列"),
        Perm.SERIES_EDIT,
    ),
    Transition(
        "reopen",
        frozenset({SeriesStatus.CLOSED}),
        SeriesStatus.RUNNING,
        "series.reopened",
        _("接着办"),
        Perm.SERIES_EDIT,
    ),
)
_PLANNED = frozenset({EpisodeStatus.PLANNED})
TRANSITIONS = table(
    # It went out elsewhere (radio, an account on a platform) and is only counted here.
    Transition(
        "air", _PLANNED, EpisodeStatus.PUBLISHED, "episode.aired", _("登记已发布"), Perm.SERIES_EDIT
    ),
    # The publish gate let it through; the gate has asked for the permission of two people.
    Transition("publish", _PLANNED, EpisodeStatus.PUBLISHED, "episode.published", _("审发通过")),
    Transition(
        "cancel", _PLANNED, EpisodeStatus.CANCELLED, "episode.cancelled", _("取消这一期"), Perm.SERIES_EDIT, True
    ),
    Transition(
        "retract",
        frozenset({EpisodeStatus.PUBLISHED}),
        EpisodeStatus.CANCELLED,
        "episode.retracted",
        _("记错了，不算已发布"),
        Perm.SERIES_EDIT,
        True,
    ),
    Transition(
        "restore",
        frozenset({EpisodeStatus.CANCELLED}),
        EpisodeStatus.PLANNED,
        "episode.restored",
        _("恢复计划"),
        Perm.SERIES_EDIT,
    ),
)  # fmt: skip
STAFF_STEPS = ("air", "cancel", "retract", "restore")


def _months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def schedule(first: date, *, count: int, step: int, every: str) -> list[date]:
    """`count` days at a regular interval, the first one included. Months are counted from the first day, so
    that the 31st comes back after a short month."""
    if every == Every.MONTH:
        return [_months_later(first, number * step) for number in range(count)]
    days = step * (7 if every == Every.WEEK else 1)
    return [first + timedelta(days=number * days) for number in range(count)]


def left(planned: int, done: int) -> int:
    """How many are still to come; never below nothing when more were made than planned."""
    return max(planned - done, 0)


def clean_works(lines: Iterable[str]) -> list[str]:
    """Titles of works, each once, without blanks."""
    return list(dict.fromkeys(line.strip()[:80] for line in lines if line.strip()))
