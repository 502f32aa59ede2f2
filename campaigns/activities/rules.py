"""Kinds, states, limits and the transition table of activities; no database."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from difflib import SequenceMatcher
from typing import Any

from django.conf import settings
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
from portal.reviews.workflow import Transition, table


class Kind(TextChoices):
    """What was done (domain reference §8.4)."""

    TALK = "talk", _("宣讲")
    THEME = "theme", _("主题宣传")
    SYMPOSIUM = "symposium", _("座谈会")
    WARNING = "warning", _("警示教育")
    FAMILY_VISIT = "family_visit", _("家访")
    WORKS = "works", _("作品征集/展播")
    QUIZ = "quiz", _("知识竞赛")
    READING = "reading", _("诵读/阅读")
    PARENT_CHILD = "parent_child", _("亲子活动")
    SHOW = "show", _("文艺汇演")
    BASE_VISIT = "base_visit", _("参观基地")
    TRAINING = "training", _("培训")
    INITIATIVE = "initiative", _("倡议/签名")
    VOLUNTEER = "volunteer", _("志愿服务")
    CRAFT = "craft", _("联谊/手作")
    MEDIA = "media", _("媒体专栏")
    MEETING = "meeting", _("会议部署")
    INSPECTION = "inspection", _("督查检查")
    OTHER = "other", _("其他")


KIND_ICONS = {
    Kind.TALK: "megaphone", Kind.THEME: "flag", Kind.SYMPOSIUM: "chat-square-text", Kind.WARNING: "bank",
    Kind.FAMILY_VISIT: "house-heart", Kind.WORKS: "palette", Kind.QUIZ: "patch-question", Kind.READING: "book",
    Kind.PARENT_CHILD: "people", Kind.SHOW: "music-note-beamed", Kind.BASE_VISIT: "geo-alt",
    Kind.TRAINING: "mortarboard", Kind.INITIATIVE: "pen", Kind.VOLUNTEER: "heart", Kind.CRAFT: "scissors",
    Kind.MEDIA: "broadcast", Kind.MEETING: "clipboard-check", Kind.INSPECTION: "search", Kind.OTHER: "three-dots",
}  # fmt: skip
# Covers of public lists (static/img/motifs) where there is no photo.
KIND_COVERS = {
    Kind.TALK: "cover-talk", Kind.READING: "cover-read", Kind.WORKS: "cover-paint", Kind.CRAFT: "cover-paper",
    Kind.MEDIA: "cover-voice", Kind.PARENT_CHILD: "cover-hands", Kind.FAMILY_VISIT: "cover-court",
    Kind.INITIATIVE: "cover-letter", Kind.MEETING: "cover-rules", Kind.TRAINING: "cover-rules",
}  # fmt: skip
# Shown as chips before the others; the rest stands behind "其他类型".
FIRST_KINDS = (Kind.TALK, Kind.READING, Kind.PARENT_CHILD, Kind.WARNING, Kind.WORKS, Kind.THEME)


class Form(TextChoices):
    """Where people met."""

    OFFLINE = "offline", _("线下")
    ONLINE = "online", _("线上")
    MIXED = "mixed", _("线上线下")


class Audience(TextChoices):
    """Who it was for; several may apply."""

    OFFICIALS = "officials", _("党员干部")
    SPOUSES = "spouses", _("干部家属")
    PARENTS = "parents", _("家长")
    CHILDREN = "children", _("儿童青少年")
    WOMEN = "women", _("妇女群众")
    RESIDENTS = "residents", _("村(居)民")
    STUDENTS = "students", _("学生教师")
    VOLUNTEERS = "volunteers", _("志愿者")
    ELDERLY = "elderly", _("老年人")
    STAFF = "staff", _("机关企业职工")


class Source(TextChoices):
    """How the record came."""

    MANUAL = "manual", _("手工填报")
    IMPORT = "import", _("表格导入")
    AUTO = "auto", _("由其他业务生成")
    DEMO = "demo", _("演示")


class Status(TextChoices):
    """DRAFT → SUBMITTED → COUNTY_OK → CITY_OK, or RETURNED with a reason."""

    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("待审核")
    COUNTY_OK = "county_ok", _("已通过")
    CITY_OK = "city_ok", _("已归档")
    RETURNED = "returned", _("退回修改")


TONES = {
    Status.DRAFT: "", Status.SUBMITTED: "warn", Status.COUNTY_OK: "ok", Status.CITY_OK: "info", Status.RETURNED: "bad",
}  # fmt: skip
# Figures count from county approval on (design §8); what waits stands beside them.
COUNTED = (Status.COUNTY_OK, Status.CITY_OK)
EDITABLE = frozenset({Status.DRAFT, Status.RETURNED})
# The second person is never the one who wrote or sent the record in.
OTHER_PERSON = ("created_by", "submitted_by")

# Different measures, never added to each other (domain reference §8.4, design §5).
MEASURES = {
    "headcount": (_("参与人数（线下）"), _("人")),
    "children": (_("其中儿童"), _("人")),
    "invited": (_("邀请人数"), _("人")),
    "online_visits": (_("线上人次"), _("人次")),
    # Likes and shares say how far it reached; they are never a measure of anybody's work (red line 1).
    "reach": (_("点赞转发等传播量"), _("次")),
    "sessions": (_("场次"), _("场")),
    "households": (_("覆盖家庭"), _("户")),
    "materials_count": (_("发放资料"), _("份")),
    "works_count": (_("作品数"), _("件")),
}
HEADCOUNT_MOST = 50_000
HEADCOUNT_DOUBT = 2_000
MEASURE_MOST = 100_000_000
LATE_AFTER = timedelta(days=30)
AHEAD_MOST = timedelta(days=1)
EARLIEST_YEAR = 2000
# A quarter is closed this many days after its end; from then on counted records change only by a correction
# that says why. The deployment may set another number (PORTAL_QUARTER_CLOSE_DAYS).
QUARTER_CLOSE_DAYS = 15
SUMMARY_MOST = 500
HIGHLIGHTS_MOST = 200

TRANSITIONS = table(
    Transition(
        name="submit",
        sources=EDITABLE,
        target=Status.SUBMITTED,
        perm=Perm.ACTIVITY_LOG,
        verb="activity.submitted",
        label=_("提交"),
    ),
    Transition(
        name="hand_in",
        sources=EDITABLE,
        target=Status.SUBMITTED,
        perm=Perm.ACTIVITY_IMPORT,
        verb="activity.submitted",
        label=_("导入后提交"),
    ),
    Transition(
        name="withdraw",
        sources=frozenset({Status.SUBMITTED}),
        target=Status.DRAFT,
        perm=Perm.ACTIVITY_LOG,
        verb="activity.withdrawn",
        label=_("撤回"),
    ),
    Transition(
        name="approve",
        sources=frozenset({Status.SUBMITTED}),
        target=Status.COUNTY_OK,
        perm=Perm.ACTIVITY_REVIEW,
        verb="activity.approved",
        label=_("通过"),
        not_by=OTHER_PERSON,
    ),
    Transition(
        name="return",
        sources=frozenset({Status.SUBMITTED, Status.COUNTY_OK}),
        target=Status.RETURNED,
        perm=Perm.ACTIVITY_REVIEW,
        verb="activity.returned",
        label=_("退回修改"),
        needs_reason=True,
        not_by=OTHER_PERSON,
    ),
    Transition(
        name="archive",
        sources=frozenset({Status.COUNTY_OK}),
        target=Status.CITY_OK,
        perm=Perm.ACTIVITY_ARCHIVE,
        verb="activity.archived",
        label=_("归档"),
        not_by=OTHER_PERSON,
    ),
    Transition(
        name="unlock",
        sources=frozenset({Status.CITY_OK}),
        target=Status.RETURNED,
        perm=Perm.ACTIVITY_ARCHIVE,
        verb="activity.unlocked",
        label=_("解除归档"),
        needs_reason=True,
    ),
)


class CorrectionStatus(TextChoices):
    """WAITING → APPLIED, REFUSED or WITHDRAWN."""

    WAITING = "waiting", _("待确认")
    APPLIED = "applied", _("已更正")
    REFUSED = "refused", _("不同意")
    WITHDRAWN = "withdrawn", _("已撤回")


_WAITING = frozenset({CorrectionStatus.WAITING})
CORRECTION_TONES = {
    CorrectionStatus.WAITING: "warn", CorrectionStatus.APPLIED: "ok", CorrectionStatus.REFUSED: "bad",
    CorrectionStatus.WITHDRAWN: "",
}  # fmt: skip
# A counted figure is changed by two people: one says what and why, another confirms.
CORRECTION_TRANSITIONS = table(
    Transition(
        name="confirm",
        sources=_WAITING,
        target=CorrectionStatus.APPLIED,
        perm=Perm.ACTIVITY_REVIEW,
        verb="correction.confirmed",
        label=_("同意更正"),
        not_by=("by",),
    ),
    Transition(
        name="refuse",
        sources=_WAITING,
        target=CorrectionStatus.REFUSED,
        perm=Perm.ACTIVITY_REVIEW,
        verb="correction.refused",
        label=_("不同意"),
        needs_reason=True,
        not_by=("by",),
    ),
    Transition(
        name="withdraw",
        sources=_WAITING,
        target=CorrectionStatus.WITHDRAWN,
        verb="correction.withdrawn",
        label=_("撤回更正"),
    ),
)
# What a reviewer is offered on pages and in bulk; the rest belongs to the author.
REVIEW_STEPS = ("approve", "archive", "return", "unlock")
AUTHOR_STEPS = ("submit", "withdraw")
BULK_STEPS = ("submit", "approve", "return", "archive")


Faults = dict[str, Promise | str]
# Kinds that happen without people coming together.
WITHOUT_GATHERING = frozenset({Kind.WORKS, Kind.MEDIA, Kind.INITIATIVE, Kind.OTHER})
# What `missing` looks at.
NEEDED = ("form", "place", "headcount", "kind", "starts_at")
DRAFT_AHEAD_MOST = timedelta(days=90)


def faults(fields: Mapping[str, Any], *, now: datetime | None = None) -> Faults:
    """What cannot be stored, by field; empty when all is well. Forms, imports and actions ask here."""
    found: Faults = {}
    moment = now or timezone.now()
    if not str(fields.get("title") or "").strip():
        found["title"] = _("请写活动名称。")
    starts, ends = fields.get("starts_at"), fields.get("ends_at")
    if starts is None:
        found["starts_at"] = _("请填活动时间。")
    elif timezone.localtime(starts).year < EARLIEST_YEAR:
        found["starts_at"] = _("活动时间太早，请核对年份。")
    elif starts > moment + DRAFT_AHEAD_MOST:
        found["starts_at"] = _("活动时间在三个月以后，请核对日期。")
    if starts and ends and ends < starts:
        found["ends_at"] = _("结束时间早于开始时间，请核对。")
    return found | _measure_faults(fields)


def _measure_faults(fields: Mapping[str, Any]) -> Faults:
    found: Faults = {}
    for name in MEASURES:
        value = fields.get(name)
        if value is None:
            continue
        if value < 0:
            found[name] = _("数量不能是负数。")
        elif name == "headcount" and value > HEADCOUNT_MOST:
            found[name] = _("线下参与人数超过 5 万人，请核对；收看、点击等请填“线上人次”。")
        elif value > MEASURE_MOST:
            found[name] = _("数字太大，请核对。")
        elif name == "sessions" and value < 1:
            found[name] = _("场次至少是 1。")
    return found


def writers_perm(source: str, may_log: bool) -> Perm:
    """The permission with which a person writes into a record: who brought it in with a table may also mend it."""
    return Perm.ACTIVITY_IMPORT if source == Source.IMPORT and not may_log else Perm.ACTIVITY_LOG


def missing(fields: Mapping[str, Any], *, now: datetime | None = None) -> Faults:
    """What a hand-made record still needs before it can be submitted."""
    found: Faults = {}
    on_site = fields.get("form", Form.OFFLINE) != Form.ONLINE
    if on_site and not fields.get("place"):
        found["place"] = _("请填活动地点；只在线上开展的，请在“更多”里把形式改为“线上”。")
    if on_site and fields.get("headcount") is None and fields.get("kind") not in WITHOUT_GATHERING:
        found["headcount"] = _("请填参加人数，估计数也可以（勾选“约数”）。")
    starts = fields.get("starts_at")
    if starts is not None and starts > (now or timezone.now()) + AHEAD_MOST:
        found["starts_at"] = _("活动还没有开展，可以先存草稿，办完后再提交。")
    return found


def is_late(starts_at: datetime | None, *, now: datetime | None = None) -> bool:
    """More than 30 days after it happened: a reason is asked for hand-made records."""
    return starts_at is not None and starts_at < (now or timezone.now()) - LATE_AFTER


def quarter_closes(day: date) -> date:
    """The first day on which the quarter of `day` is closed."""
    month = (day.month - 1) // 3 * 3 + 4
    first_of_next = date(day.year + month // 13, month if month < 13 else 1, 1)
    days = getattr(settings, "QUARTER_CLOSE_DAYS", None)
    return first_of_next + timedelta(days=QUARTER_CLOSE_DAYS if days is None else days)


def is_closed(starts_at: datetime | None, *, today: date | None = None) -> bool:
    """Is the quarter of this moment closed?"""
    if starts_at is None:
        return False
    return (today or timezone.localdate()) >= quarter_closes(timezone.localtime(starts_at).date())


_NOISE = re.compile(r"[\s\W_]+")


def is_alike(one: str, other: str) -> bool:
    """Could two titles mean the same activity?"""
    left, right = _NOISE.sub("", one), _NOISE.sub("", other)
    return bool(left and right) and (left == right or SequenceMatcher(None, left, right).ratio() >= 0.75)


# What a title says was done.
PHRASES = {
    Kind.TALK: _("开展家风宣讲"), Kind.THEME: _("开展主题宣传"), Kind.SYMPOSIUM: _("召开座谈会"),
    Kind.WARNING: _("开展警示教育"), Kind.FAMILY_VISIT: _("开展清廉家访"), Kind.WORKS: _("开展作品征集展播"),
    Kind.QUIZ: _("举办知识竞赛"), Kind.READING: _("开展诵读活动"), Kind.PARENT_CHILD: _("开展亲子活动"),
    Kind.SHOW: _("举办文艺汇演"), Kind.BASE_VISIT: _("组织参观学习"), Kind.TRAINING: _("举办培训"),
    Kind.INITIATIVE: _("开展倡议签名"), Kind.VOLUNTEER: _("开展志愿服务"), Kind.CRAFT: _("开展手作联谊"),
    Kind.MEDIA: _("开设媒体专栏"), Kind.MEETING: _("召开部署会"), Kind.INSPECTION: _("开展督查检查"),
    Kind.OTHER: _("开展清廉家庭活动"),
}  # fmt: skip


def proposed_title(*, place: str, kind: str, unit_name: str = "") -> str:
    """A title out of place and kind, for when none was typed: 东关社区开展家风宣讲."""
    where = re.sub(r"[\s·・,，、]+", "", place) or unit_name
    return f"{where}{PHRASES[Kind(kind)]}"[:80]
