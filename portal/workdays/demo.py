"""The demo knows the published arrangements."""

from portal.demo.registry import Demo, DemoPart, register
from portal.workdays import actions, rules
from portal.workdays.models import Holiday


def build(demo: Demo) -> None:
    """Every year that was published."""
    for year in rules.PUBLISHED:
        actions.load_published(actor=demo.users["city"], year=year)


register(DemoPart("workdays", 25, build, Holiday.objects.exists))
