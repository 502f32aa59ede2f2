"""Public notices of prize draws that are about to end."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.quizzes.queries import papers
from portal.access.permissions import Perm
from portal.notifications import reminders
from portal.workdays.queries import add_workdays


def _ending(now: datetime) -> Iterable[reminders.Due]:
    """From the working day before the last one on."""
    today = timezone.localdate(now)
    for row in papers.notices_ending(today, add_workdays(today, 1)):
        words = {"title": row.quiz.title, "day": row.notice_until}
        yield reminders.Due(
            key=f"{row.pk}:{row.notice_until}",
            text=_("“%(title)s”的中奖公示 %(day)s 结束，没有异议就可以联系中奖人领奖。") % words,
            url=row.staff_url,
            perm=Perm.QUIZ_EDIT,
            unit=row.quiz.unit,
        )


reminders.register(reminders.Reminder("quizzes.notice", gettext_lazy("中奖公示快结束"), _ending))
