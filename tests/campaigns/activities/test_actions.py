"""Writes of activities: success beside refusal."""

import itertools
import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connections, transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.activities import actions, bulk, queries, rules
from campaigns.activities.models import Activity
from campaigns.activities.numbers import allocate
from campaigns.activities.rules import TRANSITIONS, Status
from portal.access.roles import Role
from portal.access.scope import scope_of
from portal.journal.models import JournalEntry
from portal.reviews.models import StatusChange
from portal.reviews.workflow import SamePerson, StaleState, WorkflowError
from portal.units.models import Unit
from tests.factories.activities import make_activity
from tests.factories.people import make_user


def _fields(**fields):
    values = {
        "title": "家风宣讲",
        "kind": "talk",
        "starts_at": timezone.now() - timedelta(days=2),
        "place": "文化站",
        "headcount": 60,
    }
    return values | fields


@pytest.fixture
def village(person, tree):
    return person(Role.VILLAGE_OP, tree.dongguan)


@pytest.fixture
def reviewer(person, tree):
    return person(Role.COUNTY_REVIEWER, tree.pingding)


def test_log_writes_row_number_and_journal(village, tree):
    activity = actions.log_activity(
        actor=village, unit=tree.dongguan, fields=_fields(), partners=["新华书店", "新华书店 "]
    )
    assert activity.no == f"HD{timezone.localdate().year}-000001"
    assert activity.partners.count() == 1
    entry = JournalEntry.objects.get(verb="activity.logged")
    assert (entry.unit, entry.target_id) == (tree.dongguan, str(activity.pk))


@pytest.mark.parametrize(
    "role", [Role.COUNTY_REVIEWER, Role.COUNTY_LEADER, Role.PROVINCE_VIEWER, Role.EDITOR]
)
def test_log_is_refused_without_the_permission(person, tree, role):
    with pytest.raises(PermissionDenied):
        actions.log_activity(actor=person(role, tree.pingding), unit=tree.pingding, fields=_fields())
    assert not Activity.objects.exists()


def test_log_is_refused_for_another_unit(village, tree):
    for unit in (tree.nanguan, tree.guanshan, tree.xiushui):
        with pytest.raises(PermissionDenied):
            actions.log_activity(actor=village, unit=unit, fields=_fields())


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"headcount": 50_001}, "headcount"), ({"headcount": -1}, "headcount"), ({"title": " "}, "title"),
        ({"ends_at": timezone.now() - timedelta(days=9)}, "ends_at"), ({"starts_at": None}, "starts_at"),
        ({"online_visits": -5}, "online_visits"), ({"sessions": 0}, "sessions"),
    ],
)  # fmt: skip
def test_impossible_values_are_refused_by_the_action_too(village, tree, fields, field):
    with pytest.raises(ValidationError) as caught:
        actions.log_activity(actor=village, unit=tree.dongguan, fields=_fields(**fields))
    assert field in caught.value.message_dict


def test_closed_unit_is_refused(village, tree):
    Unit.objects.filter(pk=tree.dongguan.pk).update(closed_on=timezone.localdate())
    tree.dongguan.refresh_from_db()
    with pytest.raises(ValidationError) as caught:
        actions.log_activity(actor=village, unit=tree.dongguan, fields=_fields())
    assert "unit" in caught.value.message_dict


def test_token_gives_the_first_record_back_but_not_to_others(village, person, tree):
    first = actions.log_activity(actor=village, unit=tree.dongguan, fields=_fields(), client_token="a" * 36)
    again = actions.log_activity(
        actor=village, unit=tree.dongguan, fields=_fields(title="别的"), client_token="a" * 36
    )
    assert again.pk == first.pk
    other = person(Role.VILLAGE_OP, tree.dongguan)
    with pytest.raises(PermissionDenied):
        actions.log_activity(actor=other, unit=tree.dongguan, fields=_fields(), client_token="a" * 36)


def test_submit_approve_archive(village, reviewer, person, tree):
    activity = actions.log_activity(actor=village, unit=tree.dongguan, fields=_fields(), submit=True)
    actions.step(actor=reviewer, activity=activity, name="approve")
    assert activity.status == Status.COUNTY_OK
    actions.step(actor=person(Role.CITY_REVIEWER, tree.city), activity=activity, name="archive")
    activity.refresh_from_db()
    assert activity.status == Status.CITY_OK
    steps = list(StatusChange.objects.values_list("step", flat=True))
    assert steps == ["submit", "approve", "archive"]
    verbs = set(JournalEntry.objects.values_list("verb", flat=True))
    assert {"activity.logged", "activity.submitted", "activity.approved", "activity.archived"} <= verbs


def test_return_needs_a_reason_and_comes_back(village, reviewer, tree):
    activity = make_activity(tree.dongguan, village, status="submitted")
    with pytest.raises(WorkflowError, match="理由"):
        actions.step(actor=reviewer, activity=activity, name="return", reason="  ")
    actions.step(actor=reviewer, activity=activity, name="return", reason="请补充人数来源")
    assert activity.status == Status.RETURNED
    actions.step(actor=village, activity=activity, name="submit")
    assert activity.status == Status.SUBMITTED


def test_nobody_approves_what_they_wrote_or_sent(tree):
    both = make_user(Role.CITY_OP, tree.city)
    from tests.factories.people import give

    give(both, Role.CITY_REVIEWER, tree.city)
    wrote = make_activity(tree.city, both, status="submitted", submitted_by=make_user())
    sent = make_activity(tree.city, make_user(), status="submitted", submitted_by=both)
    for activity in (wrote, sent):
        with pytest.raises(SamePerson):
            actions.step(actor=both, activity=activity, name="approve")
        assert not queries.steps(activity, scope_of(both), "approve")
    assert not queries.to_review(scope_of(both)).exists()


def test_where_a_unit_has_one_person_the_unit_above_decides(village, person, tree):
    activity = make_activity(tree.dongguan, village, status="submitted")
    actions.step(actor=person(Role.CITY_REVIEWER, tree.city), activity=activity, name="approve")
    assert activity.status == Status.COUNTY_OK


def test_reviewer_of_another_county_is_refused(village, person, tree):
    activity = make_activity(tree.dongguan, village, status="submitted")
    with pytest.raises(PermissionDenied):
        actions.step(actor=person(Role.COUNTY_REVIEWER, tree.yuxian), activity=activity, name="approve")


def test_joint_unit_sees_the_record_but_does_not_decide(village, person, tree):
    activity = make_activity(tree.pingding, village, status="submitted")
    activity.co_units.add(tree.yuxian)
    other = person(Role.COUNTY_REVIEWER, tree.yuxian)
    assert queries.visible(scope_of(other)).filter(pk=activity.pk).exists()
    assert not queries.steps(activity, scope_of(other))
    with pytest.raises(PermissionDenied):
        actions.step(actor=other, activity=activity, name="approve")
    logger = person(Role.COUNTY_OP, tree.yuxian)
    with pytest.raises(PermissionDenied):
        actions.edit_activity(actor=logger, activity=activity, version=1, fields=_fields())


def test_joint_activity_counts_once_above_and_for_each_unit(village, tree):
    activity = make_activity(tree.pingding, village, status="county_ok")
    activity.co_units.add(tree.yuxian, tree.zone)
    for unit in (tree.pingding, tree.yuxian, tree.city):
        below = Unit.objects.filter(path__startswith=unit.path)
        assert queries.counted(below).count() == 1
    assert queries.counted(Unit.objects.filter(path__startswith=tree.office.path)).count() == 0


def test_only_approved_states_count(village, tree):
    for status in Status.values:
        make_activity(tree.dongguan, village, status=status)
    below = Unit.objects.filter(path__startswith=tree.city.path)
    assert {row.status for row in queries.counted(below)} == {"county_ok", "city_ok"}
    assert [row.status for row in queries.waiting(below)] == ["submitted"]


def test_incomplete_hand_made_record_is_not_submitted_from_the_list(village, tree):
    activity = make_activity(tree.dongguan, village, headcount=None)
    with pytest.raises(WorkflowError, match="参加人数"):
        actions.step(actor=village, activity=activity, name="submit")
    demo = make_activity(
        tree.dongguan, village, headcount=None, source="demo", starts_at=timezone.now() - timedelta(days=400)
    )
    actions.step(actor=village, activity=demo, name="submit")
    assert demo.status == Status.SUBMITTED


def test_published_record_is_not_returned_before_it_is_taken_down(village, reviewer, tree):
    activity = make_activity(tree.dongguan, village, status="county_ok", is_published=True)
    with pytest.raises(WorkflowError, match="先撤下"):
        actions.step(actor=reviewer, activity=activity, name="return", reason="有误")


def test_unapproved_record_cannot_be_shown_in_public(village, tree):
    activity = make_activity(tree.dongguan, village, status="submitted")
    with pytest.raises(WorkflowError):
        actions.show_in_public(actor=village, activity=activity)


def test_draft_can_be_discarded_a_submitted_one_not(village, tree):
    draft = make_activity(tree.dongguan, village)
    sent = make_activity(tree.dongguan, village, status="submitted")
    actions.discard_draft(actor=village, activity=draft)
    with pytest.raises(StaleState):
        actions.discard_draft(actor=village, activity=sent)
    assert list(Activity.objects.all()) == [sent]
    assert JournalEntry.objects.filter(verb="activity.discarded").exists()


def test_similar_records_of_one_day_are_explained(village, tree):
    first = make_activity(tree.dongguan, village, title="家风宣讲进东关社区")
    twin = make_activity(tree.dongguan, village, title="家风宣讲 进东关社区！", starts_at=first.starts_at)
    make_activity(tree.dongguan, village, title="剪纸活动", starts_at=first.starts_at)
    make_activity(tree.nanguan, village, title="家风宣讲进东关社区", starts_at=first.starts_at)
    assert queries.alike(first) == [twin]


@pytest.mark.parametrize("name", sorted(TRANSITIONS))
def test_every_step_has_permission_verb_and_label(name):
    row = TRANSITIONS[name]
    assert row.perm is not None
    assert row.verb.startswith("activity.")
    assert str(row.label)
    if row.target in rules.COUNTED:
        assert row.not_by == rules.OTHER_PERSON


def test_every_state_can_be_reached():
    reached = {Status.DRAFT}
    for _round in Status.values:
        reached |= {row.target for row in TRANSITIONS.values() if row.sources & reached}
    assert reached == set(Status)


@settings(max_examples=30)
@given(path=st.lists(st.sampled_from(sorted(TRANSITIONS)), max_size=8))
def test_no_order_of_steps_leaves_the_table(tree, path):
    """Whatever is tried in whatever order, the record is in a known state and its history is unbroken."""
    author, second = make_user(Role.CITY_OP, tree.city), make_user(Role.CITY_REVIEWER, tree.city)
    activity = make_activity(tree.city, author)
    for name in path:
        before = activity.status
        actor = second if name in rules.REVIEW_STEPS else author
        allowed = before in TRANSITIONS[name].sources
        try:
            actions.step(actor=actor, activity=activity, name=name, reason="核对")
        except StaleState:
            assert not allowed
            assert activity.status == before
        else:
            assert allowed
            assert activity.status == TRANSITIONS[name].target
    history = list(StatusChange.objects.filter(target_id=activity.pk).values_list("before", "after"))
    assert all(left[1] == right[0] for left, right in itertools.pairwise(history))
    assert activity.status == (history[-1][1] if history else Status.DRAFT)


def _threads(count, work):
    errors, results, gate = [], [], threading.Barrier(count)

    def go(number):
        try:
            gate.wait(10)
            results.append(work(number))
        except Exception as error:  # noqa: BLE001 – the test looks at what was raised
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results, errors


@pytest.mark.django_db(transaction=True)
def test_two_reviewers_at_once_one_wins_the_other_is_told(person, tree):
    activity = make_activity(tree.dongguan, make_user(), status="submitted")
    people = [person(Role.COUNTY_REVIEWER, tree.pingding), person(Role.COUNTY_REVIEWER, tree.pingding)]
    names = ["approve", "return"]

    def work(number):
        row = Activity.objects.select_related("unit").get(pk=activity.pk)
        return actions.step(actor=people[number], activity=row, name=names[number], reason="核对").status

    results, errors = _threads(2, work)
    # "return" also starts from COUNTY_OK, so that it may follow an approval; never is one lost in silence.
    assert len(results) + len(errors) == 2
    assert all(isinstance(error, StaleState) for error in errors)
    assert StatusChange.objects.filter(target_id=activity.pk).count() == len(results)


@pytest.mark.django_db(transaction=True)
def test_two_approvals_at_once_are_one(person, tree):
    activity = make_activity(tree.dongguan, make_user(), status="submitted")
    people = [person(Role.COUNTY_REVIEWER, tree.pingding) for _ in range(3)]

    def work(number):
        row = Activity.objects.select_related("unit").get(pk=activity.pk)
        return actions.step(actor=people[number], activity=row, name="approve").status

    results, errors = _threads(3, work)
    assert len(results) == 1
    assert [type(error) for error in errors] == [StaleState, StaleState]


@pytest.mark.django_db(transaction=True)
def test_numbers_are_unique_under_threads(tree):
    def work(number):
        found = []
        for _round in range(5):
            with transaction.atomic():
                found += allocate(2031, 2)
        return found

    results, errors = _threads(4, work)
    numbers = [no for part in results for no in part]
    assert not errors
    assert sorted(numbers) == [f"HD2031-{number:06d}" for number in range(1, 41)]


@pytest.mark.django_db(transaction=True)
def test_same_form_posted_in_parallel_is_one_record(person, tree):
    village = person(Role.VILLAGE_OP, tree.dongguan)

    def work(number):
        return actions.log_activity(
            actor=village, unit=tree.dongguan, fields=_fields(), client_token="b" * 36, submit=True
        ).no

    results, errors = _threads(3, work)
    assert not errors
    assert len(set(results)) == 1
    assert Activity.objects.count() == 1
    assert StatusChange.objects.count() == 1


def test_bulk_goes_on_past_what_cannot_go(village, reviewer, tree):
    ready = [make_activity(tree.dongguan, village, status="submitted") for _ in range(3)]
    own = make_activity(tree.dongguan, reviewer, status="submitted")
    done = make_activity(tree.dongguan, village, status="city_ok")
    outcome = bulk.run(Activity.objects.all(), "approve", actor=reviewer)
    assert outcome.done == 3
    assert sum(outcome.skipped.values()) == 2
    assert Activity.objects.filter(pk__in=[row.pk for row in ready], status="county_ok").count() == 3
    own.refresh_from_db()
    assert own.status == "submitted"
    again = bulk.run(Activity.objects.all(), "approve", actor=reviewer)
    assert again.done == 0
    assert done.status == "city_ok"
