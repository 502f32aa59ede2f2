"""Settings of the drilled site: the real ones, and the drills' own jobs."""

from portal.settings.base import *  # noqa: F403
from portal.settings.base import INSTALLED_APPS

INSTALLED_APPS.append("tests.drills.apps.DrillsConfig")
