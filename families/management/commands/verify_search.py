"""`manage.py verify_search [--json] [--fix]`: the index of published works held against the works."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from families.search.actions import compare


class Command(BaseCommand):
    """Exit 1 on any difference; `--fix` makes right what differs and says how much it was."""

    help = "Compare the index of published works with the works."

    def add_arguments(self, parser: CommandParser) -> None:
        """Options."""
        parser.add_argument("--json", action="store_true", help="print the counts as one JSON document")
        parser.add_argument("--fix", action="store_true", help="write anew what differs")

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare and report."""
        found = compare(mend=options["fix"])
        if options["json"]:
            self.stdout.write(json.dumps(found.as_dict()))
        else:
            self.stdout.write(
                f"{found.works} works: {found.missing} missing, {found.different} different, {found.leftover} left over"
            )
        if found.total and not options["fix"]:
            raise CommandError(f"{found.total} entries differ from their works")
