"""Every write to units and divisions."""

from portal.units.actions.importing import import_file

__all__ = ["import_file"]
