"""Figures about pledges: households and people, never added to each other."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from campaigns.pledges.models import PledgeRecord
from campaigns.pledges.queries import counted
from campaigns.pledges.rules import Method
from portal.access.permissions import Perm
from portal.metrics import Metric, Source, register_source


def _link(unit: Any, start: date, end: date, part: str = "") -> str:
    query = {"unit": unit.unit_no, "status": "valid", "since": start, "until": end, "method": part}
    return "/staff/pledges/records/?" + urlencode({key: value for key, value in query.items() if value})


register_source(
    Source(
        code="pledges",
        label=_("承诺签订"),
        model_label="campaigns.pledgerecord",
        counted=counted,
        pending=PledgeRecord.objects.none,
        date_field="signed_at",
        link=_link,
        perm=Perm.PLEDGE_VIEW,
        part_field="method",
        part_labels=lambda: dict(Method.choices),
    ),
    Metric(
        "pledges.households", _("承诺签订户数"), _("户"), _("网上和纸质签订的家庭户数之和，按签署日期计；撤回和作废的不计。"),
        "pledges", "households", "households_estimated", icon="house-heart",
    ),
    Metric(
        "pledges.people", _("承诺签名人数"), _("人"), _("一户一签的按家庭人数计，每人一签的按签名人数计；与户数分开，从不相加。"),
        "pledges", "signatures", card=False, icon="pen",
    ),
)  # fmt: skip
