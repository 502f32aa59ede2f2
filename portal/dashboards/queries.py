"""Units for dashboards."""

from django.http import Http404

from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.accounts.models import User
from portal.grants.queries import home_unit
from portal.units.models import Unit


def totals_unit(scope: Scope, unit_no: str = "") -> Unit:
    """The unit of an address inside the METRIC_TOTALS scope, or the person's highest one; else Http404."""
    if unit_no:
        found: Unit = scope.get(Unit, Perm.METRIC_TOTALS, unit_no=unit_no)
        return found
    unit = scope.rows(Unit, Perm.METRIC_TOTALS).order_by("depth", "path").first()
    if unit is None:
        raise Http404
    return unit  # type: ignore[no-any-return]


def ancestors_in_scope(scope: Scope, unit: Unit) -> list[Unit]:
    """The units above that this person may open too, from the top down."""
    above = Unit.objects.get_ancestors(unit)
    return list(scope.rows(above, Perm.METRIC_TOTALS).order_by("depth"))


def home_for(user: User) -> Unit | None:
    """The unit the person works for, asked once while this object lives: the panels of one page all want it."""
    if not hasattr(user, "kept_home"):
        user.kept_home = home_unit(user)  # type: ignore[attr-defined]
    return user.kept_home  # type: ignore[attr-defined,no-any-return]
