"""Staging, processing, attaching: exactly once, and nothing half-kept."""

import errno
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.storage import FileSystemStorage, default_storage
from django.utils import timezone
from PIL import Image

from portal.accounts.models import User
from portal.files import actions, processing, queries, rules, store
from portal.files.models import StoredFile
from portal.files.picked import Picked
from portal.jobs.models import Job
from portal.jobs.runner import run_all
from portal.journal.models import JournalEntry
from tests.factories.people import make_user
from tests.factories.units import Tree
from tests.portal.files import samples

NOBODY = AnonymousUser()
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture
def token() -> str:
    return str(uuid.uuid4())


@pytest.fixture
def user(tree: Tree) -> User:
    return make_user()


def stage(token: str, actor: Any = NOBODY, data: bytes | None = None, **options: Any) -> StoredFile:
    return actions.stage(samples.upload(data or samples.jpeg()), token=token, actor=actor, **options)


def stored(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_staged_file_becomes_three_clean_copies_and_loses_its_original(token: str, own_folder: Path) -> None:
    file = stage(token, data=samples.jpeg_with_metadata(6))
    assert file.state == StoredFile.State.STAGED
    assert len(stored(own_folder)) == 1
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.db.transaction.on_commit", lambda run, **_: run())
        assert run_all() == 1
    file.refresh_from_db()
    assert file.state == StoredFile.State.READY
    assert (file.width, file.height, file.raw_path) == (200, 320, "")
    assert len(stored(own_folder)) == 3
    for path in stored(own_folder):
        assert not [secret for secret in samples.SECRETS if secret in path.read_bytes()]
        with Image.open(path) as image:
            assert not image.getexif()


def test_processing_twice_does_it_once(
    token: str, own_folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    file = stage(token)
    with django_capture_on_commit_callbacks(execute=True):
        first = processing.process(file_id=file.pk)
    paths = sorted(stored(own_folder))
    with django_capture_on_commit_callbacks(execute=True):
        second = processing.process(file_id=file.pk)
    assert first["kept"]
    assert second == {"skipped": True}
    assert sorted(stored(own_folder)) == paths


def test_two_runs_at_the_same_time_leave_one_set_of_copies(
    token: str, own_folder: Path, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    file = stage(token)
    real, seen = processing.keep, []

    def second_run_in_between(**options: Any) -> bool:
        if not seen:
            seen.append(1)
            assert processing.process(file_id=file.pk)["kept"]
        return real(**options)

    monkeypatch.setattr(processing, "keep", second_run_in_between)
    with django_capture_on_commit_callbacks(execute=True):
        assert processing.process(file_id=file.pk)["kept"] is False
    file.refresh_from_db()
    assert file.is_ready
    assert len(stored(own_folder)) == 3
    assert list(queries.orphans(timedelta(0))) == []


def test_same_bytes_under_one_token_are_one_file(token: str, own_folder: Path) -> None:
    assert stage(token).pk == stage(token).pk
    assert StoredFile.objects.count() == Job.objects.count() == len(stored(own_folder)) == 1


def test_refused_file_leaves_nothing(token: str, own_folder: Path) -> None:
    for data in (b"", b"MZ" + b"\0" * 90, samples.png_claiming(40_000, 40_000), samples.animated("WEBP")):
        with pytest.raises(rules.RefusedError):
            actions.stage(samples.upload(data), token=token, actor=NOBODY)
    assert not StoredFile.objects.exists()
    assert not Job.objects.exists()
    assert stored(own_folder) == []


def test_one_file_too_many_is_refused(token: str) -> None:
    limits = rules.Limits(1, 10)
    stage(token, limits=limits)
    with pytest.raises(rules.RefusedError) as refused:
        stage(token, data=samples.png(), limits=limits)
    assert refused.value.code == "too_many"


def test_full_disk_keeps_nothing_and_says_so(
    token: str, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = FileSystemStorage._save

    def half_then_full(self: FileSystemStorage, name: str, content: Any) -> str:
        real(self, name, content)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", half_then_full)
    with pytest.raises(rules.NoSpaceError) as refused:
        stage(token)
    assert "空间不足" in refused.value.message
    assert not StoredFile.objects.exists()
    assert stored(own_folder) == []


def test_full_disk_while_processing_is_retried_later(
    token: str, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = stage(token)
    real, calls = store.put, []

    def second_copy_does_not_fit(path: str, content: Any) -> None:
        calls.append(path)
        if len(calls) == 2:
            raise rules.NoSpaceError
        real(path, content)

    monkeypatch.setattr(store, "put", second_copy_does_not_fit)
    with pytest.raises(rules.NoSpaceError):
        processing.process(file_id=file.pk)
    assert len(stored(own_folder)) == 1
    monkeypatch.setattr(store, "put", real)
    assert processing.process(file_id=file.pk)["kept"]


def test_row_that_cannot_be_written_takes_its_bytes_along(
    token: str, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("database gone")

    monkeypatch.setattr(actions, "enqueue", broken)
    with pytest.raises(RuntimeError):
        stage(token)
    assert not StoredFile.objects.exists()
    assert stored(own_folder) == []


def test_damaged_picture_fails_with_a_reason_and_without_bytes(
    token: str, own_folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    data = samples.png()
    file = stage(token, data=data[:60] + b"\0" * 30 + data[90:])
    with django_capture_on_commit_callbacks(execute=True):
        processing.process(file_id=file.pk)
    file.refresh_from_db()
    assert file.has_failed
    assert "损坏" in file.failure_text
    assert stored(own_folder) == []


def test_attaching_twice_attaches_once(token: str, user: User, tree: Tree) -> None:
    files = [stage(token, user), stage(token, user, samples.png())]
    picked = Picked(
        token, "photos", tuple(file.public_id for file in files), (), {files[1].public_id: " 合影 "}
    )
    assert len(actions.settle(target=tree.city, actor=user, picked=picked)) == 2
    assert actions.settle(target=tree.city, actor=user, picked=picked) == []
    shown = list(queries.attached_to(tree.city))
    assert [file.position for file in shown] == [0, 1]
    assert shown[1].caption == "合影"
    assert shown[0].expires_at is None
    assert JournalEntry.objects.filter(verb="file.attached").count() == 1


def test_files_of_another_person_cannot_be_attached(token: str, user: User, tree: Tree) -> None:
    theirs = stage(token, make_user())
    attempts: list[tuple[Any, str, uuid.UUID]] = [
        (user, token, theirs.public_id),
        (NOBODY, token, theirs.public_id),
        (user, str(uuid.uuid4()), theirs.public_id),
        (user, token, uuid.uuid4()),
        (user, "", stage(str(uuid.uuid4())).public_id),
    ]
    for actor, with_token, public_id in attempts:
        with pytest.raises(rules.RefusedError) as refused:
            actions.attach(token=with_token, public_ids=[public_id], target=tree.city, actor=actor)
        assert refused.value.code == "not_yours"
    theirs.refresh_from_db()
    assert not theirs.is_attached


def test_attached_file_cannot_be_taken_by_another_target(token: str, user: User, tree: Tree) -> None:
    file = stage(token, user)
    actions.attach(token=token, public_ids=[file.public_id], target=tree.city, actor=user)
    with pytest.raises(rules.RefusedError):
        actions.attach(token=token, public_ids=[file.public_id], target=tree.pingding, actor=user)


def test_nothing_is_attached_when_one_of_several_is_refused(token: str, user: User, tree: Tree) -> None:
    mine = stage(token, user)
    with pytest.raises(rules.RefusedError):
        actions.attach(token=token, public_ids=[mine.public_id, uuid.uuid4()], target=tree.city, actor=user)
    assert not queries.attached_to(tree.city).exists()


def test_visitor_who_signs_in_keeps_what_was_staged(token: str, user: User, tree: Tree) -> None:
    file = stage(token)
    assert actions.attach(token=token, public_ids=[file.public_id], target=tree.city, actor=user) == [file]


def test_detached_file_leaves_an_empty_tombstone(
    token: str, user: User, tree: Tree, own_folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    file = stage(token, user)
    actions.attach(token=token, public_ids=[file.public_id], target=tree.city, actor=user)
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.detach(target=tree.city, actor=user) == 1
    file.refresh_from_db()
    assert (file.state, file.original_name, file.paths) == (StoredFile.State.DELETED, "", [])
    assert stored(own_folder) == []
    assert processing.process(file_id=file.pk) == {"skipped": True}


def test_file_deleted_while_it_is_processed_stays_deleted(
    token: str, own_folder: Path, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    file = stage(token)
    real = processing.keep

    def deleted_meanwhile(**options: Any) -> bool:
        actions.discard(token=token, actor=NOBODY, public_ids=[file.public_id])
        return real(**options)

    monkeypatch.setattr(processing, "keep", deleted_meanwhile)
    with django_capture_on_commit_callbacks(execute=True):
        assert processing.process(file_id=file.pk)["kept"] is False
    file.refresh_from_db()
    assert file.state == StoredFile.State.DELETED
    assert stored(own_folder) == []


def test_only_the_owner_discards(token: str, user: User) -> None:
    file = stage(token, user)
    assert actions.discard(token=token, actor=NOBODY, public_ids=[file.public_id]) == 0
    assert actions.discard(token=str(uuid.uuid4()), actor=user, public_ids=[file.public_id]) == 0
    assert actions.discard(token=token, actor=user, public_ids=[file.public_id]) == 1


def test_expired_uploads_go_and_attached_ones_stay(
    token: str, user: User, tree: Tree, own_folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    stage(token)
    kept = stage(token, user, samples.png())
    actions.attach(token=token, public_ids=[kept.public_id], target=tree.city, actor=user)
    StoredFile.objects.filter(expires_at__isnull=False).update(
        expires_at=timezone.now() - timedelta(minutes=1)
    )
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.discard_expired()["dropped"] == 1
    assert len(stored(own_folder)) == 1
    assert queries.attached_to(tree.city).count() == 1


def test_sweeper_removes_only_old_bytes_without_a_row(
    token: str, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage(token)
    store.put("staged/aa/orphan.bin", b"left by a crash")
    assert actions.sweep_orphans() == 0
    monkeypatch.setattr(queries, "SETTLING_TIME", timedelta(0))
    assert list(queries.orphans(timedelta(0))) == ["staged/aa/orphan.bin"]
    monkeypatch.setattr(store, "written_at", lambda path: timezone.now() - timedelta(days=1))
    assert actions.sweep_orphans() == 1
    assert len(stored(own_folder)) == 1
    assert list(queries.missing()) == []


def test_reprocessing_makes_new_copies_from_the_master(
    token: str, user: User, own_folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    file = stage(token, user)
    with django_capture_on_commit_callbacks(execute=True):
        processing.process(file_id=file.pk)
    file.refresh_from_db()
    before = set(file.paths)
    actions.reprocess(file=file, actor=user)
    with django_capture_on_commit_callbacks(execute=True):
        assert run_all() == 2
    file.refresh_from_db()
    assert file.is_ready
    assert not before & set(file.paths)
    assert len(stored(own_folder)) == 3


def test_stored_names_are_never_what_the_browser_said(token: str, own_folder: Path) -> None:
    shown = {
        "../../x.png": "x.png",
        "C:\\照片\\合影.jpg": "合影.jpg",
        "a\u202egpj.exe": "agpj.exe",
        "con.png...": "con.png",
        "": "file",
        "图" * 300 + ".jpg": None,
    }
    for number, (name, expected) in enumerate(shown.items()):
        upload = samples.upload(samples.encoded(samples.scene(300 + number, 200)))
        upload._name = name
        file = actions.stage(upload, token=token, actor=NOBODY)
        assert expected is None or file.original_name == expected
        assert len(file.original_name) <= 120
        assert file.raw_path.startswith("staged/")
        assert default_storage.exists(file.raw_path)


def test_look_alikes_are_found(
    token: str, user: User, tree: Tree, django_capture_on_commit_callbacks: Any
) -> None:
    make: Callable[[bytes], StoredFile] = lambda data: stage(str(uuid.uuid4()), user, data)  # noqa: E731
    files = [make(samples.jpeg()), make(samples.encoded(samples.scene(800, 500), "PNG"))]
    with django_capture_on_commit_callbacks(execute=True):
        for file in files:
            processing.process(file_id=file.pk)
    first = StoredFile.objects.get(pk=files[0].pk)
    assert queries.look_alikes(first, StoredFile.objects.all()) == [files[1]]


def test_disk_nearly_full_raises_an_alarm(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    job = Job.objects.create(kind="files.watch_space", run_after=timezone.now())
    assert queries.disk_used() is not None
    monkeypatch.setattr(queries, "disk_used", lambda: 40)
    assert "alarm" not in actions.watch_space(job=job)
    monkeypatch.setattr(queries, "disk_used", lambda: 93)
    assert actions.watch_space(job=job)["alarm"]
    assert JournalEntry.objects.filter(verb="file.space_low").count() == 1


def test_same_file_sent_twice_at_once_is_one(
    token: str, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, inner = store.put, []

    def another_request_in_between(path: str, content: Any) -> None:
        real(path, content)
        if not inner:
            inner.append(path)
            inner.append(stage(token))

    monkeypatch.setattr(store, "put", another_request_in_between)
    assert stage(token) == inner[1]
    assert len(stored(own_folder)) == StoredFile.objects.count() == 1


def test_token_of_another_is_no_way_to_their_file(token: str, user: User) -> None:
    stage(token, make_user())
    with pytest.raises(rules.RefusedError) as refused:
        stage(token, user)
    assert refused.value.code == "not_yours"


def test_file_dropped_in_another_tab_does_not_stop_the_form(token: str, user: User, tree: Tree) -> None:
    kept, gone = stage(token, user), stage(token, user, samples.png())
    picked = Picked(token, "photos", (gone.public_id, kept.public_id))
    actions.discard(token=token, actor=user, public_ids=[gone.public_id])
    assert actions.settle(target=tree.city, actor=user, picked=picked) == [kept]


def test_everything_works_on_a_storage_without_a_disk(
    token: str, settings: Any, client: Any, django_capture_on_commit_callbacks: Any
) -> None:
    memory = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    settings.STORAGES = {**settings.STORAGES, "default": memory}
    file = stage(token)
    with django_capture_on_commit_callbacks(execute=True):
        assert processing.process(file_id=file.pk)["kept"]
    file.refresh_from_db()
    assert client.get(file.thumb_url).status_code == 200
    store.put("kept/aa/orphan.jpg", b"x")
    assert list(queries.orphans(timedelta(0))) == ["kept/aa/orphan.jpg"]
    assert list(queries.missing()) == []
    with django_capture_on_commit_callbacks(execute=True):
        actions.discard(token=token, actor=NOBODY, public_ids=[file.public_id])
    assert set(store.walk("kept")) == {"kept/aa/orphan.jpg"}
