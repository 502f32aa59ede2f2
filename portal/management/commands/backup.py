"""`manage.py backup DIR`: database, uploads and manifest into a new folder below DIR."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal import backups


class Command(BaseCommand):
    """Safe while people work."""

    help = "Write a backup into a new folder below DIR."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where."""
        parser.add_argument("dir", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it and say where it is."""
        try:
            self.stdout.write(str(backups.write(options["dir"])))
        except (backups.BackupError, OSError) as error:
            raise CommandError(str(error)) from error
