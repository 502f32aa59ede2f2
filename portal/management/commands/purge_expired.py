"""`manage.py purge_expired`: delete or anonymise what is past its time, now."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.privacy.actions import purge_expired
from portal.privacy.registry import RETENTION


class Command(BaseCommand):
    """The same work as the daily job."""

    help = "Delete or anonymise what is past its time; prints how many rows each rule took."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run every retention rule once."""
        for code, count in purge_expired().items():
            self.stdout.write(f"{code}: {count} ({RETENTION[code].how_long})")
