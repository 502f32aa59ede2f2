"""PDF, Word and Excel files on the records of the campaign slices: attached with the form, kept by a form that
failed, handed out to whoever may see the record, and to everybody only where a published page offers them."""

import uuid
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from campaigns.pledges.models import Initiative
from campaigns.stories.models import Story
from campaigns.tasks.models import TaskCopy
from campaigns.venues.models import DemoBase
from portal.access.roles import Role
from portal.files.models import StoredFile
from portal.jobs.runner import run_all
from portal.publication import actions as gate
from portal.publication.models import Publication
from portal.publication.rules import CHECKLIST
from tests.campaigns.test_bad_input import PAGES
from tests.factories.activities import make_campaign
from tests.factories.planning import make_policy
from tests.factories.stories import make_story
from tests.factories.tasks import make_task
from tests.factories.venues import make_base, make_batch, make_venue

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
OP = Role.COUNTY_OP


def pdf(name: str = "方案.pdf", data: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "application/pdf")


@dataclass(frozen=True)
class Kept:
    """A form with documents: what makes it fail, and who must not read the file."""

    page: str
    bad: dict[str, str]
    outsider: tuple[Role, str] | None = (OP, "yuxian")


KEPT = [
    Kept("policy", {"title": ""}, None), Kept("task", {"title": ""}, (Role.VILLAGE_OP, "dongguan")),
    Kept("document", {"title": ""}), Kept("paper", {"signatures": "-5"}), Kept("initiative", {"title": ""}),
    Kept("base", {"intro": ""}), Kept("story", {"title": ""}), Kept("activity", {"headcount": "-5"}),
]  # fmt: skip


def story(tree: Any, **fields: Any) -> dict[str, Any]:
    return {**PAGES["story"].data(tree), "form_token": str(uuid.uuid4()), **fields}


@pytest.mark.parametrize("case", KEPT, ids=lambda case: case.page)
def test_document_survives_a_failed_form_and_is_served_by_the_record(tree, signed_in, case):
    page = PAGES[case.page]
    client = signed_in(page.role, getattr(tree, page.unit))
    url, token = page.url(tree), str(uuid.uuid4())
    data = {**page.data(tree), "form_token": token}
    failed = client.post(url, {**data, **case.bad, "documents": pdf()})
    assert failed.status_code in (200, 422)
    assert "方案.pdf" in failed.content.decode()
    assert StoredFile.objects.get().target_type == ""
    answer = client.post(url, data)  # the browser cannot send the file again
    assert answer.status_code == 302
    run_all()
    file = StoredFile.objects.get()
    assert (file.target_type != "", file.is_ready, file.kind) == (True, True, "document")
    download = client.get(file.master_url)
    assert download.status_code == 200
    assert "attachment" in download["Content-Disposition"]
    assert download["X-Content-Type-Options"] == "nosniff"
    if case.outsider is not None:
        role, unit = case.outsider
        assert signed_in(role, getattr(tree, unit)).get(file.master_url).status_code == 404
    assert Client().get(file.master_url).status_code == 404
    record = page.model.objects.get() if page.model else DemoBase.objects.get()
    assert "方案.pdf" in client.get(record.staff_url).content.decode()


@pytest.mark.parametrize(
    ("data", "words"), [(b"MZ" * 50, "这里只能上传 PDF"), (b"%PDF-1.4 x", "文件打不开"), (b"", "空的")]
)
def test_what_is_no_document_is_refused_at_the_field(tree, signed_in, data, words):
    client = signed_in(OP, tree.pingding)
    answer = client.post("/staff/stories/new/", story(tree, documents=pdf("坏.pdf", data)))
    assert answer.status_code == 422
    assert words in str(answer.context["form"].errors["documents"])
    assert not Story.objects.exists()


# -- what everybody may read ------------------------------------------------------------------------


def attach(owner: Any, actor: Any, field: str = "documents") -> StoredFile:
    from portal.files import actions as files

    token = str(uuid.uuid4())
    file = files.stage(pdf(), token=token, actor=actor, field=field, kind=StoredFile.Kind.DOCUMENT)
    files.attach(token=token, public_ids=[file.public_id], target=owner, actor=actor, field=field)
    run_all()
    file.refresh_from_db()
    return file


def test_policy_offers_its_file_only_while_it_is_public(tree, signed_in, client):
    city = signed_in(Role.CITY_OP, tree.city)
    campaign = make_campaign(tree.city)
    policy = make_policy(campaign, tree.pingding, is_public=True)
    file = attach(policy, city.user)
    public = client.get(campaign.get_absolute_url()).content.decode()
    assert file.master_url in public
    assert client.get(file.master_url).status_code == 200
    type(policy).objects.update(is_public=False)
    assert client.get(file.master_url).status_code == 404
    assert file.master_url not in Client().get(campaign.get_absolute_url()).content.decode()
    assert signed_in(OP, tree.pingding).get(file.master_url).status_code == 200


def test_story_file_is_read_by_both_reviewers_and_public_after_them(tree, signed_in, person, client):
    writer = signed_in(OP, tree.pingding)
    assert writer.post("/staff/stories/new/", story(tree, documents=pdf("附件.pdf"))).status_code == 302
    run_all()
    row, file = Story.objects.get(), StoredFile.objects.get()
    writer.post(f"{row.staff_url}submit/")
    process = Publication.objects.get()
    assert [row["name"] for row in process.snapshot["documents"]] == ["附件.pdf"]
    assert client.get(file.master_url).status_code == 404
    first = signed_in(Role.EDITOR, tree.city)
    assert file.master_url in first.get(process.staff_url).content.decode()
    assert first.get(file.master_url).status_code == 200
    gate.pass_edit(process, actor=person(Role.EDITOR, tree.city), answers=CHECKLIST)
    gate.publish(process, actor=person(Role.PUBLISHER, tree.city), answers=CHECKLIST)
    row.refresh_from_db()
    page = client.get(row.get_absolute_url()).content.decode()
    assert file.master_url in page
    assert client.get(file.master_url).status_code == 200
    # another file is another content: off the page until two people have read it
    again = story(tree, seen=row.version, documents=pdf("新附件.pdf", PDF + b"%%EOF"))
    assert writer.post(f"{row.staff_url}edit/", again).status_code == 302
    row.refresh_from_db()
    assert row.status == "review"
    assert Client().get(file.master_url).status_code == 404


def test_files_of_a_draft_story_and_letter_are_not_public(tree, signed_in, client):
    writer = signed_in(OP, tree.pingding)
    draft = make_story(tree.pingding, status="draft")
    letter = Initiative.objects.create(
        unit=tree.pingding,
        slug="draft",
        title="倡议书",
        issuers="县妇联",
        issued_on=timezone.localdate(),
        body="正文",
    )
    for owner in (draft, letter):
        assert client.get(attach(owner, writer.user).master_url).status_code == 404
    Initiative.objects.update(status="published")
    file = StoredFile.objects.get(target_type="initiative")
    assert client.get(file.master_url).status_code == 200
    assert "方案.pdf" in client.get(letter.get_absolute_url()).content.decode()


def test_documents_of_a_published_activity_stay_inside(tree, signed_in, client):
    from tests.factories.activities import make_activity

    officer = signed_in(OP, tree.pingding)
    activity = make_activity(tree.pingding, officer.user, status="county_ok")
    type(activity).objects.update(is_published=True)
    assert client.get(attach(activity, officer.user).master_url).status_code == 404


# -- a copy's answer, an opinion --------------------------------------------------------------------


def test_answer_of_a_copy_with_a_document(tree, signed_in):
    city, county = signed_in(Role.CITY_OP, tree.city), signed_in(OP, tree.pingding)
    make_task(tree.city, [tree.pingding, tree.yuxian], by=city.user)
    copy = TaskCopy.objects.get(unit=tree.pingding)
    url, token = f"{copy.staff_url}answer/", str(uuid.uuid4())
    failed = county.post(
        url, {"form_token": token, "text": "长" * 2001, "act": "finish", "documents": pdf("总结.pdf")}
    )
    assert failed.status_code == 422
    assert "总结.pdf" in failed.content.decode()
    assert county.post(url, {"form_token": token, "text": "", "act": "finish"}).status_code == 302
    run_all()
    copy.refresh_from_db()
    file = StoredFile.objects.get()
    assert (copy.status, file.target_type, file.target_id) == ("done", "taskcopy", str(copy.pk))
    assert city.get(file.master_url).status_code == 200
    assert "总结.pdf" in city.get(copy.staff_url).content.decode()
    assert signed_in(OP, tree.yuxian).get(file.master_url).status_code == 404


def test_opinion_with_its_sealed_page(tree, signed_in):
    village, review = (
        signed_in(Role.VILLAGE_OP, tree.dongguan),
        signed_in(Role.COUNTY_REVIEWER, tree.pingding),
    )
    base = make_base(
        make_batch(tree.city), make_venue(tree.dongguan), status="county_check", submitted_by=village.user
    )
    answer = review.post(
        f"{base.staff_url}recommend/",
        {
            "recommend-form_token": str(uuid.uuid4()), "recommend-opinion": "同意推荐",
            "recommend-opinion_files": pdf("推荐意见.pdf"),
        },
    )  # fmt: skip
    assert answer.status_code == 302
    run_all()
    file = StoredFile.objects.get()
    assert (DemoBase.objects.get().recommendation, file.field_name) == ("同意推荐", "opinion_files")
    assert "推荐意见.pdf" in village.get(base.staff_url).content.decode()
    assert village.get(file.master_url).status_code == 200
    assert signed_in(OP, tree.yuxian).get(file.master_url).status_code == 404


def test_too_many_documents_are_counted_as_files(tree, signed_in):
    client = signed_in(OP, tree.pingding)
    files = [pdf(f"{number}.pdf", PDF + b"%" * number + b"%%EOF") for number in range(6)]
    answer = client.post(
        "/staff/stories/new/",
        {**PAGES["story"].data(tree), "form_token": str(uuid.uuid4()), "documents": files},
    )
    assert "最多上传 5 个文件" in str(answer.context["form"].errors["documents"])
