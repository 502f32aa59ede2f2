"""Tasks and quotas on the page of a record that proves or fills them."""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from campaigns.activities import uses
from campaigns.activities.models import Activity
from campaigns.planning import panels
from campaigns.planning.models import Campaign
from campaigns.tasks import queries, quotas
from campaigns.tasks.models import QuotaEntry, TaskEvidence
from portal.access.scope import Scope

MOST = 20


def _of_activity(activity: Activity, scope: Scope) -> list[uses.Use]:
    key = {"kind": "activity", "object_id": activity.pk}
    copies = TaskEvidence.objects.filter(**key).values("copy")
    tasks = queries.visible_copies(scope).filter(pk__in=copies).order_by("-pk")[:MOST]
    found = [
        uses.Use(
            _("任务"),
            _now("%(title)s（%(unit)s）") % {"title": row.task.title, "unit": row.unit.short_name},
            row.staff_url,
        )
        for row in tasks
    ]
    entries = QuotaEntry.objects.filter(**key).values("quota")
    rows = quotas.visible(scope).filter(pk__in=entries).order_by("-pk")[:MOST]
    return found + [uses.Use(_("名额"), row.title, row.staff_url) for row in rows]


uses.register("tasks", _of_activity, order=50)


def _of_campaign(campaign: Campaign, scope: Scope) -> list[panels.Row]:
    rows = queries.with_counts(queries.visible_tasks(scope).filter(campaign=campaign)).order_by("-pk")[
        : panels.MOST_ROWS
    ]
    return [
        panels.Row(row.title, f"{row.unit.short_name} · {row.get_status_display()}", row.staff_url)
        for row in rows
    ]


panels.register_staff(panels.rows_panel("tasks", _("任务"), _of_campaign, order=5))
