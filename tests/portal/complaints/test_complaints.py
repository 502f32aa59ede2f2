"""Anybody may write; only number and code together open it; identities need a reason."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal import vault
from portal.access.roles import Role
from portal.complaints import actions, queries, rules
from portal.complaints.models import Complaint
from portal.complaints.rules import Status
from portal.jobs import runner
from portal.jobs.actions import enqueue
from portal.journal.models import JournalDetail, JournalEntry
from portal.notifications.models import Message, Outgoing
from portal.notifications.queries import recorded_sms
from portal.publication import registry
from portal.reviews.workflow import StaleState, WorkflowError
from portal.ui import captcha
from tests.factories.publication import install, make_content, published

TOKEN = "11111111-2222-3333-4444-555555555555"


def _write(unit=None, **fields):
    fields = {"kind": "complaint", "text": "活动通知太晚了", "token": TOKEN, "unit": unit, **fields}
    return actions.submit(**fields)


@pytest.fixture
def row(tree):
    return _write(tree.pingding, name="王小芳", phone="13800138000")[0]


@pytest.fixture
def answerer(tree, person):
    return person(Role.COUNTY_REVIEWER, tree.pingding)


def _form(**fields):
    puzzle = captcha.challenge()
    body = json.loads(vault.decrypt(puzzle["token"]))
    fields = {"kind": "suggestion", "text": "多办几场家风讲座", "form_token": TOKEN, **fields}
    return fields | {"captcha_token": puzzle["token"], "captcha_answer": str(body["sum"])}


# -- writing --------------------------------------------------------------------------------------


def test_family_writes_without_an_account_and_gets_number_and_code(tree, client, person):
    person(Role.CITY_REVIEWER, tree.city)
    page = client.get("/complaints/").content.decode()
    assert page.index("12338") < page.index("<textarea")
    answer = client.post("/complaints/", _form(phone="138 0013 8000", name="李梅"), follow=True)
    row = Complaint.objects.get()
    shown = answer.content.decode()
    assert row.no in shown and rules.query_code(TOKEN) in shown
    assert row.unit == tree.city and row.phone == "13800138000"
    runner.run_all()
    assert "新来信" in Message.objects.get().title
    assert "李梅" not in Message.objects.get().title + Message.objects.get().text


def test_form_sent_twice_is_kept_once_with_the_same_code(tree, client):
    client.post("/complaints/", _form())
    first = client.session["_complaint_receipt"]
    client.post("/complaints/", _form())
    assert Complaint.objects.count() == 1
    assert client.session["_complaint_receipt"] == first


def test_without_proof_nothing_is_kept_and_nothing_typed_is_lost(tree, client):
    answer = client.post("/complaints/", _form() | {"captcha_answer": "99"})
    assert answer.status_code == 422 and "多办几场家风讲座" in answer.content.decode()
    assert not Complaint.objects.exists()


def test_violence_goes_to_the_hotlines_and_is_not_stored(tree, client):
    text = "邻居长期家暴妻子，昨晚又被打"
    answer = client.post("/complaints/", _form(text=text))
    page = answer.content.decode()
    assert answer.status_code == 422 and "请直接拨打" in page and "110" in page
    assert not Complaint.objects.exists()
    client.post("/complaints/", _form(text="反家庭暴力的讲座讲得好", not_a_case="on"))
    assert Complaint.objects.count() == 1
    assert "<textarea" not in client.get("/complaints/?kind=help").content.decode()


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"text": ""}, 422),
        ({"text": "字" * 2001}, 422),
        ({"text": "字" * 2000}, 302),
        ({"phone": "12345"}, 422),
        ({"kind": "help"}, 422),
        ({"unit": "999999"}, 422),
        ({"name": "阿依古丽·买买提"}, 302),
        ({"page": "https://elsewhere.example/"}, 302),
    ],
)
def test_odd_input_is_answered(tree, client, fields, status):
    answer = client.post("/complaints/", _form(**fields))
    assert answer.status_code == status
    assert Complaint.objects.filter(page__startswith="http").count() == 0


def test_reporting_a_page_leads_staff_to_its_publication(tree, client, person, signed_in, monkeypatch):
    monkeypatch.setattr(registry, "CONTENT_TYPES", dict(registry.CONTENT_TYPES))
    install()
    author = person(Role.COUNTY_OP, tree.pingding)
    obj = make_content(tree.pingding, author=author)
    public = published(
        obj, author=author, editor=person(Role.EDITOR, tree.city), publisher=person(Role.PUBLISHER, tree.city)
    )
    client.post("/complaints/", _form(kind="report", page=f"/notes/{obj.pk}/"))
    row = Complaint.objects.get()
    assert row.unit == tree.pingding
    staff = signed_in(Role.COUNTY_REVIEWER, tree.pingding)
    assert public.staff_url in staff.get(row.staff_url).content.decode()


def test_report_about_a_villages_page_goes_to_its_county(tree, client, person, monkeypatch):
    monkeypatch.setattr(registry, "CONTENT_TYPES", dict(registry.CONTENT_TYPES))
    install()
    author = person(Role.VILLAGE_OP, tree.guanshan)
    obj = make_content(tree.guanshan, author=author)
    published(
        obj, author=author, editor=person(Role.EDITOR, tree.city), publisher=person(Role.PUBLISHER, tree.city)
    )
    client.post("/complaints/", _form(kind="report", page=f"/notes/{obj.pk}/"))
    assert Complaint.objects.get().unit == tree.pingding


# -- tracking -------------------------------------------------------------------------------------


def test_number_and_code_together_show_the_answer(tree, client, row, answerer):
    code = rules.query_code(TOKEN)
    actions.answer(row, actor=answerer, text="以后提前三天通知。")
    typed = f"{code[:4].lower()} {code[4:]}"
    page = client.post("/complaints/track/", {"no": row.no.lower(), "code": typed}).content.decode()
    assert "以后提前三天通知。" in page and "王小芳" not in page and str(answerer) not in page
    assert "活动通知太晚了" not in page  # a code seen over a shoulder does not show what was written
    client.post("/complaints/track/", {"no": row.no, "code": code, "satisfaction": "3"})
    client.post("/complaints/track/", {"no": row.no, "code": code, "satisfaction": "1"})
    row.refresh_from_db()
    assert row.satisfaction == 3


def test_wrong_number_and_wrong_code_look_the_same(tree, client, row):
    wrong_code = client.post("/complaints/track/", {"no": row.no, "code": "AAAAAAAA"})
    wrong_number = client.post("/complaints/track/", {"no": "TS2026-999999", "code": rules.query_code(TOKEN)})
    assert wrong_code.status_code == wrong_number.status_code == 422

    def strip(answer):
        return answer.content.decode().split("<main")[1].split('name="code"')[0].split("value=")[0]

    assert strip(wrong_code) == strip(wrong_number)
    assert queries.find("", "") is None


def test_guessing_is_stopped_per_number_even_from_many_addresses(tree, row):
    statuses = [
        Client(REMOTE_ADDR=f"10.0.0.{n}")
        .post("/complaints/track/", {"no": row.no, "code": f"GUESS{n:03d}"})
        .status_code
        for n in range(14)
    ]
    assert 429 in statuses and statuses.count(422) <= 10


def test_guessing_is_stopped_per_address(tree, client, row):
    codes = [
        client.post("/complaints/track/", {"no": f"TS2026-{n:06d}", "code": "X"}).status_code
        for n in range(18)
    ]
    assert codes[-1] == 429


def test_numbers_say_nothing_about_how_many(tree):
    numbers = {_write(tree.city, token=f"{n:08d}-2222-3333-4444-555555555555")[0].no for n in range(5)}
    assert len(numbers) == 5 and max(int(no[-6:]) for no in numbers) > 5


# -- staff ----------------------------------------------------------------------------------------


def test_answer_reaches_the_phone_without_its_content(tree, row, answerer):
    actions.accept(row, actor=answerer)
    actions.answer(row, actor=answerer, text="已整改。")
    (text,) = recorded_sms("13800138000")
    assert row.no in text and "已整改" not in text and Outgoing.objects.get().parts == 1
    with pytest.raises(StaleState):
        actions.answer(row, actor=answerer, text="再来一次")
    actions.close(row, actor=answerer)
    assert row.status == Status.CLOSED


def test_no_phone_no_message(tree, answerer):
    row, _code = _write(tree.pingding)
    actions.answer(row, actor=answerer, text="谢谢。")
    assert not Outgoing.objects.exists()


def test_refusals_beside_the_same_setup(tree, row, person, answerer):
    outsider, reader = person(Role.COUNTY_REVIEWER, tree.yuxian), person(Role.COUNTY_OP, tree.pingding)
    for stranger in (outsider, reader):
        for step in (
            lambda who: actions.accept(row, actor=who),
            lambda who: actions.answer(row, actor=who, text="x"),
            lambda who: actions.reject(row, actor=who, reason="x"),
            lambda who: actions.reveal(row, actor=who, reason="电话核实情况"),
        ):
            with pytest.raises(PermissionDenied):
                step(stranger)
    with pytest.raises(WorkflowError):
        actions.answer(row, actor=answerer, text="  ")
    with pytest.raises(WorkflowError):
        actions.reject(row, actor=answerer, reason="")


def test_transfer_changes_who_answers_and_tells_them(tree, person, row):
    city, other = person(Role.CITY_REVIEWER, tree.city), person(Role.COUNTY_REVIEWER, tree.yuxian)
    actions.transfer(row, actor=city, unit=tree.yuxian, reason="属盂县办理")
    runner.run_all()
    assert row.unit == tree.yuxian and Message.objects.filter(user=other, title__contains="转来").exists()
    actions.answer(row, actor=other, text="已办。")
    county = person(Role.COUNTY_REVIEWER, tree.pingding)
    again, _code = _write(tree.pingding, token="22222222-2222-3333-4444-555555555555")
    with pytest.raises(WorkflowError, match="不能转给"):
        actions.transfer(again, actor=county, unit=tree.yuxian, reason="x")
    actions.transfer(again, actor=county, unit=tree.city, reason="请市里办")
    assert again.unit == tree.city


def test_identity_is_masked_until_somebody_says_why(tree, signed_in, row):
    staff = signed_in(Role.COUNTY_REVIEWER, tree.pingding)
    page = staff.get(row.staff_url).content.decode()
    assert "王*芳" in page and "王小芳" not in page and "13800138000" not in page
    assert staff.post(f"{row.staff_url}identity/", {"reveal-reason": "看"}).status_code == 409
    shown = staff.post(f"{row.staff_url}identity/", {"reveal-reason": "电话回访核实时间"}).content.decode()
    assert "王小芳" in shown and "13800138000" in shown
    entry = JournalEntry.objects.get(verb="complaint.identity_read")
    assert entry.actor_ref == str(staff.user.ref) and JournalDetail.objects.filter(entry=entry).exists()


def test_database_holds_no_readable_text_or_identity(tree, row):
    with connection.cursor() as cursor:
        cursor.execute("SELECT text, name, phone FROM portal_complaint")
        stored = "".join(cursor.fetchone())
    assert not any(plain in stored for plain in ("通知太晚", "王小芳", "13800138000"))


def test_staff_pages_and_outsiders(tree, signed_in, row, client):
    neighbour = signed_in(Role.COUNTY_REVIEWER, tree.yuxian)
    assert neighbour.get(row.staff_url).status_code == 404
    assert neighbour.post(f"{row.staff_url}accept/").status_code == 404
    assert row.no not in neighbour.get("/staff/complaints/").content.decode()
    assert signed_in(Role.VILLAGE_OP, tree.dongguan).get("/staff/complaints/").status_code == 403
    assert client.get(row.staff_url).status_code == 302
    staff = signed_in(Role.COUNTY_REVIEWER, tree.pingding)
    assert row.no in staff.get("/staff/complaints/?box=waiting").content.decode()
    assert row.no in staff.get("/staff/inbox/").content.decode()
    assert staff.post(f"{row.staff_url}answer/", {"answer-text": ""}).status_code == 422
    staff.post(f"{row.staff_url}answer/", {"answer-text": "已整改"})
    late = staff.post(f"{row.staff_url}answer/", {"answer-text": "第二位同事写的答复"})
    assert late.status_code == 409


def test_second_answer_comes_back_with_its_words(tree, signed_in, row):
    """Two people open the same letter; the slower one keeps what they wrote."""
    first, second = (signed_in(Role.COUNTY_REVIEWER, tree.pingding) for _ in range(2))
    first.post(f"{row.staff_url}answer/", {"answer-text": "已整改"})
    page = second.post(f"{row.staff_url}reject/", {"reject-reason": "重复来信"}).content.decode()
    assert "已处理" in page and first.user.display_name in page and "重复来信" in page


def test_list_costs_the_same_with_more_rows(tree, signed_in, row):
    staff = signed_in(Role.COUNTY_REVIEWER, tree.pingding)
    for address in ("/staff/complaints/", "/staff/inbox/"):
        staff.get(address)
        with CaptureQueriesContext(connection) as one:
            staff.get(address)
        for n in range(4):
            _write(tree.pingding, token=f"{address[7]}{n:07d}-2222-3333-4444-555555555555")
        staff.get(address)  # the counts behind the menu are made anew after a write
        with CaptureQueriesContext(connection) as many:
            staff.get(address)
        assert len(many) == len(one)


# -- the clock ------------------------------------------------------------------------------------


def test_due_date_reminders_and_closing(tree, person, row, answerer):
    start = timezone.now()
    due = (row.due_on - timezone.localdate()).days  # fifteen days, and on to the next working day
    assert 15 <= due <= 15 + 10
    for day, expected in ((5, 0), (due - 2, 1), (due - 2, 1), (due + 1, 2), (due + 2, 2)):
        with time_machine.travel(start + timedelta(days=day)):
            runner.run(enqueue("notifications.remind").pk)
            assert Message.objects.filter(user=answerer, key__startswith="complaints.due").count() == expected
    actions.answer(row, actor=answerer, text="好")
    with time_machine.travel(start + timedelta(days=60)):
        assert actions.close_answered() == 1
        assert actions.close_answered() == 0
    with time_machine.travel(start + timedelta(days=3 * 365 + 30)):
        assert actions.erase_identities() == 1
    row.refresh_from_db()
    assert (row.status, row.name, row.phone) == (Status.CLOSED, "", "")
