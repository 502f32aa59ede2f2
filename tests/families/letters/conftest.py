"""A call for letters."""

import pytest

from families.works.models import WorkCall
from tests.factories.units import Tree
from tests.factories.works import make_call
from tests.families.works.conftest import _many

__all__ = ["_many"]


@pytest.fixture
def letters_call(tree: Tree) -> WorkCall:
    return make_call(
        tree.city,
        slug="letters-2026",
        categories=("FAMILY_LETTER", "CLEAN_MESSAGE", "MOTTO"),
        max_per_person=500,
    )
