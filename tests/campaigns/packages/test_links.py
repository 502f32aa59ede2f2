"""Every slice's records fulfil items: counted below, between the days, with a fixed number of queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns.calendar.models import ReminderRound
from campaigns.packages import queries
from campaigns.packages.registry import FULFILMENTS
from campaigns.packages.rules import PATTERNS
from campaigns.pledges.models import Handout
from campaigns.quizzes.models import Attempt, Quiz
from campaigns.venues.models import VenueCheck
from portal.access.roles import Role
from portal.units.models import Unit
from tests.factories import calendar, materials, pledges, series, stories, venues, visits, works
from tests.factories.activities import make_activity
from tests.factories.planning import make_package


def _quiz(unit):
    number = Quiz.objects.count()
    return Quiz.objects.create(
        slug=f"q-{number}", title="问答", unit=unit, status="approved", opens_on=timezone.localdate()
    )


def _participation(unit):
    quiz, now = _quiz(unit), timezone.now()
    code = f"c{Attempt.objects.count()}"
    return Attempt.objects.create(
        quiz=quiz, unit=unit, mode="contest", code_hash=code, seed="1", submitted_at=now, score=80
    )


def _sms(unit):
    row = calendar.make_reminder(
        unit, timezone.localdate() + timedelta(days=5), channel="sms", status="approved", days=(7,)
    )
    ReminderRound.objects.filter(campaign=row).update(sent_at=timezone.now(), targets=9)
    return row


def _handout(unit):
    letter = pledges.make_letter(unit)
    return Handout.objects.create(
        initiative=letter, unit=unit, given_on=timezone.localdate(), copies=40, sms_count=25
    )


def _check(unit):
    now = timezone.localtime()
    return VenueCheck.objects.create(
        venue=venues.make_venue(unit), unit=unit, on=now.date(), at=now, result="good"
    )


def _work(unit):
    work = works.make_work(works.make_call(unit), unit)
    type(work).objects.filter(pk=work.pk).update(status="accepted")
    return work


MAKE = {
    ("visits.households", "", 2): visits.make_visit,
    ("visits.households", "ordinary", 2): visits.make_visit,
    ("visits.households", "needy", 0): visits.make_visit,
    ("pledges.households", "", 10): lambda unit: pledges.make_batch(pledges.make_template(unit), unit),
    ("pledges.people", "", 30): lambda unit: pledges.make_batch(pledges.make_template(unit), unit),
    ("pledges.copies", "", 40): _handout,
    ("pledges.sms", "", 25): _handout,
    ("series.episodes", "column", 1): lambda unit: series.make_episode(series.make_series(unit), 1, status="published"),
    ("series.episodes", "", 0): lambda unit: series.make_episode(series.make_series(unit), 1),
    ("materials.placements", "handed_out", 1): lambda unit: materials.make_placement(materials.make_material(unit)),
    ("materials.copies", "", 100): lambda unit: materials.make_placement(materials.make_material(unit)),
    ("materials.viewings", "", 1): lambda unit: materials.make_viewing(materials.make_film(unit)),
    ("venues.checks", "", 1): _check,
    ("venues.visits", "", 1): lambda unit: venues.make_visit(
        venues.make_venue(unit), status="visited", came=5, starts_at=timezone.now() - timedelta(hours=2)
    ),
    ("venues.bases", "", 1): lambda unit: venues.make_base(
        venues.make_batch(unit), venues.make_venue(unit), status="named"
    ),
    ("stories.published", "news", 1): stories.make_story,
    ("stories.published", "", 0): lambda unit: stories.make_story(unit, status="draft"),
    ("calendar.reminders", "sms", 1): _sms,
    ("calendar.reminders", "letter", 0): _sms,
    ("quizzes.held", "", 1): _quiz,
    ("quizzes.participations", "", 1): _participation,
    ("works.received", "", 1): _work,
    ("works.calls", "", 1): works.make_call,
}  # fmt: skip


def _span():
    today = timezone.localdate()
    return today - timedelta(days=3), today


@pytest.mark.parametrize(("code", "option", "each"), list(MAKE), ids=str)
def test_records_count_below_between_the_days(tree, code, option, each):
    MAKE[code, option, each](tree.xiushui)
    way, units, (start, end) = FULFILMENTS[code], [tree.city.pk, tree.yuxian.pk, tree.pingding.pk], _span()
    assert way.counts(units, start, end, [option])[option] == dict(zip(units, (each, each, 0), strict=True))
    assert way.count(units, start, end, option)[tree.yuxian.pk] == each
    old = way.counts(units, start - timedelta(days=60), end - timedelta(days=40), [option])[option]
    assert set(old.values()) == {0}


@pytest.mark.parametrize(("code", "option", "each"), [key for key in MAKE if key[2]], ids=str)
def test_queries_do_not_grow_with_units_options_or_rows(tree, code, option, each):
    way, (start, end) = FULFILMENTS[code], _span()

    def cost(units, options):
        with CaptureQueriesContext(connection) as caught:
            found = way.counts([unit.pk for unit in units], start, end, options)
        return len(caught), found

    MAKE[code, option, each](tree.xiushui)
    one, _found = cost([tree.yuxian], [option])
    for unit in (tree.guanshan, tree.dongguan):
        MAKE[code, option, each](unit)
    three, found = cost([tree.yuxian, tree.pingding, tree.city], [option, ""])
    assert (one, three) == (2, 2)
    assert found[""][tree.city.pk] == 3 * each


def test_ready_made_packages_name_what_there_is():
    for pattern in PATTERNS.values():
        for line in pattern.lines:
            assert line.fulfilment in FULFILMENTS, line.name


@pytest.mark.django_db
def test_options_of_the_patterns_exist(tree):
    for pattern in PATTERNS.values():
        for line in pattern.lines:
            assert line.option in dict(FULFILMENTS[line.fulfilment].options()), line.name


def test_every_number_of_a_package_opens_a_list(tree, signed_in):
    pattern = PATTERNS["seven"]
    items = tuple((line.name, line.fulfilment, line.option, 1) for line in pattern.lines)
    package = make_package(tree.yuxian, tree.xiushui, items=items)
    visits.make_visit(tree.xiushui)
    pledges.make_batch(pledges.make_template(tree.yuxian), tree.xiushui)
    county = signed_in(Role.COUNTY_OP, tree.yuxian)
    line = queries.matrix(package, Unit.objects.filter(pk=tree.xiushui.pk)).lines[0]
    assert [cell.is_done for cell in line.cells[:3]] == [True, True, False]
    for cell in line.cells:
        assert not cell.counted or county.get(cell.url).status_code == 200, cell.url


def test_what_nothing_proves_is_shown_as_not_counted_instead_of_a_wrong_figure(tree, signed_in):
    items = (("评选一批清廉家庭", "packages.not_counted", "", 1), ("一场宣传", "activities.kind", "theme", 1))
    package = make_package(tree.yuxian, tree.xiushui, items=items)
    [line] = queries.matrix(package, Unit.objects.filter(pk=tree.xiushui.pk)).lines
    assert [(cell.counted, cell.left) for cell in line.cells] == [(False, 0), (True, 1)]
    assert (line.done, line.out_of, [cell.item.name for cell in line.missing]) == (0, 1, ["一场宣传"])
    make_activity(tree.xiushui, kind="theme", status="county_ok")
    [line] = queries.matrix(package, Unit.objects.filter(pk=tree.xiushui.pk)).lines
    assert (line.done, line.out_of, line.is_done) == (1, 1, True)
    page = signed_in(Role.COUNTY_OP, tree.yuxian).get(package.staff_url).content.decode()
    assert "暂不计数" in page and "1/1" in page


def test_every_link_opens_for_the_county(tree, signed_in):
    county, (start, end) = signed_in(Role.COUNTY_OP, tree.yuxian), _span()
    for code, way in FULFILMENTS.items():
        for option, _words in list(way.options())[:2]:
            url = way.link(tree.yuxian, start, end, option)
            assert (not url and code == "works.calls") or county.get(url).status_code == 200, code


def test_a_letter_counts_once_people_wrote_down_how_many_it_reached(tree):
    row = calendar.make_reminder(
        tree.yuxian, timezone.localdate() + timedelta(days=5), channel="letter", days=(7,), status="approved"
    )
    rounds = ReminderRound.objects.filter(campaign=row)
    rounds.update(sent_at=timezone.now(), targets=9)
    way, (start, end) = FULFILMENTS["calendar.reminders"], _span()
    assert way.count([tree.yuxian.pk], start, end, "letter") == {tree.yuxian.pk: 0}
    rounds.update(told_at=timezone.now())
    assert way.count([tree.yuxian.pk], start, end, "letter") == {tree.yuxian.pk: 1}
