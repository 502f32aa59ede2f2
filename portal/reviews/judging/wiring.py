"""Judging in the menu, the inbox and the reminders."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.notifications import reminders
from portal.reviews import inbox
from portal.reviews.judging import lists, queries
from portal.reviews.judging.models import JudgingStage
from portal.reviews.judging.rules import StageState
from portal.ui import menu

__all__ = ["lists"]
REMIND_DAYS = (7, 3, 1, 0)


def _due(now: datetime) -> Iterable[reminders.Due]:
    """Only judges with work left, on four days; from the date on every day until it is done."""
    today = timezone.localdate(now)
    for user, stage, number in queries.late_work(now):
        left = (stage.due_on - today).days
        if left > 0 and left not in REMIND_DAYS:
            continue
        words = {"title": str(stage), "n": number, "due": stage.due_on.isoformat()}
        text = _("“%(title)s”还有 %(n)d 件没打分，请在 %(due)s 前完成。") % words
        if stage.contact:
            text += _("有问题请联系：%(contact)s。") % {"contact": stage.contact}
        yield reminders.Due(
            key=f"{stage.pk}:{user.pk}:{today.isoformat()}",
            text=text,
            url="/judge/",
            user=user,
            unit=stage.unit,
            urgent=left <= 1,
        )


def _ready(scope: Scope) -> QuerySet[JudgingStage]:
    """Rounds that wait for their organiser: the date has passed, or the result is to be decided."""
    rows = scope.rows(JudgingStage, Perm.JUDGING_MANAGE).select_related("unit")
    late = rows.filter(status=StageState.SCORING, due_on__lt=timezone.localdate())
    return (late | rows.filter(status=StageState.CLOSED)).order_by("due_on", "pk")


def _items(scope: Scope, limit: int) -> list[inbox.InboxItem]:
    return [
        inbox.InboxItem(
            str(row), row.get_status_display(), row.get_absolute_url(), row.closed_at or row.created_at
        )
        for row in _ready(scope)[:limit]
    ]


def _left(request: Any) -> int:
    return sum(len([one for one in row.sheets if one.is_to_do]) for row in queries.rounds_of(request.scope))


reminders.register(reminders.Reminder("judging.left", gettext_lazy("还有作品等您打分"), _due))
inbox.register(
    inbox.InboxSource(
        "judging", gettext_lazy("评审"), "clipboard-check", _ready, _items, "/staff/judging/",
        order=35,
    )
)  # fmt: skip
menu.register(
    menu.MenuItem(
        section=menu.WORK, label=gettext_lazy("我的评审"), icon="clipboard-check", url_name="portal:reviews:judge",
        perm=Perm.JUDGE_SCORE, badge=_left, keep_badge=False, order=6, tab=True,
    )
)  # fmt: skip
menu.register(
    menu.MenuItem(
        section=menu.MANAGE, label=gettext_lazy("评审轮次"), icon="clipboard-check", url_name="portal:reviews:stages",
        perm=Perm.JUDGING_MANAGE, order=62,
    )
)  # fmt: skip
