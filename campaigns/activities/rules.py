"""Kinds, states, limits and the transition table of activities; no database."""

from datetime import timedelta

from django.db.models import TextChoices
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
    "online_visits": (_("线上人次"), _("人次")),
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
# What a reviewer is offered on pages and in bulk; the rest belongs to the author.
REVIEW_STEPS = ("approve", "archive", "return", "unlock")
AUTHOR_STEPS = ("submit", "withdraw")
BULK_STEPS = ("submit", "approve", "return", "archive")
