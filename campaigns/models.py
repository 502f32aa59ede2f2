"""All models of the campaigns' slices, so that Django finds them under one app label."""

from campaigns.activities.models import *  # noqa: F403
from campaigns.calendar.models import *  # noqa: F403
from campaigns.materials.models import *  # noqa: F403
from campaigns.packages.models import *  # noqa: F403
from campaigns.planning.models import *  # noqa: F403
from campaigns.pledges.models import *  # noqa: F403
from campaigns.quizzes.models import *  # noqa: F403
from campaigns.series.models import *  # noqa: F403
from campaigns.stories.models import *  # noqa: F403
from campaigns.tasks.models import *  # noqa: F403
from campaigns.venues.models import *  # noqa: F403
from campaigns.visits.models import *  # noqa: F403
