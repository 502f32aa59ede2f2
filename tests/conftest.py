"""Fixtures that every test may use: a small tree of units, people with roles, signed-in clients."""

import gc
import os
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client, override_settings
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis

from families.search.fields import statements
from portal.access.roles import Role
from portal.accounts.models import User
from portal.accounts.second_factor import PASSED_KEY
from portal.journal import guards
from portal.units.models import Unit
from tests.factories.people import make_user
from tests.factories.units import Tree, make_tree

# A busy machine is no fault of the code, and a run that is repeated tries the same examples; bin/test --full looks for new ones.
# Fixtures are made once for all examples of a test: what a test changes in them it rolls back or puts beside them.
ALLOWED = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
hypothesis.register_profile("steady", deadline=None, derandomize=True, suppress_health_check=ALLOWED)
hypothesis.register_profile("searching", deadline=None, suppress_health_check=ALLOWED)
hypothesis.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

DATABASE_FIXTURES = {"db", "transactional_db", "django_db_serialized_rollback", "live_server"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that opens no database says the same on every one: the second half of bin/test leaves it out."""
    for item in items:
        names = set(getattr(item, "fixturenames", ()))
        marks = {mark.name for mark in item.iter_markers()}
        if not names & DATABASE_FIXTURES and not marks & {"django_db", "postgres", "redis"}:
            item.add_marker(pytest.mark.once)


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb: bool, django_db_modify_db_settings: None) -> bool:
    """On SQLite the database that bin/test has migrated is copied into place and kept as it is; PostgreSQL copies it
    by its TEMPLATE (portal/settings/test.py). Django's `migrate` still goes over the copy and finds nothing to do."""
    if settings.MIGRATED and connection.vendor == "sqlite":
        shutil.copy(settings.MIGRATED, connection.creation._get_test_db_name())
        return True
    return django_db_keepdb


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Tests may damage the journal on purpose and flush tables; those of its guards install them. Without migrations
    the index of works would be an ordinary table: it is made as its migration makes it."""
    with django_db_blocker.unblock():
        guards.remove(connection)
        make, remove = statements(connection.vendor)
        with connection.cursor() as cursor:
            for sql in (*remove, *make):
                cursor.execute(sql)
    if connection.vendor == "postgresql":
        connection.ops.sql_flush = _flush_of_filled_tables
    gc.freeze()  # what is loaded by now stays: the collector need not walk through it at every round


def _flush_of_filled_tables(style: Any, tables: Sequence[str], **options: Any) -> list[str]:
    """After a test with transactions of its own: TRUNCATE makes new files for every table and index there is, which
    takes a second or more; a test fills a dozen. Foreign keys are looked at when all are empty."""
    quoted = {name: connection.ops.quote_name(name) for name in tables}
    filled = " UNION ALL ".join(
        f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {it})" for name, it in quoted.items()
    )
    with connection.cursor() as cursor:
        cursor.execute(filled)
        return [
            "SET CONSTRAINTS ALL DEFERRED",
            *(f"DELETE FROM {quoted[name]}" for (name,) in cursor.fetchall()),
        ]


@pytest.fixture(scope="session", autouse=True)
def _cache_of_this_process() -> Iterator[None]:
    """Tests empty the cache: every process of xdist has a Redis database of its own."""
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 8
    own = dict(settings.CACHES["default"])
    if "LOCATION" in own:
        own["LOCATION"] = re.sub(r"/(\d+)$", lambda found: f"/{int(found[1]) - number}", str(own["LOCATION"]))
    with override_settings(CACHES={"default": own}):
        yield


@pytest.fixture(autouse=True)
def _fresh_cache() -> Iterator[None]:
    """Rate limits and cached pages do not leak from one test into the next."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def tree(db: None) -> Tree:
    """山西省 › 阳泉市 › 平定县, 盂县, 高新区 › 冠山镇 › two villages, and an office of the city."""
    return make_tree()


@pytest.fixture
def person(tree: Tree) -> Callable[..., User]:
    """`person(Role.COUNTY_OP, tree.pingding)` → an account with that grant."""

    def make(role: Role, unit: Unit, **fields: Any) -> User:
        return make_user(role, unit, **fields)

    return make


@pytest.fixture
def signed_in(person: Callable[..., User]) -> Callable[..., Client]:
    """`signed_in(Role.COUNTY_OP, tree.pingding)` → a test client; its account is `client.user`."""

    def make(role: Role, unit: Unit, **fields: Any) -> Client:
        user = person(role, unit, **fields)
        client = Client()
        client.force_login(user, backend="portal.accounts.backends.PortalBackend")
        client.user = user  # type: ignore[attr-defined]
        session = client.session
        session[PASSED_KEY] = user.pk  # roles that need a second factor have given it
        session.save()
        return client

    return make
