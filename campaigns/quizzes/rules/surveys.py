"""Awareness surveys: limits, and the states that papers have, too."""

from django.utils.translation import gettext_lazy as _

from campaigns.quizzes.rules import papers
from portal.access.permissions import Perm
from portal.reviews.workflow import Transition, table

# A survey goes the way of a paper: written, looked at by a second person, open by the clock, closed.
Status, EDITABLE, PUBLIC_STATES, TONES = papers.Status, papers.EDITABLE, papers.PUBLIC_STATES, papers.TONES
TRANSITIONS = table(
    Transition("submit", frozenset(EDITABLE), Status.SUBMITTED, "survey.submitted", _("提交审核"), Perm.SURVEY_EDIT),
    Transition(
        "approve", frozenset({Status.SUBMITTED}), Status.APPROVED, "survey.approved", _("审核通过"), Perm.QUIZ_REVIEW,
        not_by=("created_by", "submitted_by"),
    ),
    Transition(
        "send_back", frozenset({Status.SUBMITTED}), Status.RETURNED, "survey.returned", _("退回修改"), Perm.QUIZ_REVIEW,
        needs_reason=True,
    ),
    Transition(
        "close", frozenset({Status.APPROVED}), Status.CLOSED, "survey.closed", _("结束收集"), Perm.SURVEY_EDIT,
        needs_reason=True,
    ),
    Transition("lapse", frozenset({Status.APPROVED}), Status.CLOSED, "survey.lapsed", _("到期结束")),
)  # fmt: skip

QUESTIONS_MOST, OPTIONS_MOST, FRAME_MOST, SHEETS_MOST = 8, 6, 10_000_000, 10_000
