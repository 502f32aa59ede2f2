"""Who acts, when it is not a signed-in user: the portal itself, or a member of the public."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable
from uuid import UUID


@runtime_checkable
class Actor(Protocol):
    """Anyone who can be named in the journal. `ref` is a pseudonym, never a name or number."""

    @property
    def ref(self) -> str | UUID: ...


@dataclass(frozen=True, slots=True)
class System:
    """The portal itself: jobs, reminders, imports started by an operator."""

    ref: str = "system"


@dataclass(frozen=True, slots=True)
class Visitor:
    """A member of the public without an account, known by a verified phone number (its keyed hash)."""

    ref: str
    phone_hash: str = ""


SYSTEM = System()
