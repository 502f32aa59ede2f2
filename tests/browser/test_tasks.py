"""City issues a task to six county units → three answer → next morning exactly the others are red and reminded once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.tasks import actions
from campaigns.tasks.models import Task, TaskCopy
from portal.access.roles import Role
from portal.jobs.runner import run_all
from portal.notifications import reminders
from portal.notifications.models import Message
from portal.units.models import Level
from tests.browser.conftest import PHONE, WIDE
from tests.factories.people import PASSWORD, make_user
from tests.factories.units import make_unit


@pytest.fixture
def six(place):
    """The six county-level units with one person each, and the city's."""
    more = [
        make_unit(place.city, no, name, Level.COUNTY)
        for no, name in (("140302000000", "城区"), ("140303000000", "矿区"), ("140311000000", "郊区"))
    ]
    city = make_user(Role.CITY_OP, place.city, username="citytasks")
    units = [place.pingding, place.yuxian, place.zone, *more]
    return city, [(unit, make_user(Role.COUNTY_OP, unit)) for unit in units]


def _sign_in(page, user):
    page.goto("/accounts/login/")
    page.fill("[name=username]", user.username)
    page.fill("[name=password]", PASSWORD)
    page.click("form button[type=submit]")
    page.wait_for_url("**/staff/**")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_from_issuing_to_the_red_ones_next_morning(open_page, six, scripts):
    city, people = six
    page = open_page(WIDE, scripts=scripts)
    _sign_in(page, city)
    page.goto("/staff/tasks/new/")
    page.fill("[name=title]", "家庭助廉作品征集通知")
    page.fill("[name=due_on]", (timezone.localdate() + timedelta(days=4)).isoformat())
    page.fill("[name=items_text]", "转发通知\n报送作品 | 家儿部")
    page.locator("[name=levels][value='3']").check()
    page.click("button[name=act][value=preview]")
    page.wait_for_url("**/preview/")
    assert "下达给 6 个单位" in page.inner_text("main")
    assert "6 位经办人" in page.inner_text("main")
    page.click("form[action$='/issue/'] button")
    page.wait_for_url(f"**/staff/tasks/{Task.objects.get().pk}/")
    run_all()

    for number, (unit, user) in enumerate(people[:3]):
        phone = open_page(PHONE, scripts=scripts)
        _sign_in(phone, user)
        phone.goto("/staff/tasks/")
        phone.click("text=家庭助廉作品征集通知")
        if number == 0:
            phone.click("button:has-text('签收')")
        phone.locator("[name=items]").first.check()
        phone.fill("textarea[name=text]", f"{unit.short_name}已转发，报送 12 件。")
        phone.click("button[name=act][value=finish]")
        phone.wait_for_selector("text=等下达单位检查")
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390

    # The night passes: the dates move instead of the browser's clock.
    yesterday = timezone.localdate() - timedelta(days=1)
    Task.objects.update(due_on=yesterday)
    TaskCopy.objects.update(due_on=yesterday)
    for _twice in range(2):
        actions.chase()
        reminders.run()
    page.reload()
    red = page.locator(".task.is-bad h3").all_inner_texts()
    assert sorted(red) == sorted(unit.short_name for unit, _user in people[3:])
    assert "逾期 1 天" in page.locator(".task.is-bad").first.inner_text()
    for _unit, user in people[3:]:
        assert Message.objects.filter(user=user, text__contains="逾期提醒").count() == 1
    for _unit, user in people[:3]:
        assert not Message.objects.filter(user=user, text__contains="逾期提醒").exists()
