"""What everybody may read."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from campaigns.planning import panels, progress, queries
from portal.access.gate import public


@public
@require_safe
def index(request: Any) -> HttpResponse:
    """Campaigns under way and past."""
    rows = list(queries.public())
    context = {
        "running": [row for row in rows if row.is_running],
        "closed": [row for row in rows if not row.is_running],
    }
    return render(request, "campaigns/planning/public_index.html", context)


@public
@require_safe
def detail(request: Any, slug: str) -> HttpResponse:
    """Frame, phases, group, documents, goals, and what the other slices have on it."""
    campaign = queries.with_everything(queries.public()).filter(slug=slug).first()
    if campaign is None:
        raise Http404
    today = timezone.localdate()
    current = [(row, older) for row, older in queries.current_policies(campaign) if row.is_public]
    documents = queries.documents_of([row for row, _older in current])
    context = {
        "campaign": campaign,
        "groups": [
            (group, queries.serving(group, _day(campaign, today))) for group in campaign.leading_groups.all()
        ],
        "policies": [
            (row, [old for old in older if old.is_public], documents.get(row.pk, []))
            for row, older in current
        ],
        "parts": queries.parts_of(campaign, queries.public()),
        "goals": progress.own(campaign, today=today),
        "panels": panels.shown(campaign),
    }
    return render(request, "campaigns/planning/public_detail.html", context)


def _day(campaign: Any, today: Any) -> Any:
    """Whose members are shown: today's, or those of the last day of a campaign that is over."""
    return min(today, campaign.ends_on)
