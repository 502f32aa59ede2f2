"""Consents are proof, withdrawals act at once, requests get answers."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from portal.access.actors import Visitor
from portal.access.roles import Role
from portal.privacy import actions, queries
from portal.privacy.models import RightsRequest
from portal.privacy.rules import ConsentType, RightsKind, text_digest
from tests.factories.units import Tree

pytestmark = pytest.mark.django_db
WHO = Visitor(ref="visitor:abc", phone_hash="abc")


def give(tree: Tree, kind: ConsentType = ConsentType.PUBLICATION) -> Any:
    return actions.give(
        actor=WHO, target=tree.city, kind=kind, text="我同意 公开", subject_ref=WHO.ref, ip="1.2.3.4"
    )


def test_given_twice_is_one_and_keeps_the_words(tree: Tree) -> None:
    first, second = give(tree), give(tree)
    assert first == second
    assert first.text_hash == text_digest("我同意  公开")
    assert (first.notice_version, first.channel, first.ip) == ("2026-01", "web", "1.2.3.4")


def test_withdrawn_stays_as_proof_and_can_be_given_again(tree: Tree) -> None:
    first = give(tree)
    assert (
        actions.withdraw(actor=WHO, target=tree.city, kind=ConsentType.PUBLICATION, reason="不想公开了") == 1
    )
    assert actions.withdraw(actor=WHO, target=tree.city, kind=ConsentType.PUBLICATION) == 0
    first.refresh_from_db()
    assert first.withdrawn_at is not None
    assert not queries.has_consent(tree.city, ConsentType.PUBLICATION)
    assert give(tree).pk != first.pk
    assert queries.about(tree.city).count() == 2


def test_requests_are_answered_by_who_may(tree: Tree, signed_in: Any, person: Any) -> None:
    row = actions.ask(
        actor=WHO, kind=RightsKind.CORRECT, subject_ref=WHO.ref, message="名字写错了", token="t" * 36
    )
    assert (
        actions.ask(actor=WHO, kind=RightsKind.CORRECT, subject_ref=WHO.ref, message="x", token="t" * 36)
        == row
    )
    with pytest.raises(PermissionDenied):
        actions.answer(actor=person(Role.COUNTY_OP, tree.pingding), row=row, text="好")
    staff = signed_in(Role.CITY_REVIEWER, tree.city)
    assert "更正" in staff.get("/staff/privacy/").content.decode()
    url = f"/staff/privacy/{row.public_id}/"
    assert "名字写错了" in staff.get(url).content.decode()
    staff.post(url, {"answer": "已更正，请查看"})
    assert RightsRequest.objects.get().state == "done"
    assert signed_in(Role.COUNTY_OP, tree.pingding).get("/staff/privacy/").status_code == 403
