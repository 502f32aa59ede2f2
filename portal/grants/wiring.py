"""Tells the access layer how grants are read."""

from portal.access.scope import set_loader
from portal.grants.queries import lines_of

set_loader(lines_of)
