"""Which journal entries were written in somebody else's place: the right came from a delegation alone."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from portal.grants.models import Grant
from portal.journal.models import JournalEntry


def notes(entries: Iterable[JournalEntry]) -> dict[int, str]:
    """Entry id → `代张三`, for entries at a unit that the actor reached only through a delegation then.
    Two queries for any number of entries."""
    rows = [entry for entry in entries if entry.unit_id is not None]
    refs = {entry.actor_ref for entry in rows if len(entry.actor_ref) == 36}
    grants = Grant.objects.filter(user__ref__in=refs).select_related("user", "unit", "delegated_from__user")
    by_ref: dict[str, list[Grant]] = {}
    for grant in grants if refs else []:
        by_ref.setdefault(str(grant.user.ref), []).append(grant)
    found: dict[int, str] = {}
    for entry in rows:
        covering = [grant for grant in by_ref.get(entry.actor_ref, ()) if _covers(grant, entry)]
        if covering and all(grant.delegated_from is not None for grant in covering):
            names = dict.fromkeys(g.delegated_from.user.display_name for g in covering if g.delegated_from)
            found[entry.pk] = _("代%(names)s") % {"names": "、".join(names)}
    return found


def _covers(grant: Grant, entry: JournalEntry) -> bool:
    day = timezone.localtime(entry.at).date()
    if grant.starts_on > day or (grant.ends_on is not None and grant.ends_on < day):
        return False
    if grant.ended_at is not None and grant.ended_at < entry.at:
        return False
    return bool(entry.unit is not None and entry.unit.path.startswith(grant.unit.path))
