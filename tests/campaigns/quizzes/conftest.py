"""Two people of a county, and an open contest with a draw."""

import pytest

from portal.access.roles import Role
from tests.factories.quizzes import make_quiz


@pytest.fixture
def writer(tree, person):
    return person(Role.COUNTY_OP, tree.pingding)


@pytest.fixture
def reviewer(tree, person):
    return person(Role.COUNTY_REVIEWER, tree.pingding)


@pytest.fixture
def contest(tree, writer, reviewer):
    return make_quiz(writer, reviewer, tree.pingding, prize_count=2, prize_text="家风读本")


@pytest.fixture
def practice(tree, writer, reviewer):
    return make_quiz(writer, reviewer, tree.pingding, mode="practice", closes_on=None)
