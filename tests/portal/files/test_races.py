"""Real threads on the real database: the same file sent at once, the same job run at once."""

import threading
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connections

from portal.files import actions, processing, queries
from portal.files.models import StoredFile
from portal.files.rules import RefusedError
from tests.factories.people import make_user
from tests.factories.units import make_tree
from tests.portal.files import samples

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"


def at_once(count: int, work: Callable[[], Any]) -> list[Any]:
    """Run the same thing in several threads that start together; answers or exceptions."""
    gate, found = threading.Barrier(count), []

    def run() -> None:
        gate.wait()
        try:
            found.append(work())
        except Exception as error:  # noqa: BLE001 – the test looks at it
            found.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_same_file_staged_by_four_requests_at_once_is_one(own_folder: Path) -> None:
    token, data = str(uuid.uuid4()), samples.jpeg()
    found = at_once(4, lambda: actions.stage(samples.upload(data), token=token, actor=AnonymousUser()))
    assert {getattr(file, "pk", file) for file in found} == {StoredFile.objects.get().pk}
    assert len([path for path in own_folder.rglob("*") if path.is_file()]) == 1


def test_same_job_in_three_workers_keeps_one_set_of_copies(own_folder: Path) -> None:
    file = actions.stage(samples.upload(samples.jpeg()), token=str(uuid.uuid4()), actor=AnonymousUser())
    found = at_once(3, lambda: processing.process(file_id=file.pk))
    assert sum(bool(answer.get("kept")) for answer in found) == 1
    assert len([path for path in own_folder.rglob("*") if path.is_file()]) == 3
    assert list(queries.orphans(timedelta(0))) == []
    assert list(queries.missing()) == []


def test_one_file_two_takers_one_wins() -> None:
    tree, user, token = make_tree(), make_user(), str(uuid.uuid4())
    file = actions.stage(samples.upload(samples.jpeg()), token=token, actor=user)
    targets = iter([tree.pingding, tree.yuxian])

    def take() -> Any:
        return actions.attach(token=token, public_ids=[file.public_id], target=next(targets), actor=user)

    found = at_once(2, take)
    assert sorted(isinstance(answer, RefusedError) for answer in found) == [False, True]
    file.refresh_from_db()
    assert file.is_attached
