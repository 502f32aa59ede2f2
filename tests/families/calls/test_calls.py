"""The form of a call, the end of the day to the second, late codes, groups, the notice and its receipts."""

import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from families.calls.actions import (
    LateCodeRefused,
    confirm_notice,
    give_late_code,
    revoke_late_code,
    send_notice,
)
from families.calls.models import CallReceipt, LateCode, LateEntry
from families.calls.queries import addressable, to_confirm
from families.works.actions.calls import end_of, start_of
from families.works.actions.submit import CallIsClosed, GuardianMissing, NoGroup
from families.works.models import Work, WorkCall, WorkCategory
from portal.access.roles import Role
from portal.access.scope import scope_of
from portal.journal.models import JournalEntry
from portal.privacy.rules import ConsentType
from portal.reviews.workflow import WorkflowError
from tests.factories.exhibition import make_late_code
from tests.factories.units import Tree
from tests.factories.works import make_call, make_work
from tests.families.works.conftest import verified

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
LAST = date(2026, 12, 20)


@pytest.fixture
def closing(tree: Tree) -> WorkCall:
    """Takes works until the end of LAST."""
    return make_call(
        tree.city, categories=("MOTTO", "FAMILY_LETTER", "CALLIGRAPHY"), slug="closing", open_at=start_of(date(2026, 12, 1)),
        close_at=end_of(LAST),
    )  # fmt: skip


@pytest.mark.parametrize("hour", ["23:59:59", "00:00:00"])
def test_the_day_ends_at_its_last_second(
    closing: WorkCall, tree: Tree, hour: str, typed: Callable[..., Any], client: Client
) -> None:
    is_late = hour == "00:00:00"
    day = LAST + timedelta(days=1) if is_late else LAST
    with time_machine.travel(datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=SHANGHAI), tick=False):
        answer = verified(client).post("/works/calls/closing/submit/", typed())
        if is_late:
            assert answer.status_code == 409
            assert "已经截止" in answer.content.decode()
            with pytest.raises(CallIsClosed):
                make_work(closing, tree.dongguan)
            assert not Work.every.exists()
        else:
            assert answer.status_code == 302
            assert Work.every.count() == 1
            assert make_work(closing, tree.dongguan).pk


def test_it_opens_with_the_first_second(closing: WorkCall, tree: Tree) -> None:
    with time_machine.travel(datetime(2026, 11, 30, 23, 59, 59, tzinfo=SHANGHAI), tick=False):
        assert closing.is_early
        with pytest.raises(CallIsClosed):
            make_work(closing, tree.dongguan)
    with time_machine.travel(datetime(2026, 12, 1, tzinfo=SHANGHAI), tick=False):
        assert make_work(closing, tree.dongguan).pk


def test_a_late_entry_needs_a_code_that_counts_down(
    closing: WorkCall, tree: Tree, person: Any, typed: Callable[..., Any], client: Client
) -> None:
    staff, outsider = person(Role.CITY_OP, tree.city), person(Role.COUNTY_OP, tree.pingding)
    with time_machine.travel(datetime(2026, 12, 22, 9, tzinfo=SHANGHAI), tick=False):
        with pytest.raises(PermissionDenied):
            make_late_code(closing, outsider)
        code = make_late_code(closing, staff)
        family = verified(client)
        page = family.get("/works/calls/closing/submit/").content.decode()
        assert 'name="late_code"' in page
        wrong = family.post("/works/calls/closing/submit/", typed(late_code="222222")).content.decode()
        assert "补投码不对" in wrong
        assert "勤俭持家" in wrong
        data = typed(late_code=f"{code.code[:3]} {code.code[3:].lower()}")
        assert family.post("/works/calls/closing/submit/", data).status_code == 302
        assert family.post("/works/calls/closing/submit/", data).status_code == 302  # pressed twice: one work
        entry = LateEntry.objects.get()
        assert (entry.work.title, entry.code.used) == ("清白做人", 1)
        again = family.post("/works/calls/closing/submit/", typed(late_code=code.code)).content.decode()
        assert "已用完" in again
        assert Work.every.count() == 1
        verbs = set(JournalEntry.objects.values_list("verb", flat=True))
        assert {"call.late_code_given", "call.late_code_used"} <= verbs


def test_codes_expire_are_revoked_and_given_once(closing: WorkCall, tree: Tree, person: Any) -> None:
    from families.calls.actions import check_late

    staff = person(Role.CITY_OP, tree.city)
    with time_machine.travel(datetime(2026, 12, 22, 9, tzinfo=SHANGHAI), tick=False):
        code = make_late_code(closing, staff, most=3, expires_at=end_of(date(2026, 12, 23)))
        fields = {"given_to": "平定", "reason": "补报", "most": 2, "expires_at": end_of(date(2026, 12, 30))}
        twice = [give_late_code(actor=staff, call=closing, fields=fields, token="t" * 36) for _n in range(2)]
        assert twice[0].pk == twice[1].pk
        assert check_late(closing, code.code) == code
        with pytest.raises(LateCodeRefused):
            check_late(make_call(tree.city, slug="another"), code.code)
        assert revoke_late_code(actor=staff, code=twice[0])
        assert not revoke_late_code(actor=staff, code=twice[0])
        with pytest.raises(LateCodeRefused):
            check_late(closing, twice[0].code)
    with (
        time_machine.travel(datetime(2026, 12, 24, 0, 0, 0, tzinfo=SHANGHAI), tick=False),
        pytest.raises(LateCodeRefused),
    ):
        check_late(closing, code.code)


def test_paper_comes_in_late_with_a_code_too(
    closing: WorkCall, tree: Tree, person: Any, signed_in: Any
) -> None:
    with time_machine.travel(datetime(2026, 12, 22, 9, tzinfo=SHANGHAI), tick=False):
        code = make_late_code(closing, person(Role.CITY_OP, tree.city))
        officer = signed_in(Role.VILLAGE_OP, tree.dongguan)
        assert "凭码代录" in officer.get("/staff/works/new/").content.decode()
        page = officer.get(f"/staff/works/new/?call=closing&late={code.code}").content.decode()
        assert f'value="{code.code}"' in page


GROUPS = [
    {"code": "g1", "name": "少儿组", "age_min": None, "age_max": 12, "channel": "school"},
    {"code": "g2", "name": "少年组", "age_min": 13, "age_max": 17, "channel": "guardian"},
    {"code": "g3", "name": "成人组", "age_min": 18, "age_max": 59, "channel": "public"},
]


def test_groups_by_age_and_way_of_sending(tree: Tree, person: Any) -> None:
    call = make_call(tree.city, slug="groups", groups=GROUPS, max_per_person=50)
    year = timezone.localdate().year
    assert make_work(call, tree.dongguan, birth_ym=f"{year - 40}-01").group == "成人组"
    guardian = {
        "guardian_name": "张大山", "guardian_phone": "13900000001",
        "consents": dict.fromkeys((ConsentType.PROCESSING, ConsentType.PUBLICATION, ConsentType.LICENCE, ConsentType.GUARDIAN), "同意"),
    }  # fmt: skip
    with pytest.raises(GuardianMissing):
        make_work(
            call,
            tree.dongguan,
            birth_ym=f"{year - 16}-01",
            guardian_name="张大山",
            guardian_phone="13900000001",
        )
    assert make_work(call, tree.dongguan, birth_ym=f"{year - 16}-01", **guardian).group == "少年组"
    with pytest.raises(NoGroup):
        make_work(call, tree.dongguan, birth_ym=f"{year - 9}-01", **guardian)
    with pytest.raises(NoGroup, match="成人组"):
        make_work(call, tree.dongguan, birth_ym=f"{year - 80}-01")
    officer = person(Role.VILLAGE_OP, tree.dongguan)
    paper = make_work(call, tree.dongguan, birth_ym=f"{year - 9}-01", actor=officer, paper=True, **guardian)
    assert paper.group == "少儿组"


def _form(**fields: Any) -> dict[str, Any]:
    codes = {row.code: row.pk for row in WorkCategory.objects.all()}
    data = {
        "title": "家庭助廉文化作品", "slug": "zhulian", "open_on": "2026-01-01", "close_on": "2030-01-01", "max_per_person": 3,
        "unit_min_quota": 2, "copyright_mode": "license", "no_fee": "on", "org_host": "市妇联、市纪委监委", "org_assist": "市文联",
        "categories": [codes["MOTTO"], codes["CALLIGRAPHY"]], "c_MOTTO_text_max": "30", "c_CALLIGRAPHY_per_person": "1",
        "g0_name": "少儿组", "g0_max": "17", "g0_channel": "guardian", "g1_name": "成人组", "g1_min": "18", "g1_channel": "public",
        "t0_name": "一等奖", "t0_share": "5", "t1_name": "优秀奖", "t1_most": "20", "jury_from": "2030-02-01", "jury_to": "2030-02-20",
        "publicity_from": "2030-03-01", "publicity_to": "2030-03-08", "originality_since": "近三年", "contact": "0353-0000000",
    }  # fmt: skip
    return {key: value for key, value in {**data, **fields}.items() if value is not None}


def test_every_field_of_a_call_reaches_the_public_page(tree: Tree, signed_in: Any, client: Client) -> None:
    staff = signed_in(Role.CITY_OP, tree.city)
    assert staff.get("/staff/works/calls/new/").status_code == 200
    notice = SimpleUploadedFile(
        "通知.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n", "application/pdf"
    )
    answer = staff.post(
        "/staff/works/calls/new/",
        _form(attachments=notice, form_token="0" * 8 + "-0000-4000-8000-" + "0" * 12),
    )
    assert answer.status_code == 302, answer.content.decode()
    call = WorkCall.objects.get(slug="zhulian")
    assert [row["role"] for row in call.organisers] == ["主办", "主办", "协办"]
    assert call.category_rules == {"MOTTO": {"text_max": 30}, "CALLIGRAPHY": {"per_person": 1}}
    assert [(row["name"], row["age_min"], row["age_max"]) for row in call.groups] == [
        ("少儿组", None, 17),
        ("成人组", 18, None),
    ]
    assert client.get("/works/calls/zhulian/").status_code == 404
    seen = staff.get("/staff/works/calls/zhulian/preview/").content.decode()
    staff.post("/staff/works/calls/zhulian/open/")
    public = client.get("/works/calls/zhulian/").content.decode()
    for words in (
        "市纪委监委",
        "不满 18 周岁",
        "30 字以内",
        "每人最多 1 件",
        "一等奖 5%",
        "最多 20 名",
        "近三年",
        "不收取任何费用",
        "监护人代为投稿",
    ):
        assert words in seen, words
        assert words in public, words
    again = staff.get("/staff/works/calls/zhulian/edit/").content.decode()
    assert 'value="少儿组"' in again
    assert staff.post("/staff/works/calls/zhulian/edit/", _form(g1_name="成年组")).status_code == 302
    call.refresh_from_db()
    assert call.groups[1]["name"] == "成年组"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"disclaimer": "最终解释权归主办方"}, "不能写“最终解释权”"),
        ({"g1_min": "10"}, "重叠"),
        ({"g1_name": "", "g1_min": "18"}, "请写组别名称"),
        ({"t0_share": "99", "t2_name": "三等奖", "t2_share": "9"}, "超过了 100"),
        ({"jury_from": "2029-12-01"}, "评审开始不能早于截止日期"),
        ({"c_MOTTO_text_max": "0"}, "最多字数不能小于最少字数"),
        ({"close_on": "2025-01-01"}, "截止日期不能早于开始日期"),
    ],
)
def test_bad_input_is_answered_at_the_field_and_kept(
    tree: Tree, signed_in: Any, changes: dict[str, str], words: str
) -> None:
    page = (
        signed_in(Role.CITY_OP, tree.city).post("/staff/works/calls/new/", _form(**changes)).content.decode()
    )
    assert words in page
    assert "市文联" in page
    assert not WorkCall.objects.filter(slug="zhulian").exists()


def test_the_form_follows_the_category(closing: WorkCall, typed: Callable[..., Any], client: Client) -> None:
    with time_machine.travel(datetime(2026, 12, 10, 9, tzinfo=SHANGHAI), tick=False):
        family = verified(client)
        switched = family.post(
            "/works/calls/closing/submit/", typed(category="CALLIGRAPHY", action="category")
        ).content.decode()
        assert 'name="x_script"' in switched
        assert 'name="x_direction"' not in switched
        assert "张小三" in switched
        letter = family.post(
            "/works/calls/closing/submit/", typed(category="FAMILY_LETTER", text="太短")
        ).content.decode()
        assert "至少要 300 字" in letter
        assert 'name="x_direction"' in letter
        seal = family.post(
            "/works/calls/closing/submit/", typed(category="CALLIGRAPHY", x_script="seal")
        ).content.decode()
        assert "请填写释文" in seal
        running = family.post(
            "/works/calls/closing/submit/", typed(category="CALLIGRAPHY", x_script="running")
        ).content.decode()
        assert "请填写释文" not in running


def test_a_recitation_is_sent_by_link(tree: Tree, typed: Callable[..., Any], client: Client) -> None:
    make_call(tree.city, categories=("RECITATION",), slug="recite")
    family = verified(client)
    for bad in ("", "javascript:alert(1)", "不是网址"):
        page = family.post("/works/calls/recite/submit/", typed(category="RECITATION", x_link=bad))
        assert page.status_code == 200
        assert "网址" in page.content.decode()
    good = typed(
        category="RECITATION", x_link="https://example.org/yinsong", x_statement="第一次一家人一起录。"
    )
    assert family.post("/works/calls/recite/submit/", good).status_code == 302
    assert Work.objects.get().extra["link"] == "https://example.org/yinsong"


def test_a_call_narrows_the_limits_of_a_category(
    tree: Tree, typed: Callable[..., Any], client: Client
) -> None:
    make_call(tree.city, slug="narrow", category_rules={"MOTTO": {"text_max": 5, "per_person": 1}})
    family = verified(client)
    assert "最多 5 字" in family.post("/works/calls/narrow/submit/", typed()).content.decode()
    assert family.post("/works/calls/narrow/submit/", typed(text="勤俭持家")).status_code == 302
    assert (
        "每人最多投 1 件"
        in family.post("/works/calls/narrow/submit/", typed(text="清白做人")).content.decode()
    )
    assert Work.objects.count() == 1


def test_the_notice_waits_at_each_unit_until_it_is_signed(closing: WorkCall, tree: Tree, person: Any) -> None:
    staff, county = person(Role.CITY_OP, tree.city), person(Role.COUNTY_OP, tree.pingding)
    other = person(Role.COUNTY_OP, tree.yuxian)
    with time_machine.travel(datetime(2026, 12, 10, 9, tzinfo=SHANGHAI), tick=False):
        units = addressable(closing, "counties")
        assert tree.pingding in units
        with pytest.raises(PermissionDenied):
            send_notice(actor=county, call=closing, units=units)
        with pytest.raises(WorkflowError):
            send_notice(actor=staff, call=closing, units=[tree.province])
        made = send_notice(actor=staff, call=closing, units=units, wanted=3)
        assert len(made) == len(units)
        assert send_notice(actor=staff, call=closing, units=units) == []
        row = CallReceipt.objects.get(unit=tree.pingding)
        assert [one.unit for one in to_confirm(scope_of(county))] == [tree.pingding]
        with pytest.raises(PermissionDenied):
            confirm_notice(actor=other, receipt=row)
        assert confirm_notice(actor=county, receipt=row)
        assert not confirm_notice(actor=county, receipt=row)
        assert not to_confirm(scope_of(county)).exists()


def test_pages_of_the_notice(closing: WorkCall, tree: Tree, person: Any, signed_in: Any) -> None:
    with time_machine.travel(datetime(2026, 12, 10, 9, tzinfo=SHANGHAI), tick=False):
        staff = signed_in(Role.CITY_OP, tree.city)
        assert (
            staff.post("/staff/works/calls/closing/notices/", {"to": "counties", "wanted": "2"}).status_code
            == 302
        )
        row = CallReceipt.objects.get(unit=tree.pingding)
        assert row.wanted == 2
        county = signed_in(Role.COUNTY_OP, tree.pingding)
        assert "签收" in county.get("/staff/inbox/").content.decode()
        assert closing.title in county.get("/staff/works/notices/?open=true").content.decode()
        assert county.post(row.staff_url).status_code == 302
        assert "已签收" in staff.get("/staff/works/calls/closing/notices/").content.decode()
        assert signed_in(Role.COUNTY_OP, tree.yuxian).get(row.staff_url).status_code == 404
        assert county.get("/staff/works/calls/closing/notices/").status_code == 403


def test_posters_and_the_share_picture(closing: WorkCall, tree: Tree, signed_in: Any, client: Client) -> None:
    county = signed_in(Role.COUNTY_OP, tree.pingding)
    for paper, width in (("a4", 595), ("a3", 841)):
        answer = county.get(f"/staff/works/calls/closing/poster-{paper}.pdf")
        assert answer.content.startswith(b"%PDF")
        page = PdfReader(io.BytesIO(answer.content)).pages[0]
        assert int(page.mediabox.width) == width
        text = "".join(page.extract_text().split())
        assert closing.title in text
        assert "扫码投稿" in text
    assert county.get("/staff/works/calls/closing/poster-a9.pdf").status_code == 404
    picture = client.get("/works/calls/closing/share.png")
    assert picture["Content-Type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")
    WorkCall.objects.filter(pk=closing.pk).update(status="draft")
    assert client.get("/works/calls/closing/share.png").status_code == 404
    assert county.get("/staff/works/calls/closing/poster-a4.pdf").status_code in {403, 404}


def test_late_code_page(closing: WorkCall, tree: Tree, signed_in: Any) -> None:
    staff = signed_in(Role.CITY_OP, tree.city)
    data = {
        "given_to": "一户家庭",
        "reason": "住院",
        "most": 1,
        "until": str(timezone.localdate() + timedelta(days=2)),
    }
    assert staff.post("/staff/works/calls/closing/late-codes/", data).status_code == 302
    code = LateCode.objects.get()
    assert code.code in staff.get("/staff/works/calls/closing/late-codes/").content.decode()
    assert (
        signed_in(Role.COUNTY_OP, tree.pingding).get("/staff/works/calls/closing/late-codes/").status_code
        == 403
    )
    staff.post(f"/staff/works/calls/closing/late-codes/{code.pk}/revoke/")
    code.refresh_from_db()
    assert not code.is_valid
