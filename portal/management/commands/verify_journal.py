"""`manage.py verify_journal`: prove that nothing in the journal was changed or removed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.journal.actions import seal
from portal.journal.models import JournalEntry, JournalSeal
from portal.journal.queries import faults


class Command(BaseCommand):
    """Seals what is unsealed, then walks the chain; exit 1 and one line per fault when it is broken."""

    help = "Check the hash chain of the journal."

    def handle(self, *args: Any, **options: Any) -> None:
        """Walk the chain from the first entry."""
        while seal():
            pass
        found = list(faults())
        for fault in found:
            self.stderr.write(fault)
        if found:
            raise CommandError(f"{len(found)} fault(s) in the journal")
        entries, seals = JournalEntry.objects.count(), JournalSeal.objects.count()
        self.stdout.write(f"journal unbroken: {entries} entries, {seals} sealed")
