"""All models of the app's slices, so that Django finds them under one app label."""

from families.calls.models import *  # noqa: F403
from families.cards.models import *  # noqa: F403
from families.exhibition.models import *  # noqa: F403
from families.judging.models import *  # noqa: F403
from families.letters.models import *  # noqa: F403
from families.likeness.models import *  # noqa: F403
from families.search.models import *  # noqa: F403
from families.works.models import *  # noqa: F403
