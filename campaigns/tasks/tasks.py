"""Jobs of tasks: ids in, actions called."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.tasks import actions, bulk
from campaigns.tasks.lists import COPIES
from portal.access.scope import scope_of
from portal.jobs.registry import job, periodic
from portal.jobs.runner import Run
from portal.jobs.words import KIND_WORDS
from portal.ui.lists import matching

KIND_WORDS |= {
    "tasks.announce": gettext_lazy("通知各单位任务变动"),
    "tasks.bulk": gettext_lazy("批量检查或提醒任务"),
    "tasks.chase": gettext_lazy("任务到期提醒和逾期上报"),
}


@job("tasks.announce", attempts=5, limit=300)
def announce(run: Run, *, task_id: int, what: str, mark: str, note: str = "") -> dict[str, Any]:
    """Tell every addressed unit; the key of each message makes a second run a no-op."""
    return {"told": actions.announce(task_id=task_id, what=what, mark=mark, note=note)}


# A minute before the hourly reminders, which write the messages of the rows made here.
@periodic("tasks.chase", every=3600, offset=240)
def chase(run: Run) -> dict[str, Any]:
    """Reminders and escalation, each stage once."""
    return {"written": actions.chase()}


@job("tasks.bulk", limit=900)
def run_bulk(run: Run, *, query: str, name: str, text: str) -> dict[str, Any]:
    """One step on all that match, with the rights its author has now."""
    rows, _filterset = matching(COPIES, scope_of(run.by), QueryDict(query))

    def show(done: int, total: int) -> None:
        run.progress(done, total, _("已处理 %(n)d 条") % {"n": done})

    outcome = bulk.run(rows, name, actor=run.by, text=text, progress=show)
    return {"done": outcome.done, "people": outcome.people, "skipped": dict(outcome.skipped)}
