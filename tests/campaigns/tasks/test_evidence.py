"""What other slices offer as proof: their own records, of the unit and below, and nothing of others."""

from campaigns.pledges.rules import RecordState
from campaigns.tasks import evidence
from portal.access.roles import Role
from portal.access.scope import scope_of
from tests.factories.pledges import make_batch, make_template
from tests.factories.visits import make_visit


def test_pledges_and_family_visits_can_prove_a_task(tree, person):
    scope = scope_of(person(Role.COUNTY_OP, tree.pingding))
    template = make_template(tree.city)
    mine, theirs = make_batch(template, tree.guanshan), make_batch(template, tree.xiushui)
    void = make_batch(template, tree.guanshan, status=RecordState.WITHDRAWN)
    visit, foreign = make_visit(tree.guanshan), make_visit(tree.xiushui)
    offered = {key for _label, rows in evidence.choices(scope, tree.pingding) for key, _words in rows}
    assert {f"pledge:{mine.pk}", f"family_visit:{visit.pk}"} <= offered
    asked = [f"pledge:{row.pk}" for row in (mine, theirs, void)] + [
        f"family_visit:{row.pk}" for row in (visit, foreign)
    ]
    found = evidence.read(asked, scope, tree.pingding)
    assert [(code, proof.object_id) for code, proof in found] == [
        ("pledge", mine.pk),
        ("family_visit", visit.pk),
    ]
    assert found[0][1].url == mine.staff_url and found[1][1].unit_id == tree.guanshan.pk
