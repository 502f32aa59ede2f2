"""What a form says about its files; plain data between form and action."""

import dataclasses
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Picked:
    """`staged` are to be attached, `removed` (attached ones) to be dropped, `captions` by public id."""

    token: str = ""
    field: str = "photos"
    staged: tuple[UUID, ...] = ()
    removed: tuple[UUID, ...] = ()
    captions: dict[UUID, str] = dataclasses.field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.staged or self.removed or self.captions)
