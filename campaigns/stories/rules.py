"""Public stories: kinds, states, covers, hotlines. No database."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
from portal.reviews.workflow import Transition, table


class Kind(TextChoices):
    """What a story is; each kind has its own look."""

    NEWS = "news", _("新闻动态")
    THEME = "theme", _("专题")
    INTERVIEW = "interview", _("在线访谈")
    COURSE = "course", _("家教课程")
    PRACTICE = "practice", _("经验做法")


class Status(TextChoices):
    """DRAFT → REVIEW → PUBLISHED → CLOSED (taken down or past its date), from where it can be sent again."""

    DRAFT = "draft", _("起草中")
    REVIEW = "review", _("送审中")
    PUBLISHED = "published", _("已公开")
    CLOSED = "closed", _("已撤下")


class Cover(TextChoices):
    """Drawings of the portal (static/img/motifs): a story needs no photo."""

    READ = "cover-read.svg", _("读书")
    LETTER = "cover-letter.svg", _("家书")
    RULES = "cover-rules.svg", _("家规")
    TALK = "cover-talk.svg", _("宣讲")
    VIDEO = "cover-video.svg", _("影片")
    VOICE = "cover-voice.svg", _("广播")
    PAPER = "cover-paper.svg", _("剪纸")
    PAINT = "cover-paint.svg", _("书画")
    HANDS = "cover-hands.svg", _("携手")
    COURT = "cover-court.svg", _("庭院")


TONES = {Status.DRAFT: "", Status.REVIEW: "warn", Status.PUBLISHED: "ok", Status.CLOSED: "bad"}
KIND_COVERS = {
    Kind.NEWS: Cover.HANDS, Kind.THEME: Cover.PAPER, Kind.INTERVIEW: Cover.VIDEO, Kind.COURSE: Cover.READ,
    Kind.PRACTICE: Cover.COURT,
}  # fmt: skip
# What one part of a story is called, by kind: question, lesson, section.
PART_WORDS = {
    Kind.NEWS: _("小节"), Kind.THEME: _("小节"), Kind.INTERVIEW: _("问题"), Kind.COURSE: _("课"), Kind.PRACTICE: _("做法"),
}  # fmt: skip
PARTS_MOST, BODY_MOST, PART_MOST, LEAD_MOST = 30, 12000, 4000, 200
RESERVED_SLUGS = ("hotlines", "new")

TRANSITIONS = table(
    Transition(
        "submit",
        frozenset({Status.DRAFT, Status.CLOSED}),
        Status.REVIEW,
        "story.submitted",
        _("送审"),
        Perm.STORY_EDIT,
    ),
    Transition(
        "recall", frozenset({Status.REVIEW}), Status.DRAFT, "story.recalled", _("撤回送审"), Perm.STORY_EDIT
    ),
    # Steps of the publish gate, which asks its own two people.
    Transition("pass_gate", frozenset({Status.REVIEW}), Status.PUBLISHED, "story.published", _("公开")),
    Transition("fail_gate", frozenset({Status.REVIEW}), Status.DRAFT, "story.returned", _("退回")),
    Transition(
        "restart", frozenset({Status.PUBLISHED}), Status.REVIEW, "story.restarted", _("内容有改动，重新送审")
    ),
    Transition("take_down", frozenset({Status.PUBLISHED}), Status.CLOSED, "story.taken_down", _("撤下")),
)

# National numbers only; local ones differ by place and are asked there.
HOTLINES = (
    ("110", _("报警电话"), _("正在遭受暴力、有人身危险时，马上拨打，不用等。"), "shield-exclamation"),
    ("120", _("急救电话"), _("受伤、需要救治时拨打。"), "bandaid"),
    ("12338", _("妇女维权公益服务热线"), _("婚姻家庭、家庭暴力、妇女儿童权益，妇联的热线。"), "heart-pulse"),
    ("12348", _("公共法律服务热线"), _("法律咨询、申请法律援助、人民调解。"), "briefcase"),
    ("12345", _("政务服务便民热线"), _("咨询、求助、反映问题，不清楚找谁时打这个。"), "telephone"),
    ("12355", _("青少年服务热线"), _("未成年人的心理、法律和成长困扰。"), "emoji-smile"),
    ("12309", _("检察服务热线"), _("司法救助、未成年人司法保护、控告申诉。"), "bank"),
)
QUICK_EXIT = "https://www.gov.cn/"
