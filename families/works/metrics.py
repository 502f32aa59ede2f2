"""Figures about works. Works count from 初核 on; what waits for it stands beside as 待审."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from families.works.models import Work
from families.works.rules import PAST_REVIEW, Status
from portal.access.permissions import Perm
from portal.metrics import Metric, Source, register_source

COUNTED = (Status.CONTENT_REVIEW, *PAST_REVIEW)


def _counted() -> QuerySet[Any]:
    return Work.objects.filter(status__in=COUNTED)


def _pending() -> QuerySet[Any]:
    return Work.objects.filter(status=Status.SUBMITTED)


def _link(unit: Any, start: date, end: date, part: str) -> str:
    query = {"unit": unit.unit_no, "from_": start.isoformat(), "to": end.isoformat(), "counted": "1"}
    return f"{reverse('families:works:inbox')}?{urlencode(query)}"


def _pending_link(unit: Any, start: date, end: date) -> str:
    query = {"unit": unit.unit_no, "from_": start.isoformat(), "to": end.isoformat(), "status": "submitted"}
    return f"{reverse('families:works:inbox')}?{urlencode(query)}"


register_source(
    Source(
        code="works",
        label=_("家风作品"),
        model_label="families.work",
        counted=_counted,
        pending=_pending,
        date_field="submitted_at",
        link=_link,
        pending_link=_pending_link,
        perm=Perm.WORK_VIEW,
    ),
    Metric(
        code="works",
        label=_("征集作品"),
        unit=_("件"),
        meaning=_("初核通过的家规家训、家书和文化作品件数，按提交日期计；退回、未采用和撤回的不计。"),
        source="works",
        icon="palette",
    ),
)
