"""Pages of judges and staff: without JavaScript, insiders and outsiders, flat in queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.access.roles import Role
from portal.files.models import StoredFile
from portal.reviews.judging import actions
from portal.reviews.judging.models import JudgeProfile, JudgingStage, Sheet
from portal.reviews.judging.rules import SheetState, StageState
from tests.factories.judging import make_accepted, make_scoring, score_all
from tests.factories.people import make_user
from tests.factories.works import make_call

pytestmark = pytest.mark.django_db


def typed(sheet, *values, action="next", **more):
    sheet.refresh_from_db()
    return {
        **{f"score_{n}": value for n, value in enumerate(values)}, "version": sheet.version, "comment": "", "action": action,
        "form_token": "", **more,
    }  # fmt: skip


def test_a_judge_scores_everything_with_plain_forms(call, staff, judges, works, enter):
    stage = make_scoring(call, staff, judges)
    client = enter(judges[0])
    assert "0 件" in client.get("/judge/").content.decode()
    todo = list(Sheet.objects.filter(judge=judges[0]).order_by("item__bucket", "item__number"))
    address = todo[0].get_absolute_url()
    assert "data-score" in client.get(address).content.decode()
    for number, sheet in enumerate(todo):
        assert address == sheet.get_absolute_url()
        answer = client.post(address, typed(sheet, "30.5", "20", "20", "１０"))
        assert answer.status_code == 302, answer.content.decode()
        address = answer["Location"]
        assert (address == "/judge/") is (number == len(todo) - 1)
    assert set(Sheet.objects.filter(judge=judges[0]).values_list("state", "total")) == {("submitted", 80.5)}
    actions.close_stage(actor=staff["manager"], stage=stage, reason="到时间")
    page = client.get(todo[0].get_absolute_url()).content.decode()
    assert "不能再改" in page
    late = client.post(todo[0].get_absolute_url(), typed(todo[0], "1", "1", "1", "1"))
    assert late.status_code == 409
    assert "已经结束" in late.content.decode()


def test_bad_scores_come_back_with_a_sentence_and_everything_typed(call, staff, judges, works, enter):
    make_scoring(call, staff, judges)
    sheet = Sheet.objects.filter(judge=judges[0]).first()
    answer = enter(judges[0]).post(
        sheet.get_absolute_url(), typed(sheet, "36", "20", "", "10", comment="很真")
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "0 到 35" in page
    assert "还没有打分" in page
    assert 'value="36"' in page
    assert "很真" in page
    sheet.refresh_from_db()
    assert sheet.state == SheetState.OPEN


def test_a_draft_is_kept_on_the_server(call, staff, judges, works, enter):
    make_scoring(call, staff, judges)
    sheet = Sheet.objects.filter(judge=judges[0]).first()
    client = enter(judges[0])
    assert (
        client.post(sheet.get_absolute_url(), typed(sheet, "30", "", "", "", action="draft")).status_code
        == 302
    )
    assert 'value="30' in client.get(sheet.get_absolute_url()).content.decode()


def test_pictures_come_under_a_neutral_name(call, staff, judges, tree, enter, monkeypatch):
    from django.http import HttpResponse

    from portal.files import responses

    work = make_accepted(call, tree, staff)
    StoredFile.objects.create(
        target_type="work",
        target_id=str(work.pk),
        size=1,
        state="ready",
        original_name="家训-张小三-东关.jpg",
        web_path="kept/x.jpg",
        master_path="kept/m.jpg",
        thumb_path="kept/t.jpg",
        sha256="0" * 64,
    )
    make_scoring(call, staff, judges)
    sheet = Sheet.objects.filter(item__target_id=work.pk).first()
    monkeypatch.setattr(
        responses, "serve", lambda *_args, **_more: _answer(HttpResponse(b"x", content_type="image/jpeg"))
    )
    client = enter(sheet.judge)
    answer = client.get(f"{sheet.get_absolute_url()}pictures/0/")
    assert answer["Content-Disposition"] == f'inline; filename="{sheet.item.shown_number}-1.jpg"'
    assert answer["ETag"] != '"author"'
    assert client.get(f"{sheet.get_absolute_url()}pictures/1/").status_code == 404


def _answer(response):
    response["ETag"] = '"author"'
    return response


def test_profile_keeps_judges_away_from_their_village(judges, enter, tree):
    client = enter(judges[0])
    answer = client.post("/judge/profile/", {"work_unit": "", "home_unit": "东关社区", "form_token": ""})
    assert answer.status_code == 302, answer.content.decode()
    assert JudgeProfile.objects.get(user=judges[0]).home_unit == tree.dongguan
    wrong = client.post("/judge/profile/", {"work_unit": "没有的单位", "home_unit": ""})
    assert wrong.status_code == 422
    assert "没有的单位" in wrong.content.decode()


def test_staff_walk_a_round_through_its_pages(call, staff, judges, works, enter, tree):
    client = enter(staff["manager"])
    base = f"/staff/judging/calls/{call.slug}/"
    assert client.get(base).status_code == 200
    data = {
        "kind": "first", "each": "3", "due_on": "2099-01-01", "keep_share": "50", "keep_number": "0", "contact": "",
        "judges": [str(user.ref) for user in judges], "chair": str(judges[0].ref), "form_token": "",
    }  # fmt: skip
    assert client.post(f"{base}new/", {**data, "each": "9"}).status_code == 422
    answer = client.post(f"{base}new/", data)
    assert answer.status_code == 302, answer.content.decode()
    stage = JudgingStage.objects.get()
    page = client.get(answer["Location"]).content.decode()
    assert "一键分配" in page
    criteria = stage.criteria.get()
    rows = {f"name_{criteria.pk}_{n}": "" for n in range(8)} | {
        f"weight_{criteria.pk}_{n}": "" for n in range(8)
    }
    rows |= {f"name_{criteria.pk}_0": "主题", f"weight_{criteria.pk}_0": "99"}
    assert client.post(f"{stage.get_absolute_url()}criteria/", rows).status_code == 422
    rows[f"weight_{criteria.pk}_0"] = "100"
    assert client.post(f"{stage.get_absolute_url()}criteria/", rows).status_code == 302
    for name in ("assign", "open"):
        assert client.post(f"{stage.get_absolute_url()}{name}/").status_code == 302
    score_all(stage, lambda sheet: [str(60 + sheet.item.number)])
    page = client.get(stage.get_absolute_url()).content.decode()
    assert "61.0" not in page
    assert client.post(f"{stage.get_absolute_url()}close/").status_code == 302
    page = client.get(stage.get_absolute_url()).content.decode()
    assert "61.00" in page
    assert "校准排位" in page
    best = stage.things.get(number=4)
    refused = client.post(f"{stage.get_absolute_url()}decide/", {"promoted": [str(best.pk)]})
    assert refused.status_code == 409
    done = client.post(
        f"{stage.get_absolute_url()}decide/", {"promoted": [str(best.pk)], "reason": "只留一件"}
    )
    assert done.status_code == 302
    stage.refresh_from_db()
    assert stage.status == StageState.DECIDED
    outsider = enter(make_user(Role.CITY_OP, tree.pingding))
    assert outsider.get(stage.get_absolute_url()).status_code == 404
    assert outsider.get(base).status_code == 404


def test_pages_cost_the_same_for_one_row_and_for_three(call, staff, judges, tree, enter):
    client, counts = enter(staff["manager"]), []
    judge = enter(judges[0])
    for size in (1, 3):
        other = make_call(tree.city, max_per_person=500)
        for number in range(size):
            make_accepted(other, tree, staff, phone=f"137{size}000{number:04d}")
        stage = make_scoring(other, staff, judges[:3])
        row = []
        for who, address in (
            (client, "/staff/judging/"),
            (client, stage.get_absolute_url()),
            (judge, "/judge/"),
        ):
            who.get(address)
            with CaptureQueriesContext(
                connection,
            ) as caught:
                assert who.get(address).status_code == 200
            row.append(len(caught))
        counts.append(row)
    assert counts[0] == counts[1]
