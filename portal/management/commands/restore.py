"""`manage.py restore DIR`: bring a backup into an empty portal."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal import backups


class Command(BaseCommand):
    """Refuses a backup that does not match its manifest, and a database that is not empty."""

    help = "Restore the backup in DIR into an empty database and file store."

    def add_arguments(self, parser: CommandParser) -> None:
        """From where."""
        parser.add_argument("dir", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, restore, report."""
        try:
            count = backups.restore(options["dir"])
        except (backups.BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"restored the database and {count} file(s); now run verify_journal and purge_expired"
        )
