"""The portal's own settings with one addition: each answer says how many queries it cost (X-Queries)."""

from portal.settings.base import *  # noqa: F403
from portal.settings.base import MIDDLEWARE

MIDDLEWARE.insert(0, "benchmarks.queries.CountQueries")
BENCH = True
