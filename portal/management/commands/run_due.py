"""`manage.py run_due`: all due periodic and queued work once, without broker or worker."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.jobs import actions
from portal.jobs.runner import run_all


class Command(BaseCommand):
    """Does in one process what beat, dispatcher and worker do together."""

    help = "Run everything that is due, once."

    def handle(self, *args: Any, **options: Any) -> None:
        """Sweep lost jobs, queue periodic work of the current slots, run all of it."""
        lost = actions.sweep()
        queued = len(actions.enqueue_periodic())
        finished = run_all()
        self.stdout.write(
            f"{finished} job(s) finished; {queued} periodic queued; {lost} taken back from lost workers"
        )
