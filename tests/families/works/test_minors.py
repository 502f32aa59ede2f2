"""Children: the guardian first, nothing kept before, never a full name."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from families.works.actions.submit import GuardianMissing
from families.works.models import Author, Work, WorkCall
from portal.drafts.models import FormDraft
from portal.files.models import StoredFile
from portal.notifications.models import Outgoing
from portal.privacy.models import Consent
from portal.privacy.rules import ConsentType, age_on, is_child
from tests.factories.units import Tree
from tests.factories.works import make_work

pytestmark = pytest.mark.django_db
URL = "/works/calls/motto-2026/submit/"
CHILD = {"birth_ym": "2014-06", "guardian_name": "张大", "guardian_phone": "13900000000"}


def test_nothing_of_a_child_is_stored_without_consent(
    family: Client, call: WorkCall, typed: Callable[..., Any]
) -> None:
    page = family.post(URL, typed(**CHILD)).content.decode()
    assert "未满 14 周岁" in page
    family.post(URL, typed(**CHILD, action="draft"))
    family.post("/works/calls/motto-2026/draft/", typed(**CHILD))
    assert not Work.every.exists()
    assert not Author.objects.exists()
    assert not FormDraft.objects.exists()
    assert not Consent.objects.exists()
    assert not StoredFile.objects.exists()


def test_with_the_guardian_it_is_taken(family: Client, call: WorkCall, typed: Callable[..., Any]) -> None:
    family.post(URL, typed(**CHILD, consent_guardian="on"))
    work = Work.every.get()
    assert work.is_child
    assert work.is_minor
    assert Consent.objects.get(type=ConsentType.GUARDIAN).relation == "guardian"
    assert any("您的孩子" in row.text for row in Outgoing.objects.all())


def test_fourteen_to_seventeen_informs_the_guardian(
    family: Client, call: WorkCall, typed: Callable[..., Any]
) -> None:
    data = {**CHILD, "birth_ym": "2010-06"}
    assert "监护人" in family.post(URL, typed(birth_ym="2010-06")).content.decode()
    assert not Work.every.exists()
    family.post(URL, typed(**data))
    work = Work.every.get()
    assert (work.is_minor, work.is_child) == (True, False)
    assert sum("您的孩子" in row.text for row in Outgoing.objects.all()) == 1


def test_action_refuses_too(call: WorkCall, tree: Tree) -> None:
    with pytest.raises(GuardianMissing):
        make_work(call, tree.dongguan, birth_ym="2015-01")
    assert not Work.every.exists()


def test_month_of_birth_counts_as_younger() -> None:
    from datetime import date

    assert age_on("2012-11", date(2026, 11, 23)) == 13
    assert is_child("2012-11", date(2026, 11, 30))
    assert not is_child("2012-11", date(2026, 12, 1))
