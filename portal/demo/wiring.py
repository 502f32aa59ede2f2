"""Registers the kernel's parts of the demo."""

from importlib.util import find_spec

from portal.demo import people  # noqa: F401 – registers itself
from portal.demo.registry import DemoPart, register
from portal.units.models import Unit

if find_spec("portal.demo.places"):
    from portal.demo import places

    register(
        DemoPart(
            "places",
            10,
            lambda demo: places.load_places(),
            lambda: Unit.objects.filter(unit_no="140300000000").exists(),
        )
    )
