"""谁能看到我: who could open a work."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext

from families.works.models import Work
from families.works.rules import (
    Audience,
)
from portal.access.permissions import Perm
from portal.access.roles import ROLES, Reach, Role
from portal.grants.queries import active_on


@dataclass(frozen=True)
class Reader:
    """Somebody who could open a work: a unit, one of its roles that may, and how many people hold it there."""

    unit: str
    role: str
    people: int
    why: str = ""


GATE = (Perm.CONTENT_EDIT, Perm.CONTENT_CHECK, Perm.CONTENT_PUBLISH)


def readers_of(work: Work) -> list[Reader]:
    """谁能看到我: the units on the way up and the roles there whose grants reach this work, with the number of people;
    empty when it is for its recipient only. Who reads only behind the publish gate is named as such."""
    if work.audience == Audience.ONLY_RECIPIENT:
        return []
    path, step = work.unit.path, work.unit.steplen
    above = [path[:end] for end in range(step, len(path) + 1, step)]
    rows = (
        active_on(timezone.localdate())
        .filter(unit__path__in=above)
        .order_by("unit__path", "role")
        .values_list("unit__name", "unit__path", "role", "reach", "user_id")
        .distinct()
    )
    found: dict[tuple[str, str, str], set[int]] = {}
    for unit, unit_path, role, reach, user in rows:
        why = _reason(work, Role(role), Reach(reach), is_here=unit_path == path)
        if why is not None:
            found.setdefault((unit, role, why), set()).add(user)
    return [
        Reader(unit, str(ROLES[Role(role)].label), len(people), why)
        for (unit, role, why), people in found.items()
    ]


def _reason(work: Work, role: Role, reach: Reach, *, is_here: bool) -> str | None:
    """Why a grant of this role and reach opens the work ("" for its ordinary readers), or None when it does not."""

    def opens(perm: Perm) -> bool:
        most = min(ROLES[role].perms.get(perm, Reach.OWN), reach)
        return most is Reach.SUBTREE or (most is Reach.UNIT and is_here)

    if opens(Perm.WORK_VIEW) or opens(Perm.WORK_REVIEW):
        return ""
    if work.wants_public and any(opens(perm) for perm in GATE):
        return gettext("发布前审核")
    return None
