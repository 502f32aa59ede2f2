"""Works before judges: the redacted projection, the menu, the inbox."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from families.judging import actions, queries
from families.judging import demo as _demo  # noqa: F401 – registers itself
from families.judging.models import AwardList
from families.judging.rules import ListState
from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.jobs.actions import enqueue_once_idle
from portal.journal.actions import follow
from portal.journal.models import JournalEntry
from portal.pages import cached
from portal.reviews import inbox
from portal.reviews.judging.queries import is_in_open_round
from portal.reviews.judging.registry import Judged, register
from portal.ui import menu

register(
    Judged(
        code=queries.CODE,
        label=_("家风作品"),
        project=queries.project,
        pictures=queries.pictures,
        recordings=queries.recordings,
        conflicts=queries.conflicts,
        buckets=queries.buckets,
        still_in=queries.still_in,
        staff_label=queries.staff_label,
        waiting=queries.waiting,
        opened=actions.opened,
        subject_url=queries.subject_url,
    )
)

LEAVING = {"work.withdrawn", "work.kept", "work.taken_down", "work.erased"}
# The notice begins with what has left since the units were chosen; a work that comes back may end a doubt.
MAY_CHANGE_UNITS = LEAVING | {"awards.struck", "awards.publicity", "work.put_back"}


def _leave_round(entry: JournalEntry) -> None:
    """A work that is taken back leaves its round within seconds; the clock would find it within ten minutes. One that
    leaves a list on show may have been the ground for a unit's award."""
    if entry.verb in MAY_CHANGE_UNITS and AwardList.objects.filter(status=ListState.PUBLICITY).exists():
        enqueue_once_idle("judging.doubt_units", args={}, key="judging.doubt")
    if entry.verb in LEAVING and is_in_open_round(queries.CODE, int(entry.target_id)):
        enqueue_once_idle("judging.drop_gone", args={}, key="judging.left")


follow(_leave_round)


def _items(scope: Scope, limit: int) -> list[inbox.InboxItem]:
    rows = [row for row in queries.ripe(scope)[:200] if row.status == ListState.PROPOSED or row.is_ripe]
    return [
        inbox.InboxItem(
            str(row.call),
            row.get_status_display(),
            reverse("families:judging:awards", args=[row.call.slug]),
            row.created_at,
        )
        for row in rows[:limit]
    ]


inbox.register(
    inbox.InboxSource(
        "awards",
        _("获奖名单"),
        "award",
        lambda scope: len(_items(scope, 200)),
        _items,
        "/staff/judging/calls/",
        order=36,
    )
)
menu.register(
    menu.MenuItem(
        section=menu.MANAGE, label=_("征集评审"), icon="award", url_name="families:judging:calls", perm=Perm.JUDGING_MANAGE,
        order=61,
    )
)  # fmt: skip
cached.watch("awards.", "judging.")
