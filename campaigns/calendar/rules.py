"""States of what is prepared for a key date, of reminder campaigns; who acts. No database."""

from datetime import time

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
from portal.reviews.workflow import Transition, table

DAYS_BEFORE, MOST_DAYS_BEFORE = 30, 60
# A second look at drafts that nobody touched, before the day.
NUDGE_DAYS_BEFORE = 7
SILENT_DAYS = 30
RETURNED_DAYS = 3
SOON_DAYS = 45
LONGEST_NAME, LONGEST_TEXT = 30, 1000
SEND_AT = time(9, 0)
DEFAULT_ROUNDS = (7, 3)

ACTING_PERMS = {
    Perm.ACTIVITY_LOG: _("记活动的经办"),
    Perm.REMINDER_EDIT: _("负责节前提醒的人"),
    Perm.CAMPAIGN_EDIT: _("负责主题活动的人"),
    Perm.ACTIVITY_REVIEW: _("审核人员"),
}


class TurnStatus(TextChoices):
    """What a unit does about a node in one year."""

    PREPARED = "prepared", _("草稿已备好")
    DECLINED = "declined", _("今年不办")


TURN_TRANSITIONS = table(
    Transition(
        "decline",
        frozenset({TurnStatus.PREPARED}),
        TurnStatus.DECLINED,
        "node.declined",
        _("今年不办"),
        Perm.ACTIVITY_LOG,
        needs_reason=True,
    ),
    Transition(
        "resume",
        frozenset({TurnStatus.DECLINED}),
        TurnStatus.PREPARED,
        "node.resumed",
        _("还是要办"),
        Perm.ACTIVITY_LOG,
    ),
)


class Channel(TextChoices):
    """How a reminder reaches people (domain reference §12). Only the first two leave through the portal."""

    SITE = "site", _("站内消息")
    SMS = "sms", _("短信")
    ARTICLE = "article", _("公众号文章")
    LETTER = "letter", _("倡议书")
    POSTER = "poster", _("海报")


SENT_BY_PORTAL = (Channel.SITE, Channel.SMS)


class Audience(TextChoices):
    """Who it is for. Lists of people outside the federation are not kept here, only their number."""

    SUBTREE = "subtree", _("本单位和下级的工作人员")
    UNITS = "units", _("选定单位的工作人员")
    EXTERNAL = "external", _("名单不在本站，只记人数")


class ReminderStatus(TextChoices):
    """DRAFT → SUBMITTED → APPROVED → DONE, or RETURNED with a reason; CANCELLED before the last round."""

    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("待审批")
    RETURNED = "returned", _("退回修改")
    APPROVED = "approved", _("已批准，等待发送")
    DONE = "done", _("已发完")
    CANCELLED = "cancelled", _("已取消")


REMINDER_TONES = {
    ReminderStatus.DRAFT: "",
    ReminderStatus.SUBMITTED: "warn",
    ReminderStatus.RETURNED: "bad",
    ReminderStatus.APPROVED: "info",
    ReminderStatus.DONE: "ok",
    ReminderStatus.CANCELLED: "",
}
REMINDER_EDITABLE = frozenset({ReminderStatus.DRAFT, ReminderStatus.RETURNED})
OTHER_PERSON = ("created_by", "submitted_by")

REMINDER_TRANSITIONS = table(
    Transition(
        "submit",
        REMINDER_EDITABLE,
        ReminderStatus.SUBMITTED,
        "reminder.submitted",
        _("提交审批"),
        Perm.REMINDER_EDIT,
    ),
    Transition(
        "approve",
        frozenset({ReminderStatus.SUBMITTED}),
        ReminderStatus.APPROVED,
        "reminder.approved",
        _("批准"),
        Perm.REMINDER_APPROVE,
        not_by=OTHER_PERSON,
    ),
    Transition(
        "return",
        frozenset({ReminderStatus.SUBMITTED}),
        ReminderStatus.RETURNED,
        "reminder.returned",
        _("退回修改"),
        Perm.REMINDER_APPROVE,
        needs_reason=True,
        not_by=OTHER_PERSON,
    ),
    Transition(
        "cancel",
        REMINDER_EDITABLE | {ReminderStatus.SUBMITTED, ReminderStatus.APPROVED},
        ReminderStatus.CANCELLED,
        "reminder.cancelled",
        _("取消"),
        Perm.REMINDER_EDIT,
        needs_reason=True,
    ),
    # By the clock, after the last round.
    Transition(
        "finish", frozenset({ReminderStatus.APPROVED}), ReminderStatus.DONE, "reminder.finished", _("发完")
    ),
)
