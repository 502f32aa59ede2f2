"""`manage.py recount [--json] [--fix]`: every dashboard figure beside a recount from its rows."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.dashboards.recount import checks
from portal.dashboards.rollup import roll_up_all


class Command(BaseCommand):
    """Exit 1 on any difference. `--fix` makes all roll-ups anew first."""

    help = "Compare every dashboard figure with a recount from the rows."

    def add_arguments(self, parser: CommandParser) -> None:
        """Options."""
        parser.add_argument("--json", action="store_true", help="print every figure as one JSON document")
        parser.add_argument("--fix", action="store_true", help="recompute all roll-ups before comparing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare and report."""
        if options["fix"]:
            self.stderr.write(f"{roll_up_all()} month(s) rolled up")
        found = list(checks())
        wrong = [check for check in found if not check.is_equal]
        if options["json"]:
            body = {
                "figures": len(found),
                "different": len(wrong),
                "rows": [check.as_dict() for check in found],
            }
            self.stdout.write(json.dumps(body, ensure_ascii=False))
        else:
            for check in wrong:
                self.stdout.write(
                    f"{check.unit_no} {check.month} {check.metric}: {check.shown} ≠ {check.recounted}"
                )
            self.stdout.write(f"{len(found)} figures compared, {len(wrong)} different")
        if wrong:
            raise CommandError(f"{len(wrong)} figure(s) differ from their rows")
