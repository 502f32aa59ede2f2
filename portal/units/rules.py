"""What may stand where in the tree. Pure: no database."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _

# Levels and kinds as plain values, so that rules stand below the models.
NATION, PROVINCE, CITY, COUNTY, TOWNSHIP, VILLAGE = range(6)
TERRITORIAL = frozenset({"federation", "development_zone"})
MOST_NAME = 60


class Refused(ValueError):
    """A change that cannot be made; the sentence is for the person who asked."""

    def __init__(self, sentence: str | Promise) -> None:
        super().__init__(str(sentence))
        self.sentence = str(sentence)


def is_territorial(kind: str) -> bool:
    """Does a unit of this kind stand for an area (and not for an office, a trade or a team)?"""
    return kind in TERRITORIAL


def check_place(
    *, name: str, level: int, kind: str, parent_name: str, parent_level: int, parent_kind: str
) -> None:
    """Level order: an area lies below a higher one; offices and teams may stand at their parent's own level."""
    values = {"unit": name, "parent": parent_name}
    if is_territorial(kind):
        if not is_territorial(parent_kind):
            raise Refused(_("%(parent)s不是地方妇联，下面不能设%(unit)s。") % values)
        if level <= parent_level:
            raise Refused(_("%(unit)s的级别应低于%(parent)s。") % values)
    elif level < parent_level:
        raise Refused(_("%(unit)s的级别不能高于%(parent)s。") % values)


def check_not_below(*, unit_path: str, target_path: str, unit: str, target: str) -> None:
    """Nothing can be put under itself."""
    if target_path.startswith(unit_path):
        if target_path == unit_path:
            raise Refused(_("%(unit)s不能放到自己下面，也不能与自己合并。") % {"unit": unit})
        raise Refused(
            _("%(target)s是%(unit)s的下级，不能把上级放到下级里。") % {"unit": unit, "target": target}
        )


def belongs_to(code: str, parent_no: str) -> bool:
    """Does a 12-digit code lie within a parent's code? Always true for parents without one."""
    if not (parent_no.isdigit() and len(parent_no) == 12):
        return True
    ends = ((9, "000"), (6, "000"), (4, "00"), (2, "00"))
    digits = 12
    for start, zeros in ends:
        if parent_no[start : start + len(zeros)] != zeros:
            break
        digits = start
    return code.startswith(parent_no[:digits])
