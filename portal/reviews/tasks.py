"""Jobs of judging register themselves on import."""

from portal.reviews.judging import tasks as _tasks  # noqa: F401
