"""A form sent twice makes one record, also at the same moment; another person's token and another unique key do not pass."""

import threading
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection

from portal.accounts.models import User
from portal.importing.models import Import
from portal.journal.once import once
from portal.reviews.workflow import WorkflowError


def _read(*, actor, unit, client_token=None):
    return Import.objects.create(
        kind_code="x", unit=unit, file_name="x.csv", total=0, sha256="0" * 64, created_by=actor,
        client_token=client_token,
    )  # fmt: skip


read = once(Import)(_read)


@pytest.fixture
def two(tree):
    return [User.objects.create_user(name, None, display_name=name) for name in ("wang", "li")]


def test_same_token_gives_the_first_row_back(tree, two):
    mine, other = two
    token = str(uuid.uuid4())
    first = read(actor=mine, unit=tree.city, client_token=token)
    assert read(actor=mine, unit=tree.city, client_token=token) == first
    with pytest.raises(PermissionDenied):
        read(actor=other, unit=tree.city, client_token=token)
    read(actor=mine, unit=tree.city)
    read(actor=mine, unit=tree.city)
    assert Import.objects.count() == 3


def test_another_unique_key_is_another_fault_and_nothing_is_half_written(two):
    def add(*, actor, username):
        User.objects.filter(pk=actor.pk).update(display_name="half")
        return User.objects.create_user(username, None)

    mine, other = two
    with pytest.raises(IntegrityError):
        once(Import)(add)(actor=mine, username=other.username)
    with pytest.raises(WorkflowError, match="taken"):
        once(Import, taken=lambda: WorkflowError("taken"))(add)(actor=mine, username=other.username)
    mine.refresh_from_db()
    assert mine.display_name == "wang"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_make_one(tree, two):
    token, gate, found = str(uuid.uuid4()), threading.Barrier(2), []

    def slow(**given):
        gate.wait(30)  # both have looked for the token and found nothing
        return _read(**given)

    def send():
        try:
            found.append(once(Import)(slow)(actor=two[0], unit=tree.city, client_token=token).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(found) == 2 and len(set(found)) == 1 and Import.objects.count() == 1
