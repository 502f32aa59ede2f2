"""Packages on the page of a record that fulfils an item of theirs."""

from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from campaigns.activities import uses
from campaigns.activities.models import Activity
from campaigns.packages import queries
from campaigns.packages.models import PackageItem
from campaigns.packages.rules import PUBLIC_STATES
from portal.access.scope import Scope
from portal.units.models import Unit

MOST = 20


def _items(activity: Activity, scope: Scope) -> Any:
    """Items that count it: by its kind or a tag, in their period, for a unit that organised it or one above."""
    paths = [activity.unit.path, *(unit.path for unit in activity.co_units.all())]
    above = {path[:end] for path in paths for end in range(Unit.steplen, len(path) + 1, Unit.steplen)}
    day = timezone.localtime(activity.starts_at).date()
    tags = [str(pk) for pk in activity.tags.values_list("pk", flat=True)]
    wanted = Q(fulfilment="activities.kind", option=activity.kind) | Q(
        fulfilment="activities.tag", option__in=tags
    )
    rows = PackageItem.objects.filter(
        wanted, package__status__in=PUBLIC_STATES, package__starts_on__lte=day, package__ends_on__gte=day,
        package__units__path__in=above, package__in=queries.visible(scope).values("pk"),
    )  # fmt: skip
    return rows.select_related("package").distinct().order_by("package__starts_on", "package_id", "sort")


def _of_activity(activity: Activity, scope: Scope) -> list[uses.Use]:
    if not activity.is_counted:
        return []
    return [
        uses.Use(
            _("“几个一”"),
            _now("%(package)s：%(item)s") % {"package": row.package.name, "item": row.name},
            row.package.staff_url,
        )
        for row in _items(activity, scope)[:MOST]
    ]


uses.register("packages", _of_activity, order=60)
