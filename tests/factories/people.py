"""Accounts with grants."""

import itertools
from typing import Any

from django.utils import timezone

from portal.access.roles import Reach, Role
from portal.accounts.models import User
from portal.grants.models import Grant
from portal.units.models import Unit

PASSWORD = "Plain-Test-1234"
_numbers = itertools.count(1)


def make_user(role: Role | None = None, unit: Unit | None = None, **fields: Any) -> User:
    """An active account; with a role and unit it gets that grant from today on."""
    number = next(_numbers)
    username = fields.pop("username", f"user{number}")
    fields = {"display_name": f"经办{number}", **fields}
    user = User.objects.create_user(username, PASSWORD, **fields)
    if role is not None and unit is not None:
        give(user, role, unit)
    return user


def give(user: User, role: Role, unit: Unit, **fields: Any) -> Grant:
    """One more grant for an account."""
    fields = {"reach": Reach.SUBTREE, "starts_on": timezone.localdate(), **fields}
    return Grant.objects.create(user=user, role=role.value, unit=unit, **fields)
