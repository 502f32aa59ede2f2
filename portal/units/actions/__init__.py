"""Every write to units and divisions."""

from portal.units.actions.adding import add_unit
from portal.units.actions.changing import apply_due, cancel, close, merge, move, rename
from portal.units.actions.importing import import_file

__all__ = ["add_unit", "apply_due", "cancel", "close", "import_file", "merge", "move", "rename"]
