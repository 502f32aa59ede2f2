"""The slices above take part in handover and preview."""

from datetime import timedelta

from django.utils import timezone

from portal.access.roles import Reach, Role
from portal.drafts.models import FormDraft
from portal.grants import actions, handover, preview


def test_preview_counts_what_the_role_would_see(tree):
    seen = preview.of(Role.TOWNSHIP_OP, tree.guanshan, Reach.SUBTREE)
    assert seen.units == 3
    labels = [str(label) for label, _count in seen.data]
    assert "活动记录" in labels
    assert "投稿" in labels
    assert preview.of(Role.JUDGE, tree.guanshan, Reach.SUBTREE).units == 1
    assert preview.of(Role.SYS_ADMIN, tree.city, Reach.SUBTREE).data == []


def test_drafts_go_along(tree, person):
    city = person(Role.CITY_OP, tree.city)
    old, new = person(Role.COUNTY_OP, tree.pingding), person(Role.COUNTY_OP, tree.pingding)
    FormDraft.objects.create(
        token="t" * 36, form_code="x", owner=old, expires_at=timezone.now() + timedelta(days=3)
    )
    assert {str(label): count for label, count in handover.counts(old)}["填到一半的草稿"] == 1
    moved = actions.hand_over(actor=city, user=old, successor=new, reason="调动", ends_on=None)
    assert moved["填到一半的草稿"] == 1
    assert FormDraft.objects.get().owner == new
