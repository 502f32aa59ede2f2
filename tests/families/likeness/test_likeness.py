"""The same text, picture or sound in two entries: told to reviewers, never to authors, never about what is private."""

import io
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from families.likeness import actions, queries
from families.likeness.models import Likeness, LikenessMark
from families.likeness.rules import Decision, Kind
from families.works.actions import own
from families.works.models import Work, WorkCall
from families.works.rules import Audience
from portal.access.roles import Role
from portal.access.scope import scope_of
from portal.accounts.phone_codes import phone_hash, visitor_for
from portal.files import actions as files
from portal.files import parts, processing
from portal.files.models import StoredFile
from portal.files.picked import Picked
from portal.files.rules import media_limits
from portal.jobs.models import Job
from portal.reviews.workflow import WorkflowError
from tests.factories.people import make_user
from tests.factories.units import Tree
from tests.factories.works import PHONE, make_call, make_work
from tests.portal.files import films

pytestmark = pytest.mark.django_db
STORY = "爷爷当大队保管员那几年，仓库的钥匙一天不离身，自家的孩子饿得哭也没有拿过一把公家的粮食，他说手要干净心里才踏实。"


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def call(tree: Tree) -> WorkCall:
    from families.works.models import WorkCategory

    call = make_call(tree.city, categories=("MOTTO", "RECITATION", "FAMILY_LETTER"), max_per_person=500)
    WorkCategory.objects.update(per_person=500)
    return call


def drawing(shift: int = 0, quality: int = 92, size: int = 640) -> bytes:
    image = Image.new("RGB", (640, 480), "white")
    pen = ImageDraw.Draw(image)
    for number in range(12):
        at = (number * 53 + shift * 131) % 560
        pen.rectangle(
            (at, number * 37, at + 60, number * 37 + 90),
            fill=(number * 20, 90 + shift * 40, 200 - number * 12),
        )
    out = io.BytesIO()
    image.resize((size, size * 3 // 4)).save(out, "JPEG", quality=quality)
    return out.getvalue()


def with_file(call: WorkCall, unit: Any, data: bytes, name: str, **fields: Any) -> Work:
    token, actor = str(uuid.uuid4()), visitor_for(phone_hash(PHONE))
    upload = SimpleUploadedFile(name, data)
    if name.endswith(".jpg"):
        field, file = "files", files.stage(upload, token=token, actor=actor, field="files")
    else:
        field = "recording"
        file = parts.stage_plain(upload, token=token, actor=actor, field=field, limits=media_limits())
    picked = Picked(token=token, field=field, staged=(file.public_id,))
    work = make_work(call, unit, **{"photos" if field == "files" else "media": picked}, **fields)
    processing.process(file_id=file.pk)
    return work


def compare_all() -> None:
    for pk in Work.every.values_list("pk", flat=True).order_by("pk"):
        actions.compare(work_id=pk)


def test_same_picture_smaller_and_pressed_harder_is_found(call: WorkCall, tree: Tree) -> None:
    first = with_file(call, tree.dongguan, drawing(), "a.jpg")
    second = with_file(call, tree.nanguan, drawing(quality=40, size=400), "b.jpg")
    with_file(call, tree.dongguan, drawing(shift=2), "c.jpg")
    compare_all()
    pair = Likeness.objects.get(kind=Kind.PICTURE)
    assert (pair.first, pair.second) == (first, second)
    assert pair.percent >= 90
    compare_all()
    assert Likeness.objects.count() == 1


def test_same_sound_is_found(call: WorkCall, tree: Tree) -> None:
    for _ in range(2):
        with_file(call, tree.dongguan, films.song(), "a.mp3")
    compare_all()
    assert Likeness.objects.get().kind == Kind.BYTES


def test_same_film_with_other_tags_or_pressed_again_is_found_and_a_photo_of_it_is_not(
    call: WorkCall, tree: Tree
) -> None:
    first = with_file(call, tree.dongguan, films.film(seconds=20), "a.mp4")
    second = with_file(call, tree.nanguan, films.film(seconds=21), "b.mp4")
    assert len(set(StoredFile.objects.values_list("sha256", flat=True))) == 2
    compare_all()
    pair = Likeness.objects.get()
    assert (pair.first, pair.second, pair.kind, pair.percent) == (first, second, Kind.BYTES, 100)
    StoredFile.objects.filter(target_id=str(first.pk)).update(essence="", phash="866cad926cb59a46")
    StoredFile.objects.filter(target_id=str(second.pk)).update(essence="", phash="866cad926cb59a47")
    with_file(call, tree.dongguan, drawing(), "c.jpg")
    StoredFile.objects.filter(kind="image").update(phash="866cad926cb59a46")
    compare_all()
    pair = Likeness.objects.get()
    assert (pair.first, pair.second, pair.kind) == (first, second, Kind.FRAME)


def test_copied_story_is_found_and_an_own_one_is_not(call: WorkCall, tree: Tree) -> None:
    make_work(call, tree.dongguan, story=STORY)
    make_work(
        call, tree.nanguan, story="我们家也有一个故事。" + STORY.replace("，", " ") + "后来我一直记着。"
    )
    make_work(
        call,
        tree.nanguan,
        story="奶奶总说，借人家的东西要早还，吃饭时最后一个馒头要留给晚回来的人，做人要想着别人。",
    )
    compare_all()
    pair = Likeness.objects.get()
    assert (pair.kind, pair.percent >= 75) == (Kind.TEXT, True)


def test_what_is_for_its_recipient_only_is_never_compared(call: WorkCall, tree: Tree) -> None:
    letter = call.categories.get(code="FAMILY_LETTER")
    first = make_work(call, tree.dongguan, text=STORY, category=letter)
    secret = make_work(call, tree.dongguan, text=STORY, category=letter, audience=Audience.ONLY_RECIPIENT)
    compare_all()
    assert not Likeness.objects.exists()
    assert not LikenessMark.objects.filter(work=secret).exists()
    second = make_work(call, tree.nanguan, text=STORY, category=letter)
    compare_all()
    assert Likeness.objects.count() == 1
    own.change_audience(actor=visitor_for(phone_hash(PHONE)), work=second, audience=Audience.ONLY_RECIPIENT)
    reviewer = make_user(Role.CITY_REVIEWER, tree.city)
    assert queries.shown_to(scope_of(reviewer), first) == []
    assert Job.objects.filter(kind="likeness.compare", args={"work_id": second.pk}, state="queued").exists()
    compare_all()
    assert not Likeness.objects.exists()


def test_a_person_decides_and_the_decision_stays(call: WorkCall, tree: Tree, signed_in: Any) -> None:
    first, second = (make_work(call, tree.dongguan, text=STORY) for _ in range(2))
    compare_all()
    pair = Likeness.objects.get()
    viewer, client = make_user(Role.VILLAGE_OP, tree.dongguan), signed_in(Role.COUNTY_REVIEWER, tree.pingding)
    reviewer = client.user
    with pytest.raises(PermissionDenied):
        actions.decide(actor=viewer, work=first, pair=pair, decision=Decision.DUPLICATE)
    with pytest.raises(WorkflowError):
        actions.decide(actor=reviewer, work=first, pair=pair, decision=Decision.OPEN)
    page = client.get(second.staff_url).content.decode()
    assert "可能重复" in page
    assert first.no in page
    client.post(
        f"/staff/works/{second.no}/likeness/{pair.pk}/", {"decision": "different", "note": "同一家两个孩子"}
    )
    compare_all()
    pair.refresh_from_db()
    assert (pair.decision, pair.decided_by, pair.note) == ("different", reviewer, "同一家两个孩子")
    assert "不是重复" in client.get(first.staff_url).content.decode()
    assert Work.objects.filter(status="submitted").count() == 2
    third = make_work(call, tree.dongguan, text="另一句话")
    assert (
        client.post(f"/staff/works/{third.no}/likeness/{pair.pk}/", {"decision": "different"}).status_code
        == 404
    )


def test_outside_ones_scope_there_is_a_number_and_no_link(call: WorkCall, tree: Tree, signed_in: Any) -> None:
    mine, other = (
        make_work(call, tree.dongguan, text=STORY),
        make_work(call, tree.yuxian, text=STORY, title="盂县这家"),
    )
    compare_all()
    client = signed_in(Role.COUNTY_REVIEWER, tree.pingding)
    page = client.get(mine.staff_url).content.decode()
    assert other.no in page
    assert other.staff_url not in page
    assert "盂县这家" not in page


def test_page_costs_the_same_with_one_and_with_three(call: WorkCall, tree: Tree, signed_in: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    works = [make_work(call, tree.dongguan, text=STORY) for _ in range(2)]
    compare_all()
    client = signed_in(Role.COUNTY_REVIEWER, tree.pingding)
    client.get(works[0].staff_url)
    with CaptureQueriesContext(connection) as one:
        client.get(works[0].staff_url)
    for _ in range(2):
        make_work(call, tree.dongguan, text=STORY)
    compare_all()
    client.get(works[0].staff_url)  # the menu counts its badges anew
    with CaptureQueriesContext(connection) as three:
        client.get(works[0].staff_url)
    assert Likeness.objects.filter(first=works[0]).count() == 3
    assert len(three) == len(one)
