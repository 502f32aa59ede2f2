"""The same call as for works, and the people of the gate."""

from tests.families.works.conftest import _many, call
from tests.families.works.test_review import people

__all__ = ["_many", "call", "people"]
