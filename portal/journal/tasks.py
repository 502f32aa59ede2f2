"""Upkeep of the chain."""

from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from portal.jobs.registry import job, periodic
from portal.jobs.runner import Run
from portal.journal.actions import seal
from portal.journal.models import JournalSeal
from portal.journal.queries import faults


@periodic("journal.seal", every=60)
def seal_entries(run: Run) -> dict[str, Any]:
    """Seal what was written since the last time."""
    return {"sealed": seal()}


@job("journal.verify", limit=900)
def verify_chain(run: Run) -> dict[str, Any]:
    """Seal what is open, then walk the chain; the sentence is shown on the job page."""
    while seal():
        pass
    found = list(islice(faults(), 20))
    count = JournalSeal.objects.count()
    if found:
        return {
            "message": _("发现异常：%(faults)s") % {"faults": "；".join(found)},
            "tone": "bad",
            "faults": len(found),
        }
    return {"message": _("操作记录完整，共核对 %(count)d 条。") % {"count": count}, "tone": "ok", "faults": 0}
