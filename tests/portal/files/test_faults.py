"""Requests that are too much for the server, and a disk that is full: a page with words, never a bare error."""

import errno
import uuid
from typing import Any

import pytest
from django.test import Client, RequestFactory

from portal.middleware import FaultMiddleware
from tests.portal.files import samples


@pytest.mark.django_db
def test_request_larger_than_everything_is_413(client: Client, settings: Any) -> None:
    settings.REQUEST_MAX_MB = 0
    answer = client.post("/files/stage/", {"file": samples.upload(samples.jpeg())})
    assert answer.status_code == 413
    assert "太大" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("checked", [True, False])
def test_too_many_files_at_once_are_413(settings: Any, checked: bool) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 2
    client = Client(enforce_csrf_checks=checked, raise_request_exception=False)
    files = [samples.upload(samples.jpeg(), f"{number}.jpg") for number in range(3)]
    answer = client.post("/files/stage/", {"form_token": str(uuid.uuid4()), "file": files})
    assert answer.status_code == 413


@pytest.mark.django_db
def test_too_much_text_is_413(settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    assert client.post("/drafts/save/", {"title": "字" * 2000}).status_code == 413


def test_full_disk_anywhere_is_507_with_what_was_typed() -> None:
    request = RequestFactory().post("/staff/x/", {"title": "家风故事", "password": "geheim"})
    full = OSError(errno.ENOSPC, "No space left on device")
    answer = FaultMiddleware(lambda request: None).process_exception(request, full)  # type: ignore[arg-type,return-value]
    assert answer is not None
    assert answer.status_code == 507
    assert "家风故事" in answer.content.decode()
    assert "geheim" not in answer.content.decode()
    other = OSError(errno.EACCES, "Permission denied")
    assert FaultMiddleware(lambda request: None).process_exception(request, other) is None  # type: ignore[arg-type,return-value]
