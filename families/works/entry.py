"""What a submission form says; plain data between form and action."""

from dataclasses import dataclass, field
from typing import Any

from portal.files.picked import Picked


@dataclass(frozen=True)
class AuthorEntry:
    """One author as typed."""

    name: str
    birth_ym: str
    role: str = ""
    pen_name: str = ""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One submission. `consents` maps the consent type to the words that were agreed to; `captions` is WebVTT,
    empty for none, and None where the form did not ask."""

    category: Any
    title: str
    text: str
    unit: Any
    audience: str
    authors: tuple[AuthorEntry, ...]
    household: str = ""
    household_agreed: bool = False
    instructors: tuple[str, ...] = ()
    story: str = ""
    origin: str = ""
    phone: str = ""
    licence: bool = False
    guardian_name: str = ""
    guardian_phone: str = ""
    consents: dict[str, str] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)
    photos: Picked = field(default_factory=Picked)
    media: Picked = field(default_factory=lambda: Picked(field="recording"))
    # What parts of other slices were told on the same form: {code of the part: its values}.
    parts: dict[str, dict[str, Any]] = field(default_factory=dict)
    captions: str | None = None
