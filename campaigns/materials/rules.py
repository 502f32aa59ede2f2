"""Kinds, channels and states of materials, documents and courses; no database."""

from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
from portal.reviews.workflow import Transition, table


class Kind(TextChoices):
    """What is handed out, hung up, shown or played."""

    BOOKLET = "booklet", _("读本、宣传册")
    FILM = "film", _("影片")
    POSTER = "poster", _("宣传画、标语")
    ADVERT = "advert", _("公益广告")
    BOARD = "board", _("展板、宣传板")
    PERIODICAL = "periodical", _("书报订阅")
    OTHER = "other", _("其他")


class Channel(TextChoices):
    """How it reached people."""

    HANDED_OUT = "handed_out", _("发放")
    POSTED = "posted", _("张贴、悬挂")
    EXHIBITED = "exhibited", _("展出")
    SCREEN = "screen", _("户外屏、电子屏")
    BROADCAST = "broadcast", _("广播电视")
    ONLINE = "online", _("公众号、短视频")
    LENT = "lent", _("借阅")


class Audience(TextChoices):
    """To whom, as classes only; no list of people."""

    OFFICIALS = "officials", _("党员干部")
    SPOUSES = "spouses", _("干部家属")
    WOMEN = "women", _("妇女群众")
    FAMILIES = "families", _("居民家庭")
    PARENTS = "parents", _("家长")
    STUDENTS = "students", _("学生")
    STAFF = "staff", _("妇联干部")
    PUBLIC = "public", _("社会公众")


class DocumentKind(TextChoices):
    """Rules and notices."""

    RULE = "rule", _("制度")
    NOTICE = "notice", _("通知")
    PLAN = "plan", _("方案")
    MECHANISM = "mechanism", _("机制")
    OTHER = "other", _("其他")


class DocumentStatus(TextChoices):
    """CURRENT → REPLACED by another document, or REPEALED. The codes sort current ones first."""

    CURRENT = "current", _("现行")
    REPEALED = "repealed", _("已废止")
    REPLACED = "replaced", _("已被替代")


class CourseKind(TextChoices):
    """Several days, several lectures."""

    TRAINING = "training", _("培训班")
    LIVE = "live", _("网络直播课")
    LECTURES = "lectures", _("系列讲座")


ICONS = {
    Kind.BOOKLET: "journal-text",
    Kind.FILM: "film",
    Kind.POSTER: "image",
    Kind.ADVERT: "megaphone",
    Kind.BOARD: "easel",
    Kind.PERIODICAL: "newspaper",
    Kind.OTHER: "box-seam",
}
DOCUMENT_TONES = {
    DocumentStatus.CURRENT: "ok",
    DocumentStatus.REPLACED: "warn",
    DocumentStatus.REPEALED: "",
}
SUMMARY_MOST, TEXT_MOST = 500, 20_000
LECTURES_MOST = 30

TRANSITIONS = table(
    Transition(
        "replace",
        frozenset({DocumentStatus.CURRENT}),
        DocumentStatus.REPLACED,
        "document.replaced",
        _("由新文件替代"),
        Perm.MATERIAL_EDIT,
    ),
    Transition(
        "repeal",
        frozenset({DocumentStatus.CURRENT}),
        DocumentStatus.REPEALED,
        "document.repealed",
        _("废止"),
        Perm.MATERIAL_EDIT,
        True,
    ),
    Transition(
        "restore",
        frozenset({DocumentStatus.REPEALED, DocumentStatus.REPLACED}),
        DocumentStatus.CURRENT,
        "document.restored",
        _("恢复现行"),
        Perm.MATERIAL_EDIT,
        True,
    ),
)


def in_force(status: str, effective_on: date | None, ends_on: date | None, day: date) -> bool:
    """Does a document apply on a day?"""
    if status != DocumentStatus.CURRENT:
        return False
    return (effective_on is None or effective_on <= day) and (ends_on is None or day <= ends_on)
