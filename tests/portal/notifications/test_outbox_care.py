"""Nothing leaves that somebody wants to stop; addresses that fail become a task; a mandate that ends."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from families.works.actions.review import accept, pass_many
from portal.access.roles import Role
from portal.access.scope import scope_of
from portal.jobs import runner
from portal.notifications import actions, channels, queries, reminders
from portal.notifications.models import BadAddress, Message, Outgoing
from portal.notifications.rules import State
from portal.reviews import inbox
from tests.factories.people import give, make_user
from tests.factories.smtp import mail_sink
from tests.factories.works import make_call, make_work


@pytest.fixture
def broken(monkeypatch):
    def refuse(self, row):
        raise channels.SendError("空号", final=True)

    monkeypatch.setattr(channels.Recorded, "send", refuse)


def test_forty_works_approved_one_discarded_thirty_nine_told(tree, person, signed_in, settings):
    """Feature 23: approving many sends nothing at once; what is discarded in time never leaves."""
    settings.OUTBOX_HOLD_MINUTES = 5
    call = make_call(tree.city)
    works = [
        make_work(call, tree.dongguan, phone=f"138000001{number:02d}", audience="organisation")
        for number in range(40)
    ]
    runner.run_all()
    before = set(Outgoing.objects.values_list("pk", flat=True))
    assert pass_many(actor=person(Role.COUNTY_REVIEWER, tree.pingding), works=works) == (40, [])
    chief = person(Role.CITY_REVIEWER, tree.city)
    for work in works:
        accept(actor=chief, work=work)
    runner.run_all()
    rows = Outgoing.objects.exclude(pk__in=before)
    assert rows.count() == 40 and set(rows.values_list("state", flat=True)) == {State.QUEUED}
    admin = signed_in(Role.SYS_ADMIN, tree.city)
    first = rows.order_by("pk").first()
    admin.post("/ops/outbox/bulk/", {"chosen": [first.pk], "do": "discard"})
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        runner.run_all()
    assert rows.filter(state=State.SENT).count() == 39
    first.refresh_from_db()
    assert first.state == State.DISCARDED


def test_drafts_wait_until_somebody_sends_them_and_codes_do_not_wait(tree, person):
    admin = person(Role.SYS_ADMIN, tree.city)
    with actions.as_drafts():
        row = actions.send_sms(to="13800138000", text="通知", about=tree.pingding)
        code = actions.send_sms(to="13800138000", text="验证码 1", about=tree.pingding, secret=True)
    after = actions.send_sms(to="13800138001", text="通知", about=tree.pingding)
    runner.run_all()
    states = dict(Outgoing.objects.values_list("pk", "state"))
    assert states == {row.pk: State.DRAFT, code.pk: State.SENT, after.pk: State.SENT}
    assert actions.send_again([row], actor=admin) == 1
    runner.run_all()
    row.refresh_from_db()
    assert row.state == State.SENT


def test_three_failures_in_a_row_make_one_task_for_the_unit(tree, person, signed_in, broken):
    clerk = person(Role.TOWNSHIP_OP, tree.guanshan, phone="13800138009")
    county, other = person(Role.COUNTY_OP, tree.pingding), person(Role.COUNTY_OP, tree.yuxian)
    for number in range(4):
        actions.send_sms(to=clerk.phone, text=f"通知{number}", user=clerk, unit=tree.city)
        runner.run_all()
        assert BadAddress.objects.count() == (number >= 2)
    task = BadAddress.objects.get()
    assert (task.unit, task.user, task.masked_to) == (tree.guanshan, clerk, "138****8009")
    titles = [item.title for group in inbox.groups(scope_of(county)) for item in group.items]
    assert titles == [str(clerk)]
    assert not queries.bad_addresses(scope_of(other)).exists()
    with pytest.raises(PermissionDenied):
        actions.settle_address(task, actor=other, note="x")
    assert signed_in(Role.COUNTY_OP, tree.yuxian).get(task.staff_url).status_code == 404
    client = signed_in(Role.COUNTY_OP, tree.pingding)
    assert "空号" in client.get(task.staff_url).content.decode()
    assert client.post(task.staff_url, {"note": ""}).status_code == 422
    assert client.post(task.staff_url, {"note": "已换成新手机号"}).status_code == 302
    assert not queries.bad_addresses(scope_of(county, fresh=True)).exists()
    assert not actions.settle_address(task, actor=county, note="又一次")
    actions.send_sms(to=clerk.phone, text="第五次", user=clerk, unit=tree.city)
    runner.run_all()
    assert BadAddress.objects.count() == 1  # counting begins anew


def test_message_that_arrives_in_between_breaks_the_row(tree, monkeypatch):
    fails = [True, True, False, True, True]

    def some(self, row):
        if fails.pop(0):
            raise channels.SendError("空号", final=True)
        return "ok"

    monkeypatch.setattr(channels.Recorded, "send", some)
    for number in range(5):
        actions.send_sms(to="13800138000", text=f"{number}", about=tree.pingding)
        runner.run_all()
    assert not BadAddress.objects.exists()


def test_three_refusals_of_a_real_mail_server_make_a_task(tree, person, settings):
    user = person(Role.VILLAGE_OP, tree.dongguan, email="gone@example.com")
    with mail_sink() as sink:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.server_address[1]
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        sink.refused.add("gone")
        for number in range(3):
            actions.send_email(user=user, subject="通知", text="内容", key=f"m{number}", may_wait=False)
            runner.run_all()
    task = BadAddress.objects.get()
    assert (task.channel, task.unit, task.masked_to) == ("email", tree.dongguan, "g***@example.com")


def test_last_week_of_a_mandate_is_told_once(tree):
    today = timezone.localdate()
    user = make_user()
    give(user, Role.COUNTY_OP, tree.pingding, ends_on=today + timedelta(days=20))
    start = timezone.now()
    for days, expected in ((5, 0), (13, 1), (15, 1), (20, 1)):
        with time_machine.travel(start + timedelta(days=days)):
            reminders.run()
            reminders.run()
            assert Message.objects.filter(user=user, key__startswith="grants.last_days").count() == expected


def test_outbox_is_filtered_by_day(tree, signed_in):
    with time_machine.travel(timezone.now() - timedelta(days=10)):
        actions.send_sms(to="13800138000", text="旧的通知", about=tree.pingding)
    actions.send_sms(to="13800138000", text="新的通知", about=tree.pingding)
    admin = signed_in(Role.SYS_ADMIN, tree.city)
    day = timezone.localdate() - timedelta(days=3)
    page = admin.get(f"/ops/outbox/?since={day}").content.decode()
    assert "新的通知" in page and "旧的通知" not in page


def test_words_of_many_are_changed_at_once(tree, signed_in):
    with actions.as_drafts():
        rows = [actions.send_sms(to=f"1380013800{n}", text="旧", about=tree.pingding) for n in range(3)]
    gone = actions.send_sms(to="13800138009", text="发出了", about=tree.pingding)
    runner.run_all()
    admin = signed_in(Role.SYS_ADMIN, tree.city)
    keys = [row.pk for row in (*rows, gone)]
    page = admin.post("/ops/outbox/bulk/", {"do": "edit", "chosen": keys})
    assert "会改 3 条" in page.content.decode() and "另有 1 条" in page.content.decode()
    assert admin.post("/ops/outbox/bulk/", {"do": "write", "chosen": keys, "text": ""}).status_code == 422
    admin.post("/ops/outbox/bulk/", {"do": "write", "chosen": keys, "text": "改好的字"})
    texts = [row.text for row in Outgoing.objects.order_by("pk")]
    assert texts == ["【阳泉妇联】改好的字"] * 3 + ["【阳泉妇联】发出了"]
    outsider = signed_in(Role.COUNTY_OP, tree.pingding)
    assert outsider.post("/ops/outbox/bulk/", {"do": "write", "chosen": keys, "text": "x"}).status_code == 403
