"""Who may give which role where. Pure rules over a Scope; the actions call them inside their transaction."""

from collections.abc import Iterable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
from portal.access.roles import EXCLUSIVE_ROLES, ROLES, Reach, Role
from portal.access.scope import GrantLine, Scope

# Holding one of these lets a person open accounts and give roles – those of the role table, in the own subtree.
GIVING = (Perm.ACCOUNT_INVITE, Perm.GRANT_GIVE)
WARN_DAYS = 30
DELEGATION_MOST_DAYS = 92


class GrantRefused(Exception):
    """The write breaks a rule; the text is a plain sentence for the page."""

    def __init__(self, text: str | Promise) -> None:
        super().__init__(str(text))
        self.text = str(text)


def giving_lines(scope: Scope) -> list[tuple[Reach, GrantLine]]:
    """The grants with which this person may give roles, each with how far it reaches. Delegated ones do
    not count: who acts for somebody else does not make appointments."""
    best: dict[GrantLine, Reach] = {}
    for perm in GIVING:
        for reach, line in scope.lines_for(perm):
            if reach is not Reach.OWN and not line.delegated:
                best[line] = max(reach, best.get(line, reach))
    return [(reach, line) for line, reach in best.items()]


def may_give(scope: Scope, role: Role, unit: Any, reach: Reach) -> bool:
    """May this person give `role` at `unit` with `reach`? Nobody gives further than they reach."""
    return any(
        role in ROLES[line.role].grants and _covers(own, line, unit) and reach <= own
        for own, line in giving_lines(scope)
    )


def _covers(reach: Reach, line: GrantLine, unit: Any) -> bool:
    if reach is Reach.UNIT:
        return bool(unit.pk == line.unit_id)
    return bool(unit.path.startswith(line.unit_path))


def giveable_roles(scope: Scope) -> list[Role]:
    """The roles this person may give somewhere, in the order of the table."""
    allowed = {role for _reach, line in giving_lines(scope) for role in ROLES[line.role].grants}
    return [role for role in ROLES if role in allowed]


def conflict(role: Role, held: Iterable[Role]) -> str:
    """三员分立: why `role` cannot stand beside the roles held, or ""."""
    others = set(held) - {role}
    if role in EXCLUSIVE_ROLES and others:
        return str(_("三员（系统、安全、审计管理员）不能同时担任别的角色。"))
    if others & EXCLUSIVE_ROLES:
        return str(_("这个人是三员之一，不能再担任别的角色。"))
    return ""


def widest(role: Role) -> Reach:
    """The largest reach that means anything for a role."""
    return max(ROLES[role].perms.values(), default=Reach.OWN)
