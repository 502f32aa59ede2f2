"""Jobs of planning: ids in, actions called."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.planning import actions, queries
from portal.jobs.registry import job
from portal.jobs.runner import Run
from portal.jobs.words import KIND_WORDS

KIND_WORDS |= {"planning.address_below": gettext_lazy("把文件发给下面各级签收")}


@job("planning.address_below", attempts=5, limit=900)
def address_below(run: Run, *, policy_id: int, unit_ids: list[int] | None = None) -> dict[str, Any]:
    """Receipts of the levels below; the unique key of a receipt makes a second run a no-op."""

    def show(done: int, total: int) -> None:
        run.progress(done, total, _("已发给 %(n)d 个单位") % {"n": done})

    policy = queries.policy_in_full(policy_id)
    return {"asked": actions.address_below(actor=run.by, policy=policy, unit_ids=unit_ids, progress=show)}
