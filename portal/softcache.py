"""A Redis cache that is only a cache: when Redis is away, pages get slower, not broken; and the one of the embedded mode."""

from itertools import count
from typing import Any

import structlog
from django.core.cache.backends.filebased import FileBasedCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

COUNTED_SECONDS = 3600
LOOKED_AT = 100  # the folder is counted with every hundredth value only


class CalmFileCache(FileBasedCache):
    """Django lists the whole folder with every value it stores, some milliseconds with a thousand of them; a folder
    that is a hundred values too full harms nobody."""

    _stored = count()

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Count up. Django's own stores the number anew for five minutes only; limits count for an hour."""
        value = super().incr(key, delta, version)
        self.touch(key, COUNTED_SECONDS, version)
        return int(value)

    def _cull(self) -> None:
        if next(self._stored) % LOOKED_AT == 0:
            super()._cull()


class SoftRedisCache(RedisCache):
    """Reads miss and writes are dropped while Redis cannot be reached (design §8)."""

    def _softly(self, name: str, fallback: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return getattr(super(), name)(*args, **kwargs)
        except (RedisError, OSError) as error:
            log.warning("cache.unreachable", operation=name, error=type(error).__name__)
            return fallback

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """The stored value, or `default` when missing or unreachable."""
        return self._softly("get", default, key, default, version)

    def set(self, *args: Any, **kwargs: Any) -> None:
        """Store, or drop silently when unreachable."""
        self._softly("set", None, *args, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> bool:
        """Store if absent; an unreachable cache answers True so that nobody is locked out by it."""
        return bool(self._softly("add", True, *args, **kwargs))

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        """Delete, or answer False when unreachable."""
        return bool(self._softly("delete", False, *args, **kwargs))

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Count up; raises ValueError for a missing key as Django documents, 1 when unreachable."""
        return int(self._softly("incr", 1, key, delta, version))

    def get_many(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Several values; empty when unreachable."""
        return dict(self._softly("get_many", {}, *args, **kwargs))

    def set_many(self, *args: Any, **kwargs: Any) -> list[str]:
        """Store several values, or drop them when unreachable."""
        return list(self._softly("set_many", [], *args, **kwargs))

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        """Prolong, or answer False when unreachable."""
        return bool(self._softly("touch", False, *args, **kwargs))
