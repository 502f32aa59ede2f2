"""Staging and serving over HTTP: who sees what, and with which headers."""

import errno
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.test import Client

from portal.access import limits
from portal.access.permissions import Perm
from portal.access.roles import Role
from portal.files import actions, processing, serving, specs
from portal.files.models import StoredFile
from portal.files.rules import Limits
from portal.units.models import Unit
from tests.factories.people import make_user
from tests.factories.units import Tree
from tests.portal.files import samples

pytestmark = pytest.mark.django_db
STAGE = "/files/stage/"


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture
def published() -> set[str]:
    return set()


@pytest.fixture(autouse=True)
def rule_for_units(published: set[str]) -> Iterator[None]:
    """Files of a unit: those who may see the unit; all, once published."""

    def can_see(request: Any, target_id: str, variant: str) -> bool:
        return bool(request.scope.rows(Unit, Perm.UNIT_VIEW).filter(pk=target_id).exists())

    before = dict(serving.RULES)
    serving.register("unit", can_see=can_see, is_public=lambda target_id, variant: target_id in published)
    yield
    serving.RULES.clear()
    serving.RULES.update(before)


def spec(count: int = 9, megabytes: int = 10) -> str:
    return specs.write(specs.Spec("photos", Limits(count, megabytes)))


def send(client: Client, token: str, data: bytes | None = None, name: str = "a.jpg", **fields: str) -> Any:
    body = {
        "form_token": token,
        "spec": spec(),
        "file": samples.upload(data or samples.jpeg(), name),
        **fields,
    }
    return client.post(STAGE, body, headers={"accept": "application/json"})


@pytest.fixture
def picture(tree: Tree, django_capture_on_commit_callbacks: Any) -> StoredFile:
    """A ready picture of 平定县."""
    token, user = str(uuid.uuid4()), make_user()
    file = actions.stage(samples.upload(samples.jpeg()), token=token, actor=user)
    actions.attach(token=token, public_ids=[file.public_id], target=tree.pingding, actor=user)
    with django_capture_on_commit_callbacks(execute=True):
        processing.process(file_id=file.pk)
    file.refresh_from_db()
    return file


def test_script_stages_one_file_and_drops_it_again(client: Client) -> None:
    token = str(uuid.uuid4())
    answer = send(client, token, name="合影.jpg")
    assert answer.status_code == 201
    assert answer.json()["name"] == "合影.jpg"
    dropped = client.post("/files/discard/", {"form_token": token, "id": answer.json()["id"]})
    assert dropped.json() == {"dropped": 1}


def test_refusals_are_sentences(client: Client) -> None:
    token = str(uuid.uuid4())
    answer = send(client, token, b"\x00\x00\x00\x18ftypheic" + b"\0" * 60, "IMG_1.HEIC")
    assert answer.status_code == 422
    assert "IMG_1.HEIC" in answer.json()["error"]
    assert "兼容性最佳" in answer.json()["error"]
    assert send(client, token, samples.png_claiming(40_000, 40_000)).status_code == 422
    assert send(client, token, samples.upload(b"").read()).status_code in (201, 422)
    assert send(client, token, samples.png(), spec=spec(count=0)).json()["code"] == "too_many"


def test_forged_spec_or_token_stages_nothing(client: Client) -> None:
    token = str(uuid.uuid4())
    assert send(client, token, spec="x").status_code == 400
    assert send(client, token, spec=spec()[:-2]).status_code == 400
    assert send(client, "../..", spec=spec()).status_code == 400
    assert client.post(STAGE, {"form_token": token, "spec": spec()}).status_code == 400
    assert client.get(STAGE).status_code == 405
    assert not StoredFile.objects.exists()


def test_staging_needs_the_csrf_token() -> None:
    assert send(Client(enforce_csrf_checks=True), str(uuid.uuid4())).status_code == 403


def test_full_disk_is_507(client: Client, own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Any, name: str, content: Any) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    answer = send(client, str(uuid.uuid4()))
    assert answer.status_code == 507
    assert "空间不足" in answer.json()["error"]
    assert not StoredFile.objects.exists()


def test_disk_that_fills_while_receiving_is_507_too(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Any, raw_data: bytes, start: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(TemporaryFileUploadHandler, "receive_data_chunk", full)
    answer = send(client, str(uuid.uuid4()), samples.jpeg() + b"\0" * 3_000_000)
    assert answer.status_code == 507


def test_too_many_uploads_in_a_short_time_are_429(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(limits.LIMITS, "files.stage", limits.Limit(1, 3600))
    token = str(uuid.uuid4())
    assert send(client, token).status_code == 201
    for forwarded in ("10.0.0.1", "10.0.0.2"):
        body = {"form_token": token, "spec": spec(), "file": samples.upload(samples.png())}
        answer = client.post(
            STAGE, body, headers={"accept": "application/json", "x-forwarded-for": forwarded}
        )
        assert answer.status_code == 429
        assert int(answer["Retry-After"]) > 0


@pytest.mark.parametrize("variant", ["thumb", "web", "master"])
def test_private_picture_is_for_those_who_see_its_owner(
    picture: StoredFile, signed_in: Any, tree: Tree, client: Client, variant: str
) -> None:
    address = picture.url(variant)
    inside = signed_in(Role.COUNTY_OP, tree.pingding).get(address)
    assert inside.status_code == 200
    assert inside["Content-Type"] in ("image/jpeg", "image/webp")
    assert inside["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in inside["Content-Security-Policy"]
    assert inside["Cache-Control"] == "private, no-store"
    assert inside["Content-Disposition"].startswith("attachment" if variant == "master" else "inline")
    assert client.get(address).status_code == 404
    assert signed_in(Role.COUNTY_OP, tree.yuxian).get(address).status_code == 404
    assert signed_in(Role.SPEAKER, tree.pingding).get(address).status_code == 404
    assert client.post(address).status_code == 405


def test_published_picture_is_for_all_but_its_master_is_not(
    picture: StoredFile, tree: Tree, published: set[str], client: Client
) -> None:
    published.add(str(tree.pingding.pk))
    answer = client.get(picture.web_url)
    assert answer.status_code == 200
    assert answer["Cache-Control"].startswith("public")
    assert client.get(picture.web_url, headers={"if-none-match": answer["ETag"]}).status_code == 304
    assert client.get(picture.master_url).status_code == 404
    published.clear()
    assert client.get(picture.web_url, headers={"if-none-match": answer["ETag"]}).status_code == 404


def test_what_is_not_there_looks_like_what_is_forbidden(picture: StoredFile, client: Client) -> None:
    for address in (
        f"/files/{uuid.uuid4()}/web/",
        f"/files/{picture.public_id}/raw/",
        "/files/------------------------------------/web/",
        f"/files/{picture.public_id}/../../x/",
    ):
        assert client.get(address).status_code == 404


def test_kind_without_a_rule_is_not_served(picture: StoredFile, signed_in: Any, tree: Tree) -> None:
    serving.RULES.pop("unit")
    assert signed_in(Role.CITY_OP, tree.city).get(picture.web_url).status_code == 404


def test_staged_picture_is_seen_by_who_staged_it_only(
    signed_in: Any, tree: Tree, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    mine = signed_in(Role.COUNTY_OP, tree.pingding)
    address = send(mine, str(uuid.uuid4())).json()["thumb"]
    with django_capture_on_commit_callbacks(execute=True):
        processing.process(file_id=StoredFile.objects.get().pk)
    assert mine.get(address).status_code == 200
    assert client.get(address).status_code == 404
    assert signed_in(Role.CITY_OP, tree.city).get(address).status_code == 404


def test_lost_bytes_are_a_404_not_an_error(
    picture: StoredFile, signed_in: Any, tree: Tree, own_folder: Path
) -> None:
    (own_folder / picture.web_path).unlink()
    assert signed_in(Role.CITY_OP, tree.city).get(picture.web_url).status_code == 404


def test_huge_file_is_read_away_without_filling_the_disk(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.files.rules.RECEIVE_MEGABYTES", 1)
    monkeypatch.setattr("portal.files.rules.default_limits", lambda: Limits(9, 3))
    answer = send(client, str(uuid.uuid4()), samples.jpeg() + b"\0" * 4_000_000, "全景.jpg")
    assert answer.status_code == 422
    assert answer.json()["code"] == "huge"
    assert "全景.jpg" in answer.json()["error"]
