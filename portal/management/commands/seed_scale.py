"""`manage.py seed_scale --activities N --works N --seed S`: grow the demo for benchmarks."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone

from portal.dashboards.rollup import roll_up_all
from portal.demo.scaling import FILLERS


class Command(BaseCommand):
    """Needs the demo's places; adds what is missing to the asked number."""

    help = "Grow the demo to N rows of each kind (needs PORTAL_DEMO=1)."

    def add_arguments(self, parser: CommandParser) -> None:
        """One option per filler."""
        for name in ("activities", "works"):
            parser.add_argument(f"--{name}", type=int, default=0, metavar="N")
        parser.add_argument("--seed", type=int, default=2026)

    def handle(self, *args: Any, **options: Any) -> None:
        """Fill, then make the figures."""
        if not settings.DEMO:
            raise CommandError("seed_scale needs PORTAL_DEMO=1")
        started, today = time.monotonic(), timezone.localdate()
        for name, filler in FILLERS.items():
            if options.get(name):
                added = filler(options[name], seed=options["seed"], today=today)
                self.stdout.write(f"{name}: {added} added")
        months = roll_up_all()
        _analyze()
        self.stdout.write(f"figures of {months} months; {time.monotonic() - started:.1f} s")


def _analyze() -> None:
    """Fresh statistics for the planner: a bulk load is not seen by it before the next automatic run."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
