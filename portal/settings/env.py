"""Settings from the environment: typed, each name read once, loud when wrong.

Every name is declared by reading it through one of the functions below, so `DECLARED` is the complete
list; the guard `tests/guards/test_settings.py` compares it with `.env.example`.
"""

from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

_env = environ.Env()
DECLARED: dict[str, Any] = {}


def begin() -> None:
    """Forget what was read: a settings module that failed is read again, and shall fail for the same reason."""
    DECLARED.clear()


def _declare(name: str, default: Any) -> None:
    if not name.startswith("PORTAL_"):
        raise ImproperlyConfigured(f"{name}: names of settings start with PORTAL_")
    if name in DECLARED:
        raise ImproperlyConfigured(f"{name} is read twice")
    DECLARED[name] = default


def text(name: str, default: str = "", *, choices: tuple[str, ...] = ()) -> str:
    """A string; with `choices`, anything else raises ImproperlyConfigured."""
    _declare(name, default)
    value = _env.str(name, default).strip()
    if choices and value not in choices:
        raise ImproperlyConfigured(f"{name}={value!r}: choose one of {', '.join(choices)}")
    return value


def flag(name: str, default: bool) -> bool:
    """A boolean written 1/0, true/false, yes/no or on/off; anything else raises."""
    _declare(name, default)
    raw = _env.str(name, "").strip().lower()
    if not raw:
        return default
    if raw in {"1", "true", "yes", "on"}:
        return True
    if raw in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name}={raw!r}: write 1 or 0")


def number(name: str, default: int, *, low: int = 0, high: int = 10**9) -> int:
    """A whole number inside [low, high]."""
    _declare(name, default)
    raw = _env.str(name, "").strip()
    try:
        value = int(raw) if raw else default
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}={raw!r} is not a whole number") from error
    if not low <= value <= high:
        raise ImproperlyConfigured(f"{name}={value}: must lie between {low} and {high}")
    return value


def words(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """A comma-separated list without empty items."""
    _declare(name, default)
    raw = _env.str(name, "").strip()
    return [word.strip() for word in raw.split(",") if word.strip()] if raw else list(default)


def folder(name: str, default: Path) -> Path:
    """A folder; relative paths are taken from the project root by the caller's default."""
    _declare(name, default)
    raw = _env.str(name, "").strip()
    return Path(raw).expanduser().resolve() if raw else default


def database(name: str) -> dict[str, Any] | None:
    """A database address such as postgres://user:pass@host/name, or None when unset."""
    _declare(name, "")
    if not _env.str(name, "").strip():
        return None
    return dict(_env.db_url(name))
