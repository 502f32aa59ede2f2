"""Registers the kernel's parts of the demo."""

from portal.demo import people, places  # noqa: F401 – people registers itself
from portal.demo.registry import DemoPart, register
from portal.units.models import Unit

register(
    DemoPart(
        "places",
        10,
        lambda demo: places.load_places(),
        lambda: Unit.objects.filter(unit_no=places.LAST).exists(),
    )
)
