"""The question bank from a table, through the one place for tables."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from campaigns.quizzes.actions import bank as actions
from campaigns.quizzes.models import Question
from campaigns.quizzes.tables import snapshot
from portal.access.roles import Role
from portal.importing.models import Import, ImportRow
from portal.jobs.models import Job
from portal.jobs.runner import run_all

NEW = "/staff/imports/questions/new/"
HEAD = "题干,题型,类别,选项,正确答案,解析,依据条文,难度,有效期至"


@pytest.fixture
def officer(signed_in, tree):
    return signed_in(Role.COUNTY_OP, tree.pingding)


def upload(client, unit, data, name="题.csv"):
    data = data if isinstance(data, bytes) else data.encode()
    answer = client.post(NEW, {"unit": unit.unit_no, "file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    return Import.objects.order_by("-pk").first()


def rows_of(batch):
    return list(ImportRow.objects.filter(batch=batch).order_by("number"))


def finish(client, batch, path="confirm", **data):
    client.post(f"{batch.staff_url}{path}/", data)
    run_all()
    batch.refresh_from_db()
    return batch


def question(unit, by, **fields):
    values = {
        "kind": "multi", "category": "women", "stem": "=哪些对？", "options": ["甲", "乙", "丙"], "answer": [0, 2],
        "explanation": "解", "law": "第二条", "source": "条例", "difficulty": 2,
    }  # fmt: skip
    return actions.write_question(actor=by, unit=unit, fields=values | fields)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_rows_become_drafts_and_go_again(officer, tree, encoding):
    text = (
        f"{HEAD}\n男女平等是基本国策。,判断,妇女权益保障法/反家暴法,,对,,第二条,容易,\n"
        "保护令多久？,单选题,妇女权益保障法/反家暴法,三个月|六个月,B,,第三十条,2,2030/1/2"
    )
    batch = finish(officer, upload(officer, tree.pingding, text.encode(encoding)))
    one = Question.objects.get(kind="single")
    assert (one.answer, one.difficulty, one.expires_on.isoformat(), one.status) == (
        [1],
        2,
        "2030-01-02",
        "draft",
    )
    assert Question.objects.get(kind="true_false").options == ["正确", "错误"]
    finish(officer, batch, "undo")
    assert not Question.objects.exists()


def test_rows_may_be_handed_in_at_once(officer, tree):
    text = f"{HEAD}\n题,判断,廉洁文化,,错,,,,"
    finish(officer, upload(officer, tree.pingding, text), option="submit")
    assert Question.objects.get().status == "submitted"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("题,单选,廉洁文化,甲|乙,,,,,", "正确答案：请填写"),
        ("题,单选,廉洁文化,甲|乙,Z,,,,", "请填正确答案的字母"),
        ("题,单选,廉洁文化,甲|乙,AB,,,,", "只能有一个正确答案"),
        ("题,单选,廉洁文化,甲,A,,,,", "选项要有 2 到 6 个"),
        ("题,填空,廉洁文化,甲|乙,A,,,,", "没有“填空”，请从这些里选"),
        ("题,单选,诗词,甲|乙,A,,,,", "没有“诗词”"),
        ("题,单选,廉洁文化,甲|乙,A,,,9,", "没有“9”"),
        ("题,单选,廉洁文化,甲|乙,A,,,,昨天", "看不懂"),
        ("题,单选,廉洁文化,甲|乙,=A1,,,,", "是公式"),
        (",单选,廉洁文化,甲|乙,A,,,,", "题干：请填写"),
        (f"{'长' * 301},单选,廉洁文化,甲|乙,A,,,,", "超出 1 字"),
    ],
)
def test_wrong_cell_is_answered_at_its_row(officer, tree, row, words):
    batch = upload(officer, tree.pingding, f"{HEAD}\n{row}".encode("gbk"))
    assert rows_of(batch)[0].verdict == "wrong"
    assert words in officer.get(batch.staff_url).content.decode()
    finish(officer, batch)
    assert not Question.objects.exists()


def test_export_comes_back_unchanged(officer, tree, reviewer, signed_in):
    draft = question(tree.pingding, officer.user)
    approved = question(tree.pingding, officer.user, stem="入库的题")
    actions.submit_question(actor=officer.user, question=approved)
    actions.approve_question(actor=reviewer, question=approved)
    chief, second = signed_in(Role.CITY_OP, tree.city), signed_in(Role.CITY_REVIEWER, tree.city)
    above = question(tree.city, chief.user, stem="市里的题")
    actions.submit_question(actor=chief.user, question=above)
    actions.approve_question(actor=second.user, question=above)
    before = snapshot(Question.objects.get(pk=draft.pk))
    for file_format in ("csv", "xlsx"):
        officer.post(
            "/staff/lists/export/", {"list": "quizzes.questions", "query": "", "format": file_format}
        )
        run_all()
        data = Job.objects.filter(kind="listing.export").order_by("-pk").first().open_file().read()
        batch = upload(officer, tree.pingding, data, f"题.{file_format}")
        assert [(row.verdict, row.choice, row.faults) for row in rows_of(batch)] == [("same", "skip", [])] * 3
    text = f"题目编号,题干,难度\n{draft.pk},改过的题,较难\n{approved.pk},改过的题,\n{above.pk},改过的题,"
    batch = upload(officer, tree.pingding, text)
    first, second_row, third = rows_of(batch)
    assert (first.choice, sorted(key for key, *_ in first.differences)) == ("update", ["difficulty", "stem"])
    assert "重新审核" in second_row.why_not
    assert "别的单位" in third.why_not
    finish(officer, batch)
    assert Question.objects.get(pk=draft.pk).stem == "改过的题"
    finish(officer, batch, "undo")
    assert snapshot(Question.objects.get(pk=draft.pk)) == before


def test_same_words_are_explained(officer, tree):
    there = question(tree.pingding, officer.user, stem="旧题")
    text = f"{HEAD}\n旧题,判断,廉洁文化,,对,,,,\n新题,判断,廉洁文化,,对,,,,\n新题,判断,廉洁文化,,对,,,,"
    first, second, third = rows_of(upload(officer, tree.pingding, text))
    assert [row.choice for row in (first, second, third)] == ["skip", "new", "skip"]
    assert f"编号 {there.pk}" in first.match_why
    assert "本表第 3 行" in third.match_why


def test_reviewed_question_stays(officer, tree, reviewer):
    batch = finish(officer, upload(officer, tree.pingding, f"{HEAD}\n题,判断,廉洁文化,,对,,,,"))
    one = Question.objects.get()
    actions.submit_question(actor=officer.user, question=one)
    actions.approve_question(actor=reviewer, question=one)
    finish(officer, batch, "undo")
    assert Question.objects.filter(pk=one.pk).exists()


def test_old_address_and_button(officer, signed_in, tree):
    assert officer.get("/staff/quizzes/questions/import/").url == NEW
    assert NEW in officer.get("/staff/quizzes/questions/").content.decode()
    assert officer.get("/staff/imports/questions/template.xlsx").status_code == 200
    assert signed_in(Role.VILLAGE_OP, tree.dongguan).get(NEW).status_code == 403
