"""Versions and letters through the gate, paper batches, identities, lists, ledger."""

import io
import uuid
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns.pledges import ledger, queries
from campaigns.pledges.actions import paper, texts
from campaigns.pledges.models import Handout, PledgeRecord, PledgeTemplate
from portal.access.roles import Role
from portal.access.scope import scope_of
from portal.dashboards.rollup import compute
from portal.journal.actions import read_details
from portal.journal.models import JournalEntry
from portal.metrics import METRICS, SOURCES
from portal.publication import actions as gate
from portal.publication.models import Publication
from portal.publication.rules import CHECKLIST
from portal.reviews.workflow import WorkflowError
from tests.factories.pledges import make_batch, make_letter, make_signature, make_template, template_fields

pytestmark = pytest.mark.django_db


def through_gate(person, tree, text: Any) -> None:
    row = Publication.objects.filter(target_id=text.pk).latest("pk")
    gate.pass_edit(row, actor=person(Role.EDITOR, tree.city), answers=CHECKLIST)
    gate.publish(row, actor=person(Role.PUBLISHER, tree.city), answers=CHECKLIST)
    text.refresh_from_db()


def batch_fields(**fields: Any) -> dict[str, Any]:
    return {
        "signed_at": timezone.now() - timedelta(days=1), "method": "paper_scan", "signatures": 30, "households": 10,
        "households_estimated": False, "note": "", **fields,
    }  # fmt: skip


def test_a_published_version_is_never_changed_a_new_one_replaces_it(tree, person):
    author = person(Role.COUNTY_OP, tree.pingding)
    with pytest.raises(PermissionDenied):
        texts.create_template(
            actor=person(Role.VILLAGE_OP, tree.dongguan),
            unit=tree.pingding,
            code="a",
            fields=template_fields(),
        )
    first = texts.create_template(actor=author, unit=tree.pingding, code="home", fields=template_fields())
    with pytest.raises(WorkflowError, match="3 到 10"):
        texts.edit_template(actor=author, template=first, fields={"clauses": ["只有一条"]})
    texts.edit_template(actor=author, template=first, fields={"intro": "改过的话"})
    texts.submit(actor=author, text=first)
    with pytest.raises(WorkflowError, match="不能再改"):
        texts.edit_template(actor=author, template=first, fields={"intro": "再改"})
    assert queries.current("home") is None
    row = Publication.objects.get(target_id=first.pk)
    with pytest.raises(PermissionDenied):
        gate.pass_edit(row, actor=author, answers=CHECKLIST)
    through_gate(person, tree, first)
    assert queries.current("home") == first
    second = texts.new_version(actor=author, template=first)
    assert texts.new_version(actor=author, template=first) == second
    assert second.version == 2 and queries.current("home") == first
    texts.edit_template(actor=author, template=second, fields={"intro": "新版"})
    texts.submit(actor=author, text=second)
    through_gate(person, tree, second)
    first.refresh_from_db()
    assert (queries.current("home"), first.status) == (second, "replaced")
    assert not Publication.objects.filter(target_id=first.pk, status="published").exists()
    texts.close_template(actor=author, template=second, reason="年度结束")
    assert queries.current("home") is None


def test_returned_and_recalled_texts_are_drafts_again(tree, person):
    author = person(Role.COUNTY_OP, tree.pingding)
    row = texts.create_template(actor=author, unit=tree.pingding, code="home", fields=template_fields())
    texts.submit(actor=author, text=row)
    texts.recall(actor=author, text=row)
    assert row.is_editable
    texts.submit(actor=author, text=row)
    process = Publication.objects.filter(target_id=row.pk).latest("pk")
    gate.send_back(process, actor=person(Role.EDITOR, tree.city), reason="第二条不清楚")
    row.refresh_from_db()
    assert row.status == "draft"


def test_create_twice_with_one_token_is_one(tree, person):
    author, token = person(Role.COUNTY_OP, tree.pingding), str(uuid.uuid4())
    rows = {
        texts.create_template(
            actor=author, unit=tree.pingding, code="home", fields=template_fields(), token=token
        ).pk
        for _ in range(2)
    }
    assert len(rows) == 1
    with pytest.raises(WorkflowError, match="网址名"):
        texts.create_template(actor=author, unit=tree.pingding, code="home", fields=template_fields())


def test_letters_count_copies_not_people(tree, person):
    letter, village = make_letter(tree.city), person(Role.VILLAGE_OP, tree.dongguan)
    fields = {"given_on": timezone.localdate(), "copies": 120, "sms_count": 0, "note": ""}
    token = str(uuid.uuid4())
    for _ in range(2):
        texts.hand_out(actor=village, initiative=letter, unit=tree.dongguan, fields=fields, token=token)
    assert Handout.objects.get().copies == 120
    with pytest.raises(PermissionDenied):
        texts.hand_out(actor=village, initiative=letter, unit=tree.nanguan, fields=fields)
    with pytest.raises(WorkflowError, match="至少"):
        texts.hand_out(actor=village, initiative=letter, unit=tree.dongguan, fields=fields | {"copies": 0})
    with pytest.raises(WorkflowError, match="公开后"):
        texts.hand_out(
            actor=village,
            initiative=make_letter(tree.city, status="draft"),
            unit=tree.dongguan,
            fields=fields,
        )


def test_paper_is_entered_corrected_and_voided_with_a_trail(tree, person):
    template, village = make_template(tree.city), person(Role.VILLAGE_OP, tree.dongguan)
    with pytest.raises(PermissionDenied):
        paper.enter_batch(actor=village, template=template, unit=tree.nanguan, fields=batch_fields())
    for fields, words in (
        ({"households": 31}, "户数"), ({"method": "check"}, "纸质"), ({"signed_at": timezone.now() + timedelta(days=2)}, "今天"),
    ):  # fmt: skip
        with pytest.raises(WorkflowError, match=words):
            paper.enter_batch(
                actor=village, template=template, unit=tree.dongguan, fields=batch_fields(**fields)
            )
    token = str(uuid.uuid4())
    rows = [
        paper.enter_batch(
            actor=village, template=template, unit=tree.dongguan, fields=batch_fields(), token=token
        )
        for _ in range(2)
    ]
    assert rows[0] == rows[1]
    row, stale = rows[0], PledgeRecord.objects.get()
    with pytest.raises(WorkflowError, match="为什么"):
        paper.correct_batch(actor=village, row=row, fields=batch_fields(households=11), reason="")
    paper.correct_batch(actor=village, row=row, fields=batch_fields(households=11), reason="少数了一页")
    with pytest.raises(WorkflowError, match="另一位同事"):
        paper.correct_batch(actor=village, row=stale, fields=batch_fields(households=12), reason="少数了一页")
    details = read_details(JournalEntry.objects.get(verb="pledge.batch_corrected"))
    assert (details["before"]["households"], details["after"]["households"]) == (10, 11)
    assert queries.counted().get().households == 11
    paper.void(actor=village, row=row, reason="重复登记")
    assert not queries.counted().exists()


def test_identity_needs_right_and_reason_and_leaves_a_trace(tree, person):
    row = make_signature(make_template(tree.city), tree.dongguan, signer_name="李小芳").record
    with pytest.raises(PermissionDenied):
        paper.reveal(actor=person(Role.VILLAGE_OP, tree.dongguan), row=row, reason="想看看是谁")
    county = person(Role.COUNTY_OP, tree.pingding)
    with pytest.raises(WorkflowError, match="为什么"):
        paper.reveal(actor=county, row=row, reason="看")
    assert paper.reveal(actor=county, row=row, reason="本人来电要求更正").signer_name == "李小芳"
    assert JournalEntry.objects.filter(verb="pledge.identity_read").count() == 1
    with pytest.raises(PermissionDenied):
        paper.reveal(actor=person(Role.COUNTY_OP, tree.yuxian), row=row, reason="本人来电要求更正")


def test_a_made_up_signature_is_voided_by_the_county_not_the_village(tree, person):
    row = make_signature(make_template(tree.city), tree.dongguan).record
    with pytest.raises(PermissionDenied):
        paper.void(actor=person(Role.VILLAGE_OP, tree.dongguan), row=row, reason="名字是乱写的")
    paper.void(actor=person(Role.COUNTY_OP, tree.pingding), row=row, reason="名字是乱写的")
    assert row.signature.__class__.objects.get(record=row).open_key is None


def test_figures_count_households_and_people_apart(tree):
    template = make_template(tree.city)
    make_signature(template, tree.dongguan)
    make_batch(template, tree.nanguan, signed_at=timezone.now())
    make_batch(template, tree.nanguan, signed_at=timezone.now(), status="withdrawn")
    totals = compute(SOURCES["pledges"], timezone.localdate().replace(day=1))
    assert totals[tree.guanshan.path].values == {"pledges.households": 11, "pledges.people": 33}
    assert METRICS["pledges.households"].card


def test_pages_of_staff_open_for_insiders_and_hide_from_outsiders(tree, signed_in):
    template, letter = make_template(tree.pingding), make_letter(tree.pingding, status="draft")
    row = make_signature(template, tree.dongguan, signer_name="李小芳").record
    inside, outside = signed_in(Role.COUNTY_OP, tree.pingding), signed_in(Role.COUNTY_OP, tree.yuxian)
    for path in (
        "", "new/", "records/", f"records/{row.no}/", "ledger/", "initiatives/", "initiatives/new/",
        f"initiatives/{letter.slug}/", f"initiatives/{letter.slug}/edit/", f"{template.code}/1/", f"{template.code}/paper/",
        f"{template.code}/1/preview/",
    ):  # fmt: skip
        answer = inside.get(f"/staff/pledges/{path}")
        assert answer.status_code == 200, path
        assert "李小芳" not in answer.content.decode()
    assert outside.get(f"/staff/pledges/records/{row.no}/").status_code == 404
    assert outside.get(f"/staff/pledges/initiatives/{letter.slug}/").status_code == 404
    assert (
        outside.post(f"/staff/pledges/{template.code}/1/close/", {"close-reason": "不想要了"}).status_code
        == 403
    )
    page = inside.post(f"/staff/pledges/records/{row.no}/reveal/", {"reveal-reason": "本人来电要求更正"})
    assert "李小芳" in page.content.decode()


def test_records_are_chosen_by_the_names_of_units_and_pledges(tree, signed_in):
    client = signed_in(Role.COUNTY_OP, tree.pingding)
    mine = make_signature(make_template(tree.pingding), tree.dongguan).record
    other = make_signature(make_template(tree.pingding), tree.nanguan).record
    page = client.get("/staff/pledges/records/").content.decode()
    assert f'value="{tree.dongguan.unit_no}"' in page and f'value="{mine.template.code}"' in page
    for asked in (f"unit={tree.dongguan.unit_no}", f"pledge={mine.template.code}"):
        rows = client.get(f"/staff/pledges/records/?{asked}").content.decode()
        assert mine.no in rows and other.no not in rows, asked


def test_lists_cost_the_same_for_one_and_three(tree, signed_in):
    client, template = signed_in(Role.COUNTY_OP, tree.pingding), make_template(tree.pingding)
    letter = make_letter(tree.pingding)
    make_signature(template, tree.dongguan)
    client.get("/staff/pledges/")
    counts = {}
    for path in ("", "records/", "initiatives/", "ledger/"):
        with CaptureQueriesContext(connection) as one:
            client.get(f"/staff/pledges/{path}")
        counts[path] = len(one)
    for _ in range(2):
        make_signature(make_template(tree.pingding), tree.nanguan)
        make_letter(tree.pingding)
        Handout.objects.create(initiative=letter, unit=tree.dongguan, given_on=timezone.localdate(), copies=5)
    for path, known in counts.items():
        with CaptureQueriesContext(connection) as three:
            client.get(f"/staff/pledges/{path}")
        assert len(three) == known, path


def test_forms_keep_what_was_typed_and_say_what_is_wrong(tree, signed_in):
    client, template = signed_in(Role.VILLAGE_OP, tree.dongguan), make_template(tree.city)
    typed = {
        "unit": tree.dongguan.unit_no, "signed_on": timezone.localdate() + timedelta(days=1), "method": "paper_scan",
        "signatures": "-5", "households": "9", "note": "妇女之家签订",
    }  # fmt: skip
    answer = client.post(f"/staff/pledges/{template.code}/paper/", typed)
    page = answer.content.decode()
    assert answer.status_code == 422 and "妇女之家签订" in page and "今天之后" in page
    assert not PledgeRecord.objects.exists()
    good = typed | {"signed_on": timezone.localdate(), "signatures": "27"}
    assert client.post(f"/staff/pledges/{template.code}/paper/", good).status_code == 302
    assert PledgeRecord.objects.get().unit == tree.dongguan
    row = PledgeRecord.objects.get()
    again = good | {"households": "8", "reason": "多数了一户"}
    assert client.post(f"/staff/pledges/records/{row.no}/correct/", again).status_code == 302
    row.refresh_from_db()
    assert row.households == 8


def test_template_form_takes_numbered_lines(tree, signed_in):
    client = signed_in(Role.COUNTY_OP, tree.pingding)
    typed = {
        "title": "移风易俗承诺书", "code": "customs", "unit": tree.pingding.unit_no, "audience": "families",
        "sign_by": "household", "clause_lines": "1. 婚事简办\n2、厚养薄葬\n", "valid_from": "2026-01-01",
    }  # fmt: skip
    assert "现在是 2 条" in client.post("/staff/pledges/new/", typed).content.decode()
    typed["clause_lines"] += "3）勤俭持家"
    assert client.post("/staff/pledges/new/", typed).status_code == 302
    assert PledgeTemplate.objects.get().clauses == ["婚事简办", "厚养薄葬", "勤俭持家"]


def test_ledger_has_the_columns_of_the_reference_and_totals(tree, signed_in):
    client, template = (
        signed_in(Role.COUNTY_OP, tree.pingding),
        make_template(tree.pingding, title="=家庭承诺"),
    )
    make_batch(template, tree.dongguan, households=10, signed_at=timezone.now())
    make_batch(template, tree.xiushui, households=99, signed_at=timezone.now())
    Handout.objects.create(
        initiative=make_letter(tree.city),
        unit=tree.pingding,
        given_on=timezone.localdate(),
        copies=120,
        sms_count=40,
    )
    year = timezone.localdate().year
    lines = ledger.rows(scope_of(client.user), year)
    assert [(line.copies, line.households) for line in lines] == [(120, None), (None, 10)]
    answer = client.get(f"/staff/pledges/ledger/file/?year={year}")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    heads = [cell.value for cell in sheet[3]]
    assert heads == ["序号", "单位", "倡议/承诺名称", "发放份数", "签订户数", "家访户数", "短信条数", "时间"]
    assert [cell.value for cell in sheet[6]][3:7] == [120, 10, 0, 40]
    assert sheet["C5"].value == "'=家庭承诺"
    assert JournalEntry.objects.filter(verb="pledge.ledger_exported").exists()
