"""City issues a task to six county units → three answer → next morning exactly the others are red and reminded once."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from campaigns.tasks import actions
from campaigns.tasks.models import Task, TaskCopy, TaskNotice
from campaigns.tasks.rules import Stage
from portal.access.roles import Role
from portal.jobs.runner import run_all
from portal.notifications import reminders
from portal.notifications.models import Message
from portal.units.models import Level
from tests.factories.people import make_user
from tests.factories.tasks import task_form
from tests.factories.units import make_unit

NEW = "/staff/tasks/new/"


def _client(user):
    client = Client()
    client.force_login(user, backend="portal.accounts.backends.PortalBackend")
    return client


@pytest.fixture
def six(tree):
    """Six county-level units with one person each."""
    more = [
        make_unit(tree.city, no, name, Level.COUNTY)
        for no, name in (("140302000000", "城区"), ("140303000000", "矿区"), ("140311000000", "郊区"))
    ]
    units = [tree.pingding, tree.yuxian, tree.zone, *more]
    return [(unit, make_user(Role.COUNTY_OP, unit)) for unit in units]


def test_three_answer_and_exactly_the_other_three_are_red_and_reminded_once(signed_in, tree, six):
    city = signed_in(Role.CITY_OP, tree.city)
    due = timezone.localdate() + timedelta(days=5)
    answer = city.post(NEW, task_form(due_on=due.isoformat()))
    task = Task.objects.get()
    assert answer.url == f"/staff/tasks/{task.pk}/preview/"
    page = city.get(answer.url).content.decode()
    assert "下达给 6 个单位" in page
    assert not TaskCopy.objects.exists()
    assert city.post(f"/staff/tasks/{task.pk}/issue/").status_code == 302
    run_all()
    assert TaskCopy.objects.count() == 6
    for _unit, user in six:
        assert Message.objects.filter(user=user, title__contains="新任务").count() == 1

    for unit, user in six[:3]:
        copy = TaskCopy.objects.get(unit=unit)
        client, items = _client(user), [item.pk for item in task.items.all()]
        assert client.get(f"/staff/tasks/copies/{copy.pk}/").status_code == 200
        said = {"text": "已转发到各乡镇，上报 12 件。", "items": items, "act": "finish"}
        assert client.post(f"/staff/tasks/copies/{copy.pk}/answer/", said).status_code == 302
        copy.refresh_from_db()
        assert copy.status == "done"

    morning = timezone.make_aware(
        timezone.datetime.combine(due + timedelta(days=1), timezone.datetime.min.time())
    )
    with time_machine.travel(morning + timedelta(hours=8), tick=False):
        # The job has not run on the days before: only the reminder that belongs to this morning goes out.
        for _twice in range(2):
            actions.chase()
            reminders.run()
        city = _client(city.user)
        page = city.get(f"/staff/tasks/{task.pk}/").context
        red = [row.unit for row in page["gaps"] if row.light.tone == "bad"]
        assert red == [unit for unit, _user in sorted(six[3:], key=lambda pair: pair[0].path)]
        assert [row.unit for row in page["gaps"]][:3] == red
        assert len(page["gaps"]) == 6  # the answered ones wait for the check
        rows = city.get("/staff/tasks/copies/?box=overdue").context["page"].rows
        assert {row.obj.unit for row in rows} == set(red)
        for _unit, user in six[3:]:
            assert Message.objects.filter(user=user, text__contains="逾期提醒").count() == 1
        for _unit, user in six[:3]:
            assert not Message.objects.filter(user=user, title="任务提醒").exists()
    assert TaskNotice.objects.filter(stage=Stage.OVERDUE).count() == 3
    assert set(TaskNotice.objects.filter(stage=Stage.OVERDUE).values_list("copy__unit", flat=True)) == {
        unit.pk for unit in red
    }
