"""Choices that come from rows: places grouped by county, audiences in words."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from families.works.models import WorkCall
from families.works.queries import areas_of
from families.works.rules import Audience
from portal.units.models import Level, Unit

AUDIENCE_WORDS: dict[str, Promise] = {
    Audience.ONLY_RECIPIENT: gettext_lazy("只给收信人看：工作人员也看不到"),
    Audience.ORGANISATION: gettext_lazy("只给组织方看：妇联审核和评选的人能看到，不上网"),
    Audience.ANONYMOUS: gettext_lazy("公开展示，不写名字：署“××县 一户家庭”"),
    Audience.PUBLIC: gettext_lazy("公开展示，写上名字：未成年人只写“张同学”"),
}


def area_choices(call: WorkCall) -> list[Any]:
    """Townships grouped by county, in division order; the county itself for those who do not know."""
    rows = areas_of(call).filter(level__lte=Level.TOWNSHIP).order_by("path")
    groups: list[tuple[str, list[tuple[str, str]]]] = []
    county: Unit | None = None
    for unit in rows:
        if unit.level == Level.COUNTY:
            county = unit
            groups.append(
                (
                    unit.short_name,
                    [(unit.unit_no, _("%(county)s（不清楚乡镇）") % {"county": unit.short_name})],
                )
            )
        elif county is not None and unit.path.startswith(county.path):
            groups[-1][1].append((unit.unit_no, unit.short_name))
    return [("", _("请选择")), *groups]
