"""Signing: who may, once, what counts, what the public reads, how it is taken back."""

import base64
import io
import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import timezone
from PIL import Image, ImageDraw

from campaigns.pledges import documents, keeping, queries
from campaigns.pledges.actions import signing
from campaigns.pledges.handwriting import clean_image, sm3
from campaigns.pledges.models import PledgeRecord, PledgeSignature
from campaigns.pledges.rules import wall_name
from portal.access.actors import Visitor
from portal.accounts.phone_codes import phone_hash, visitor_for
from portal.notifications.models import Outgoing
from portal.privacy.models import Consent
from portal.privacy.registry import Person
from portal.privacy.rules import ConsentType
from portal.reviews.workflow import StaleState, WorkflowError
from tests.factories.pledges import ALL_CONSENTS, PHONE, make_entry, make_signature, make_template

pytestmark = pytest.mark.django_db
ME = visitor_for(phone_hash(PHONE))


def drawing(*, ink: bool = True, size: tuple[int, int] = (900, 330)) -> str:
    """What the canvas sends."""
    image = Image.new("RGBA", size, (0, 0, 0, 0))
    if ink:
        ImageDraw.Draw(image).line([(100, 200), (400, 90), (700, 220)], fill=(20, 20, 20, 255), width=7)
    out = io.BytesIO()
    image.save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


def sign(template: Any, unit: Any, **fields: Any) -> tuple[PledgeSignature, bool]:
    return signing.sign(
        actor=ME, template=template, entry=make_entry(unit, **fields), token=str(uuid.uuid4())
    )


def test_a_household_signs_once_and_counts_its_members(tree):
    template = make_template(tree.city)
    row, is_new = sign(template, tree.guanshan)
    again, second = sign(template, tree.guanshan, signer_name="王建国")
    assert (is_new, second) == (True, False)
    assert again == row
    counted = PledgeRecord.objects.get()
    assert (counted.households, counted.signatures, counted.method) == (1, 3, "check")
    assert {consent.type for consent in Consent.objects.all()} == {"c1", "c3"}
    assert row.record.no in Outgoing.objects.get().text
    assert "李" not in Outgoing.objects.get().text


def test_persons_of_one_phone_sign_for_themselves(tree):
    template = make_template(tree.city, sign_by="person")
    for name, expected in (("李小芳", True), ("王建国", True), ("李 小芳", False)):
        assert sign(template, tree.guanshan, signer_name=name)[1] is expected
    assert queries.counts([tree.guanshan.pk], timezone.localdate(), timezone.localdate()) == {
        tree.guanshan.pk: queries.Totals(households=0, people=2)
    }


def test_the_same_form_twice_is_one_and_another_phone_is_refused(tree):
    template, token = make_template(tree.city), str(uuid.uuid4())
    entry = make_entry(tree.guanshan)
    rows = {signing.sign(actor=ME, template=template, entry=entry, token=token)[0].pk for _ in range(2)}
    assert len(rows) == 1
    with pytest.raises(PermissionDenied):
        signing.sign(actor=Visitor(ref="x", phone_hash="y"), template=template, entry=entry, token=token)
    other = make_entry(tree.guanshan, phone="13900001111")
    with pytest.raises(PermissionDenied):
        signing.sign(actor=visitor_for(phone_hash(other.phone)), template=template, entry=other, token=token)


def test_names_and_numbers_are_sealed_in_the_table(tree):
    make_signature(make_template(tree.city), tree.guanshan, signer_name="欧阳芳", supervisor_name="李强")
    with connection.cursor() as cursor:
        cursor.execute(
            "select signer_name, phone, supervisor_name, masked_name from campaigns_pledgesignature"
        )
        name, phone, supervisor, masked = cursor.fetchone()
    assert not {"欧", "李"} & set(name + supervisor)
    assert not phone.isdigit()
    assert masked == "欧阳**"


@pytest.mark.parametrize(
    ("name", "child", "shown"),
    [
        ("李小芳", False, "李**"),
        ("欧阳春梅", False, "欧阳**"),
        ("李芳", False, "李**"),
        ("张小三", True, "张同学"),
        ("", False, ""),
    ],
)
def test_names_on_the_wall(name, child, shown):
    assert wall_name(name, child=child) == shown


def test_refusals_beside_success(tree):
    child = make_template(tree.city, audience="children", sign_by="person")
    watched = make_template(tree.city, supervisor_required=True)
    plain = make_template(tree.city)
    guardian = {**ALL_CONSENTS, ConsentType.GUARDIAN: "监护人"}
    cases = [
        (child, {"signer_name": "张小三"}, "监护人"),
        (child, {"signer_name": "张小三", "guardian_name": "张海霞"}, "监护人"),
        (watched, {}, "监督人"),
        (plain, {"guardian_name": "张海霞"}, "少年儿童版"),
        (plain, {"consents": {}}, "没有同意"),
        (plain, {"unit": tree.province}, "地方"),
        (plain, {"members": 0}, "家庭人数"),
        (make_template(tree.city, status="draft"), {}, "不能签署"),
        (make_template(tree.city, valid_until=timezone.localdate() - timedelta(days=1)), {}, "不能签署"),
    ]
    for template, fields, words in cases:
        with pytest.raises(WorkflowError, match=words):
            sign(template, fields.pop("unit", tree.guanshan), **fields)
    assert not PledgeSignature.objects.exists()
    row, _new = sign(child, tree.guanshan, signer_name="张小三", guardian_name="张海霞", consents=guardian)
    assert (row.masked_name, row.relation, row.is_child) == ("张同学", "child", True)
    assert Consent.objects.filter(type="c6", relation="guardian").exists()
    sign(watched, tree.guanshan, supervisor_name="王芳", supervisor_relation="妻子")


def test_withdrawing_frees_the_place_and_the_wall(tree):
    template = make_template(tree.city)
    row, _new = sign(template, tree.guanshan)
    with pytest.raises(PermissionDenied):
        signing.withdraw(actor=visitor_for(phone_hash("13900001111")), signature=row)
    signing.withdraw(actor=ME, signature=row)
    row.refresh_from_db()
    assert (row.record.status, row.display_consent, row.open_key) == ("withdrawn", False, None)
    assert queries.counted().count() == 0
    with pytest.raises(StaleState):
        signing.withdraw(actor=ME, signature=row)
    assert sign(template, tree.guanshan)[1] is True


def test_wall_shows_only_consenting_people_and_no_small_groups(tree):
    template = make_template(tree.city)
    rows = [make_signature(template, tree.guanshan) for _ in range(4)]
    make_signature(template, tree.guanshan, consents={ConsentType.PROCESSING: "同意"})
    assert queries.wall(template) == []
    rows.append(make_signature(template, tree.xiushui, signer_name="王春梅"))
    wall = queries.wall(template)
    assert len(wall) == 5
    assert {one["place"] for one in wall} == {""}
    signing.leave_wall(actor=visitor_for(rows[0].phone_hash), signature=rows[0])
    rows[0].refresh_from_db()
    assert rows[0].display_consent is False and rows[0].record.is_valid
    assert queries.wall(template) == []


def test_a_person_gets_and_deletes_their_data(tree):
    row, _new = sign(make_template(tree.city), tree.guanshan)
    person = Person(phone_hash=phone_hash(PHONE))
    assert keeping.export_of(person)[0]["signer"] == "李小芳"
    assert keeping.export_of(Person(phone_hash="")) == []
    assert keeping.erase_of(person, ME) == 1
    assert not PledgeSignature.objects.exists()
    assert PledgeRecord.objects.get(pk=row.record_id).status == "withdrawn"


def test_after_three_years_the_person_goes_and_the_count_stays(tree):
    row = make_signature(make_template(tree.city), tree.guanshan)
    with time_machine.travel(timezone.now() + timedelta(days=3 * 365 - 2)):
        assert keeping.purge_old(timezone.now()) == 0
    with time_machine.travel(timezone.now() + timedelta(days=3 * 365 + 1)):
        assert keeping.purge_old(timezone.now()) == 1
        assert keeping.purge_old(timezone.now()) == 0
    assert not PledgeSignature.objects.exists()
    assert queries.counted().get().pk == row.record_id


def test_drawings_are_cut_and_made_small():
    kept = clean_image(drawing())
    image = Image.open(io.BytesIO(base64.b64decode(kept)))
    assert image.mode == "L" and image.width <= 600 and image.height <= 240
    assert clean_image("") == clean_image(drawing(ink=False)) == ""


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "data:image/png;base64,AAAA",
        "data:image/svg+xml;base64,PHN2Zz4=",
        "data:image/png;base64," + "A" * 500_000,
    ],
)
def test_other_pictures_are_refused(text):
    with pytest.raises(ValidationError):
        clean_image(text)


def test_giant_canvas_is_refused():
    with pytest.raises(ValidationError):
        clean_image(drawing(size=(3000, 10)))


def test_receipt_is_a_pdf_with_rare_characters_and_drawing(tree):
    row, _new = sign(
        make_template(tree.city, intro="#panic() $x$ 我们承诺："), tree.guanshan, signer_name="王镕喆",
        sign_image=clean_image(drawing()),
    )  # fmt: skip
    assert documents.receipt(row).startswith(b"%PDF")
    assert row.record.method == "online_sign"
    assert len(row.doc_hash) == 64
    assert sm3({"a": 1}) == sm3({"a": 1}) != sm3({})
