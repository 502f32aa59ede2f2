"""Where a record is used: its ledger row, figures, public page, and whatever other slices made of it.

A slice that uses activities says so in its `wiring.py`:

    uses.register("tasks", lambda activity, scope: [Use(_("任务"), task.title, task.staff_url) for task in ...])
"""

from collections.abc import Callable
from dataclasses import dataclass

import structlog
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from campaigns.activities.metrics import rows_link
from campaigns.activities.models import Activity
from portal.access.permissions import Perm
from portal.access.scope import Scope

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Use:
    """One place: what it is, words about it, and its address ('' when this person cannot open it)."""

    label: str | Promise
    text: str | Promise
    url: str = ""


Provider = Callable[[Activity, Scope], list[Use]]
_providers: dict[str, tuple[int, Provider]] = {}


def register(code: str, provide: Provider, *, order: int = 100) -> None:
    """Add a place; the same code again replaces it."""
    _providers[code] = (order, provide)


def of(activity: Activity, scope: Scope) -> list[Use]:
    """Every place, in order. One that fails is left out and logged: the record's page still opens."""
    found: list[Use] = []
    for _order, code, provide in sorted(
        ((order, code, provide) for code, (order, provide) in _providers.items()), key=lambda row: row[:2]
    ):
        try:
            found += provide(activity, scope)
        except Exception:
            log.exception("activity.use_failed", use=code)
    return found


def _ledger(activity: Activity, scope: Scope) -> list[Use]:
    if not activity.is_counted:
        return [Use(_("台账"), _("审核通过后进入台账"))]
    day = timezone.localtime(activity.starts_at).date()
    return [Use(_("台账"), _("%(year)d 年活动台账") % {"year": day.year}, rows_link(activity.unit, day, day))]


def _figures(activity: Activity, scope: Scope) -> list[Use]:
    day = timezone.localtime(activity.starts_at).date()
    words = {"year": day.year, "quarter": (day.month - 1) // 3 + 1, "unit": activity.unit.short_name}
    if not activity.is_counted:
        return [Use(_("统计"), _("审核通过后计入 %(year)d 年第 %(quarter)d 季度") % words)]
    url = f"/dashboard/{activity.unit.unit_no}/" if scope.may(Perm.METRIC_TOTALS, activity.unit) else ""
    found = [Use(_("统计"), _("%(unit)s 及各上级 %(year)d 年第 %(quarter)d 季度") % words, url)]
    joint = list(activity.co_units.all())
    if joint:
        names = "、".join(unit.short_name for unit in joint)
        found.append(
            Use(_("统计"), _("联合主办的 %(names)s 也各计一次，共同的上级只计一次") % {"names": names})
        )
    return found


def _public(activity: Activity, scope: Scope) -> list[Use]:
    if activity.is_published:
        return [Use(_("公开页"), _("已公开"), activity.get_absolute_url())]
    return [Use(_("公开页"), _("还没有公开"))]


def _campaigns(activity: Activity, scope: Scope) -> list[Use]:
    rows = [*([activity.campaign] if activity.campaign else []), *activity.more_campaigns.all()]
    return [Use(_("主题活动"), row.name, row.get_absolute_url()) for row in rows]


register("ledger", _ledger, order=10)
register("figures", _figures, order=20)
register("campaigns", _campaigns, order=30)
register("public", _public, order=40)
