"""`manage.py invite_admin NAME USERNAME --role sec_admin`: the first administrators, who nobody can invite."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from portal.access.actors import SYSTEM
from portal.access.roles import EXCLUSIVE_ROLES, Reach
from portal.accounts import links
from portal.accounts.models import AccessLink, User
from portal.accounts.rules import is_username, plain_username
from portal.grants.models import Grant
from portal.journal.actions import record
from portal.units.models import Unit


class Command(BaseCommand):
    """A fresh installation has no account at all; this opens one of the three administrators."""

    help = "Open the account of an administrator and print a one-time link to set the password."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name, user name, role, unit."""
        parser.add_argument("name", help="the person's name")
        parser.add_argument("username", help="3-30 small letters, digits, _ . -")
        parser.add_argument("--role", required=True, choices=sorted(EXCLUSIVE_ROLES))
        parser.add_argument("--unit", default="", help="number of the unit; the topmost one by default")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Account, grant, link, journal: all or nothing."""
        username = plain_username(options["username"])
        if not is_username(username):
            raise CommandError("user name: 3-30 small letters, digits, _ . -, beginning with a letter")
        if User.objects.filter(username=username).exists():
            raise CommandError(f"{username} exists already")
        units = (
            Unit.objects.filter(unit_no=options["unit"]) if options["unit"] else Unit.objects.filter(depth=1)
        )
        unit = units.order_by("path").first()
        if unit is None:
            raise CommandError("no such unit; load the units first (manage.py import_units)")
        user = User.objects.create_user(username, None, display_name=options["name"][:30])
        grant = Grant.objects.create(
            user=user, role=options["role"], unit=unit, reach=Reach.SUBTREE, starts_on=timezone.localdate()
        )
        record("account.invited", actor=SYSTEM, target=user, unit=unit)
        record("grant.given", actor=SYSTEM, target=grant, unit=unit, changed=["role"])
        token = links.make(user=user, kind=AccessLink.Kind.INVITE, given_by=None)
        self.stdout.write(f"{username} ({options['role']}) at {unit}: open this once, within 7 days")
        self.stdout.write(links.address(token))
