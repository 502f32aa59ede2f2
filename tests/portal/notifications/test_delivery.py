"""Journal entries become messages once; what leaves, leaves once."""

import email
import socket
import threading
from datetime import datetime, timedelta
from email.header import decode_header, make_header
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connections, transaction
from django.utils import timezone

from portal.access.permissions import Perm
from portal.access.roles import Role
from portal.accounts import phone_codes
from portal.jobs import runner
from portal.jobs.actions import enqueue
from portal.jobs.models import Job
from portal.journal.actions import record
from portal.journal.verbs import VERBS, Verb
from portal.notifications import actions, channels, delivery, queries, reminders, rules
from portal.notifications.models import Message, Outgoing
from portal.notifications.reminders import Due, Reminder
from portal.notifications.rules import State
from tests.factories.people import give, make_user
from tests.factories.smtp import mail_sink

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 5, 6, 12, 0, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def _verb(monkeypatch):
    monkeypatch.setitem(VERBS, "test.done", Verb("test.done", "提交了材料", tell=Perm.ACTIVITY_REVIEW))


def _write(tree, actor):
    with transaction.atomic():
        return record("test.done", actor=actor, target=tree.guanshan, unit=tree.guanshan)


# -- journal → messages ---------------------------------------------------------------------------


def test_holders_at_the_unit_are_told_and_nobody_else(tree, person):
    actor = person(Role.TOWNSHIP_OP, tree.guanshan)
    county, city = person(Role.COUNTY_REVIEWER, tree.pingding), person(Role.CITY_REVIEWER, tree.city)
    person(Role.COUNTY_REVIEWER, tree.yuxian)
    _write(tree, actor)
    assert not Message.objects.exists()  # the page saves first, the message comes later
    runner.run_all()
    assert set(Message.objects.values_list("user", flat=True)) == {county.pk, city.pk}
    message = Message.objects.filter(user=county).get()
    assert "提交了材料" in message.title and str(actor) in message.text


def test_who_acts_is_not_told(tree, person):
    reviewer = person(Role.COUNTY_REVIEWER, tree.pingding)
    _write(tree, reviewer)
    runner.run_all()
    assert not Message.objects.filter(user=reviewer).exists()


def test_job_that_runs_twice_tells_once(tree, person):
    reviewer = person(Role.COUNTY_REVIEWER, tree.pingding, email="r@example.com")
    actions.set_preference(actor=reviewer, email="each", sms=False, quiet=False)
    entry = _write(tree, person(Role.TOWNSHIP_OP, tree.guanshan))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(channels, "email_is_set_up", lambda: True)
        delivery.deliver_entry(entry.pk)
        delivery.deliver_entry(entry.pk)
        runner.run_all()
    assert Message.objects.filter(user=reviewer).count() == 1
    assert Outgoing.objects.filter(user=reviewer).count() == 1


def test_write_that_is_rolled_back_tells_nobody(tree, person):
    person(Role.COUNTY_REVIEWER, tree.pingding)
    actor = person(Role.TOWNSHIP_OP, tree.guanshan)
    with transaction.atomic():
        record("test.done", actor=actor, target=tree.guanshan, unit=tree.guanshan)
        transaction.set_rollback(True)
    runner.run_all()
    assert not Message.objects.exists()


def test_nobody_is_asked_to_do_what_is_done(tree, person, monkeypatch):
    """The request was handled before the job ran: only the next step is told."""
    monkeypatch.setitem(VERBS, "test.submitted", Verb("test.submitted", "送审", tell=Perm.ACTIVITY_REVIEW))
    monkeypatch.setitem(VERBS, "test.passed", Verb("test.passed", "通过", tell=Perm.ACTIVITY_REVIEW))
    reviewer, actor = person(Role.COUNTY_REVIEWER, tree.pingding), person(Role.TOWNSHIP_OP, tree.guanshan)
    for verb, changed in (("test.submitted", []), ("test.passed", ["status"])):
        with transaction.atomic():
            record(verb, actor=actor, target=tree.guanshan, unit=tree.guanshan, changed=changed)
    runner.run_all()
    assert ["通过" in message.title for message in Message.objects.filter(user=reviewer)] == [True]


def test_who_is_told_says_so_before_the_button_is_pressed(tree, person):
    county = person(Role.COUNTY_REVIEWER, tree.pingding, display_name="王敏")
    told = queries.who_is_told("test.done", tree.guanshan, actor=None)
    assert told.count == 1 and "王敏" in told.text
    assert queries.who_is_told("test.done", tree.guanshan, actor=county).count == 0
    assert queries.who_is_told("preference.changed", tree.guanshan).count == 0


def test_broker_away_while_saving_loses_nothing(tree, person, monkeypatch):
    """A write never touches a broker: with every socket refused it still saves; the message comes later."""
    reviewer = person(Role.COUNTY_REVIEWER, tree.pingding)
    actor = person(Role.TOWNSHIP_OP, tree.guanshan)

    def refuse(*args, **kwargs):
        raise ConnectionRefusedError("no broker")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    _write(tree, actor)
    actions.send_sms(to="13800138000", text="已收到")
    with pytest.raises(ConnectionRefusedError):
        runner.dispatch(lambda job_id: socket.create_connection(("127.0.0.1", 1)))
    monkeypatch.undo()
    monkeypatch.setitem(VERBS, "test.done", Verb("test.done", "提交了材料", tell=Perm.ACTIVITY_REVIEW))
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        runner.run_all()
    assert Message.objects.filter(user=reviewer).count() == 1
    assert Outgoing.objects.get().state == State.SENT


# -- outbox ---------------------------------------------------------------------------------------


def test_short_message_is_a_row_first_then_sent_once(tree):
    row = actions.send_sms(
        to="138 0013 8000", text="作品已收到，编号 ZP2026-000001。", about=tree.pingding, key="w1"
    )
    assert actions.send_sms(to="13800138000", text="again", key="w1").pk == row.pk
    assert row.state == State.QUEUED and row.text.startswith("【阳泉妇联】") and row.parts == 1
    runner.run_all()
    row.refresh_from_db()
    assert (row.state, row.tries, row.reference) == (State.SENT, 1, "recorded")
    assert delivery.send(row.pk) == "taken"
    assert queries.recorded_sms("13800138000") == [row.text]
    assert row.masked_to == "138****8000"
    raw = Outgoing.objects.extra(select={"raw": '"to"'}).values_list("raw", flat=True).first()
    assert "13800138000" not in raw


def test_number_that_is_none_fails_without_an_error(tree):
    row = actions.send_sms(to="12345", text="x")
    assert row.state == State.FAILED and row.error
    assert runner.run_all() == 0


def test_long_and_tricky_texts():
    assert rules.sms_parts("字" * 70) == 1
    assert rules.sms_parts("字" * 71) == 2
    assert rules.sms_parts("𠮷" * 36) == 2
    assert rules.sms_text("您好\r\n【银行】点此", "阳泉妇联") == "【阳泉妇联】您好 [银行]点此"


def test_phone_code_is_hidden_and_wiped(tree, settings):
    settings.DEMO = False
    phone_codes.issue("13800138000", "submit", "127.0.0.1")
    row = Outgoing.objects.get()
    assert row.is_secret and "验证码 " in row.text and "验证码 " not in row.shown_text
    runner.run_all()
    row.refresh_from_db()
    assert row.state == State.SENT and row.text == ""


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_one_row_once(tree, monkeypatch):
    row, sent, barrier = actions.send_sms(to="13800138000", text="一次"), [], threading.Barrier(4)
    monkeypatch.setattr(channels.Recorded, "send", lambda self, row: sent.append(row.pk) or "ok")

    def work():
        try:
            barrier.wait(10)
            delivery.send(row.pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sent == [row.pk]


def test_three_failures_and_the_operators_are_told(tree, person, monkeypatch):
    admin = person(Role.SYS_ADMIN, tree.city)

    def broken(self, row):
        raise channels.SendError("gateway answered 502")

    monkeypatch.setattr(channels.Recorded, "send", broken)
    row = actions.send_sms(to="13800138000", text="x", about=tree.pingding)
    moment = timezone.now()
    for _ in range(6):
        moment += timedelta(minutes=30)
        with time_machine.travel(moment):
            runner.run_all()
    row.refresh_from_db()
    assert (row.state, row.tries) == (State.FAILED, 3) and "502" in row.error
    assert Message.objects.filter(user=admin, title__contains="发送失败").count() == 1
    monkeypatch.undo()
    assert actions.send_again([row], actor=admin) == 1
    runner.run_all()
    row.refresh_from_db()
    assert row.state == State.SENT
    assert actions.send_again([row], actor=admin) == 0


def test_managing_needs_the_right(tree, person):
    row = actions.send_sms(to="13800138000", text="x", about=tree.pingding)
    reader = person(Role.CITY_REVIEWER, tree.city)
    for step in (
        lambda: actions.discard([row], actor=reader),
        lambda: actions.send_again([row], actor=reader),
        lambda: actions.edit(row, actor=reader, text="y"),
    ):
        with pytest.raises(PermissionDenied):
            step()
    admin = person(Role.SYS_ADMIN, tree.city)
    assert actions.edit(row, actor=admin, text="改好的字")
    assert actions.discard([row], actor=admin) == 1
    runner.run_all()
    row.refresh_from_db()
    assert row.state == State.DISCARDED and row.text == "【阳泉妇联】改好的字"


def test_sender_that_died_is_brought_back(tree):
    row = actions.send_sms(to="13800138000", text="x")
    Outgoing.objects.filter(pk=row.pk).update(
        state=State.SENDING, claim="dead", claimed_at=timezone.now(), tries=1
    )
    assert delivery.sweep() == 0
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        assert delivery.sweep() == 1
    with time_machine.travel(timezone.now() + timedelta(minutes=10)):
        runner.run_all()
    row.refresh_from_db()
    assert row.state == State.SENT


def test_row_that_lost_its_job_is_brought_back(tree):
    row = actions.send_sms(to="13800138000", text="x")
    Job.objects.all().delete()
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        delivery.sweep()
        runner.run_all()
    row.refresh_from_db()
    assert row.state == State.SENT


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ((22, 30), (7, 8, 0)),
        ((7, 59), (6, 8, 0)),
        ((8, 0), (6, 8, 0)),
        ((20, 59), (6, 20, 59)),
        ((21, 0), (7, 8, 0)),
    ],
)
def test_quiet_hours(at, expected):
    moment = NOON.replace(hour=at[0], minute=at[1])
    left = timezone.localtime(rules.after_quiet_hours(moment))
    assert (left.day, left.hour, left.minute) == expected


def test_message_that_may_wait_waits_for_the_morning(tree):
    with time_machine.travel(NOON.replace(hour=23)):
        row = actions.send_sms(to="13800138000", text="x", may_wait=True)
        assert runner.run_all() == 0
    with time_machine.travel(NOON.replace(hour=8, minute=1) + timedelta(days=1)):
        runner.run_all()
    row.refresh_from_db()
    assert row.state == State.SENT


# -- real SMTP ------------------------------------------------------------------------------------


def test_mail_reaches_a_real_server_once(tree, person, settings):
    user = person(Role.COUNTY_REVIEWER, tree.pingding, email="wang@example.com")
    with mail_sink() as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = sink.server_address
        row = actions.send_email(
            user=user, subject="平定县\n有新的材料", text="正文：请看。", key="k", may_wait=False
        )
        runner.run_all()
        delivery.send(row.pk)
    row.refresh_from_db()
    assert row.state == State.SENT and len(sink.mails) == 1
    mail = email.message_from_bytes(sink.mails[0])
    assert str(make_header(decode_header(mail["Subject"]))) == "平定县 有新的材料"
    assert mail["Message-ID"] == row.reference
    assert "请看" in mail.get_payload(decode=True).decode()


def test_refused_recipient_is_final_and_a_closed_port_is_not(tree, person, settings):
    user = person(Role.COUNTY_REVIEWER, tree.pingding, email="gone@example.com")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with mail_sink() as sink:
        sink.refused.add("gone@")
        settings.EMAIL_HOST, settings.EMAIL_PORT = sink.server_address
        row = actions.send_email(user=user, subject="x", text="y", may_wait=False)
        assert delivery.send(row.pk) == State.FAILED
    settings.EMAIL_PORT = 1
    other = actions.send_email(user=user, subject="x", text="y", may_wait=False)
    assert delivery.send(other.pk) == State.QUEUED
    other.refresh_from_db()
    assert other.error and other.send_after > timezone.now()


def test_no_address_means_no_mail(tree, person, settings):
    settings.EMAIL_HOST = "127.0.0.1"
    assert actions.send_email(user=person(Role.COUNTY_OP, tree.pingding), subject="x", text="y") is None


def test_one_digest_a_day(tree, person, settings):
    settings.EMAIL_HOST = "127.0.0.1"
    user = person(Role.COUNTY_REVIEWER, tree.pingding, email="d@example.com")
    off = person(Role.COUNTY_REVIEWER, tree.pingding, email="off@example.com")
    actions.set_preference(actor=off, email="off", sms=False, quiet=True)
    with time_machine.travel(NOON.replace(hour=7)):
        actions.tell(users=[user, off], title="有材料待审", key="a")
        assert delivery.write_digests() == 0
    with time_machine.travel(NOON):
        assert delivery.write_digests() == 1
        assert delivery.write_digests() == 0
    row = Outgoing.objects.get()
    assert row.user == user and "有材料待审" in row.text
    with time_machine.travel(NOON + timedelta(days=1)):
        assert delivery.write_digests() == 0  # nothing new


# -- SMS gateway ----------------------------------------------------------------------------------


def test_http_gateway_speaks_json_and_fails_softly(tree, settings, monkeypatch):
    import io
    import urllib.error
    import urllib.request

    settings.SMS_GATEWAY, settings.SMS_URL, settings.SMS_TOKEN = "http", "https://sms.example/send", "secret"
    calls = []

    def answer(call, timeout):
        calls.append((call, timeout))
        return io.BytesIO(b'{"id": "g-1"}')

    monkeypatch.setattr(urllib.request, "urlopen", answer)
    row = actions.send_sms(to="13800138000", text="你好")
    assert delivery.send(row.pk) == State.SENT
    row.refresh_from_db()
    assert row.reference == "g-1" and calls[0][1] <= 5
    assert (
        calls[0][0].get_header("Authorization") == "Bearer secret"
        and str(row.public_id).encode() in calls[0][0].data
    )

    def fail(code):
        def refuse(call, timeout):
            raise urllib.error.HTTPError(call.full_url, code, "no", {}, None)

        return refuse

    for code, state in ((503, State.QUEUED), (429, State.QUEUED), (400, State.FAILED)):
        monkeypatch.setattr(urllib.request, "urlopen", fail(code))
        other = actions.send_sms(to="13800138000", text=f"{code}")
        assert delivery.send(other.pk) == state


# -- reminders ------------------------------------------------------------------------------------


def test_reminder_fires_once_across_runs_and_one_broken_kind_stops_no_other(tree, person, monkeypatch):
    user, reviewer = person(Role.COUNTY_OP, tree.pingding), person(Role.COUNTY_REVIEWER, tree.pingding)

    def due(now):
        yield Due("a", "三八节方案还没交", "/staff/", user=user)
        yield Due("b", "有活动待审", perm=Perm.ACTIVITY_REVIEW, unit=tree.guanshan)

    def broken(now):
        raise ValueError("not today")

    monkeypatch.setattr(
        reminders, "REMINDERS", {"x": Reminder("x", "坏的", broken), "t": Reminder("t", "到期提醒", due)}
    )
    runner.run(enqueue("notifications.remind").pk)
    runner.run(enqueue("notifications.remind").pk)
    assert Message.objects.filter(user=user).count() == 1
    assert Message.objects.filter(user=reviewer).count() == 1


def test_what_was_kept_for_the_reader_is_forgotten_after_the_write(tree, person, monkeypatch):
    mine = person(Role.COUNTY_OP, tree.pingding)
    for key in ("a", "b"):
        actions.tell(users=[mine], title="消息", key=key)
    unread = []
    monkeypatch.setattr(actions.kept, "forget", lambda user: unread.append(queries.unread_count(user)))
    actions.mark_read(Message.objects.filter(user=mine).first(), actor=mine)
    actions.mark_all_read(actor=mine, until=timezone.now())
    assert unread == [1, 0]


def test_reading_is_for_oneself(tree, person):
    mine, other = person(Role.COUNTY_OP, tree.pingding), make_user()
    give(other, Role.COUNTY_OP, tree.yuxian)
    actions.tell(users=[mine, other], title="消息", key="a")
    message = Message.objects.get(user=mine)
    actions.mark_read(message, actor=other)
    assert queries.unread_count(mine) == 1
    actions.mark_read(message, actor=mine)
    assert (queries.unread_count(mine), queries.unread_count(other)) == (0, 1)
    assert actions.mark_all_read(actor=other, until=timezone.now()) == 1


def test_urgent_reminder_reaches_the_phone_of_those_who_asked(tree, person, monkeypatch):
    asked, silent = (person(Role.COUNTY_OP, tree.pingding, phone=f"1380013800{n}") for n in range(2))
    actions.set_preference(actor=asked, email="off", sms=True, quiet=True)

    def due(now):
        for user in (asked, silent):
            yield Due(f"{user.pk}", "来信已超过答复期限", user=user, urgent=True)

    monkeypatch.setattr(reminders, "REMINDERS", {"u": Reminder("u", "超期", due)})
    reminders.run()
    reminders.run()
    row = Outgoing.objects.get()
    assert row.user == asked and row.send_after == rules.after_quiet_hours(row.send_after)
