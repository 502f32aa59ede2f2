"""Records of every slice prove tasks and fill quotas; a record says where it is used."""

import pytest
from django.utils import timezone

from campaigns.activities import uses
from campaigns.quizzes.models import Quiz
from campaigns.tasks import actions, evidence, quotas
from campaigns.tasks.models import TaskEvidence
from portal.access.roles import Role
from portal.access.scope import scope_of
from portal.reviews.workflow import WorkflowError
from portal.units.models import Unit
from tests.factories import materials, pledges, series, stories, venues, visits, works
from tests.factories.activities import make_activity
from tests.factories.planning import make_package
from tests.factories.tasks import make_task


def _quiz(unit, status="approved"):
    return Quiz.objects.create(
        slug=f"q-{unit.pk}-{status}", title="问答", unit=unit, status=status, opens_on=timezone.localdate()
    )


def _work(unit, status="accepted"):
    work = works.make_work(works.make_call(unit), unit)
    type(work).objects.filter(pk=work.pk).update(status=status)
    return work


def _base(unit, status="submitted"):
    return venues.make_base(
        venues.make_batch(Unit.objects.get_parent(unit) or unit), venues.make_venue(unit), status=status
    )


# kind → (a record that proves, one that does not)
RECORDS = {
    "visit": (visits.make_visit, None),
    "pledge": (
        lambda unit: pledges.make_batch(pledges.make_template(unit), unit),
        lambda unit: pledges.make_batch(pledges.make_template(unit), unit, status="void"),
    ),
    "episode": (
        lambda unit: series.make_episode(series.make_series(unit), 1, status="published"),
        lambda unit: series.make_episode(series.make_series(unit), 2),
    ),
    "placement": (lambda unit: materials.make_placement(materials.make_material(unit)), None),
    "viewing": (lambda unit: materials.make_viewing(materials.make_film(unit)), None),
    "quiz": (_quiz, lambda unit: _quiz(unit, "draft")),
    "venue": (venues.make_venue, lambda unit: venues.make_venue(unit, status="closed")),
    "base": (_base, lambda unit: _base(unit, "draft")),
    "story": (stories.make_story, lambda unit: stories.make_story(unit, status="draft")),
    "work": (_work, lambda unit: _work(unit, "returned")),
}  # fmt: skip


@pytest.mark.parametrize("code", list(RECORDS))
def test_own_records_are_offered_and_others_refused(code, tree, person, client):
    good, bad = RECORDS[code]
    actor = person(Role.COUNTY_OP, tree.yuxian)
    scope, kind = scope_of(actor), evidence.KINDS[code]
    mine, other = good(tree.yuxian), good(tree.pingding)
    rows = [mine, other, *([bad(tree.yuxian)] if bad else [])]
    offered = list(kind.offered(scope, tree.yuxian, 10))
    assert [proof.object_id for proof in offered] == [mine.pk]
    assert offered[0].label
    found = evidence.read([f"{code}:{row.pk}" for row in rows], scope, tree.yuxian)
    assert [proof.object_id for _code, proof in found] == [mine.pk]
    client.force_login(actor)
    assert client.get(offered[0].url).status_code == 200


def test_a_visit_proves_a_task_without_being_typed_again(tree, person):
    clerk = person(Role.COUNTY_OP, tree.yuxian)
    copy = make_task(tree.city, [tree.yuxian]).copies.select_related("task", "unit").get()
    visit = visits.make_visit(tree.yuxian, family_name="王桂花", area="秀水镇")
    foreign = visits.make_visit(tree.pingding)
    with pytest.raises(WorkflowError):
        actions.add_answer(actor=clerk, copy=copy, text="已走访", proofs=[f"visit:{foreign.pk}"])
    actions.add_answer(actor=clerk, copy=copy, text="已走访", proofs=[f"visit:{visit.pk}"])
    proof = TaskEvidence.objects.get()
    assert (proof.kind, proof.object_id) == ("visit", visit.pk)
    assert "秀水镇" in proof.label
    assert "王" not in proof.label


def test_applied_and_named_bases_fill_a_quota_and_failed_ones_do_not(tree, person):
    city = person(Role.CITY_OP, tree.city)
    quota = actions.create_quota(
        actor=city, unit=tree.city, title="示范基地", total=10, kind="base", parts=[(tree.yuxian, 2, 3), (tree.pingding, 2, 3)]
    )  # fmt: skip
    for status in ("submitted", "named"):
        base = _base(tree.xiushui, status)
        actions.add_entry(actor=city, quota=quota, unit=tree.xiushui, kind="base", key=f"base:{base.pk}")
    failed = _base(tree.xiushui, "not_named")
    with pytest.raises(WorkflowError):
        actions.add_entry(actor=city, quota=quota, unit=tree.xiushui, kind="base", key=f"base:{failed.pk}")
    fills = {line.share.unit.short_name: line.fill.filled for line in quotas.sheet(quota).lines}
    assert fills == {"平定县": 0, "盂县": 2}


def test_a_record_says_which_task_package_quiz_and_base_use_it(tree, person):
    clerk = person(Role.COUNTY_OP, tree.yuxian)
    scope = scope_of(clerk)
    row = make_activity(tree.xiushui, kind="symposium", status="county_ok")
    copy = make_task(tree.city, [tree.yuxian], title="三八节任务").copies.get()
    TaskEvidence.objects.create(copy=copy, kind="activity", object_id=row.pk, label=row.title)
    TaskEvidence.objects.create(copy=copy, kind="visit", object_id=row.pk + 1, label="别的")
    symposium = (("一堂助廉座谈会", "activities.kind", "symposium", 1),)
    make_package(tree.yuxian, tree.xiushui, name="盂县七个一", items=symposium)
    make_package(tree.yuxian, tree.xiushui, name="草稿", items=symposium, status="draft")
    make_package(tree.pingding, tree.guanshan, name="平定四个一", items=symposium)
    base = _base(tree.xiushui)
    base.activities.add(row)
    found = {str(use.label): str(use.text) for use in uses.of(row, scope)}
    assert found["任务"] == "三八节任务（盂县）"
    assert found["“几个一”"] == "盂县七个一：一堂助廉座谈会"
    assert found["基地申报"] == base.venue.name
    outsider = scope_of(person(Role.COUNTY_OP, tree.pingding))
    assert not {"任务", "“几个一”", "基地申报"} & {str(use.label) for use in uses.of(row, outsider)}
