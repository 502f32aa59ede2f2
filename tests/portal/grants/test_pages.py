"""The pages: what an insider does on them, and that an outsider does not get in."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from portal.access.roles import Reach, Role
from portal.accounts.models import User
from portal.grants.models import Grant
from tests.factories.people import give, make_user

LIST = "/staff/grants/"


def fields(tree, **changed):
    base = {
        "role": "township_op", "unit": f"冠山镇妇联 {tree.guanshan.unit_no}", "reach": "3",
        "starts_on": timezone.localdate().isoformat(), "ends_on": "", "reason": "分工通知",
    }  # fmt: skip
    return {**base, **changed}


def test_list_shows_the_scope_and_filters(signed_in, person, tree):
    client = signed_in(Role.COUNTY_OP, tree.pingding)
    person(Role.TOWNSHIP_OP, tree.guanshan, display_name="张桂英")
    person(Role.TOWNSHIP_OP, tree.xiushui, display_name="盂县某人")
    page = client.get(LIST).content.decode()
    assert "张桂英" in page
    assert "盂县某人" not in page
    assert "张桂英" in client.get(f"{LIST}?q=桂英&state=open").content.decode()
    assert "张桂英" not in client.get(f"{LIST}?state=over").content.decode()
    assert client.get(f"{LIST}?state=unused&unit=冠山&role=township_op").status_code == 200


def test_list_costs_the_same_for_one_and_three_people(signed_in, person, tree, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = signed_in(Role.COUNTY_OP, tree.pingding)
    for _ in range(2):  # the counts behind the menu are kept
        client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    for _ in range(3):
        person(Role.TOWNSHIP_OP, tree.guanshan)
    with CaptureQueriesContext(connection) as three:
        client.get(LIST)
    assert len(one) == len(three)


@pytest.mark.parametrize("role", [Role.VILLAGE_OP, Role.JUDGE, Role.SYS_ADMIN, Role.PROVINCE_VIEWER])
def test_outsiders_do_not_get_in(signed_in, tree, role):
    client = signed_in(role, tree.city)
    assert client.get(LIST).status_code == 403
    assert client.get(f"{LIST}invite/").status_code == 403


def test_stranger_signs_in_first(db):
    answer = Client().get(LIST)
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/staff/grants/")


def test_person_of_another_county_is_not_there(signed_in, person, tree):
    client = signed_in(Role.COUNTY_OP, tree.pingding)
    other = person(Role.TOWNSHIP_OP, tree.xiushui)
    for path in ("", "give/", "end/?grant=1", "handover/"):
        assert client.get(f"{LIST}people/{other.ref}/{path}").status_code == 404
    assert client.post(f"{LIST}people/{other.ref}/act/disable/", {"reason": "x"}).status_code == 404


def test_inviting_shows_the_preview_then_the_link(signed_in, tree):
    client = signed_in(Role.COUNTY_OP, tree.pingding)
    data = fields(tree, display_name="李秀英", username="", title="主席", phone="", email="")
    data["form_token"] = re.search(
        r'name="form_token" value="([^"]+)"', client.get(f"{LIST}invite/").content.decode()
    )[1]
    first = client.post(f"{LIST}invite/", data)
    assert not User.objects.filter(display_name="李秀英").exists()
    text = first.content.decode()
    assert re.search(r'<b class="num">3<small>个</small></b><span>可见单位</span>', text)
    assert "lixiuying" in text
    done = client.post(f"{LIST}invite/", {**data, "confirm": "1"})
    assert "/accounts/link/" in done.content.decode()
    user = User.objects.get(display_name="李秀英")
    assert user.username == "lixiuying"
    again = client.post(f"{LIST}invite/", {**data, "confirm": "1", "username": "lixiuying9"})
    assert again.status_code == 302
    assert User.objects.filter(display_name="李秀英").count() == 1


def test_unit_of_another_county_in_the_form_is_refused(signed_in, tree):
    client = signed_in(Role.COUNTY_OP, tree.pingding)
    data = fields(tree, unit=tree.xiushui.unit_no, display_name="李秀英", confirm="1")
    answer = client.post(f"{LIST}invite/", data)
    assert "不在您的管理范围" in answer.content.decode()
    assert "李秀英" in answer.content.decode()
    assert not User.objects.filter(display_name="李秀英").exists()


def test_unknown_values_come_back_as_errors(signed_in, tree):
    client = signed_in(Role.COUNTY_OP, tree.pingding)
    for bad in (
        {"role": "sys_admin"},
        {"role": "x"},
        {"reach": "9"},
        {"starts_on": "yesterday"},
        {"unit": "🙈"},
    ):
        answer = client.post(f"{LIST}invite/", fields(tree, display_name="李秀英", confirm="1", **bad))
        assert answer.status_code == 200
    assert not User.objects.filter(display_name="李秀英").exists()


def test_batch_tells_every_fault_with_its_line(signed_in, tree):
    client = signed_in(Role.COUNTY_OP, tree.pingding)
    lines = "姓名,角色,单位\n王一, 村(社区)妇联经办 ,东关社区\n王二，乡镇(街道)妇联经办，秀水镇\n三\tvillage_op\t南关社区\t123"
    page = client.post(f"{LIST}invite/batch/", {"lines": lines, "confirm": "1"}).content.decode()
    assert "没有找到“秀水镇”" in page
    assert "姓名要 2–30 个字" in page
    assert "11 位手机号" in page
    assert not User.objects.filter(display_name="王一").exists()
    good = "王一,village_op,东关社区\n王一,village_op,南关社区,13800138000,主席"
    page = client.post(f"{LIST}invite/batch/", {"lines": good, "confirm": "1"}).content.decode()
    assert page.count("/accounts/link/") == 2
    assert set(User.objects.filter(display_name="王一").values_list("username", flat=True)) == {
        "wangyi",
        "wangyi2",
    }


def test_giving_and_ending_on_the_persons_page(signed_in, person, tree):
    client = signed_in(Role.COUNTY_OP, tree.pingding)
    user = person(Role.VILLAGE_OP, tree.dongguan)
    base = f"{LIST}people/{user.ref}/"
    assert client.post(f"{base}give/", fields(tree)).context["preview"].units == 3
    assert client.post(f"{base}give/", fields(tree, confirm="1")).status_code == 302
    grant = Grant.objects.get(user=user, role=Role.TOWNSHIP_OP)
    assert "收回" in client.get(base).content.decode()
    assert client.get(f"{base}end/?grant={grant.pk}").status_code == 200
    client.post(f"{base}end/", {"grant": grant.pk, "reason": "调整分工"})
    grant.refresh_from_db()
    assert grant.ended_at is not None


def test_role_beside_an_administrators_is_refused_before_the_preview(signed_in, person, tree):
    client = signed_in(Role.SEC_ADMIN, tree.city)
    user = person(Role.AUDIT_ADMIN, tree.city)
    answer = client.post(f"{LIST}people/{user.ref}/give/", fields(tree))
    assert "三员之一" in answer.content.decode()
    assert "preview" not in answer.context
    assert not Grant.objects.filter(user=user, role=Role.TOWNSHIP_OP).exists()


def test_administrator_above_acts_on_an_account(signed_in, person, tree):
    client = signed_in(Role.COUNTY_OP, tree.pingding)
    user = person(Role.VILLAGE_OP, tree.dongguan)
    base = f"{LIST}people/{user.ref}/act/"
    assert "/accounts/link/" in client.post(f"{base}reset-password/", {"reason": "忘记了"}).content.decode()
    client.post(f"{base}disable/", {"reason": ""})
    user.refresh_from_db()
    assert user.is_active
    client.post(f"{base}disable/", {"reason": "离职"})
    user.refresh_from_db()
    assert not user.is_active
    client.post(f"{base}enable/", {"reason": "返岗"})
    user.refresh_from_db()
    assert user.is_active
    assert user.must_change_password
    assert client.post(f"{base}promote/", {"reason": "x"}).status_code == 404
    client.post(f"{LIST}people/{user.ref}/rename/", {"display_name": "㛃·某"})
    user.refresh_from_db()
    assert user.display_name == "㛃·某"


def test_colleague_of_equal_rank_is_refused(signed_in, person, tree):
    client = signed_in(Role.COUNTY_OP, tree.pingding)
    reviewer = person(Role.COUNTY_REVIEWER, tree.pingding)
    page = client.get(f"{LIST}people/{reviewer.ref}/").content.decode()
    assert "停用账号" not in page
    assert client.post(f"{LIST}people/{reviewer.ref}/act/disable/", {"reason": "x"}).status_code == 403


def test_delegating_shows_on_both_profiles_and_in_the_header(signed_in, person, tree):
    client = signed_in(Role.COUNTY_OP, tree.pingding, display_name="张三")
    helper = person(Role.TOWNSHIP_OP, tree.guanshan, display_name="李四")
    source = client.user.grants.get()
    day = (timezone.localdate() + timedelta(days=3)).isoformat()
    data = {
        "source": source.pk, "to": helper.pk, "reach": Reach.SUBTREE.value,
        "starts_on": timezone.localdate().isoformat(), "ends_on": day, "reason": "出差",
    }  # fmt: skip
    assert client.post(f"{LIST}delegate/", data)["Location"] == "/accounts/"
    assert "李四" in client.get("/accounts/").content.decode()
    other = Client()
    other.force_login(helper, backend="portal.accounts.backends.PortalBackend")
    assert "代张三" in other.get("/accounts/").content.decode()
    grant = Grant.objects.get(delegated_from=source)
    stranger = signed_in(Role.COUNTY_OP, tree.yuxian)
    assert stranger.post(f"{LIST}delegate/end/", {"grant": grant.pk}).status_code == 404
    other.post(f"{LIST}delegate/end/", {"grant": grant.pk})
    grant.refresh_from_db()
    assert grant.ended_at is not None


def test_successors_work_at_a_desk_and_the_own_unit_comes_first(signed_in, person, tree):
    client = signed_in(Role.CITY_OP, tree.city)
    old = person(Role.COUNTY_OP, tree.pingding)
    person(Role.COUNTY_OP, tree.yuxian, display_name="阿邻")
    person(Role.COUNTY_REVIEWER, tree.pingding, display_name="郑同事")
    person(Role.JUDGE, tree.pingding, display_name="评委甲")
    page = client.get(f"{LIST}people/{old.ref}/handover/").content.decode()
    assert 0 < page.index("郑同事") < page.index("阿邻") and "评委甲" not in page


def test_handover_is_checked_before_it_is_done(signed_in, person, tree):
    client = signed_in(Role.CITY_OP, tree.city)
    old, new = person(Role.COUNTY_OP, tree.pingding), person(Role.COUNTY_OP, tree.yuxian)
    base = f"{LIST}people/{old.ref}/handover/"
    data = {"successor": new.pk, "reason": "调动", "ends_on": ""}
    page = client.post(base, data).content.decode()
    assert "确认移交" in page
    assert "接手人还没有下面的角色" in page  # she works in another county
    assert old.grants.get().ended_at is None
    assert client.post(base, {**data, "confirm": "1"}).status_code == 302
    assert old.grants.get().ended_at is not None


def test_leader_sees_but_changes_nothing(signed_in, person, tree):
    client = signed_in(Role.COUNTY_LEADER, tree.pingding)
    user = person(Role.TOWNSHIP_OP, tree.guanshan)
    assert client.get(f"{LIST}people/{user.ref}/").status_code == 200
    assert client.get(f"{LIST}people/{user.ref}/give/").status_code == 403
    assert client.post(f"{LIST}people/{user.ref}/act/disable/", {"reason": "x"}).status_code == 403


def test_own_page_offers_nothing_on_oneself(signed_in, tree):
    client = signed_in(Role.COUNTY_OP, tree.pingding)
    give(client.user, Role.TOWNSHIP_OP, tree.guanshan)
    page = client.get(f"{LIST}people/{client.user.ref}/").content.decode()
    assert "停用账号" not in page
    assert "授予角色" not in page


def test_person_without_roles_in_scope_is_not_there(signed_in, tree):
    client = signed_in(Role.COUNTY_OP, tree.pingding)
    assert client.get(f"{LIST}people/{make_user().ref}/").status_code == 404


def test_an_administrator_is_not_offered_to_act_for_somebody(signed_in, person, tree):
    client = signed_in(Role.COUNTY_OP, tree.pingding)
    helper = person(Role.TOWNSHIP_OP, tree.guanshan, display_name="李四")
    admin = person(Role.SYS_ADMIN, tree.pingding, display_name="管理员甲")
    page = client.get(f"{LIST}delegate/").content.decode()
    assert helper.display_name in page and admin.display_name not in page
