"""What somebody would see with a role, before it is given. Business slices register what they can count.

register("活动记录", Perm.ACTIVITY_VIEW, lambda unit, reach: Activity.objects.filter(…).count())
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
from portal.access.roles import ROLES, Reach, Role
from portal.access.scope import below
from portal.accounts.models import User
from portal.grants.models import Grant
from portal.grants.words import PERM_WORDS
from portal.units.models import Unit

Count = Callable[[Unit, Reach], int]
Text = str | Promise


@dataclass(frozen=True)
class Kind:
    """One kind of data and the permission that shows it."""

    label: Text
    perm: Perm
    count: Count


KINDS: list[Kind] = []


def register(label: Text, perm: Perm, count: Count) -> None:
    """Add one kind of data; called from a slice's wiring. The same label again replaces it."""
    KINDS[:] = [known for known in KINDS if known.label != label]
    KINDS.append(Kind(label, perm, count))


@dataclass(frozen=True)
class Preview:
    """What the role will see and may do."""

    units: int
    people: int
    data: list[tuple[Text, int]]
    may: list[tuple[Text, Text]]
    note: Text
    second_factor: bool


def of(role: Role, unit: Unit, reach: Reach) -> Preview:
    """Counted for the larger meaning: the smaller of the role's and the grant's reach, per permission."""
    spec = ROLES[role]
    seen = min(reach, max(spec.perms.values(), default=Reach.OWN))
    units = Unit.objects.open().under(unit.path).count() if seen is Reach.SUBTREE else 1
    under = Grant.objects.filter(ended_at__isnull=True)
    under = under.filter(below(unit.path, "unit__") if seen is Reach.SUBTREE else Q(unit=unit))
    people = User.objects.filter(pk__in=under.values("user_id"), is_active=True).count()
    data = [
        (kind.label, kind.count(unit, min(reach, spec.perms[kind.perm])))
        for kind in KINDS
        if kind.perm in spec.perms
    ]
    may = [(PERM_WORDS.get(perm, _("其他")), min(reach, own).label) for perm, own in spec.perms.items()]
    return Preview(units, people, data, may, spec.note, spec.second_factor)
