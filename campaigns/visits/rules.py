"""Checklist, kinds and states of family visits (domain reference §6 FamilyVisit); no database."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
from portal.complaints.rules import HOTLINES, tells_a_case
from portal.reviews.workflow import Transition, table

__all__ = ["HOTLINES", "tells_a_case"]


class FamilyKind(TextChoices):
    """What kind of household was visited: enough for a count, never enough to find it."""

    OFFICIAL = "official", _("公职人员家庭")
    PARTY = "party", _("党员干部家庭")
    ORDINARY = "ordinary", _("普通家庭")
    HONOURED = "honoured", _("最美（五好、清廉）家庭")
    NEEDY = "needy", _("困难家庭")
    LEFT_BEHIND = "left_behind", _("有留守或困境儿童的家庭")
    OTHER = "other", _("其他")


class Status(TextChoices):
    """NONE: nothing to follow up. OPEN → HANDLED → CLOSED; HANDLED goes back to OPEN with a reason."""

    NONE = "none", _("无需跟进")
    OPEN = "open", _("待跟进")
    HANDLED = "handled", _("已处理")
    CLOSED = "closed", _("已办结")


TONES = {Status.NONE: "", Status.OPEN: "warn", Status.HANDLED: "info", Status.CLOSED: "ok"}

# 五个一家访: field → words, in the order in which a visit goes.
CHECKLIST = {
    "greeted": _("问候"),
    "pledge_signed": _("签承诺书"),
    "work_introduced": _("介绍工作"),
    "opinions_asked": _("征求意见"),
    "needs_heard": _("听取需求"),
}

NEEDS_MOST = 500
REMIND_DAYS_BEFORE = 3
DEFAULT_DAYS = 14  # a follow-up without a date of its own
HOUSEHOLDS_MOST = 500
# Names and texts go after this time; date, place, kind and counts stay for the figures.
FORGET_AFTER_DAYS = 3 * 365

TRANSITIONS = table(
    Transition(
        "raise",
        frozenset({Status.NONE}),
        Status.OPEN,
        "family_visit.follow_up_raised",
        _("需要跟进"),
        Perm.FAMILY_VISIT_LOG,
    ),
    # The responsible unit may be another than the one that visited: the action asks for its permission.
    Transition("handle", frozenset({Status.OPEN}), Status.HANDLED, "family_visit.handled", _("登记处理情况")),
    Transition(
        "reopen",
        frozenset({Status.HANDLED}),
        Status.OPEN,
        "family_visit.reopened",
        _("还要继续跟进"),
        Perm.FAMILY_VISIT_LOG,
        True,
    ),
    Transition(
        "close",
        frozenset({Status.HANDLED}),
        Status.CLOSED,
        "family_visit.closed",
        _("已回访，办结"),
        Perm.FAMILY_VISIT_LOG,
    ),
)
