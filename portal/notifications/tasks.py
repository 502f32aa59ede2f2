"""Jobs of messages and the outbox."""

from typing import Any

from portal.jobs.registry import job, periodic
from portal.jobs.runner import Run
from portal.notifications import actions, delivery, reminders


@job("notifications.deliver", attempts=5, limit=120)
def deliver(run: Run, *, entry_id: int) -> dict[str, Any]:
    """Tell the holders of a permission about one journal entry."""
    return {"told": delivery.deliver_entry(entry_id)}


@job("notifications.send", limit=90)
def send(run: Run, *, outgoing_id: int) -> dict[str, Any]:
    """Send one row of the outbox."""
    return {"state": delivery.send(outgoing_id)}


@periodic("notifications.sweep", every=120)
def sweep(run: Run) -> dict[str, Any]:
    """Bring back what a dead worker left behind."""
    return {"brought_back": delivery.sweep()}


@periodic("notifications.digest", every=1800)
def digest(run: Run) -> dict[str, Any]:
    """The daily e-mail, at most one a day for each person."""
    return {"digests": delivery.write_digests()}


@periodic("notifications.remind", every=3600, offset=300)
def remind(run: Run) -> dict[str, Any]:
    """Everything that is due by the clock."""
    return dict(reminders.run())


@periodic("notifications.purge", every=86_400, offset=10_800)
def purge(run: Run) -> dict[str, Any]:
    """Forget what is old."""
    return dict(actions.purge())
