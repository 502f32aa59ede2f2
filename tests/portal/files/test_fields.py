"""The form field: what was chosen survives a form that fails, with or without JavaScript."""

import uuid
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from portal.files import actions, processing, queries, rules, store
from portal.files.fields import FilesFormMixin, PhotosField
from portal.files.handlers import UnsavedUpload
from portal.files.models import StoredFile
from tests.factories.people import make_user
from tests.factories.units import Tree
from tests.portal.files import samples

pytestmark = pytest.mark.django_db
NOBODY = AnonymousUser()


class LogForm(FilesFormMixin, forms.Form):
    """Stands for any form with pictures."""

    form_token = forms.CharField(widget=forms.HiddenInput, required=False)
    title = forms.CharField()
    photos = PhotosField(required=False, limits=rules.Limits(3, 1))


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def token() -> str:
    return str(uuid.uuid4())


def form(token: str, *uploads: UploadedFile, actor: Any = NOBODY, target: Any = None, **data: Any) -> LogForm:
    sent = QueryDict(mutable=True)
    sent["form_token"] = token
    for name, value in {"title": "家风故事会", **data}.items():
        sent.setlist(name, value if isinstance(value, list) else [value])
    return LogForm(sent, MultiValueDict({"photos": list(uploads)}), actor=actor, target=target)


def test_files_of_a_failed_form_are_still_there_the_second_time(token: str, tree: Tree) -> None:
    first = form(token, samples.upload(samples.jpeg(), "开场.jpg"), title="")
    assert not first.is_valid()
    page = first.as_p()
    assert "开场.jpg" in page
    assert 'name="photos_remove"' in page
    second = form(token)
    assert second.is_valid(), second.errors
    attached = actions.settle(target=tree.city, actor=make_user(), picked=second.cleaned_data["photos"])
    assert [file.original_name for file in attached] == ["开场.jpg"]


def test_thumbnail_appears_as_soon_as_it_is_made(
    token: str, client: Any, django_capture_on_commit_callbacks: Any
) -> None:
    failed = form(token, samples.upload(samples.jpeg()), title="")
    failed.is_valid()
    with django_capture_on_commit_callbacks(execute=True):
        processing.process(file_id=StoredFile.objects.get().pk)
    page = form(token, title="").as_p()
    address = StoredFile.objects.get().thumb_url
    assert address in page
    assert client.get(address).status_code == 200
    assert client.get(address.split("?")[0]).status_code == 404


def test_bad_file_is_named_and_the_good_ones_are_kept(token: str) -> None:
    sent = form(
        token,
        samples.upload(samples.jpeg(), "好.jpg"),
        samples.upload(b"MZ" + b"\0" * 99, "程序.jpg"),
        samples.upload(b"\0" * (1024 * 1024 + 1), "太大.jpg"),
        samples.upload(b"", "空.jpg"),
    )
    assert not sent.is_valid()
    errors = sent.errors["photos"]
    assert len(errors) == 3
    assert "程序.jpg" in errors[0]
    assert "1.0 MB" in errors[1]
    assert "太大.jpg" in errors[1]
    assert "空" in errors[2]
    assert [file.original_name for file in queries.staged_under(token, NOBODY)] == ["好.jpg"]
    again = form(token)
    assert again.is_valid()
    assert len(again.cleaned_data["photos"].staged) == 1


def test_ticked_staged_file_is_dropped(token: str) -> None:
    form(token, samples.upload(samples.jpeg()), title="").is_valid()
    file = StoredFile.objects.get()
    sent = form(token, photos_remove=[str(file.public_id)])
    assert sent.is_valid()
    assert sent.cleaned_data["photos"].staged == ()
    assert not queries.in_use().exists()


def test_editing_removes_captions_and_counts_what_is_there(token: str, tree: Tree) -> None:
    user = make_user()
    first = form(
        token, *(samples.upload(data) for data in (samples.jpeg(), samples.png(), samples.webp())), actor=user
    )
    assert first.is_valid(), first.errors
    actions.settle(target=tree.city, actor=user, picked=first.cleaned_data["photos"])
    files = list(queries.attached_to(tree.city))
    fresh = str(uuid.uuid4())
    full = form(fresh, samples.upload(samples.png("L")), actor=user, target=tree.city)
    assert not full.is_valid()
    assert "最多上传" in full.errors["photos"][0]
    edit = form(
        fresh,
        samples.upload(samples.png("L")),
        actor=user,
        target=tree.city,
        photos_remove=[str(files[0].public_id)],
        **{f"photos_caption_{files[1].public_id}": "颁奖"},
    )
    assert edit.is_valid(), edit.errors
    actions.settle(target=tree.city, actor=user, picked=edit.cleaned_data["photos"])
    after = list(queries.attached_to(tree.city))
    assert len(after) == 3
    assert files[0] not in after
    assert "颁奖" in [file.caption for file in after]


def test_attached_files_stay_while_the_form_fails(token: str, tree: Tree) -> None:
    user = make_user()
    file = actions.stage(samples.upload(samples.jpeg()), token=token, actor=user)
    actions.attach(token=token, public_ids=[file.public_id], target=tree.city, actor=user)
    sent = form(
        str(uuid.uuid4()), actor=user, target=tree.city, title="", photos_remove=[str(file.public_id)]
    )
    assert not sent.is_valid()
    assert queries.attached_to(tree.city).count() == 1
    assert "checked" in sent.as_p()


def test_foreign_ids_in_the_form_change_nothing(token: str, tree: Tree) -> None:
    user = make_user()
    file = actions.stage(samples.upload(samples.jpeg()), token=token, actor=user)
    actions.attach(token=token, public_ids=[file.public_id], target=tree.pingding, actor=user)
    sent = form(
        str(uuid.uuid4()), actor=make_user(), target=tree.city, photos_remove=[str(file.public_id), "x", "1"]
    )
    assert sent.is_valid()
    actions.settle(target=tree.city, actor=make_user(), picked=sent.cleaned_data["photos"])
    assert queries.attached_to(tree.pingding).count() == 1


def test_unreadable_picture_is_told_at_the_next_look(
    token: str, django_capture_on_commit_callbacks: Any
) -> None:
    data = samples.png()
    form(token, samples.upload(data[:60] + b"\0" * 30 + data[90:], "坏.png"), title="").is_valid()
    with django_capture_on_commit_callbacks(execute=True):
        processing.process(file_id=StoredFile.objects.get().pk)
    sent = form(token)
    assert not sent.is_valid()
    assert "坏.png" in sent.errors["photos"][0]
    assert form(token).is_valid()


def test_full_disk_is_a_field_error_and_the_rest_of_the_form_lives(
    token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: str, content: Any) -> None:
        raise rules.NoSpaceError

    monkeypatch.setattr(store, "put", full)
    sent = form(token, samples.upload(samples.jpeg()), samples.upload(samples.png()))
    assert not sent.is_valid()
    assert sent.errors["photos"] == [rules.NoSpaceError().message]
    assert sent.cleaned_data["title"] == "家风故事会"


def test_file_lost_while_it_was_received_is_told_too(token: str) -> None:
    sent = form(token, UnsavedUpload(field_name="photos", name="大.jpg", failure="no_space"))
    assert not sent.is_valid()
    assert "空间不足" in sent.errors["photos"][0]


def test_form_without_files_or_token_is_fine(token: str) -> None:
    assert form("").is_valid()
    assert not form("", samples.upload(samples.jpeg())).is_valid()
    assert not StoredFile.objects.exists()


def test_required_field_accepts_what_was_staged_before(token: str) -> None:
    class Strict(LogForm):
        photos = PhotosField(required=True)

    assert not Strict({"form_token": token, "title": "a"}, MultiValueDict(), actor=NOBODY).is_valid()
    actions.stage(samples.upload(samples.jpeg()), token=token, actor=NOBODY)
    assert Strict({"form_token": token, "title": "a"}, MultiValueDict(), actor=NOBODY).is_valid()


def test_markup_in_a_file_name_stays_text(token: str) -> None:
    form(token, samples.upload(samples.jpeg(), '"><script>alert(1)</script>.jpg'), title="").is_valid()
    page = form(token, title="").as_p()
    assert "<script>alert" not in page


def test_staged_and_saved_files_together_stay_within_the_limit(token: str, tree: Tree) -> None:
    user, fresh = make_user(), str(uuid.uuid4())
    first = form(token, samples.upload(samples.jpeg()), samples.upload(samples.png()), actor=user)
    assert first.is_valid()
    actions.settle(target=tree.city, actor=user, picked=first.cleaned_data["photos"])
    for data in (samples.webp(), samples.png("L")):  # sent by the script, which does not know the saved ones
        actions.stage(samples.upload(data), token=fresh, actor=user)
    over = form(fresh, actor=user, target=tree.city)
    assert not over.is_valid()
    assert "最多 3 张" in over.errors["photos"][0]
