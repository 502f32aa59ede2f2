"""Tells the access layer how grants are read."""

from portal.access.scope import set_loader
from portal.grants import unit_changes  # noqa: F401 – registers what happens to roles
from portal.grants.queries import lines_of

set_loader(lines_of)
