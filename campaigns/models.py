"""All models of the campaigns' slices, so that Django finds them under one app label."""

from campaigns.activities.models import *  # noqa: F403
from campaigns.planning.models import *  # noqa: F403
