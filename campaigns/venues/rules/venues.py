"""A venue's kinds and its life: built → inspected → refreshed → closed (domain reference §8.2)."""

from calendar import monthrange
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
from portal.reviews.workflow import Transition, table


class Kind(TextChoices):
    """Kinds of the domain reference §8.2 and of the four source documents."""

    FAMILY_HALL = "family_hall", _("家风馆")
    CORRIDOR = "corridor", _("家风（廉政文化）长廊")
    NOTICE_BOARD = "notice_board", _("宣传栏（宣传板）")
    CULTURE_WALL = "culture_wall", _("廉政文化墙")
    BOOK_ROOM = "book_room", _("廉政书屋")
    PARENTS_SCHOOL = "parents_school", _("家长学校")
    WOMENS_HOME = "womens_home", _("妇女之家")
    RED_BASE = "red_base", _("巾帼红色教育基地")
    CLEAN_BASE = "clean_base", _("清廉家庭基地")
    CULTURE_POINT = "culture_point", _("廉政文化进家庭示范点")
    ACTIVITY_CENTRE = "activity_centre", _("妇女儿童活动中心")
    LEFT_BEHIND_HOME = "left_behind_home", _("留守儿童之家")
    HAPPY_HOME = "happy_home", _("儿童幸福家园")
    STARTUP_POINT = "startup_point", _("妇女创业就业示范点")
    OTHER = "other", _("其他阵地")


KIND_ICONS = {
    Kind.FAMILY_HALL: "house-heart", Kind.CORRIDOR: "signpost-2", Kind.NOTICE_BOARD: "easel",
    Kind.CULTURE_WALL: "bricks", Kind.BOOK_ROOM: "book", Kind.PARENTS_SCHOOL: "mortarboard",
    Kind.WOMENS_HOME: "people", Kind.RED_BASE: "flag", Kind.CLEAN_BASE: "award", Kind.CULTURE_POINT: "geo-alt",
    Kind.ACTIVITY_CENTRE: "building", Kind.LEFT_BEHIND_HOME: "house-door", Kind.HAPPY_HOME: "balloon-heart",
    Kind.STARTUP_POINT: "shop",
}  # fmt: skip
KIND_COVERS = {
    Kind.BOOK_ROOM: "cover-read", Kind.PARENTS_SCHOOL: "cover-read", Kind.CORRIDOR: "cover-paint",
    Kind.NOTICE_BOARD: "cover-paint", Kind.CULTURE_WALL: "cover-paint", Kind.WOMENS_HOME: "cover-hands",
    Kind.FAMILY_HALL: "cover-rules", Kind.CLEAN_BASE: "cover-rules",
}  # fmt: skip


class Status(TextChoices):
    """BUILT → INSPECTED ⇄ REFRESHED → CLOSED."""

    BUILT = "built", _("已建成")
    INSPECTED = "inspected", _("已检查")
    REFRESHED = "refreshed", _("已更新")
    CLOSED = "closed", _("已停用")


OPEN = (Status.BUILT, Status.INSPECTED, Status.REFRESHED)
TONES = {Status.BUILT: "info", Status.INSPECTED: "ok", Status.REFRESHED: "ok", Status.CLOSED: ""}
TRANSITIONS = table(
    # Whoever keeps the venue or checks it may; the action asks.
    Transition("inspect", frozenset(OPEN), Status.INSPECTED, "venue.inspected", _("登记检查")),
    Transition(
        "refresh", frozenset(OPEN), Status.REFRESHED, "venue.refreshed", _("登记更新"), Perm.VENUE_EDIT
    ),
    Transition("close", frozenset(OPEN), Status.CLOSED, "venue.closed", _("停用"), Perm.VENUE_EDIT, True),
    Transition(
        "reopen",
        frozenset({Status.CLOSED}),
        Status.BUILT,
        "venue.reopened",
        _("恢复使用"),
        Perm.VENUE_EDIT,
        True,
    ),
)


class ItemKind(TextChoices):
    """What stands or hangs in a venue."""

    BOARD = "board", _("展板")
    PICTURE = "picture", _("图片、宣传画")
    SLOGAN = "slogan", _("标语、警句")
    BOOK = "book", _("图书")
    FILM = "film", _("音像")
    WORK = "work", _("家风作品")
    DEVICE = "device", _("设备")
    OTHER = "other", _("其他")


class Condition(TextChoices):
    """How an item looks."""

    GOOD = "good", _("完好")
    WORN = "worn", _("陈旧")
    BROKEN = "broken", _("破损")
    GONE = "gone", _("已撤")


CONDITION_TONES = {
    Condition.GOOD: "ok", Condition.WORN: "warn", Condition.BROKEN: "bad", Condition.GONE: "",
}  # fmt: skip


class Result(TextChoices):
    """What an inspection found."""

    OK = "ok", _("正常")
    TO_FIX = "to_fix", _("需要整改")


FEATURES_MOST = 300
PLAN_MOST = 1000
FINDINGS_MOST = 1000
REFRESH_MONTHS = 6
REMIND_DAYS_BEFORE = 14
PHOTOS_MOST = 10


def months_later(day: date, months: int) -> date:
    """The same day some months on; the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
