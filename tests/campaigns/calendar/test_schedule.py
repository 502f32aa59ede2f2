"""按节前日期排期: one episode before each ticked key date, once."""

from datetime import date
from uuid import uuid4

import time_machine

from campaigns.series.models import Episode
from portal.access.roles import Role
from tests.factories.calendar import make_node
from tests.factories.series import make_episode, make_series


@time_machine.travel("2026-04-10T09:00:00+08:00", tick=False)
def test_a_brief_gets_one_episode_before_each_festival_once(tree, signed_in):
    labour = make_node(tree.city, date(2026, 5, 1), name="劳动节", with_reminder=True)
    soon = make_node(tree.city, date(2026, 4, 13), name="近日", with_reminder=True)
    autumn = make_node(tree.city, date(2026, 10, 1), name="国庆节", with_reminder=True)
    make_node(tree.city, date(2026, 3, 8), name="妇女节")
    make_node(tree.city, date(2026, 6, 1), name="儿童节")
    series = make_series(tree.city, kind="brief", title="妇廉纪语", planned=5)
    make_episode(series, 1, topic="已有")
    city, url = signed_in(Role.CITY_OP, tree.city), f"/staff/calendar/series/{series.slug}/"
    assert url in city.get("/staff/calendar/series/").content.decode()
    assert url in city.get(series.staff_url).content.decode()
    form = city.get(url).context["form"]
    assert form.fields["nodes"].initial == [str(soon.pk), str(labour.pk), str(autumn.pk)]  # 妇女节 is over
    data = {"days_before": "7", "nodes": form.fields["nodes"].initial, "form_token": str(uuid4())}
    for _again in range(2):
        assert city.post(url, data).url == series.staff_url
    city.post(url, data | {"form_token": str(uuid4())})  # a second visit adds nothing that is there
    made = Episode.objects.filter(series=series, number__gt=1).order_by("number")
    assert [(row.number, row.due_on, row.topic) for row in made] == [
        (2, date(2026, 4, 24), "劳动节节前廉洁提醒"),
        (3, date(2026, 9, 24), "国庆节节前廉洁提醒"),
    ]


@time_machine.travel("2026-04-10T09:00:00+08:00", tick=False)
def test_what_is_missing_is_said_at_the_field_and_others_stay_out(tree, signed_in):
    make_node(tree.city, date(2026, 5, 1), name="劳动节")
    series = make_series(tree.city, kind="brief")
    closed = make_series(tree.city, status="closed")
    city, url = signed_in(Role.CITY_OP, tree.city), f"/staff/calendar/series/{series.slug}/"
    answer = city.post(url, {"days_before": "-1", "form_token": str(uuid4())})
    assert answer.status_code == 422
    assert "请至少选一个节点" in answer.content.decode()
    assert not Episode.objects.exists()
    assert city.get(f"/staff/calendar/series/{closed.slug}/").status_code == 404
    assert signed_in(Role.COUNTY_OP, tree.yuxian).get(url).status_code == 404
    assert signed_in(Role.VILLAGE_OP, tree.dongguan).get(url).status_code == 403
