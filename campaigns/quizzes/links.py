"""What quizzes lend to others: items of packages, evidence of tasks, where an activity is used."""

from datetime import date
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from campaigns.activities import uses
from campaigns.activities.models import Activity
from campaigns.packages import registry
from campaigns.packages.counting import counter
from campaigns.planning import panels
from campaigns.planning.models import Campaign
from campaigns.quizzes import metrics
from campaigns.quizzes.models import Quiz
from campaigns.quizzes.queries import papers as queries
from campaigns.quizzes.rules import papers
from campaigns.tasks import evidence
from portal.access.scope import Scope
from portal.units.models import Unit


def held() -> QuerySet[Quiz]:
    """Approved papers; they count from their first day on."""
    return Quiz.objects.filter(status__in=papers.PUBLIC_STATES)


def _list(unit: Unit, start: date, end: date, option: str) -> str:
    return "/staff/quizzes/?" + urlencode({"unit": unit.unit_no})


def _papers(scope: Scope) -> QuerySet[Quiz]:
    return queries.visible(scope).filter(status__in=papers.PUBLIC_STATES)


def _of_activity(activity: Activity, scope: Scope) -> list[uses.Use]:
    rows = queries.visible(scope).filter(activity=activity)
    return [uses.Use(_("知识问答"), row.title, row.staff_url) for row in rows]


_one, _many = counter(held, "opens_on")
registry.register(
    registry.Fulfilment("quizzes.held", _("举办知识问答"), _one, link=_list, unit=_("场"), count_many=_many)
)
_one, _many = counter(metrics.counted, "submitted_at")
registry.register(
    registry.Fulfilment(
        "quizzes.participations", _("知识问答参加人次"), _one, link=metrics.rows_link, unit=_("人次"),
        count_many=_many,
    )
)  # fmt: skip
evidence.register(
    evidence.of_rows(
        "quiz", _("知识问答"), rows=_papers, order_by=("-opens_on", "-pk"), words=lambda row: row.title,
        on=lambda row: row.opens_on, order=60,
    )
)  # fmt: skip
uses.register("quizzes", _of_activity, order=70)


def _of_campaign(campaign: Campaign, scope: Scope) -> list[panels.Row]:
    rows = queries.visible(scope).filter(campaign=campaign).order_by("-pk")[: panels.MOST_ROWS]
    return [
        panels.Row(row.title, f"{row.unit.short_name} · {row.get_status_display()}", row.staff_url)
        for row in rows
    ]


panels.register_staff(panels.rows_panel("quizzes", _("知识问答"), _of_campaign, order=50))
