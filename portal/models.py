"""All models of the kernel's slices, so that Django finds them under one app label."""

from portal.accounts.models import *  # noqa: F403
from portal.complaints.models import *  # noqa: F403
from portal.dashboards.models import *  # noqa: F403
from portal.drafts.models import *  # noqa: F403
from portal.files.models import *  # noqa: F403
from portal.grants.models import *  # noqa: F403
from portal.importing.models import *  # noqa: F403
from portal.jobs.models import *  # noqa: F403
from portal.journal.models import *  # noqa: F403
from portal.listing.models import *  # noqa: F403
from portal.notifications.models import *  # noqa: F403
from portal.privacy.models import *  # noqa: F403
from portal.publication.models import *  # noqa: F403
from portal.reviews.judging.models import *  # noqa: F403
from portal.reviews.models import *  # noqa: F403
from portal.units.models import *  # noqa: F403
from portal.workdays.models import *  # noqa: F403
