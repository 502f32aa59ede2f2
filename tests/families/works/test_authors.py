"""Several authors, a household's name, instructors: on the form, behind the masks, on every way back."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from families.works.actions.submit import GuardianMissing
from families.works.entry import AuthorEntry
from families.works.models import Author, Work, WorkCall
from families.works.naming import names_of, public_name_of
from families.works.snapshot import private_names
from portal.access.roles import Role
from portal.drafts.models import FormDraft
from portal.files.models import StoredFile
from portal.privacy.models import Consent
from portal.privacy.rules import ConsentType, text_digest
from portal.reviews.workflow import WorkflowError
from tests.factories.units import Tree
from tests.factories.works import make_work
from tests.families.works.test_staff_entry import picture

pytestmark = pytest.mark.django_db
URL = "/works/calls/motto-2026/submit/"
Typed = Callable[..., dict[str, Any]]
SECOND = {"author_name_2": "买买提·𬀩", "birth_ym_2": "1985年3月", "role_2": "书写", "pen_name_2": "石头"}
CHILD = {"author_name_2": "张小㛃", "birth_ym_2": "2016-02"}
GUARDIAN = {"guardian_name": "张小三", "guardian_phone": "13900000000", "consent_guardian": "on"}


def values_of(page: str) -> dict[str, str]:
    """What stands in the text inputs of a page."""
    inputs = re.findall(r"<input[^>]*>", page)
    found = {}
    for one in inputs:
        name, value = re.search(r'name="([^"]+)"', one), re.search(r'value="([^"]*)"', one)
        if name and name[1] not in found:
            found[name[1]] = value[1] if value else ""
    return found


def test_the_usual_author_sees_two_fields_and_one_line(client: Client, call: WorkCall) -> None:
    page = client.get(URL).content.decode()
    assert 'name="author_rows" value="1"' in page
    assert re.search(r"<details[^>]*data-authors><summary>", page)
    before_templates = page.split("<template")[0]
    assert "author_name_2" not in before_templates
    assert page.count("<template") == 4


def test_a_row_is_added_without_javascript_and_nothing_is_lost(
    client: Client, call: WorkCall, typed: Typed
) -> None:
    page = client.post(URL, typed(action="add_author", files=picture())).content.decode()
    assert values_of(page)["author_rows"] == "2"
    assert re.search(r'name="author_name_2"[^>]*autofocus|autofocus[^>]*name="author_name_2"', page)
    assert "勤俭持家" in page
    assert "纸.jpg" in page
    assert "还差一点" not in page
    more = typed(action="add_author", author_rows="2", **SECOND)
    page = client.post(URL, more).content.decode()
    assert values_of(page)["author_rows"] == "3"
    assert values_of(page)["author_name_2"] == "买买提·𬀩"


def test_a_row_is_taken_out_and_the_later_ones_move_up(client: Client, call: WorkCall, typed: Typed) -> None:
    third = {"author_name_3": "李四", "birth_ym_3": "1990-01"}
    page = client.post(
        URL, typed(action="drop_author_2", author_rows="3", **SECOND, **third)
    ).content.decode()
    values = values_of(page.split("<template")[0])
    assert (values["author_rows"], values["author_name_2"], values["birth_ym_2"]) == ("2", "李四", "1990-01")
    assert "author_name_3" not in values
    assert client.post(URL, typed(action="drop_author_99")).status_code == 200
    assert client.post(URL, typed(action="drop_author_x")).status_code == 200


def test_all_authors_are_kept_in_order(family: Client, call: WorkCall, typed: Typed) -> None:
    family.post(URL, typed(author_rows="3", **SECOND, author_name_4="李四", birth_ym_4="1990-01"))
    work = Work.every.get()
    rows = [(row.name, row.birth_ym, row.role, row.pen_name, row.position) for row in work.authors.all()]
    assert rows == [
        ("张小三", "1962-05", "", "", 0),
        ("买买提·𬀩", "1985-03", "书写", "石头", 1),
        ("李四", "1990-01", "", "", 2),
    ]
    assert work.display_name == "张*三、买*𬀩、李*"
    raw = Author.objects.raw("select id, name as plain, pen_name as pen from families_author")
    assert all("张" not in row.plain and "石" not in row.pen for row in raw)


@pytest.mark.parametrize(
    ("fields", "at", "words"),
    [
        ({"author_name_2": "李四"}, "birth_ym_2", "第 2 位作者的出生年月"),
        ({"birth_ym_2": "1980-01"}, "author_name_2", "第 2 位作者的姓名"),
        ({"role_3": "书写"}, "author_name_3", "第 3 位作者的姓名"),
        ({"author_name_2": "李四、王五", "birth_ym_2": "1980-01"}, "author_name_2", "一栏只写一位"),
        ({"author_name_2": "李小四 王五", "birth_ym_2": "1980-01"}, "author_name_2", "一栏只写一位"),
        ({"author_name": "张三，李四"}, "author_name", "一栏只写一位"),
        ({"author_name_2": "李四2", "birth_ym_2": "1980-01"}, "author_name_2", "2–30"),
        ({"author_name_2": "李四", "birth_ym_2": "1980-13"}, "birth_ym_2", "年和月"),
        ({"author_name_2": "张小三", "birth_ym_2": "1962.5"}, "author_name_2", "和第 1 位作者"),
        ({"author_name_6": "赵六"}, "author_name_5", "最多写 5 位"),
        ({"pen_name": "电话13812345678"}, "pen_name", "不要写电话"),
        ({"role": "<b>撰文"}, "role", "不能用的符号"),
        ({"household": "张家"}, "household_agreed", "家里人都同意"),
        ({"household": "张", "household_agreed": "on"}, "household", "2–20 个字"),
        (
            {"household": "张小㛃一家", "household_agreed": "on", **CHILD, **GUARDIAN},
            "household",
            "不要写孩子",
        ),
        ({"instructor": "王老师"}, "instructor", "不用填指导老师"),
        ({"instructor": "王老师", "instructor_2": "王老师", **CHILD, **GUARDIAN}, "instructor_2", "姓名一样"),
    ],
)
def test_bad_input_is_named_at_its_field(
    family: Client, call: WorkCall, typed: Typed, fields: dict[str, Any], at: str, words: str
) -> None:
    data = typed(**fields)
    page = family.post(URL, data).content.decode()
    place = page[page.index(f'name="{at}"') :][:1500]
    assert words in place
    assert not Work.every.exists()
    assert data["story"] in page
    shown = values_of(page)
    for name, value in fields.items():
        if value != "on" and "6" not in name and "<" not in value:
            assert shown[name] == value


def test_a_sixth_row_is_refused_and_the_five_stay(client: Client, call: WorkCall, typed: Typed) -> None:
    rows = {f"author_name_{n}": f"李{chr(0x4E00 + n)}" for n in range(2, 6)}
    page = client.post(URL, typed(action="add_author", author_rows="5", **rows)).content.decode()
    assert "最多写 5 位作者" in page
    assert values_of(page)["author_name_5"] == rows["author_name_5"]
    assert values_of(page)["author_rows"] == "5"


@pytest.mark.parametrize(
    "name", ["买买提·𬀩", "欧阳 娜娜", "㛃㛃", "迪丽热巴•阿不都", "Anna Maria", "司马相如"]
)
def test_names_of_all_kinds_are_taken(family: Client, call: WorkCall, typed: Typed, name: str) -> None:
    family.post(URL, typed(author_name=name, author_name_2=f"{name}某", birth_ym_2="1990-01"))
    assert Work.every.get().authors.count() == 2


# -- children ------------------------------------------------------------------------------------------


def test_a_child_in_any_row_needs_the_guardian_first(family: Client, call: WorkCall, typed: Typed) -> None:
    page = family.post(URL, typed(**CHILD, files=picture())).content.decode()
    assert "第 2 位作者未满 14 周岁" in page
    assert "照片没有保存" in page
    family.post(URL, typed(**CHILD, action="draft"))
    family.post(URL, typed(**CHILD, action="add_author", files=picture()))
    family.post(URL, typed(**CHILD, action="sign_in", files=picture()))
    family.post("/works/calls/motto-2026/draft/", typed(**CHILD))
    for model in (Work.every, Author.objects, FormDraft.objects, StoredFile.objects):
        assert not model.exists()
    family.post(URL, typed(**CHILD, **GUARDIAN, instructor="王老师", instructor_2="李老师"))
    work = Work.every.get()
    assert (work.is_child, work.is_minor, work.instructor) == (True, True, "王老师、李老师")
    assert Consent.objects.filter(type=ConsentType.GUARDIAN).count() == 1


def test_the_action_asks_for_the_guardian_of_a_second_author(call: WorkCall, tree: Tree) -> None:
    both = (AuthorEntry("张建国", "1980-05"), AuthorEntry("张小㛃", "2016-02"))
    with pytest.raises(GuardianMissing):
        make_work(call, tree.dongguan, authors=both)
    with pytest.raises(WorkflowError):
        make_work(call, tree.dongguan, authors=(AuthorEntry("张建国", "1980-05"),) * 6)
    with pytest.raises(WorkflowError):
        make_work(call, tree.dongguan, household="张家")
    assert not Work.every.exists()


# -- what the public reads -----------------------------------------------------------------------------

ADULTS = (AuthorEntry("张建国", "1980-05", role="撰文"), AuthorEntry("李秀英", "1982-05", pen_name="荷塘"))
MIXED = (AuthorEntry("张建国", "1980-05"), AuthorEntry("欧阳小㛃", "2010-02", role="书写", pen_name="小欧"))
G = {
    "guardian_name": "张建国",
    "guardian_phone": "13900000000",
    "consents": {
        ConsentType.PROCESSING: "a",
        ConsentType.PUBLICATION: "b",
        ConsentType.LICENCE: "c",
        ConsentType.GUARDIAN: "d",
    },
}


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"authors": ADULTS}, "张建国（撰文）、荷塘"),
        ({"authors": ADULTS[:1]}, "张建国"),
        ({"authors": MIXED, **G}, "张*国、欧阳同学（书写）"),
        ({"authors": ADULTS, "household": "张家", "household_agreed": True}, "张家"),
        ({"authors": ADULTS, "audience": "anonymous"}, ""),
        ({"authors": ADULTS, "household": "张家", "audience": "organisation"}, ""),
    ],
)
def test_by_line(call: WorkCall, tree: Tree, fields: dict[str, Any], line: str) -> None:
    assert public_name_of(make_work(call, tree.dongguan, **fields)) == line


def test_a_household_that_did_not_agree_gets_no_name_when_the_audience_is_widened(
    call: WorkCall, tree: Tree
) -> None:
    work = make_work(call, tree.dongguan, authors=ADULTS, household="张家", audience="organisation")
    Work.every.update(audience="public")
    work.refresh_from_db()
    assert public_name_of(work) == ""
    assert "一户家庭" in work.by_line


@pytest.mark.parametrize("told", ["欧阳小㛃和小欧一家", "欧阳 小㛃一家", "欧阳·小㛃家", "小㛃和爸爸妈妈"])
def test_a_name_that_tells_a_childs_is_not_shown(call: WorkCall, tree: Tree, told: str) -> None:
    work = make_work(call, tree.dongguan, authors=MIXED, **G)
    work.household, work.household_agreed = told, True
    assert public_name_of(work) == ""
    work.household = ""
    work.authors.filter(position=0).update(role=told)
    assert "小㛃" not in public_name_of(work)
    assert "欧阳小㛃" in private_names(work)


def test_a_role_does_not_tell_a_childs_name(family: Client, call: WorkCall, typed: Typed) -> None:
    page = family.post(
        URL, typed(**{**CHILD, **GUARDIAN, "author_rows": "2", "role": "小㛃的妈妈"})
    ).content.decode()
    assert "请不要写孩子的姓名" in page
    assert not Work.every.exists()


def test_the_households_words_belong_to_the_consent(family: Client, call: WorkCall, typed: Typed) -> None:
    family.post(URL, typed(household="张家", household_agreed="on"))
    work = Work.every.get()
    from families.works.wording import CONSENT_HOUSEHOLD, CONSENT_PUBLICATION

    digest = text_digest(f"{CONSENT_PUBLICATION}\n{CONSENT_HOUSEHOLD}")
    assert Consent.objects.filter(type=ConsentType.PUBLICATION, text_hash=digest).exists()
    assert (work.household, work.household_agreed) == ("张家", True)


# -- ways back -----------------------------------------------------------------------------------------


def test_a_draft_brings_all_rows_to_the_next_visit(client: Client, call: WorkCall, typed: Typed) -> None:
    client.post(URL, typed(action="draft", author_rows="3", **SECOND, household="张家"))
    page = client.get(URL).content.decode()
    values = values_of(page.split("<template")[0])
    assert (values["author_rows"], values["author_name_2"], values["household"]) == ("3", "买买提·𬀩", "张家")
    assert re.search(r"<details[^>]*data-authors open>", page)
    fresh = client.get(URL, {"new": "1"}).content.decode()
    assert "买买提" not in fresh
    assert "接着写" in fresh


def test_changed_after_it_was_sent(family: Client, call: WorkCall, typed: Typed) -> None:
    family.post(URL, typed(**SECOND, household="张家", household_agreed="on"))
    work = Work.every.get()
    edit = reverse("families:works:edit", args=[work.no])
    values = values_of(family.get(edit).content.decode())
    assert (values["author_name_2"], values["pen_name_2"], values["household"]) == (
        "买买提·𬀩",
        "石头",
        "张家",
    )
    page = family.post(edit, typed(**SECOND, action="add_author", author_rows="2")).content.decode()
    assert values_of(page)["author_rows"] == "3"
    assert Work.every.get().authors.count() == 2
    family.post(edit, typed(author_name_2="李四", birth_ym_2="1990-01"))
    work.refresh_from_db()
    assert [author.name for author in work.authors.all()] == ["张小三", "李四"]
    assert (work.household, work.household_hash, work.household_agreed) == ("", "", False)


def test_my_page_and_my_data_name_everybody(family: Client, call: WorkCall, typed: Typed) -> None:
    family.post(URL, typed(**SECOND))
    work = Work.every.get()
    page = family.get(reverse("families:works:mine", args=[work.no])).content.decode()
    assert "买买提·𬀩" in page
    assert "公开时写：张小三、石头（书写）" in page
    row = json.loads(family.post("/me/data/").content)["投稿作品"][0]
    assert row["authors"][1] == {
        "name": "买买提·𬀩",
        "pen_name": "石头",
        "birth_ym": "1985-03",
        "role": "书写",
    }
    family.post(reverse("families:works:delete", args=[work.no]))
    assert not Author.objects.exists()


def test_typed_in_by_an_officer(call: WorkCall, tree: Tree, signed_in: Any, typed: Typed) -> None:
    client = signed_in(Role.VILLAGE_OP, tree.dongguan)
    page = client.post("/staff/works/new/", typed(action="add_author", **SECOND)).content.decode()
    assert values_of(page)["author_rows"] == "3"
    client.post("/staff/works/new/", typed(scan=picture(), **SECOND))
    work = Work.objects.get()
    assert work.authors.count() == 2
    correct = reverse("families:works:correct", args=[work.no])
    assert values_of(client.get(correct).content.decode())["author_name_2"] == "买买提·𬀩"


# -- staff ---------------------------------------------------------------------------------------------


def test_reviewers_read_masks_until_they_give_a_reason(call: WorkCall, tree: Tree, signed_in: Any) -> None:
    work = make_work(
        call, tree.dongguan, authors=(*ADULTS, AuthorEntry("张小㛃", "2010-02")), household="张府一家",
        household_agreed=True, instructors=("王大明",), **G,
    )  # fmt: skip
    client = signed_in(Role.COUNTY_REVIEWER, tree.pingding)
    page = client.get(work.staff_url).content.decode()
    assert "张*国、李*英、张*㛃" in page
    for name in ("张建国", "李秀英", "荷塘", "张小㛃", "张府", "王大明"):
        assert name not in page
    assert client.post(f"{work.staff_url}reveal/", {"reason": "核对作者身份"}).status_code == 403
    Work.every.update(is_minor=False, is_child=False)
    shown = client.post(f"{work.staff_url}reveal/", {"reason": "核对作者身份"}).content.decode()
    for name in ("张建国", "李秀英", "荷塘", "张府一家", "王大明"):
        assert name in shown


def test_names_for_recusal(call: WorkCall, tree: Tree) -> None:
    work = make_work(call, tree.dongguan, authors=ADULTS)
    assert names_of(work) == {"张建国", "李秀英", "荷塘"}


def test_limit_counts_who_sends(call: WorkCall, tree: Tree) -> None:
    """docs/decisions/0040: a further author uses up nothing of their own."""
    WorkCall.objects.update(max_per_person=1)
    make_work(call, tree.dongguan, authors=ADULTS, phone="13900000001")
    make_work(call, tree.dongguan, authors=(ADULTS[1],), phone="13900000002")
    with pytest.raises(WorkflowError):
        make_work(call, tree.dongguan, authors=(ADULTS[1],), phone="13900000002")
