"""What quizzes report: how often papers were handed in. Never by person, never by a person's unit."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from campaigns.quizzes.models import Attempt
from portal.access.permissions import Perm
from portal.metrics import Metric, Source, register_source


def counted() -> QuerySet[Attempt]:
    """Handed in."""
    return Attempt.objects.filter(submitted_at__isnull=False)


def pending() -> QuerySet[Attempt]:
    """Nothing waits: what is begun is no participation yet."""
    return Attempt.objects.none()


def rows_link(unit: Any, start: date, end: date, part: str = "") -> str:
    """The papers behind the figure; tries themselves are nobody's to list."""
    query = {"unit": unit.unit_no, "since": start, "until": end}
    return "/staff/quizzes/?" + urlencode({key: value for key, value in query.items() if value})


register_source(
    Source(
        code="quizzes",
        label=_("知识问答"),
        model_label="campaigns.attempt",
        counted=counted,
        pending=pending,
        date_field="submitted_at",
        link=rows_link,
        perm=Perm.QUIZ_EDIT,
    ),
    Metric(
        "quizzes.participations", _("问答参加"), _("人次"),
        _("本单位及下级举办的知识问答交卷人次；一人可答多次；不记答题人的单位，不用于排名和考核。"),
        "quizzes", card=False, icon="patch-question",
    ),
)  # fmt: skip
