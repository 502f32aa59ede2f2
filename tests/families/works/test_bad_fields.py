"""Bad input through the real form (issue list and domain reference §13.1): a plain Chinese sentence at the field that is
wrong, tied to it for screen readers, and everything else still there."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from families.works.models import Author, Work, WorkCall
from portal.files.models import StoredFile
from portal.jobs.runner import run_all
from tests.factories.units import Tree
from tests.factories.works import make_call
from tests.families.works.form_page import FormPage
from tests.portal.files import samples

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # about what answers hold, not about the database
URL, RECITAL = "/works/calls/motto-2026/submit/", "/works/calls/recital-2026/submit/"
Typed = Callable[..., dict[str, Any]]
CHILD = f"{timezone.localdate().year - 13}-01"
MOST = 10 * 1024 * 1024


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def recital(tree: Tree) -> WorkCall:
    return make_call(
        tree.city, slug="recital-2026", categories=("RECITATION", "CALLIGRAPHY"), max_per_person=500
    )


def upload(data: bytes, name: str = "合影.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def kept(page: FormPage, data: dict[str, Any], *but: str) -> None:
    """Whatever was typed is what the form would send again."""
    for name, value in data.items():
        if name not in {"action", *but} and isinstance(value, str):
            assert page.value(name) == value, name
    assert "files" in but or "files" not in data


def answered(page: FormPage, field: str, words: str) -> None:
    """The sentence stands at the field, is tied to it, and is Chinese."""
    assert words in page.errors.get(field, ""), page.errors
    assert f"id_{field}_error" in page.described[field]
    assert not re.search(r"[A-Za-z]{5,}", page.errors[field]), page.errors[field]


WRONG = [
    ("text", "字" * 51, "写了 51 字，超出 1 字，最多 50 字"),
    ("text", "，。！", "请写下"),
    ("text", "😀😀", "请写下"),
    ("story", "字" * 301, "超出 1 字"),
    ("story", "😀" * 3000, "标点、空格或表情太多"),
    ("title", "字" * 41, "40"),
    ("author_name", "张", "2–30 个字"),
    ("author_name", "张" * 31, "2–30 个字"),
    ("author_name", "张三2", "不能有数字和符号"),
    ("author_name", "😀😀", "不能有数字和符号"),
    ("author_name", "·张三", "2–30 个字"),
    ("author_name", "", "请填写作者姓名"),
    ("birth_ym", "1962-13", "出生的年和月"),
    ("birth_ym", "六二年", "出生的年和月"),
    ("birth_ym", "2199-01", "出生的年和月"),
    ("birth_ym", "", "请填写出生年月"),
    ("area", "", "请选择所在县区和乡镇"),
    ("area", "110101001000", "不在本次征集的范围内"),
    ("village", "没有这个村", "没有找到"),
    ("audience", None, "请选择谁能看到"),
    ("consent_processing", None, "请阅读并勾选"),
    ("consent_publication", None, "选了公开展示"),
    ("licence", None, "作品授权"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value", "words"), WRONG, ids=[f"{f}-{(v or '')[:6]}" for f, v, _w in WRONG]
)
def test_each_field_says_what_is_wrong_with_it(
    family: Client, call: WorkCall, typed: Typed, field: str, value: str | None, words: str
) -> None:
    data = typed(**{field: value})
    answer = family.post(URL, data)
    page = FormPage(answer.content.decode())
    assert answer.status_code == 200
    answered(page, field, words)
    assert set(page.errors) == {field}
    kept(page, data, "area" if value == "110101001000" else "")  # a list offers only places of the call
    assert not Work.every.exists()


@pytest.mark.parametrize("phone", ["12345678901", "1381234567", "0353-2222222", "一三八", "+852 9123 4567"])
def test_a_number_that_is_none(client: Client, call: WorkCall, typed: Typed, phone: str) -> None:
    data = typed(phone=phone, action="send_code")
    page = FormPage(client.post(URL, data).content.decode())
    answered(page, "phone", "11 位手机号")
    kept(page, data)


@pytest.mark.parametrize(
    "phone", ["１３８１２３４５６７８", "138 1234 5678", "+86 13812345678", "138-1234-5678"]
)
def test_a_number_as_people_write_it(client: Client, call: WorkCall, typed: Typed, phone: str) -> None:
    page = FormPage(client.post(URL, typed(phone=phone, action="send_code")).content.decode())
    assert "11 位手机号" not in page.errors.get("phone", "")


@pytest.mark.parametrize("name", ["阿依古丽·买买提", "𬀩㛃", "欧阳𬀩", "买买提•艾力", "张" * 30])
def test_names_that_are_names(family: Client, call: WorkCall, typed: Typed, name: str) -> None:
    answer = family.post(URL, typed(author_name=name))
    assert answer.status_code == 302
    assert Author.objects.get().name == name.replace("•", "·")
    assert family.get(f"/me/works/{Work.every.get().no}/").status_code == 200


def test_an_emoji_story_is_taken_as_it_is(family: Client, call: WorkCall, typed: Typed) -> None:
    story = "奶奶👵🏽教我的👨‍👩‍👧‍👦：碗里不剩饭🍚，心里不藏私❤️‍🔥"
    assert family.post(URL, typed(story=story)).status_code == 302
    work = Work.every.get()
    assert work.story == story
    assert story in family.get(f"/me/works/{work.no}/").content.decode()


# -- files -------------------------------------------------------------------------------------------------

PICTURES = [
    ("bomb.png", samples.png_claiming(40_000, 40_000), "太大"),
    ("程序.jpg", b"MZ" + bytes(5000), "不是"),
    ("空.png", b"", "空"),
    ("半张.jpg", b"\xff\xd8\xff", ""),
    ("画.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "JPG"),
    ("大.jpg", samples.jpeg() + bytes(MOST), "10 MB"),
]


@pytest.mark.parametrize(("name", "body", "words"), PICTURES, ids=[row[0] for row in PICTURES])
def test_a_bad_picture_is_named_at_its_field(
    family: Client, call: WorkCall, typed: Typed, name: str, body: bytes, words: str
) -> None:
    data = typed(files=[upload(body, name), upload(samples.jpeg(), "好的.jpg")])
    html = family.post(URL, data).content.decode()
    page = FormPage(html)
    answered(page, "files", words)
    assert name in page.errors["files"]
    kept(page, data, "files")
    assert "好的.jpg" in html
    assert not Work.every.exists()
    again = {**typed(), "form_token": data["form_token"]}
    assert family.post(URL, again).status_code == 302
    assert [file.original_name for file in StoredFile.objects.filter(target_type="work")] == ["好的.jpg"]


def test_a_program_as_a_video(family: Client, recital: WorkCall, typed: Typed) -> None:
    data = typed(
        category="RECITATION", text=None, story=None, x_transcript="一粥一饭，当思来处不易。",
        recording=upload(b"MZ" + bytes(5000), "念家训.mp4"),
    )  # fmt: skip
    page = FormPage(family.post(RECITAL, data).content.decode())
    answered(page, "recording", "这是一个程序，不是录音或视频")
    assert "念家训.mp4" in page.errors["recording"]
    kept(page, data, "recording")
    assert not StoredFile.objects.exists()


def test_cursive_script_without_its_words(family: Client, recital: WorkCall, typed: Typed) -> None:
    data = typed(
        category="CALLIGRAPHY", text=None, story=None, x_script="cursive", files=upload(samples.jpeg())
    )
    page = FormPage(family.post(RECITAL, data).content.decode())
    answered(page, "x_transcript", "请填写")
    bare = family.get(RECITAL, {"category": "CALLIGRAPHY"}).content.decode()
    assert "最多 3 张" in bare
    assert "可以不传" not in bare  # a work that is a picture needs one
    kept(page, data, "files")
    assert "合影.jpg" in str(family.post(RECITAL, {**data, "files": ""}).content.decode())


def test_a_motto_is_asked_for_before_what_is_told_about_it(family: Client, call: WorkCall) -> None:
    page = family.get(f"/works/calls/{call.slug}/submit/").content.decode()
    places = [page.index(f'name="{name}"') for name in ("text", "story", "x_background", "x_effect", "title")]
    assert places == sorted(places)


# -- time and age --------------------------------------------------------------------------------------------


def test_a_call_that_closed_one_second_ago(family: Client, call: WorkCall, typed: Typed) -> None:
    WorkCall.objects.update(close_at=timezone.now() - timedelta(seconds=1))
    data = typed(files=upload(samples.jpeg()))
    answer = family.post(URL, data)
    html = answer.content.decode()
    page = FormPage(html)
    assert answer.status_code == 409
    assert "征集已经截止" in page.alerts
    assert "没有丢" in page.alerts
    kept(page, data, "files")
    assert "合影.jpg" in html
    assert not Work.every.exists()
    run_all()
    assert "接着写" in family.get("/me/").content.decode()


def test_a_child_of_thirteen_without_its_guardian(family: Client, call: WorkCall, typed: Typed) -> None:
    data = typed(birth_ym=CHILD, files=upload(samples.jpeg()))
    page = FormPage(family.post(URL, data).content.decode())
    answered(page, "guardian_name", "请填写监护人姓名")
    answered(page, "guardian_phone", "请填写监护人手机号")
    answered(page, "consent_guardian", "未满 14 周岁")
    answered(page, "files", "照片没有保存")
    assert page.errors.keys() >= {"guardian_name", "guardian_phone", "consent_guardian", "files"}
    kept(page, data, "files")
    assert not StoredFile.objects.exclude(state="deleted").exists()
    good = {"guardian_name": "张大三", "guardian_phone": "13900000000", "consent_guardian": "on"}
    assert family.post(URL, {**data, **good, "files": upload(samples.jpeg())}).status_code == 302
    assert Work.every.get().is_child
