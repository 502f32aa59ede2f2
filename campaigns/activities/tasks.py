"""Jobs of the activity log: ids and queries in, actions called."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.activities import bulk
from campaigns.activities.ledger import SPEC
from portal.access.scope import scope_of
from portal.jobs.registry import job
from portal.jobs.runner import Run
from portal.jobs.words import KIND_WORDS
from portal.ui.lists import matching

KIND_WORDS |= {
    "activities.bulk": gettext_lazy("批量处理活动"),
}


@job("activities.bulk", limit=900)
def run_bulk(run: Run, *, query: str, name: str, reason: str) -> dict[str, Any]:
    """One step on all that match, with the rights its author has now."""
    rows, _filterset = matching(SPEC, scope_of(run.by), QueryDict(query))

    def show(done: int, total: int) -> None:
        run.progress(done, total, _("已处理 %(n)d 条") % {"n": done})

    outcome = bulk.run(rows, name, actor=run.by, reason=reason, progress=show)
    return {"done": outcome.done, "skipped": dict(outcome.skipped)}
