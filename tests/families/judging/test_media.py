"""Sounds and films before judges: heard through the judge's own sheet, under a neutral name, while the round is open."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from families.works.actions.own import withdraw
from families.works.actions.publish import _set
from families.works.models import Work, WorkCategory
from families.works.rules import PublishState, TakedownReason
from portal.accounts.phone_codes import phone_hash, visitor_for
from portal.files import parts, processing
from portal.files.captioning import set_captions
from portal.files.models import StoredFile
from portal.files.picked import Picked
from portal.files.rules import media_limits
from portal.reviews.judging import actions
from portal.reviews.judging.models import JudgedItem, Recusal, Sheet
from tests.factories.judging import make_accepted, make_scoring, score_all
from tests.portal.files.films import RECORDINGS, real

pytestmark = pytest.mark.django_db
PHONE = "13977778888"
FULL = ("35", "25", "25", "15")


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def spoken(call, tree, staff):
    """A recitation with a recording under a telling name, and its words."""
    call.categories.set(WorkCategory.objects.filter(code="RECITATION"))
    token, actor = str(uuid.uuid4()), visitor_for(phone_hash(PHONE))
    upload = SimpleUploadedFile("吟诵-东关社区-张小三.mp3", real("tone-1.mp3"))
    file = parts.stage_plain(upload, token=token, actor=actor, field="recording", limits=media_limits())
    processing.process(file_id=file.pk)
    return make_accepted(
        call, tree, staff, phone=PHONE, text="", category=call.categories.get(), extra={"transcript": "一粥一饭"},
        media=Picked(token=token, field="recording", staged=(file.public_id,)), actor=actor,
    )  # fmt: skip


@pytest.fixture
def sheet(call, staff, judges, spoken):
    make_scoring(call, staff, judges)
    return Sheet.objects.filter(item__target_id=spoken.pk).select_related("judge", "item__stage").first()


def clip(sheet):
    return f"{sheet.get_absolute_url()}clips/0/"


def test_a_judge_hears_the_recording_beside_its_words(sheet, spoken, enter):
    client = enter(sheet.judge)
    page = client.get(sheet.get_absolute_url()).content.decode()
    stored = StoredFile.objects.get(target_type="work", target_id=str(spoken.pk))
    assert f'src="{clip(sheet)}" type="audio/mpeg"' in page
    assert "一粥一饭" in page
    assert "/files/" not in page
    assert str(stored.public_id)[:8] not in page
    answer = client.get(clip(sheet))
    body = b"".join(answer.streaming_content)
    assert answer["Content-Disposition"] == f'inline; filename="{sheet.item.shown_number}-1.mp3"'
    assert answer["Cache-Control"].count("no-store")
    told = str(answer.headers)
    assert not any(word in told for word in ("张小三", str(stored.public_id)[:8], stored.web_path[-30:-10]))
    assert b"ID3" not in body[:3]


def test_captions_stand_in_for_a_missing_transcript_and_are_screened_too(sheet, spoken, enter):
    track = "WEBVTT\n\n00:00.000 --> 00:01.000\n我是张小三，一粥一饭\n"
    set_captions(target=spoken, actor=visitor_for(phone_hash(PHONE)), text=track)
    Work.every.filter(pk=spoken.pk).update(extra={})
    page = enter(sheet.judge).get(sheet.get_absolute_url()).content.decode()
    assert "一粥一饭" in page
    assert "张小三" not in page


def test_players_get_the_stretch_they_ask_for(sheet, enter):
    client = enter(sheet.judge)
    whole = b"".join(client.get(clip(sheet)).streaming_content)
    part = client.get(clip(sheet), HTTP_RANGE="bytes=10-19")
    assert (part.status_code, part["Content-Range"]) == (206, f"bytes 10-19/{len(whole)}")
    assert b"".join(part.streaming_content) == whole[10:20]
    again = client.get(clip(sheet), HTTP_RANGE="bytes=10-19", HTTP_IF_RANGE=part["ETag"])
    assert again.status_code == 206
    assert client.get(clip(sheet), HTTP_RANGE="bytes=0-1", HTTP_IF_RANGE='"other"').status_code == 200
    assert client.get(clip(sheet), HTTP_RANGE=f"bytes={len(whole)}-").status_code == 416


def test_nobody_else_hears_it_and_nobody_after_the_round(sheet, staff, judges, enter):
    other = next(user for user in judges if not Sheet.objects.filter(item=sheet.item, judge=user).exists())
    mine = enter(sheet.judge)
    assert mine.get(clip(sheet)).status_code == 200
    for number, what in ((1, "clips"), (0, "pictures"), (0, "files")):
        assert mine.get(f"{sheet.get_absolute_url()}{what}/{number}/").status_code == 404
    assert enter(other).get(clip(sheet)).status_code == 404
    assert enter(staff["manager"]).get(clip(sheet)).status_code == 403
    actions.recuse(actor=sheet.judge, sheet=sheet, reason="听出了声音")
    assert mine.get(clip(sheet)).status_code == 404
    heir = Sheet.objects.get(item=sheet.item, judge=other)
    assert enter(other).get(clip(heir)).status_code == 200
    actions.close_stage(actor=staff["manager"], stage=sheet.item.stage, reason="时间到了")
    assert enter(other).get(clip(heir)).status_code == 404
    assert "不再提供" in enter(other).get(heir.get_absolute_url()).content.decode()


@pytest.mark.parametrize("how", ["withdrawn", "taken down", "narrowed"])
def test_what_left_is_heard_no_more(sheet, spoken, enter, how):
    spoken.refresh_from_db()
    if how == "withdrawn":
        withdraw(actor=visitor_for(spoken.phone_hash), work=spoken)
    else:
        why = TakedownReason.PERSON if how == "taken down" else TakedownReason.AUTHOR
        _set(spoken, publish_state=PublishState.TAKEN_DOWN, taken_down_for=why)
    stays = how == "narrowed"
    assert (enter(sheet.judge).get(clip(sheet)).status_code == 200) is stays
    assert actions.drop_gone(sheet.item.stage) == (0 if stays else 1)


@pytest.fixture
def tied(call, staff, judges, spoken, tree):
    """Two works with equal scores, one of them with a recording; the chair is the first judge."""
    make_accepted(
        call,
        tree,
        staff,
        phone="13900000009",
        text="",
        category=call.categories.get(),
        extra={"transcript": "静以修身"},
    )
    stage = make_scoring(call, staff, judges)
    score_all(stage, lambda _sheet: FULL)
    actions.close_stage(actor=staff["manager"], stage=stage)
    return stage, JudgedItem.objects.get(stage=stage, target_id=spoken.pk)


def test_the_chair_hears_tied_works_until_they_are_parted(tied, staff, judges, enter):
    stage, item = tied
    chair, decider = enter(judges[0]), enter(staff["decider"])
    page = chair.get(f"/judge/ties/{stage.public_id}/").content.decode()
    address = f"/judge/ties/{stage.public_id}/{item.number}/clips/0/"
    assert address in page
    assert "一粥一饭" in page
    assert chair.get(address, HTTP_RANGE="bytes=0-9").status_code == 206
    assert enter(judges[1]).get(address).status_code == 404
    assert decider.get(f"/staff/judging/{stage.public_id}/ties/{item.number}/clips/0/").status_code == 404
    order = list(stage.things.values_list("pk", flat=True))
    actions.part_tie(actor=judges[0], stage=stage, order=order, reason="更切题")
    assert chair.get(address).status_code == 404


def test_a_chair_who_keeps_away_sees_nothing_and_the_office_decides(tied, staff, judges, enter):
    stage, item = tied
    Recusal.objects.create(item=item, judge=judges[0], reason="同村（社区）")
    chair, decider = enter(judges[0]), enter(staff["decider"])
    assert "一粥一饭" not in chair.get(f"/judge/ties/{stage.public_id}/").content.decode()
    assert chair.get(f"/judge/ties/{stage.public_id}/{item.number}/clips/0/").status_code == 404
    address = f"/staff/judging/{stage.public_id}/ties/{item.number}/clips/0/"
    assert address in decider.get(f"/staff/judging/{stage.public_id}/ties/").content.decode()
    assert decider.get(address).status_code == 200
    assert enter(staff["manager"]).get(address).status_code == 403


def test_recordings_lie_where_the_demo_keeps_them():
    assert (RECORDINGS / "tone-1.mp3").exists()
