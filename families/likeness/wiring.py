"""Shows what looks alike on the staff page of a work."""

from families.likeness import queries
from families.works import panels

panels.register_likeness(queries.shown_to)
