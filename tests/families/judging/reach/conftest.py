"""The work before judges."""

import uuid
from typing import Any

import pytest
from django.test import Client

from families.works.actions.numbers import code_for
from families.works.actions.review import pass_format
from families.works.models import Work, WorkCall
from families.works.rules import PublishState, Status, shown_code
from portal.access.roles import Role
from portal.accounts.models import User
from portal.accounts.phone_codes import phone_hash
from portal.drafts.models import FormDraft
from portal.files.models import StoredFile
from portal.jobs.runner import run_all
from portal.publication import actions as gate
from portal.publication.models import Publication
from portal.publication.rules import CHECKLIST
from portal.reviews.judging.models import Sheet
from portal.units.models import Level
from tests.factories.judging import make_judges, make_scoring
from tests.factories.people import make_user
from tests.factories.units import Tree, make_unit
from tests.families.judging.reach.case import (
    BORN,
    FILE,
    GUARDIAN,
    GUARDIAN_PHONE,
    NAME,
    PHONE,
    TEXT,
    TITLE,
    VILLAGE,
    WORDS,
    Case,
    picture,
)
from tests.families.works.conftest import verified


@pytest.fixture
def case(call: WorkCall, tree: Tree, staff: dict[str, User], settings: Any, tmp_path: Any) -> Case:
    """Sent by phone with every secret a form takes, checked, published, then before three of five judges; half of
    another form lies in its draft, and another county has a work with the same words."""
    settings.MEDIA_ROOT = tmp_path
    make_unit(tree.guanshan, "140321100099", f"{VILLAGE}社区", Level.VILLAGE)
    family, token, half = verified(Client(), PHONE), str(uuid.uuid4()), str(uuid.uuid4())
    typed = {
        "category": "MOTTO", "title": TITLE, "text": TEXT, "story": f"{GUARDIAN}立下的规矩。", "x_background": f"{VILLAGE}的老宅",
        "author_name": NAME, "birth_ym": BORN, "phone": PHONE, "area": tree.guanshan.unit_no, "village": f"{VILLAGE}社区",
        "audience": "public", "guardian_name": GUARDIAN, "guardian_phone": GUARDIAN_PHONE, "consent_guardian": "on",
        "consent_processing": "on", "consent_publication": "on", "licence": "on",
    }  # fmt: skip
    form = f"/works/calls/{call.slug}/submit/"
    answer = family.post(form, {**typed, "form_token": token, "action": "send", "files": picture()})
    assert answer.status_code == 302, answer.content.decode()
    family.post(form.replace("submit", "draft"), {**typed, "form_token": half})
    other = {
        "title": "米缸",
        "text": WORDS[0],
        "story": "",
        "village": "",
        "author_name": "王小平",
        "birth_ym": "1970-01",
    }
    other |= {
        "area": tree.xiushui.unit_no,
        "phone": "13711112222",
        "x_background": "",
        "guardian_name": "",
        "guardian_phone": "",
    }
    same = {"form_token": str(uuid.uuid4()), "action": "send", "files": picture("粥.jpg")}
    answer = verified(Client(), "13711112222").post(form, {**typed, **other, **same})
    assert answer.status_code == 302, answer.content.decode()
    work, twin = Work.objects.get(title=TITLE), Work.objects.get(title="米缸")
    run_all()
    pass_format(actor=staff["decider"], work=work)
    row = Publication.objects.get(content_type="work", target_id=work.pk)
    for role in (Role.EDITOR, Role.PUBLISHER):
        gate.pass_on(row, actor=make_user(role, tree.city), answers=list(CHECKLIST))
    judges = make_judges(tree, 5)
    stage = make_scoring(call, staff, judges)
    run_all()
    work.refresh_from_db()
    assert (work.status, work.publish_state) == (Status.FIRST_JUDGE, PublishState.PUBLISHED)
    assert FormDraft.objects.filter(token=half).exists()
    sheets = [
        str(one) for one in Sheet.objects.filter(item__target_id=work.pk).values_list("public_id", flat=True)
    ]
    assert len(sheets) == 3
    files = [
        str(file.public_id) for file in StoredFile.objects.filter(target_type="work", target_id=str(work.pk))
    ]
    code = code_for(token)
    keys = {
        "str": [work.no, token, half, code],
        "int": [str(work.pk), "0"],
        "slug": [call.slug],
        "uuid": [sheets[0], *files, str(stage.public_id), str(row.public_id), sheets[1]],
        "unit_no": ["140321100099"],
    }
    words = {
        "author": NAME, "surname": NAME[0], "given name": NAME[1:], "guardian": GUARDIAN, "guardian's surname": GUARDIAN[0],
        "phone": PHONE, "guardian's phone": GUARDIAN_PHONE, "born": BORN, "born in words": "2014年7月", "written phone": "7717-0928",
        "short code": code, "short code in halves": shown_code(code), "household": work.phone_hash,
        "guardian's household": work.guardian_hash, "file": FILE,
    }  # fmt: skip
    assert work.phone_hash == phone_hash(PHONE)
    return Case(work, twin, judges, keys, words, [VILLAGE, "冠山", "平定"])
