"""Places to choose from, townships grouped by county."""

from typing import Any

from django.utils.translation import gettext as _

from campaigns.pledges.models import PledgeTemplate
from campaigns.pledges.queries import areas_of
from portal.units.models import Level, Unit


def area_choices(template: PledgeTemplate) -> list[Any]:
    """Townships grouped by county, in division order; the county itself for those who do not know."""
    groups: list[tuple[str, list[tuple[str, str]]]] = []
    county: Unit | None = None
    for unit in areas_of(template).filter(level__lte=Level.TOWNSHIP).order_by("path"):
        if unit.level == Level.COUNTY:
            county = unit
            words = _("%(county)s（不清楚乡镇）") % {"county": unit.short_name}
            groups.append((unit.short_name, [(unit.unit_no, words)]))
        elif county is not None and unit.path.startswith(county.path):
            groups[-1][1].append((unit.unit_no, unit.short_name))
        else:
            groups.append((unit.short_name, [(unit.unit_no, unit.short_name)]))
    return [("", _("请选择")), *groups]
