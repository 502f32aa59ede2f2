"""Captions and transcripts of sound and film: from the family or a reviewer, served to those who may play it."""

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from families.works import spoken
from families.works.actions import own, review, words
from families.works.keeping import export_of
from families.works.models import Work, WorkCall
from families.works.snapshot import gate_snapshot
from portal.access.roles import Role
from portal.accounts.phone_codes import phone_hash, visitor_for
from portal.files import parts, processing
from portal.files.models import CaptionTrack, StoredFile
from portal.files.picked import Picked
from portal.files.rules import media_limits
from portal.privacy.registry import Person
from portal.publication import actions as gate
from portal.publication.models import Publication
from portal.publication.rules import CHECKLIST
from portal.reviews.workflow import StaleState, WorkflowError
from tests.factories.people import make_user
from tests.factories.units import Tree
from tests.factories.works import PHONE, make_call, make_work
from tests.portal.files import films
from tests.portal.files.test_captions import CLEAN, SRT

pytestmark = pytest.mark.django_db
URL = "/works/calls/recital-2026/submit/"
Typed = Callable[..., dict[str, Any]]


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def recital(tree: Tree) -> WorkCall:
    categories = ("RECITATION", "STAGE", "SONG", "SHORT_VIDEO", "MOTTO")
    return make_call(tree.city, slug="recital-2026", categories=categories, max_per_person=500)


def recited(typed: Typed, **fields: Any) -> dict[str, Any]:
    data = {
        "category": "RECITATION",
        "text": None,
        "story": None,
        "recording": SimpleUploadedFile("a.mp3", films.song(20)),
    }
    return typed(**{**data, **fields})


def srt(text: str = SRT, name: str = "字幕.srt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode("gb18030"), "application/x-subrip")


def work_with_sound(call: WorkCall, unit: Any, code: str = "RECITATION", **fields: Any) -> Work:
    token, actor = str(uuid.uuid4()), visitor_for(phone_hash(PHONE))
    upload = SimpleUploadedFile("a.mp3", films.song(20))
    file = parts.stage_plain(upload, token=token, actor=actor, field="recording", limits=media_limits())
    picked = Picked(token=token, field="recording", staged=(file.public_id,))
    category = call.categories.get(code=code)
    work = make_work(call, unit, category=category, media=picked, **{"text": "", **fields})
    processing.process(file_id=file.pk)
    return work


@pytest.fixture
def reviewer(tree: Tree) -> Any:
    return make_user(Role.COUNTY_REVIEWER, tree.pingding)


def test_captions_of_the_family_are_served_to_those_who_may_play(
    family: Client, recital: WorkCall, typed: Typed, tree: Tree, signed_in: Any
) -> None:
    assert "字幕（选填）" in family.get(f"{URL}?category=RECITATION").content.decode()
    assert "字幕（选填）" not in family.get(f"{URL}?category=MOTTO").content.decode()
    family.post(URL, recited(typed, captions_file=srt()))
    file = StoredFile.objects.get()
    processing.process(file_id=file.pk)
    assert CaptionTrack.objects.get().text == CLEAN
    answer = family.get(file.captions_url)
    assert answer.content.decode() == CLEAN
    assert answer["Content-Type"] == "text/vtt; charset=utf-8"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    assert family.get(file.captions_url, headers={"if-none-match": answer["ETag"]}).status_code == 304
    assert Client().get(file.captions_url).status_code == 404
    staff, other = (signed_in(Role.COUNTY_REVIEWER, unit) for unit in (tree.pingding, tree.yuxian))
    assert staff.get(file.captions_url).status_code == 200
    assert other.get(file.captions_url).status_code == 404
    page = family.get(f"/me/works/{Work.every.get().no}/").content.decode()
    assert f'src="{file.captions_url}" default' in page
    assert "半丝半缕" in page  # without a transcript the captions are the words
    assert Client().get(f"/files/{uuid.uuid4()}/captions.vtt").status_code == 404


def test_a_bad_line_is_told_at_the_field_and_everything_is_kept(
    family: Client, recital: WorkCall, typed: Typed
) -> None:
    bad = SRT.replace("00:00:03,500 -->", "00:00:3x -->")
    page = family.post(URL, recited(typed, captions_file=srt(bad), title="诵家训")).content.decode()
    assert "第 7 行：时间“00:00:3x --&gt; 00:00:06,000”看不懂" in page
    assert "00:00:3x" in page.split("<textarea", 1)[1]
    assert "诵家训" in page
    assert not Work.every.exists()
    assert StoredFile.objects.get().staged_token
    page = family.post(
        URL, recited(typed, captions_file=SimpleUploadedFile("a.srt", b"MZ\0\0"))
    ).content.decode()
    assert "这不是字幕文件" in page
    page = family.post(
        URL, recited(typed, captions=SRT, recording=None, x_link="https://example.org/a")
    ).content.decode()
    assert "字幕用不上" in page
    late = SRT.replace("00:00:03,500 -->", "00:01:00,000 -->").replace("00:00:06", "00:01:06")
    page = family.post(URL, recited(typed, captions=late)).content.decode()
    assert "第 7 行：这条从 1:00 开始，可录音或视频只有 0:19" in page or "只有 0:20" in page


def test_captions_are_changed_and_taken_away_with_the_work(
    family: Client, recital: WorkCall, typed: Typed
) -> None:
    family.post(URL, recited(typed, captions=SRT))
    work = Work.every.get()
    address = f"/me/works/{work.no}/edit/"
    assert "半丝半缕" in family.get(address).content.decode().split("q-captions", 1)[1]
    family.post(address, recited(typed, recording=None, captions=SRT.replace("半丝", "一丝")))
    assert "一丝半缕" in CaptionTrack.objects.get().text
    assert "一丝半缕" in export_of(Person(phone_hash(PHONE), None))[0]["captions"]
    family.post(address, recited(typed, recording=None, captions=""))
    assert not CaptionTrack.objects.exists()
    assert not StoredFile.objects.get().has_captions
    family.post(address, recited(typed, recording=None, captions=SRT))
    own.erase(actor=visitor_for(phone_hash(PHONE)), work=Work.every.get())
    assert not CaptionTrack.objects.exists()


def test_what_goes_public_needs_words_and_the_reviewer_can_write_them(
    recital: WorkCall, tree: Tree, signed_in: Any
) -> None:
    work = work_with_sound(recital, tree.dongguan)
    client = signed_in(Role.COUNTY_REVIEWER, tree.pingding)
    page = client.get(work.staff_url).content.decode()
    assert "还没有文字稿" in page
    assert "公开前要补上" in page
    page = client.post(f"{work.staff_url}check/").content.decode()
    assert "公开前请先补上" in page
    work.refresh_from_db()
    assert work.status == "submitted"
    bad = {"transcript": "一粥一饭", "captions": SRT.replace("-->", "->")}
    page = client.post(f"{work.staff_url}words/", bad).content.decode()
    assert "第 1 行：这里缺时间" in page
    assert "一粥一饭" in page
    good = {"transcript": "一粥一饭，当思来处不易。", "captions_file": srt()}
    assert client.post(f"{work.staff_url}words/", good).status_code == 302
    work.refresh_from_db()
    assert work.words_by == client.user
    assert "还没有文字稿" not in client.get(work.staff_url).content.decode()
    assert client.post(f"{work.staff_url}check/").status_code == 302
    row = Publication.objects.get()
    assert ["字幕", "一粥一饭，\n当思来处不易；\n半丝半缕，恒念物力维艰。"] in row.snapshot["more_text"]
    outsider = signed_in(Role.COUNTY_REVIEWER, tree.yuxian)
    assert outsider.post(f"{work.staff_url}words/", good).status_code == 404


def test_who_wrote_the_words_does_not_read_them_at_the_gate(
    recital: WorkCall, tree: Tree, reviewer: Any
) -> None:
    work = work_with_sound(recital, tree.dongguan)
    editor = make_user(Role.EDITOR, tree.city)
    other = make_user(Role.COUNTY_REVIEWER, tree.pingding)
    words.write(actor=other, work=work, transcript="一粥一饭", track="")
    review.pass_format(actor=reviewer, work=work)
    assert other.pk in Publication.objects.get().kind.author_refs(work)
    gate.pass_edit(Publication.objects.get(), actor=editor, answers=CHECKLIST)
    work.refresh_from_db()
    words.write(actor=other, work=work, transcript="一粥一饭，电话 13800138000", track=CLEAN)
    row = Publication.objects.get()
    assert row.status == "requested"  # read anew, with what was added
    assert {mark["kind"] for mark in row.findings} == {"phone"}


def test_words_without_a_field_of_their_own_are_read_at_the_gate(tree: Tree) -> None:
    work = work_with_sound(make_call(tree.city, categories=("SONG",)), tree.dongguan, code="SONG", text="")
    Work.every.filter(pk=work.pk).update(extra={"transcript": "一粥一饭"})
    work.refresh_from_db()
    assert ["文字稿", "一粥一饭"] in gate_snapshot(work)["more_text"]


def test_refusals_of_writing_words(recital: WorkCall, tree: Tree, reviewer: Any) -> None:
    work = work_with_sound(recital, tree.dongguan)
    with pytest.raises(PermissionDenied):
        words.write(actor=make_user(Role.COUNTY_REVIEWER, tree.yuxian), work=work, transcript="字", track="")
    stale = Work.every.get()
    words.write(actor=reviewer, work=work, transcript="字", track="")
    with pytest.raises(StaleState):
        words.write(actor=reviewer, work=stale, transcript="别的字", track="")
    own.withdraw(actor=visitor_for(phone_hash(PHONE)), work=work)
    with pytest.raises(WorkflowError):
        words.write(actor=reviewer, work=work, transcript="字字", track="")
    motto = make_work(recital, tree.dongguan, category=recital.categories.get(code="MOTTO"))
    assert not words.may_write(reviewer, motto)


def test_what_stays_inside_and_what_has_a_script_needs_no_transcript(
    recital: WorkCall, tree: Tree, reviewer: Any
) -> None:
    inside = work_with_sound(recital, tree.dongguan, audience="organisation")
    assert spoken.is_wordless(inside, StoredFile.objects.filter(target_id=str(inside.pk)))
    review.pass_format(actor=reviewer, work=inside)
    song = work_with_sound(recital, tree.dongguan, "SONG", text="清风来，清风到我家。")
    review.pass_format(actor=reviewer, work=song)
    assert Publication.objects.count() == 1


def test_words_of_a_reviewer_stay_where_the_family_is_not_asked(
    family: Client, recital: WorkCall, typed: Typed, tree: Tree, reviewer: Any
) -> None:
    family.post(URL, recited(typed, category="SONG"))
    work = Work.every.get()
    words.write(actor=reviewer, work=work, transcript="二胡独奏，没有人声。", track="")
    family.post(f"/me/works/{work.no}/edit/", recited(typed, category="SONG", recording=None, title="改了"))
    work.refresh_from_db()
    assert (work.title, work.extra["transcript"]) == ("改了", "二胡独奏，没有人声。")
