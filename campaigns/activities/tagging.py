"""Tags of activities: several on one record, which counts once all the same (design §5)."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from campaigns.activities.models import Activity
from campaigns.activities.rules import COUNTED
from campaigns.planning.models import Campaign, Tag
from campaigns.planning.panels import StaffPanel, register_staff
from portal.access.permissions import Perm
from portal.access.scope import Scope


def set_tags(activity: Activity, fields: Mapping[str, Any]) -> None:
    """The tags a form said; without a word about them they stay. Runs in the transaction of its caller."""
    if "tags" in fields:
        activity.tags.set(fields["tags"])


def _by_tag(campaign: Campaign, scope: Scope) -> dict[str, Any] | None:
    """How many counted activities of the campaign bear each tag, for the reader's units; two queries."""
    sets = [tag_set for tag_set in campaign.tag_sets.all() if tag_set.tags.all()]
    if not sets:
        return None
    mine = scope.rows(Activity, Perm.ACTIVITY_VIEW).filter(campaign=campaign, status__in=COUNTED)
    counts = dict(
        Tag.objects.filter(tag_set__in=sets)
        .annotate(number=Count("activities", filter=Q(activities__in=mine.values("pk")), distinct=True))
        .values_list("pk", "number")
    )
    tagged = mine.filter(
        pk__in=Activity.tags.through.objects.filter(tag__tag_set__in=sets).values("activity_id")
    )
    rows = [
        (tag_set, [(tag, counts.get(tag.pk, 0)) for tag in tag_set.tags.all() if not tag.is_retired])
        for tag_set in sets
    ]
    return {"rows": rows, "tagged": tagged.count(), "all": mine.count()}


register_staff(
    StaffPanel("activities.tags", "campaigns/activities/_tags_panel.html", _by_tag, _("按标签看"), order=20)
)
