"""What the slices above bring: what happens on withdrawal, where a person's data lie, how long they stay.

Filled in the slices' `wiring.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise

from portal.jobs.words import RESULT_WORDS
from portal.privacy.models import Consent
from portal.privacy.rules import ConsentType

OnWithdraw = Callable[[Consent, Any, str], None]
_on_withdraw: dict[tuple[str, ConsentType], OnWithdraw] = {}


def on_withdraw(target_type: str, consent_type: ConsentType, handler: OnWithdraw) -> None:
    """`handler(consent, actor, reason)` runs in the transaction of the withdrawal: the page goes down with it."""
    _on_withdraw[target_type, consent_type] = handler


def withdrawal_handler(consent: Consent) -> OnWithdraw | None:
    """What to do when this consent is withdrawn."""
    return _on_withdraw.get((consent.target_type, ConsentType(consent.type)))


@dataclass(frozen=True)
class Person:
    """Whose data: a verified phone (keyed hash), an account, or both."""

    phone_hash: str = ""
    user: Any = None


@dataclass(frozen=True, kw_only=True)
class DataSource:
    """One place where personal data lie. `export` gives plain data for JSON, `erase` returns how many went."""

    code: str
    label: str | Promise
    export: Callable[[Person], list[dict[str, Any]]]
    erase: Callable[[Person, Any], int]


SOURCES: dict[str, DataSource] = {}


def register_source(source: DataSource) -> None:
    """Add a place; the same code replaces it."""
    SOURCES[source.code] = source


@dataclass(frozen=True, kw_only=True)
class Retention:
    """How long something is kept: shown on the privacy page, enforced by `purge(now)` → how many went."""

    code: str
    what: str | Promise
    how_long: str | Promise
    purge: Callable[[datetime], int]


RETENTION: dict[str, Retention] = {}


def register_retention(rule: Retention) -> None:
    """Add a rule; the same code replaces it."""
    RETENTION[rule.code] = rule
    RESULT_WORDS.setdefault(rule.code, rule.what)
