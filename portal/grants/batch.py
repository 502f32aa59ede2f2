"""Reading a pasted list of people: one line each, every fault told with its line."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.access.roles import ROLES, Reach, Role
from portal.access.scope import Scope
from portal.accounts import phone_codes
from portal.accounts.rules import is_username, plain_username
from portal.grants import naming, queries, rules
from portal.grants.actions import Invitation
from portal.units.fields import UnitChoiceField

MOST_LINES = 200


@dataclass
class Line:
    """One pasted line: what was typed, and either an invitation or errors."""

    number: int
    cells: list[str]
    invitation: Invitation | None = None
    errors: list[str] = field(default_factory=list)


def read(text: str, *, scope: Scope, ends_on: date | None) -> list[Line]:
    """All lines of a paste; a heading line is skipped."""
    lines: list[Line] = []
    taken: list[str] = []
    units = UnitChoiceField(rows=queries.giveable_units(scope), few=0)
    for number, raw in enumerate(text.splitlines(), start=1):
        if not raw.strip():
            continue
        cells = [cell.strip().strip('"') for cell in re.split(r"[\t,，;；]", raw)]
        if cells[0] in {"姓名", "name"}:
            continue
        line = Line(number, cells)
        lines.append(line)
        if len(lines) > MOST_LINES:
            line.errors.append(_("一次最多 %(count)d 人，请分几次粘贴。") % {"count": MOST_LINES})
            break
        _fill(line, scope, units, ends_on, taken)
    return lines


def _fill(line: Line, scope: Scope, units: UnitChoiceField, ends_on: date | None, taken: list[str]) -> None:
    name, role_text, unit_text, phone, title, username = (line.cells + [""] * 6)[:6]
    role, unit = _role(role_text, line), None
    try:
        unit = units.clean(unit_text)
    except ValidationError as error:
        line.errors += error.messages
    if not 2 <= len(name) <= 30:
        line.errors.append(_("姓名要 2–30 个字。"))
    try:
        phone = phone_codes.clean_phone(phone) if phone else ""
    except ValidationError as error:
        line.errors += error.messages
    username = plain_username(username)
    if username and not is_username(username):
        line.errors.append(_("用户名用小写字母开头，3–30 个字母、数字或 _ . -。"))
    elif username and (username in taken or queries.free_username(username) != username):
        line.errors.append(_("用户名 %(name)s 已经有人用了。") % {"name": username})
    if role is not None and unit is not None:
        reach = min(Reach.SUBTREE, rules.widest(role))
        if not rules.may_give(scope, role, unit, reach):
            line.errors.append(_("您不能在这个单位授予这个角色。"))
    if line.errors or role is None or unit is None:
        return
    username = username or naming.propose(name, taken)
    taken.append(username)
    line.invitation = Invitation(
        username=username, display_name=name, role=role, unit=unit, reach=reach, title=title[:40], phone=phone,
        starts_on=timezone.localdate(), ends_on=ends_on,
    )  # fmt: skip


def _role(text: str, line: Line) -> Role | None:
    wanted = unicodedata.normalize("NFKC", text).lower()
    for role, spec in ROLES.items():
        if wanted in {role.value, unicodedata.normalize("NFKC", str(spec.label)).lower()}:
            return role
    near = [role for role, spec in ROLES.items() if wanted and wanted in str(spec.label)]
    if len(near) == 1:
        return near[0]
    line.errors.append(_("没有“%(role)s”这个角色。") % {"role": text})
    return None
