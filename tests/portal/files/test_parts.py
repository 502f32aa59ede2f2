"""Large files in parts: taken up again, never doubled, never mixed up, nothing left behind."""

import errno
import hashlib
import threading
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.utils import timezone

from portal.files import actions, parts, processing, queries, rules, serving, specs, store
from portal.files.models import PartialUpload, StoredFile, UploadPart
from portal.files.rules import MediaLimits, NoSpaceError, RefusedError, media_limits
from tests.factories.people import make_user
from tests.factories.units import Tree
from tests.portal.files import films

pytestmark = pytest.mark.django_db
BEGIN = "/files/parts/"
NOBODY = AnonymousUser()


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "PART_BYTES", 4096)


@pytest.fixture
def token() -> str:
    return str(uuid.uuid4())


def begin(
    data: bytes, token: str, actor: Any = NOBODY, limits: MediaLimits | None = None, **more: Any
) -> PartialUpload:
    fields = {"name": "a.mp4", "field": "recording", "owner": "atest", "size": len(data), **more}
    fields.setdefault("fingerprint", hashlib.sha256(data).hexdigest())
    return parts.begin(actor=actor, token=token, limits=limits or media_limits(), **fields)


def send(upload: PartialUpload, data: bytes, until: int | None = None) -> PartialUpload:
    while upload.received < (until or len(data)):
        at = upload.received
        upload = parts.take(upload=upload, offset=at, data=data[at : at + rules.PART_BYTES])
    return upload


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_film_arrives_and_becomes_a_clean_copy(
    token: str, own_folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    data = films.film(padding=20_000)
    upload = send(begin(data, token), data)
    file = parts.finish(upload=upload, actor=NOBODY)
    assert parts.finish(upload=PartialUpload.objects.get(), actor=NOBODY) == file
    assert (file.kind, file.state, round(file.seconds or 0)) == ("video", "staged", 30)
    with django_capture_on_commit_callbacks(execute=True):
        assert processing.process(file_id=file.pk)["kept"]
    file.refresh_from_db()
    assert (file.state, file.sha256) == ("ready", hashlib.sha256(data).hexdigest())
    assert (file.media_type, file.length) == ("video/mp4", "0:30")
    kept = files_in(own_folder)
    assert len(kept) == 1
    assert not any(secret in kept[0].read_bytes() for secret in films.SECRETS)
    assert not UploadPart.objects.exists()
    assert list(queries.orphans(timedelta(0))) == []


def test_a_program_with_another_name_is_refused_with_the_first_part(token: str, own_folder: Path) -> None:
    data = b"MZ\x90\x00" + bytes(20_000)
    with pytest.raises(RefusedError) as refusal:
        send(begin(data, token), data)
    assert "这是一个程序" in refusal.value.message
    assert not PartialUpload.objects.exists()
    assert files_in(own_folder) == []


def test_a_film_cut_short_is_refused_at_the_end_and_leaves_nothing(
    token: str, own_folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    data = films.film(padding=9000)[:-40]
    upload = send(begin(data, token), data)
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(RefusedError, match="media_cut"):
        parts.finish(upload=upload, actor=NOBODY)
    assert not PartialUpload.objects.exists()
    assert files_in(own_folder) == []


def test_after_a_lost_network_the_same_file_goes_on(token: str) -> None:
    data = films.film(padding=30_000)
    send(begin(data, token), data, until=12_000)
    again = begin(data, token)
    assert again.received == 12_288
    assert PartialUpload.objects.count() == 1
    assert parts.finish(upload=send(again, data), actor=NOBODY).size == len(data)


def test_after_a_closed_tab_the_upload_moves_to_the_new_form(token: str) -> None:
    data = films.film(padding=30_000)
    first = send(begin(data, token), data, until=12_000)
    other = str(uuid.uuid4())
    resume = (str(first.public_id), parts.key_of(first))
    assert begin(data, other, resume=(resume[0], "forged")).received == 0
    third = str(uuid.uuid4())
    assert begin(data, third, resume=resume).received == 12_288
    assert begin(films.film(), third, limits=media_limits(2), resume=resume).received == 0


def test_resume_key_is_worth_nothing_to_another_account(token: str) -> None:
    data, owner = films.film(padding=30_000), make_user()
    first = send(begin(data, token, owner), data, until=9000)
    moved = begin(data, str(uuid.uuid4()), make_user(), resume=(str(first.public_id), parts.key_of(first)))
    assert (moved.pk, moved.received) != (first.pk, first.received)
    with pytest.raises(RefusedError, match="not_yours"):
        parts.own(actor=NOBODY, token=token, public_id=str(first.public_id))
    with pytest.raises(RefusedError, match="not_yours"):
        parts.own(actor=owner, token=str(uuid.uuid4()), public_id=str(first.public_id))
    assert parts.own(actor=owner, token=token, public_id=str(first.public_id)) == first


def test_wrong_place_wrong_digest_and_too_much_change_nothing(token: str, own_folder: Path) -> None:
    data = films.film(padding=9000)
    upload = send(begin(data, token), data, until=4096)
    for offset in (0, 8192, 5000):
        with pytest.raises(parts.WrongPlaceError) as wrong:
            parts.take(upload=upload, offset=offset, data=data[offset : offset + 100])
        assert wrong.value.received == 4096
    with pytest.raises(RefusedError, match="part_damaged"):
        parts.take(upload=upload, offset=4096, data=data[4096:5000], sha256="0" * 64)
    for piece in (b"", bytes(4097), bytes(len(data))):
        with pytest.raises(RefusedError, match="media_changed"):
            parts.take(upload=upload, offset=4096, data=piece)
    with pytest.raises(parts.WrongPlaceError):
        parts.finish(upload=upload, actor=NOBODY)
    assert len(files_in(own_folder)) == 1


def test_a_full_disk_in_the_middle_keeps_what_was_there(
    token: str, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = films.film(padding=9000)
    upload = send(begin(data, token), data, until=4096)
    with monkeypatch.context() as patch:
        save = FileSystemStorage._save

        def full(self: Any, name: str, content: Any) -> str:
            save(self, name, content)
            raise OSError(errno.ENOSPC, "full")

        patch.setattr(FileSystemStorage, "_save", full)
        with pytest.raises(NoSpaceError):
            parts.take(upload=upload, offset=4096, data=data[4096:8192])
    upload.refresh_from_db()
    assert upload.received == 4096
    assert len(files_in(own_folder)) == 1
    assert parts.finish(upload=send(upload, data), actor=NOBODY).size == len(data)


def test_no_room_on_the_disk_is_said_before_anything_is_sent(
    token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "free_bytes", lambda: 900 * rules.MEGABYTE)
    with pytest.raises(NoSpaceError):
        begin(b"", token, size=300 * rules.MEGABYTE)
    begin(b"x", token, size=100 * rules.MEGABYTE)
    with pytest.raises(NoSpaceError):  # what others have announced counts too
        begin(b"y", str(uuid.uuid4()), size=160 * rules.MEGABYTE)


def test_quota_count_and_size(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "free_bytes", lambda: None)
    with pytest.raises(RefusedError, match="empty"):
        begin(b"", token)
    with pytest.raises(RefusedError, match="media_big_video"):
        begin(b"", token, size=501 * rules.MEGABYTE)
    begin(b"x", token, size=400 * rules.MEGABYTE)
    with pytest.raises(RefusedError, match="media_many"):
        begin(b"y", token, size=1000)
    user = make_user()
    for number in range(4):
        begin(bytes([number]), str(uuid.uuid4()), user, owner="u1", size=480 * rules.MEGABYTE)
    with pytest.raises(RefusedError, match="quota"):
        begin(b"z", str(uuid.uuid4()), user, owner="u1", size=480 * rules.MEGABYTE)


def test_uploads_nobody_goes_on_with_expire(
    token: str, own_folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    data = films.film(padding=9000)
    send(begin(data, token), data, until=4096)
    assert list(queries.orphans(timedelta(0))) == []
    actions.discard_expired()
    assert PartialUpload.objects.count() == 1
    with (
        time_machine.travel(timezone.now() + timedelta(hours=25)),
        django_capture_on_commit_callbacks(execute=True),
    ):
        actions.discard_expired()
    assert not PartialUpload.objects.exists()
    assert files_in(own_folder) == []


@pytest.mark.django_db(transaction=True)
def test_two_tabs_with_the_same_file_make_one(own_folder: Path) -> None:
    data, token = films.film(padding=60_000), str(uuid.uuid4())
    gate, found = threading.Barrier(3), []

    def tab() -> None:
        gate.wait()
        try:
            upload = begin(data, token)
            while not upload.is_whole:
                at = upload.received
                try:
                    upload = parts.take(upload=upload, offset=at, data=data[at : at + rules.PART_BYTES])
                except parts.WrongPlaceError:
                    upload.refresh_from_db()
            found.append(parts.finish(upload=upload, actor=NOBODY).pk)
        except Exception as error:  # noqa: BLE001 – the test looks at it
            found.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=tab) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(found) == {StoredFile.objects.get().pk}
    assert processing.process(file_id=StoredFile.objects.get().pk)["kept"]
    assert StoredFile.objects.get().sha256 == hashlib.sha256(data).hexdigest()
    assert len(files_in(own_folder)) == 1


# -- over HTTP -------------------------------------------------------------------------------------


def spec(limits: MediaLimits | None = None) -> str:
    return specs.write(specs.Spec("recording", limits or media_limits()))


def post_all(client: Client, token: str, data: bytes, name: str = "a.mp4") -> Any:
    answer = client.post(
        BEGIN,
        {"spec": spec(), "form_token": token, "name": name, "size": len(data), "fingerprint": "f" * 64},
    )
    if answer.status_code != 200:
        return answer
    begun = answer.json()
    at = begun["received"]
    while True:
        piece = data[at : at + begun["part"]]
        answer = client.post(
            f"{BEGIN}{begun['upload']}/",
            {
                "form_token": token, "offset": at, "sha256": hashlib.sha256(piece).hexdigest(),
                "part": SimpleUploadedFile("part", piece),
            },
        )  # fmt: skip
        if answer.status_code != 200:
            return answer
        at = answer.json()["received"]


def test_script_sends_parts(client: Client, token: str) -> None:
    answer = post_all(client, token, films.film(padding=9000))
    assert answer.status_code == 201
    assert answer.json()["length"] == "0:30"
    assert answer.json()["id"] == str(StoredFile.objects.get().public_id)


def test_script_is_told_in_plain_words(client: Client, token: str) -> None:
    answer = post_all(client, token, b"MZ" + bytes(9000), "家风\u202e4pm.exe.mp4")
    assert answer.status_code == 422
    assert "这是一个程序" in answer.json()["error"]
    assert "\u202e" not in answer.json()["error"]
    assert post_all(client, token, b"", "a.mp4").json()["error"] == "“a.mp4”：文件是空的，请重新选择。"
    for fields in (
        {"spec": "forged"},
        {"size": "-1"},
        {"size": "²"},
        {"fingerprint": ""},
        {"form_token": "x"},
    ):
        whole = {"spec": spec(), "form_token": token, "name": "a", "size": "9", "fingerprint": "f", **fields}
        assert client.post(BEGIN, whole).status_code == 400


def test_foreign_parts_are_not_taken(client: Client, token: str) -> None:
    data = films.film(padding=9000)
    upload = begin(data, token)
    part = {"offset": "0", "part": SimpleUploadedFile("p", data[:100])}
    address = f"{BEGIN}{upload.public_id}/"
    assert client.post(address, {**part, "form_token": str(uuid.uuid4())}).status_code == 404
    assert client.post(address, {"form_token": token, "offset": "0"}).status_code == 400
    part["part"] = SimpleUploadedFile("p", data[:100])
    assert client.post(address, {**part, "form_token": token, "offset": "7"}).json() == {"received": 0}
    assert client.post(f"{address}drop/", {"form_token": str(uuid.uuid4())}).json() == {"dropped": 0}
    assert client.post(f"{address}drop/", {"form_token": token}).json() == {"dropped": 1}


@pytest.fixture
def song(tree: Tree, django_capture_on_commit_callbacks: Any) -> StoredFile:
    """A ready sound of 平定县."""
    token, user = str(uuid.uuid4()), make_user()
    upload = SimpleUploadedFile("a.mp3", films.song())
    file = parts.stage_plain(upload, token=token, actor=user, field="recording", limits=media_limits())
    actions.attach(
        token=token, public_ids=[file.public_id], target=tree.pingding, actor=user, field="recording"
    )
    with django_capture_on_commit_callbacks(execute=True):
        processing.process(file_id=file.pk)
    file.refresh_from_db()
    return file


@pytest.fixture
def rule() -> Iterator[set[str]]:
    open_to: set[str] = set()
    before = dict(serving.RULES)
    serving.register(
        "unit", can_see=lambda request, pk, variant: False, is_public=lambda pk, variant: pk in open_to
    )
    yield open_to
    serving.RULES.clear()
    serving.RULES.update(before)


def test_stretches_are_served_to_those_who_may(client: Client, song: StoredFile, rule: set[str]) -> None:
    assert client.get(song.web_url, headers={"range": "bytes=0-1"}).status_code == 404
    rule.add(song.target_id)
    whole = client.get(song.web_url)
    body = b"".join(whole.streaming_content)
    assert (whole["Content-Type"], whole["Accept-Ranges"]) == ("audio/mpeg", "bytes")
    assert int(whole["Content-Length"]) == len(body)
    part = client.get(song.web_url, headers={"range": "bytes=100-199"})
    assert part.status_code == 206
    assert part["Content-Range"] == f"bytes 100-199/{len(body)}"
    assert b"".join(part.streaming_content) == body[100:200]
    assert part["X-Content-Type-Options"] == "nosniff"
    beyond = client.get(song.web_url, headers={"range": f"bytes={len(body)}-"})
    assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{len(body)}")
    other = client.get(song.web_url, headers={"range": "bytes=0-9", "if-range": '"other"'})
    assert other.status_code == 200
    assert client.get(song.master_url).status_code == 404


def test_plain_upload_without_script(token: str) -> None:
    upload = SimpleUploadedFile("a.mp4", b"MZ" + bytes(100))
    with pytest.raises(RefusedError, match="program"):
        parts.stage_plain(upload, token=token, actor=NOBODY, field="recording", limits=media_limits())
    good = [SimpleUploadedFile("a.mp3", films.song()) for _ in range(2)]
    files = [
        parts.stage_plain(one, token=token, actor=NOBODY, field="recording", limits=media_limits())
        for one in good
    ]
    assert files[0] == files[1]


def test_reprocessing_reads_the_kept_copy(song: StoredFile, django_capture_on_commit_callbacks: Any) -> None:
    before = song.web_path
    actions.reprocess(file=song, actor=make_user())
    with django_capture_on_commit_callbacks(execute=True):
        assert processing.process(file_id=song.pk)["kept"]
    song.refresh_from_db()
    assert song.is_ready
    assert song.web_path != before
    assert list(queries.missing()) == []
