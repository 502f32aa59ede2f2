"""The same call and typed form as for works."""

from tests.families.works.conftest import _many, call, family, typed

__all__ = ["_many", "call", "family", "typed"]
