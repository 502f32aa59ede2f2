"""States, audiences, limits and pure questions; no database."""

import unicodedata
from hashlib import sha256

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
from portal.reviews.workflow import Transition, table

MAX_AUTHORS = 5
MAX_INSTRUCTORS = 2
HOUSEHOLD_MAX = 20
# What is asked about every author; from the second one on the names of the fields carry a number: birth_ym_2.
AUTHOR_FIELDS = ("author_name", "birth_ym", "pen_name", "role")
STORY_MAX = 300
TITLE_MAX = 40
RESUME_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0 O 1 I L
RESUME_LENGTH = 8


class Status(models.TextChoices):
    """Domain reference §3.4; judging and awards come behind ACCEPTED."""

    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("待初核")
    CONTENT_REVIEW = "content_review", _("内容审核中")
    ACCEPTED = "accepted", _("已入选")
    FIRST_JUDGE = "first_judge", _("初评")
    SECOND_JUDGE = "second_judge", _("复评")
    FINAL_JUDGE = "final_judge", _("终评")
    PROPOSED = "proposed", _("拟获奖")
    PUBLICITY = "publicity", _("公示中")
    AWARDED = "awarded", _("已获奖")
    NOT_AWARDED = "not_awarded", _("未获奖")
    RETURNED = "returned", _("退回修改")
    REJECTED = "rejected", _("未采用")
    WITHDRAWN = "withdrawn", _("作者已撤回")
    PRIVATE = "private", _("只在家人之间")  # for its recipient only: no member of staff takes part


class PublishState(models.TextChoices):
    """Beside the status: is there a public page?"""

    UNPUBLISHED = "unpublished", _("未公开")
    PUBLISHED = "published", _("已公开")
    TAKEN_DOWN = "taken_down", _("已撤下")


class Audience(models.TextChoices):
    """Who may read it; the author's choice."""

    ONLY_RECIPIENT = "only_recipient", _("只给收信人看")
    ORGANISATION = "organisation", _("只给组织方看")
    ANONYMOUS = "anonymous", _("公开展示，不写名字")
    PUBLIC = "public", _("公开展示，写上名字")


AUDIENCE_ORDER = [Audience.ONLY_RECIPIENT, Audience.ORGANISATION, Audience.ANONYMOUS, Audience.PUBLIC]
PUBLIC_AUDIENCES = (Audience.ANONYMOUS, Audience.PUBLIC)


class Origin(models.TextChoices):
    """Where a motto comes from."""

    INHERITED = "inherited", _("长辈传下来的")
    CREATED = "created", _("自己家新立的")


class CopyrightMode(models.TextChoices):
    """What the author gives away."""

    LICENSE = "license", _("著作权归作者，许可公益使用")
    ASSIGN = "assign", _("著作权转让给主办方")


class CallState(models.TextChoices):
    """The dates decide within OPEN whether a call takes works."""

    DRAFT = "draft", _("筹备中")
    OPEN = "open", _("已发布")
    CLOSED = "closed", _("已结束")


class CallPhase(models.TextChoices):
    """What the state and the dates of a call come to at this second."""

    DRAFT = "draft", _("筹备中")
    EARLY = "early", _("未开始")
    RUNNING = "running", _("征集中")
    ENDED = "ended", _("已结束")


CALL_TONES = {CallPhase.DRAFT: "", CallPhase.EARLY: "info", CallPhase.RUNNING: "ok", CallPhase.ENDED: "warn"}


class TakedownReason(models.TextChoices):
    """Why a page went down (domain reference §3.4)."""

    AUTHOR = "author", _("作者撤回同意")
    OBJECTION = "objection", _("收到异议")
    PERSON = "person", _("作者不再适合展示")
    ERROR = "error", _("内容有误")
    LAW = "law", _("违法或不良信息")


EDITABLE = frozenset({Status.DRAFT, Status.SUBMITTED, Status.RETURNED, Status.PRIVATE})
WITHDRAWABLE = frozenset(
    {Status.DRAFT, Status.SUBMITTED, Status.RETURNED, Status.CONTENT_REVIEW, Status.ACCEPTED, Status.PRIVATE}
    | {Status.FIRST_JUDGE, Status.SECOND_JUDGE, Status.FINAL_JUDGE, Status.PROPOSED, Status.PUBLICITY}
)
JUDGED_AS = "work"  # the name of works among what portal.reviews.judging judges
# Judges score what they cannot trace: while a work is judged nobody reads its author on the site.
JUDGED = (Status.FIRST_JUDGE, Status.SECOND_JUDGE, Status.FINAL_JUDGE)
RESTING = (
    *JUDGED,
    Status.PROPOSED,
)  # public pages that rest meanwhile; from the public notice on, names are public
# What a family reads as “评审中” until the results are announced.
UNDER_JUDGING = frozenset({*JUDGED, Status.PROPOSED, Status.PUBLICITY})
# Past the two readers: everything behind ACCEPTED is accepted too.
PAST_REVIEW = (
    Status.ACCEPTED,
    *JUDGED,
    Status.PROPOSED,
    Status.PUBLICITY,
    Status.AWARDED,
    Status.NOT_AWARDED,
)
TONES = {
    Status.DRAFT: "", Status.SUBMITTED: "warn", Status.CONTENT_REVIEW: "info", Status.ACCEPTED: "ok",
    Status.RETURNED: "rose", Status.REJECTED: "bad", Status.WITHDRAWN: "", Status.FIRST_JUDGE: "info",
    Status.SECOND_JUDGE: "info", Status.FINAL_JUDGE: "info", Status.PROPOSED: "gold", Status.PUBLICITY: "gold",
    Status.AWARDED: "ok", Status.NOT_AWARDED: "", Status.PRIVATE: "info",
}  # fmt: skip
PUBLISH_TONES = {PublishState.UNPUBLISHED: "", PublishState.PUBLISHED: "ok", PublishState.TAKEN_DOWN: "bad"}

_REVIEWABLE = frozenset({Status.SUBMITTED, Status.CONTENT_REVIEW})

WORK_TRANSITIONS = table(
    Transition(
        "submit", frozenset({Status.DRAFT, Status.RETURNED, Status.PRIVATE}), Status.SUBMITTED, "work.submitted", _("提交"),
    ),
    Transition("keep", WITHDRAWABLE - {Status.PRIVATE}, Status.PRIVATE, "work.kept", _("只给收信人看")),
    Transition(
        "check", frozenset({Status.SUBMITTED}), Status.CONTENT_REVIEW, "work.checked", _("初核通过，送内容审核"),
        Perm.WORK_REVIEW, not_by=("entered_by", "submitted_by"),
    ),
    Transition(
        "accept", frozenset({Status.CONTENT_REVIEW}), Status.ACCEPTED, "work.accepted", _("入选"),
        Perm.WORK_REVIEW, not_by=("entered_by", "submitted_by", "checked_by", "words_by"),
    ),
    Transition("pass_gate", frozenset({Status.CONTENT_REVIEW}), Status.ACCEPTED, "work.accepted", _("内容审核通过")),
    Transition("fail_gate", frozenset({Status.CONTENT_REVIEW}), Status.RETURNED, "work.returned", _("内容审核退回"), needs_reason=True),
    Transition(
        "return", _REVIEWABLE, Status.RETURNED, "work.returned", _("退回修改"), Perm.WORK_REVIEW, needs_reason=True,
        not_by=("entered_by", "submitted_by"),
    ),
    Transition(
        "reject", _REVIEWABLE, Status.REJECTED, "work.rejected", _("不采用"), Perm.WORK_REVIEW, needs_reason=True,
        not_by=("entered_by", "submitted_by"),
    ),
    # Judging: no permission here, the judging slice has asked for its own (JUDGING_MANAGE, JUDGING_DECIDE).
    Transition("first", frozenset({Status.ACCEPTED}), Status.FIRST_JUDGE, "work.judging", _("进入初评")),
    Transition(
        "second", frozenset({Status.ACCEPTED, Status.FIRST_JUDGE}), Status.SECOND_JUDGE, "work.judging", _("进入复评"),
    ),
    Transition(
        "final", frozenset({Status.ACCEPTED, Status.FIRST_JUDGE, Status.SECOND_JUDGE}), Status.FINAL_JUDGE, "work.judging",
        _("进入终评"),
    ),
    Transition("propose", frozenset(JUDGED), Status.PROPOSED, "work.proposed", _("列入拟获奖名单")),
    Transition("unpropose", frozenset({Status.PROPOSED}), Status.FINAL_JUDGE, "work.unproposed", _("移出拟获奖名单")),
    Transition("publicise", frozenset({Status.PROPOSED}), Status.PUBLICITY, "work.publicity", _("公示")),
    Transition(
        "strike", frozenset({Status.PUBLICITY}), Status.FINAL_JUDGE, "work.struck", _("公示期间移出"), needs_reason=True,
    ),
    Transition("award", frozenset({Status.PUBLICITY}), Status.AWARDED, "work.awarded", _("公布获奖")),
    Transition("no_award", frozenset(JUDGED), Status.NOT_AWARDED, "work.not_awarded", _("公布结果，未获奖")),
    Transition("withdraw", WITHDRAWABLE, Status.WITHDRAWN, "work.withdrawn", _("撤回")),
    Transition("put_back", frozenset({Status.WITHDRAWN}), Status.SUBMITTED, "work.put_back", _("恢复投稿")),
)  # fmt: skip

CALL_TRANSITIONS = table(
    Transition("open", frozenset({CallState.DRAFT, CallState.CLOSED}), CallState.OPEN, "call.opened", _("发布征集"), Perm.CALL_EDIT),
    Transition("close", frozenset({CallState.OPEN}), CallState.CLOSED, "call.closed", _("提前结束"), Perm.CALL_EDIT, needs_reason=True),
)  # fmt: skip


def numbered(name: str, number: int) -> str:
    """The name of a field for the n-th author or instructor: birth_ym, birth_ym_2, birth_ym_3 …"""
    return name if number == 1 else f"{name}_{number}"


def is_wider(new: str, old: str) -> bool:
    """Does the new audience let more people read it? Then consent is asked again."""
    return AUDIENCE_ORDER.index(Audience(new)) > AUDIENCE_ORDER.index(Audience(old))


def plain_code(text: str) -> str:
    """A resume code as typed by hand: full-width letters, spaces, dashes and small letters are taken."""
    return "".join(char for char in unicodedata.normalize("NFKC", text).upper() if char in RESUME_ALPHABET)


def shown_code(code: str) -> str:
    """ABCD-2345, for reading aloud."""
    return f"{code[:4]}-{code[4:]}" if len(code) == RESUME_LENGTH else code


def text_fingerprint(text: str) -> str:
    """The same text, whatever its spaces, punctuation and width: one fingerprint; empty for no text."""
    plain = "".join(char for char in unicodedata.normalize("NFKC", text) if char.isalnum())
    return sha256(plain.encode()).hexdigest() if plain else ""


def is_name(text: str) -> bool:
    """2–30 letters of any script and plane, with `·` or a space inside."""
    letters = [
        char for char in text if not unicodedata.combining(char) and unicodedata.category(char) != "Mn"
    ]
    if not 2 <= len(letters) <= 30 or not letters[0].isalpha() or not letters[-1].isalpha():
        return False
    return all(_is_name_char(char) for char in text)


def plain_name(text: str) -> str:
    """A name for comparing: without blanks and dots, whatever its width."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(char for char in plain if not char.isspace() and char not in "·•・.").casefold()


def _is_name_char(char: str) -> bool:
    return char.isalpha() or char in "·•・ '-" or unicodedata.category(char) in {"Mn", "Mc"}
