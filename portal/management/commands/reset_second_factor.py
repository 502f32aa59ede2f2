"""`manage.py reset_second_factor USERNAME --reason …`: for an administrator whom nobody above can help."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from portal.access.actors import SYSTEM
from portal.accounts import second_factor, sessions
from portal.accounts.models import User
from portal.accounts.rules import plain_username
from portal.journal.actions import record


class Command(BaseCommand):
    """Unbinds the authenticator; the person sets up a new one at the next sign-in."""

    help = "Take the second factor off an account."

    def add_arguments(self, parser: CommandParser) -> None:
        """Who, and why."""
        parser.add_argument("username")
        parser.add_argument("--reason", required=True)

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Unbind, end the sessions, write it down."""
        user = User.objects.filter(username=plain_username(options["username"])).first()
        if user is None:
            raise CommandError("no such account")
        if not second_factor.remove(user):
            raise CommandError("this account has no second factor")
        sessions.end(user)
        record(
            "account.second_factor_reset", actor=SYSTEM, target=user, details={"reason": options["reason"]}
        )
        self.stdout.write(f"second factor of {user.username} removed")
