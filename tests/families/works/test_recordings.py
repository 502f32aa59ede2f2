"""Sound and video of works: taken, refused at the field, played, and only to those who may."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from families.works.models import Work, WorkCall
from portal.access.roles import Role
from portal.accounts.phone_codes import visitor_for
from portal.files import processing
from portal.files.models import PartialUpload, StoredFile
from tests.factories.units import Tree
from tests.factories.works import make_call
from tests.families.works.conftest import verified
from tests.portal.files import films, samples

pytestmark = pytest.mark.django_db
URL = "/works/calls/recital-2026/submit/"
Typed = Callable[..., dict[str, Any]]


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def recital(tree: Tree) -> WorkCall:
    return make_call(
        tree.city,
        slug="recital-2026",
        categories=("RECITATION", "SHORT_VIDEO", "STAGE", "PHOTO"),
        max_per_person=500,
    )


def recording(data: bytes, name: str = "念家训.mp4") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "video/mp4")


def recited(typed: Typed, **fields: Any) -> dict[str, Any]:
    return typed(
        category="RECITATION", text=None, story=None, x_transcript="一粥一饭，当思来处不易。", **fields
    )


def test_a_song_is_taken_and_its_page_plays_it_to_those_who_may(
    family: Client,
    recital: WorkCall,
    typed: Typed,
    tree: Tree,
    signed_in: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:
    page = family.get(URL + "?category=RECITATION").content.decode()
    assert "不超过 5 分钟、50 MB" in page
    assert "每个不能超过 50 MB" in page
    answer = family.post(URL, recited(typed, recording=recording(films.song(), "a.mp3")), follow=True)
    work = Work.every.get()
    assert work.no in answer.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        processing.process(file_id=StoredFile.objects.get().pk)
    file = StoredFile.objects.get()
    mine = family.get(f"/me/works/{work.no}/").content.decode()
    assert file.web_url in mine
    assert "当思来处不易" in mine
    assert family.get(file.web_url, headers={"range": "bytes=0-99"}).status_code == 206
    assert Client().get(file.web_url).status_code == 404
    staff, other = (signed_in(Role.COUNTY_REVIEWER, unit) for unit in (tree.pingding, tree.yuxian))
    assert file.web_url in staff.get(work.staff_url).content.decode()
    assert staff.get(file.web_url).status_code == 200
    assert other.get(file.web_url).status_code == 404


def test_a_program_is_refused_at_the_field_and_the_rest_is_kept(
    family: Client, recital: WorkCall, typed: Typed
) -> None:
    page = family.post(
        URL, recited(typed, title="诵家训", recording=recording(b"MZ" + bytes(5000)))
    ).content.decode()
    assert "这是一个程序，不是录音或视频" in page
    assert "诵家训" in page
    assert "当思来处不易" in page
    assert not Work.every.exists()
    assert not StoredFile.objects.exists()


def test_without_a_recording_it_says_so(family: Client, recital: WorkCall, typed: Typed) -> None:
    assert "请选择要投的录音或视频" in family.post(URL, recited(typed)).content.decode()
    stage = typed(category="STAGE", text="快板：竹板这么一打，清风到我家。", story=None)
    family.post(URL, stage)
    assert Work.every.get().category.code == "STAGE"


def test_a_small_picture_is_refused_for_short_films(family: Client, recital: WorkCall, typed: Typed) -> None:
    data = typed(
        category="SHORT_VIDEO", text=None, story=None, recording=recording(films.film(width=640, height=360))
    )
    assert "至少要 1280×720" in family.post(URL, data).content.decode()


def test_an_unfinished_upload_is_not_lost_in_silence(family: Client, recital: WorkCall, typed: Typed) -> None:
    from portal.files import parts
    from portal.files.rules import media_limits

    data = recited(typed)
    upload = parts.begin(
        actor=visitor_for("x"), token=data["form_token"], field="recording", limits=media_limits(), name="长.mp4",
        size=1000, fingerprint="f", owner="a",
    )  # fmt: skip
    page = family.post(URL, data).content.decode()
    assert "只传了 0%" in page
    assert "重新选择同一个文件会接着传" in page
    assert "只传了" not in family.post(URL, {**data, "action": "draft"}).content.decode()
    page = family.post(URL, {**data, "recording_remove": str(upload.public_id)}).content.decode()
    assert "只传了" not in page
    assert not PartialUpload.objects.exists()


def test_a_childs_recording_waits_for_the_guardian(family: Client, recital: WorkCall, typed: Typed) -> None:
    child = {"birth_ym": "2018-01", "guardian_name": "张大三", "guardian_phone": "13800000001"}
    page = family.post(URL, recited(typed, recording=recording(films.song()), **child)).content.decode()
    assert "录音或视频没有保存" in page
    assert not StoredFile.objects.exclude(state="deleted").exists()
    family.post(URL, recited(typed, recording=recording(films.song()), consent_guardian="on", **child))
    assert Work.every.get().is_child


def test_staff_writes_the_words(recital: WorkCall, typed: Typed, tree: Tree, signed_in: Any) -> None:
    client = signed_in(Role.VILLAGE_OP, tree.dongguan)
    data = {**recited(typed, recording=recording(films.song())), "x_transcript": ""}
    page = client.post("/staff/works/new/?call=recital-2026", data).content.decode()
    assert "代录时请写上文字稿" in page


def test_five_photos_of_eight_megabytes_answer_before_they_are_processed(
    family: Client, recital: WorkCall, typed: Typed
) -> None:
    """Only headers are looked at while the family waits; the rest is five jobs."""
    noise = samples.encoded(samples.scene(), "JPEG", quality=95)
    body = noise[:-2] + bytes(8 * 1024 * 1024 - len(noise)) + b"\xff\xd9"
    photos = [SimpleUploadedFile(f"{n}.jpg", body[:-3] + bytes([n]) + b"\xff\xd9") for n in range(5)]
    began = sum(os.times()[:4])  # of this process and of its children
    family.post(URL, typed(category="PHOTO", text=None, story=None, files=photos))
    spent = sum(os.times()[:4]) - began
    assert StoredFile.objects.filter(target_type="work", state="staged").count() == 5
    assert spent < 5


def test_edit_keeps_the_recording(recital: WorkCall, typed: Typed, client: Client) -> None:
    family = verified(client)
    family.post(URL, recited(typed, recording=recording(films.song())))
    work = Work.every.get()
    answer = family.post(f"/me/works/{work.no}/edit/", recited(typed, title="改了标题"))
    assert answer.status_code == 302
    work.refresh_from_db()
    assert work.title == "改了标题"
    assert StoredFile.objects.get().target_id == str(work.pk)
