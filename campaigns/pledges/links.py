"""What pledges lend to others: items of packages, evidence of tasks."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from campaigns.packages import registry
from campaigns.packages.counting import counter
from campaigns.planning import panels
from campaigns.planning.models import Campaign
from campaigns.pledges import queries
from campaigns.pledges.models import Handout, PledgeRecord
from campaigns.pledges.rules import PAPER, RecordState
from campaigns.tasks import evidence
from portal.access.scope import Scope
from portal.units.models import Unit

MOST_OPTIONS = 50


def _pledges() -> list[tuple[str, Any]]:
    """One choice per pledge, whatever its version."""
    return [("", _("任何一份承诺书")), *queries.titles_by_code(MOST_OPTIONS)]


def _letters() -> list[tuple[str, Any]]:
    rows = queries.published_initiatives().order_by("-issued_on", "-pk")[:MOST_OPTIONS]
    return [("", _("任何一份倡议书")), *((str(row.pk), row.title[:60]) for row in rows)]


def _records(unit: Unit, start: date, end: date, option: str) -> str:
    query = {"unit": unit.unit_no, "status": "valid", "since": start, "until": end, "pledge": option}
    return "/staff/pledges/records/?" + urlencode({key: value for key, value in query.items() if value})


def _ledger(unit: Unit, start: date, end: date, option: str) -> str:
    return f"/staff/pledges/ledger/?year={end.year}"


def _paper(scope: Scope) -> Any:
    return queries.records_for(scope).filter(status=RecordState.VALID, method__in=PAPER)


def _words(row: PledgeRecord) -> str:
    words = {"title": row.template.title, "no": row.no, "n": row.households, "people": row.signatures}
    return _now("%(title)s %(no)s：%(n)d 户、%(people)d 人") % words


for _code, _label, _measure, _unit in (
    ("pledges.households", _("承诺签订户数"), "households", _("户")),
    ("pledges.people", _("承诺签名人数"), "signatures", _("人")),
):
    _one, _many = counter(queries.counted, "signed_at", option="template__code", measure=_measure)
    registry.register(registry.Fulfilment(_code, _label, _one, _pledges, _records, _unit, _many))
for _code, _label, _measure, _unit in (
    ("pledges.copies", _("倡议书发放份数"), "copies", _("份")),
    ("pledges.sms", _("倡议短信条数"), "sms_count", _("条")),
):
    _one, _many = counter(Handout.objects.all, "given_on", option="initiative_id", measure=_measure)
    registry.register(registry.Fulfilment(_code, _label, _one, _letters, _ledger, _unit, _many))
evidence.register(
    evidence.of_rows(
        "pledge", _("纸质承诺"), rows=_paper, order_by=("-signed_at", "-pk"), words=_words,
        on=lambda row: row.signed_at, order=30,
    )
)  # fmt: skip


def _of_campaign(campaign: Campaign, scope: Scope) -> list[panels.Row]:
    rows = queries.templates_for(scope).filter(campaign=campaign).order_by("-pk")[: panels.MOST_ROWS]
    letters = queries.initiatives_for(scope).filter(campaign=campaign).order_by("-pk")[: panels.MOST_ROWS]
    return [
        *(panels.Row(str(row), _now("%(n)d 户") % {"n": row.households}, row.staff_url) for row in rows),
        *(panels.Row(row.title, _now("发放 %(n)d 份") % {"n": row.copies}, row.staff_url) for row in letters),
    ]


panels.register_staff(panels.rows_panel("pledges", _("承诺和倡议"), _of_campaign, order=40))
