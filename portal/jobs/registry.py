"""Kinds of work, and work that comes back by the clock. Filled by decorators in the slices' `tasks.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

# A running job without a heartbeat for this long lost its worker.
HEARTBEAT_LOST_AFTER = timedelta(seconds=30)
Handler = Callable[..., dict[str, Any] | None]


@dataclass(frozen=True)
class Kind:
    """How one kind of job runs. `limit` in seconds; a handler must be safe to run twice."""

    name: str
    handler: Handler
    attempts: int = 3
    limit: int = 300


@dataclass(frozen=True)
class Periodic:
    """A job that is due once per slot of `every` seconds. Slots count from midnight of the site's time zone, shifted
    by `offset` seconds, so that two beats agree on them and what is done daily is done at night."""

    name: str
    every: int
    offset: int = 0

    def number_at(self, moment: datetime) -> int:
        """The number of the slot in which a moment lies."""
        return (int(moment.timestamp()) + _ahead(moment) - self.offset) // self.every

    def after(self, moment: datetime) -> datetime:
        """When the next slot begins."""
        seconds = (self.number_at(moment) + 1) * self.every + self.offset - _ahead(moment)
        return datetime.fromtimestamp(seconds, tz=UTC)


def _ahead(moment: datetime) -> int:
    """Seconds the site's time zone is ahead of UTC."""
    offset = timezone.localtime(moment).utcoffset()
    return int(offset.total_seconds()) if offset else 0


KINDS: dict[str, Kind] = {}
PERIODIC: dict[str, Periodic] = {}


def job(name: str, *, attempts: int = 3, limit: int = 300) -> Callable[[Handler], Handler]:
    """Register `def handler(run: Run, **args)` under a name."""

    def register(handler: Handler) -> Handler:
        if name in KINDS and KINDS[name].handler.__qualname__ != handler.__qualname__:
            raise ImproperlyConfigured(f"job {name} is registered twice")
        KINDS[name] = Kind(name, handler, attempts, limit)
        return handler

    return register


def periodic(name: str, *, every: int, offset: int = 0, limit: int = 300) -> Callable[[Handler], Handler]:
    """Register a job that the beat starts once in every slot of `every` seconds."""

    def register(handler: Handler) -> Handler:
        job(name, limit=limit)(handler)
        PERIODIC[name] = Periodic(name, every, offset)
        return handler

    return register
