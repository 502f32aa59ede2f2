"""States of issues, of outward selections and of sweeps; no database."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
from portal.reviews.workflow import Transition, table

MOST_WORKS = 30
COVERS = (
    ("cover-paper.svg", _("剪纸")), ("cover-voice.svg", _("诵读")), ("cover-read.svg", _("读书")),
    ("cover-letter.svg", _("家书")), ("cover-paint.svg", _("书画")), ("cover-rules.svg", _("家规")),
    ("cover-hands.svg", _("牵手")), ("cover-court.svg", _("庭院")), ("cover-video.svg", _("影像")),
)  # fmt: skip


class IssueState(models.TextChoices):
    """DRAFT → REVIEW (publish gate) → PUBLISHED; back to DRAFT when returned or taken down."""

    DRAFT = "draft", _("编排中")
    REVIEW = "review", _("送审中")
    PUBLISHED = "published", _("已发布")


ISSUE_TONES = {IssueState.DRAFT: "", IssueState.REVIEW: "warn", IssueState.PUBLISHED: "ok"}
ISSUE_TRANSITIONS = table(
    Transition("submit", frozenset({IssueState.DRAFT}), IssueState.REVIEW, "issue.submitted", _("送审"), Perm.CALL_EDIT),
    Transition("pass_gate", frozenset({IssueState.REVIEW}), IssueState.PUBLISHED, "issue.published", _("审发通过")),
    Transition("fail_gate", frozenset({IssueState.REVIEW}), IssueState.DRAFT, "issue.returned", _("退回"), needs_reason=True),
    Transition("restart", frozenset({IssueState.PUBLISHED}), IssueState.REVIEW, "issue.restarted", _("内容有改动，重新送审")),
    Transition("take_down", frozenset({IssueState.PUBLISHED, IssueState.REVIEW}), IssueState.DRAFT, "issue.taken_down", _("撤下")),
)  # fmt: skip


class Result(models.TextChoices):
    """What became of a work that was sent on (practice 002-38)."""

    SENT = "sent", _("已报送")
    SHOWN = "shown", _("入选展出")
    AWARDED = "awarded", _("获奖")
    NOT_CHOSEN = "not_chosen", _("未入选")


SHOWN_RESULTS = (Result.SHOWN, Result.AWARDED)
RESULT_TONES = {Result.SENT: "info", Result.SHOWN: "ok", Result.AWARDED: "gold", Result.NOT_CHOSEN: ""}


class SweepState(models.TextChoices):
    """DOWN → ASKED (one person wants it back) → BACK (another one agreed)."""

    DOWN = "down", _("已撤下")
    ASKED = "asked", _("申请恢复")
    BACK = "back", _("已恢复")


SWEEP_TONES = {SweepState.DOWN: "bad", SweepState.ASKED: "warn", SweepState.BACK: "ok"}
SWEEP_TRANSITIONS = table(
    Transition(
        "ask_back", frozenset({SweepState.DOWN}), SweepState.ASKED, "sweep.asked_back", _("申请恢复"),
        Perm.WORK_TAKE_DOWN, needs_reason=True,
    ),
    Transition(
        "put_back", frozenset({SweepState.ASKED}), SweepState.BACK, "sweep.put_back", _("同意恢复"),
        Perm.WORK_TAKE_DOWN, not_by=("asked_by",),
    ),
    Transition(
        "refuse_back", frozenset({SweepState.ASKED}), SweepState.DOWN, "sweep.refused_back", _("不同意恢复"),
        Perm.WORK_TAKE_DOWN, needs_reason=True, not_by=("asked_by",),
    ),
)  # fmt: skip
