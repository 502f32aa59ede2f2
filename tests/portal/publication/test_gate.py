"""Two different people read everything before the public does."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connections, transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.access.actors import SYSTEM, Visitor
from portal.access.roles import Role
from portal.access.scope import scope_of
from portal.jobs import runner
from portal.jobs.actions import enqueue
from portal.publication import actions, queries, registry, rules
from portal.publication.models import Publication, PublicCopy, WatchWord
from portal.publication.rules import Status
from portal.reviews.queries import history_of
from portal.reviews.workflow import SamePerson, StaleState, WorkflowError
from portal.units.models import UnitChange
from tests.factories.people import give, make_user
from tests.factories.publication import ALL_ANSWERS, install, make_content, published


@pytest.fixture(autouse=True)
def _kind(monkeypatch):
    monkeypatch.setattr(registry, "CONTENT_TYPES", dict(registry.CONTENT_TYPES))
    install()


@pytest.fixture
def people(tree, person):
    class People:
        author = person(Role.COUNTY_OP, tree.pingding)
        editor = person(Role.EDITOR, tree.city)
        checker = person(Role.CHECKER, tree.city)
        publisher = person(Role.PUBLISHER, tree.city)
        outsider = person(Role.EDITOR, tree.yuxian)

    return People


@pytest.fixture
def row(tree, people):
    return actions.request(make_content(tree.pingding, author=people.author), actor=people.author)


def test_two_people_bring_it_to_the_public_page(row, people):
    obj = row.target
    assert not queries.is_published(obj)
    actions.pass_edit(row, actor=people.editor, answers=ALL_ANSWERS)
    assert row.waits_for == "待审发" and not queries.is_published(obj)
    actions.publish(row, actor=people.publisher, answers=ALL_ANSWERS)
    assert queries.is_published(obj)
    assert list(UnitChange.objects.filter(pk__in=queries.published_ids("note"))) == [obj]
    assert [step.step for step in history_of(row)] == ["edit2", "publish2"]
    assert PublicCopy.objects.get(publication=row).snapshot["text"] == "传家训，立家规。"


def test_third_level_is_asked_for_where_the_kind_says_so(tree, people):
    install(levels=3)
    row = actions.request(make_content(tree.pingding, author=people.author), actor=people.author)
    actions.pass_edit(row, actor=people.editor, answers=ALL_ANSWERS)
    with pytest.raises(StaleState):
        actions.publish(row, actor=people.publisher, answers=ALL_ANSWERS)
    actions.pass_check(row, actor=people.checker, answers=ALL_ANSWERS)
    actions.publish(row, actor=people.publisher, answers=ALL_ANSWERS)
    assert row.status == Status.PUBLISHED


def test_outsider_and_wrong_role_are_refused(row, people):
    for stranger in (people.outsider, people.publisher, people.author):
        with pytest.raises(PermissionDenied):
            actions.pass_edit(row, actor=stranger, answers=ALL_ANSWERS)
    assert not queries.visible(scope_of(people.outsider)).exists()


def test_asking_needs_the_right_to_submit_there(tree, people):
    obj = make_content(tree.yuxian)
    with pytest.raises(PermissionDenied):
        actions.request(obj, actor=people.author)
    assert actions.request(obj, actor=SYSTEM).status == Status.REQUESTED


def test_who_wrote_or_read_it_cannot_publish_it(tree, people):
    everything = make_user(Role.EDITOR, tree.city)
    give(everything, Role.PUBLISHER, tree.city)
    row = actions.request(make_content(tree.pingding, author=everything), actor=people.author)
    with pytest.raises(SamePerson):
        actions.pass_edit(row, actor=everything, answers=ALL_ANSWERS)
    other = actions.request(make_content(tree.pingding, author=people.author), actor=people.author)
    actions.pass_edit(other, actor=everything, answers=ALL_ANSWERS)
    with pytest.raises(SamePerson):
        actions.publish(other, actor=everything, answers=ALL_ANSWERS)
    assert not queries.waiting_for(scope_of(everything)).exists()


def test_database_refuses_one_person_twice(row, people):
    with pytest.raises(IntegrityError), transaction.atomic():
        Publication.objects.filter(pk=row.pk).update(edited_by=people.author)


def test_one_process_per_content(row, people):
    assert actions.request(row.target, actor=people.author).pk == row.pk
    with pytest.raises(IntegrityError), transaction.atomic():
        Publication.objects.create(
            content_type="note", target_id=row.target_id, unit=row.unit, title="x", digest="x"
        )


def test_checklist_must_be_complete(row, people):
    with pytest.raises(WorkflowError, match="没有核对"):
        actions.pass_edit(row, actor=people.editor, answers=ALL_ANSWERS[:-1])


def test_word_that_must_go_stops_it_until_changed(tree, people):
    WatchWord.objects.create(word="国家级", strength=WatchWord.Strength.BLOCK)
    obj = make_content(tree.pingding, author=people.author, text="这是国家级的家训")
    row = actions.request(obj, actor=people.author)
    with pytest.raises(WorkflowError, match="必须改掉"):
        actions.pass_edit(row, actor=people.editor, answers=ALL_ANSWERS)
    obj.reason = "这是好家训"
    obj.save()
    actions.check_current(obj, actor=people.author)
    row.refresh_from_db()
    actions.pass_edit(row, actor=people.editor, answers=ALL_ANSWERS)
    assert row.status == Status.EDITED


def test_content_changed_after_first_reading_is_not_published(row, people):
    actions.pass_edit(row, actor=people.editor, answers=ALL_ANSWERS)
    UnitChange.objects.filter(pk=row.target_id).update(reason="偷偷换掉的文字")
    with pytest.raises(actions.ContentChanged, match="初审之后内容有改动"):
        actions.publish(row, actor=people.publisher, answers=ALL_ANSWERS)
    row = Publication.objects.get(pk=row.pk)
    assert (row.status, row.edited_by, row.snapshot["text"]) == (Status.REQUESTED, None, "偷偷换掉的文字")


def test_reader_of_an_old_page_is_told_to_read_again(row, people):
    old = row.digest
    UnitChange.objects.filter(pk=row.target_id).update(reason="新文字")
    with pytest.raises(actions.ContentChanged, match="重新看一遍"):
        actions.pass_edit(row, actor=people.editor, answers=ALL_ANSWERS, seen=old)


def test_edit_of_live_content_goes_back_behind_the_gate(tree, people):
    obj = make_content(tree.pingding, author=people.author)
    row = published(obj, author=people.author, editor=people.editor, publisher=people.publisher)
    assert actions.check_current(obj, actor=people.author).status == Status.PUBLISHED
    obj.reason = "改过"
    obj.save()
    actions.check_current(obj, actor=people.editor)
    row = Publication.objects.get(pk=row.pk)
    assert row.status == Status.REQUESTED and row.requested_by == people.editor
    assert not queries.is_published(obj)
    assert PublicCopy.objects.get(publication=row).until_at is not None
    with pytest.raises(SamePerson):
        actions.pass_edit(row, actor=people.editor, answers=ALL_ANSWERS)


def test_return_needs_a_reason_and_tells_the_slice(tree, people):
    heard = []
    install(on_returned=lambda obj, actor, reason: heard.append(reason))
    obj = make_content(tree.pingding, author=people.author)
    row = actions.request(obj, actor=people.author)
    with pytest.raises(WorkflowError, match="理由"):
        actions.send_back(row, actor=people.editor, reason=" ")
    with pytest.raises(PermissionDenied):
        actions.send_back(row, actor=people.publisher, reason="x")
    actions.send_back(row, actor=people.editor, reason="标题太长")
    assert (row.status, heard) == (Status.RETURNED, ["标题太长"])
    assert actions.request(obj, actor=people.author).pk != row.pk


def test_take_down_keeps_the_copy(tree, people):
    heard = []
    install(on_taken_down=lambda obj, actor, reason: heard.append(reason))
    obj = make_content(tree.pingding, author=people.author)
    row = published(obj, author=people.author, editor=people.editor, publisher=people.publisher)
    with pytest.raises(PermissionDenied):
        actions.take_down(row, actor=people.outsider, reason="x")
    actions.take_down(row, actor=people.editor, reason="照片里有孩子的脸")
    assert not queries.is_published(obj) and heard == ["照片里有孩子的脸"]
    with time_machine.travel(timezone.now() + timedelta(days=61)):
        runner.run(enqueue("publication.purge_copies").pk)
    assert PublicCopy.objects.filter(publication=row).exists()
    with time_machine.travel(timezone.now() + timedelta(days=rules.KEEP_COPIES_DAYS + 1)):
        runner.run(enqueue("publication.purge_copies").pk)
    assert not PublicCopy.objects.filter(publication=row).exists()


def test_owner_of_the_data_takes_it_back_at_any_stage(tree, people):
    visitor = Visitor(ref="v1")
    obj = make_content(tree.pingding, author=people.author)
    published(obj, author=people.author, editor=people.editor, publisher=people.publisher)
    actions.owner_withdrew(obj, actor=visitor, reason="撤回公开授权")
    assert not queries.is_published(obj)
    row = actions.request(obj, actor=people.author)
    actions.owner_withdrew(obj, actor=visitor, reason="撤回公开授权")
    row.refresh_from_db()
    assert row.status == Status.RETURNED
    actions.owner_withdrew(obj, actor=visitor, reason="again: nothing to do")


def test_expiry_by_the_clock(tree, people):
    obj = make_content(tree.pingding, author=people.author)
    ends = timezone.now() + timedelta(days=5)
    row = actions.request(obj, actor=people.author, expires_at=ends)
    actions.pass_edit(row, actor=people.editor, answers=ALL_ANSWERS)
    actions.publish(row, actor=people.publisher, answers=ALL_ANSWERS)
    with time_machine.travel(ends - timedelta(minutes=1)):
        assert actions.expire_due() == 0 and queries.is_published(obj)
    with time_machine.travel(ends + timedelta(seconds=1)):
        assert not queries.is_published(obj)  # at once, even before the job
        assert actions.expire_due() == 1
        assert actions.expire_due() == 0
    row.refresh_from_db()
    assert row.status == Status.EXPIRED


def test_many_at_once_only_without_marks_and_never_first_reading(tree, people):
    first = actions.request(make_content(tree.pingding, author=people.author), actor=people.author)
    clean = actions.request(make_content(tree.pingding, author=people.author), actor=people.author)
    marked = actions.request(
        make_content(tree.pingding, author=people.author, text="电话 13812345678"), actor=people.author
    )
    for row in (clean, marked):
        actions.pass_edit(row, actor=people.editor, answers=ALL_ANSWERS)
    passed, refused = actions.pass_many([first, clean, marked], actor=people.publisher, answers=ALL_ANSWERS)
    assert passed == 1 and len(refused) == 2
    clean.refresh_from_db()
    assert clean.status == Status.PUBLISHED


@pytest.mark.django_db(transaction=True)
def test_two_publishers_at_once_one_wins(row, people, tree):
    actions.pass_edit(row, actor=people.editor, answers=ALL_ANSWERS)
    both = [people.publisher, make_user(Role.PUBLISHER, tree.city)]
    barrier, outcome = threading.Barrier(2), []

    def go(user):
        try:
            mine = Publication.objects.get(pk=row.pk)
            barrier.wait(10)
            actions.publish(mine, actor=user, answers=ALL_ANSWERS)
            outcome.append("ok")
        except StaleState as error:
            outcome.append(str(error.message))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go, args=(user,)) for user in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert min(outcome) == "ok" and len(outcome) == 2
    assert "另一位同事" in sorted(outcome)[1] or "状态已经变了" in sorted(outcome)[1]
    assert PublicCopy.objects.filter(publication=row).count() == 1


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["request", "edit", "check", "publish", "back", "take", "write"]), st.integers(0, 2)
    ),
    max_size=14,
)


@pytest.mark.django_db
@settings(max_examples=40)
@given(levels=st.sampled_from([2, 3]), moves=MOVES)
def test_nobody_publishes_what_they_wrote_or_read(tree, levels, moves):
    """Three people with every right, any sequence of steps: what is live was read by others than its writers."""
    install(levels=levels)
    with transaction.atomic():
        crew = [make_user() for _ in range(3)]
        for user in crew:
            for role in (Role.COUNTY_OP, Role.EDITOR, Role.CHECKER, Role.PUBLISHER):
                give(user, role, tree.pingding)
        obj = make_content(tree.pingding, author=crew[0])
        wrote = {crew[0].pk}
        for step, who in moves:
            actor, row = crew[who], queries.of(obj).first()
            try:
                if step == "write":
                    obj.reason, obj.created_by = f"{obj.reason}+", actor
                    obj.save()
                    wrote.add(actor.pk)
                    actions.check_current(obj, actor=actor)
                elif step == "request":
                    actions.request(obj, actor=actor)
                elif row is not None:
                    _take(step, row, actor)
            except WorkflowError:
                pass
            for live in Publication.objects.filter(status=Status.PUBLISHED):
                readers = [live.edited_by_id, live.published_by_id] + (
                    [live.checked_by_id] if levels == 3 else []
                )
                assert None not in readers and len({*readers, live.requested_by_id}) == len(readers) + 1
                assert rules.digest_of(live.kind.snapshot(obj)) == live.digest
                assert not wrote & set(readers) & set(live.writers.values_list("pk", flat=True))
                assert obj.created_by_id not in readers
        transaction.set_rollback(True)


def _take(step, row, actor):
    if step in actions.PASSES:
        actions.PASSES[step](row, actor=actor, answers=ALL_ANSWERS)
    elif step == "back":
        actions.send_back(row, actor=actor, reason="请改")
    else:
        actions.take_down(row, actor=actor, reason="撤")
