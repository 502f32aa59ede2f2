"""Pages for everybody and the signer's own."""

import re
import uuid
from typing import Any

import pytest
from django.test import Client

from campaigns.pledges.models import PledgeSignature
from portal.accounts import phone_codes
from portal.pages import panels
from portal.privacy.models import Consent
from portal.ui import captcha
from tests.campaigns.pledges.test_signing import drawing
from tests.factories.pledges import PHONE, make_batch, make_letter, make_signature, make_template

pytestmark = pytest.mark.django_db


@pytest.fixture
def codes(monkeypatch: Any) -> list[str]:
    """The codes that were sent."""
    sent: list[str] = []
    monkeypatch.setattr(
        phone_codes, "_sender", lambda phone, text, why: sent.append(re.findall(r"\d{6}", text)[0])
    )
    monkeypatch.setattr(captcha, "passed", lambda data: True)
    return sent


def typed(tree: Any, **fields: Any) -> dict[str, Any]:
    return {
        "form_token": str(uuid.uuid4()), "signer_name": "李小芳", "relation": "self", "members": "4",
        "area": tree.guanshan.unit_no, "village": "东关社区", "agree": "on", "adult": "on", "consent_processing": "on",
        "phone": PHONE, "action": "sign", **fields,
    }  # fmt: skip


def signed(client: Client, template: Any, tree: Any, codes: list[str], **fields: Any) -> Any:
    url, data = template.get_absolute_url(), typed(tree, **fields)
    client.post(url, data | {"action": "send_code"})
    return client.post(url, data | {"code": codes[-1]}, follow=True)


def test_index_and_letters_are_open(client, tree):
    template, letter = make_template(tree.city), make_letter(tree.city)
    hidden = make_template(tree.city, status="draft"), make_letter(tree.city, status="review")
    page = client.get("/pledges/").content.decode()
    assert template.title in page and letter.get_absolute_url() in page
    assert client.get(letter.get_absolute_url()).status_code == 200
    assert client.get(letter.get_absolute_url() + "qr.svg")["Content-Type"] == "image/svg+xml"
    assert client.get(template.get_absolute_url() + "qr.svg").status_code == 200
    for row in hidden:
        assert client.get(row.get_absolute_url()).status_code == 404


def test_boxes_are_unticked_and_only_what_is_needed_is_asked(client, tree):
    plain = client.get(make_template(tree.city).get_absolute_url()).content.decode()
    assert not re.search(r'type="checkbox"[^>]*checked', plain)
    assert 'name="supervisor_name"' not in plain and 'name="guardian_name"' not in plain
    child = make_template(tree.city, audience="children", sign_by="person", supervisor_required=True)
    page = client.get(child.get_absolute_url()).content.decode()
    assert all(f'name="{name}"' in page for name in ("guardian_name", "consent_guardian", "supervisor_name"))
    assert 'name="members"' not in page and 'name="adult"' not in page
    assert "李同学" in page and "李**" not in page


def test_signing_with_a_code_shows_the_receipt_and_the_pdf(client, tree, codes):
    template = make_template(tree.city)
    page = signed(client, template, tree, codes, sign_image=drawing(), consent_display="on").content.decode()
    row = PledgeSignature.objects.get()
    assert "承诺已签下" in page and row.record.no in page and "李**" in page
    assert row.record.unit == tree.dongguan
    assert row.record.method == "online_sign"
    assert Consent.objects.filter(type="c3").exists()
    pdf = client.get(row.get_absolute_url() + "pledge.pdf")
    assert pdf["Content-Type"] == "application/pdf" and pdf.content.startswith(b"%PDF")
    again = client.post(template.get_absolute_url(), typed(tree), follow=True).content.decode()
    assert "已经签过" in again and "承诺已签下" not in again
    assert PledgeSignature.objects.count() == 1


def test_a_tick_alone_signs_and_a_wrong_code_does_not(client, tree, codes):
    template = make_template(tree.city)
    url = template.get_absolute_url()
    client.post(url, typed(tree, action="send_code"))
    wrong = client.post(url, typed(tree, code="000000"))
    assert (
        wrong.status_code == 422
        and "验证码不对" in wrong.content.decode()
        and "李小芳" in wrong.content.decode()
    )
    assert not PledgeSignature.objects.exists()
    client.post(url, typed(tree, code=codes[-1]))
    assert PledgeSignature.objects.get().record.method == "check"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"agree": ""}, "这就是签署"), ({"adult": ""}, "少年儿童版"), ({"consent_processing": ""}, "需要同意"),
        ({"area": "110000000000"}, "从列表里选择"), ({"members": "0"}, "1"), ({"signer_name": "李"}, "两个字"),
        ({"sign_image": "data:image/png;base64,xx"}, "擦掉重写"),
    ],
)  # fmt: skip
def test_bad_input_is_said_at_the_field_and_nothing_is_kept(client, tree, codes, fields, words):
    answer = signed(client, make_template(tree.city), tree, codes, **fields)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not PledgeSignature.objects.exists()


def test_receipts_open_for_the_phone_alone(client, tree, codes):
    template = make_template(tree.city)
    signed(client, template, tree, codes)
    row = PledgeSignature.objects.get()
    stranger = Client()
    answer = stranger.get(row.get_absolute_url())
    assert answer.status_code == 302 and answer["Location"].startswith("/pledges/mine/?next=")
    for name in ("wall", "withdraw", "erase"):
        assert stranger.post(f"{row.get_absolute_url()}{name}/").status_code == 302
    other = make_signature(template, tree.xiushui)
    assert client.get(other.get_absolute_url()).status_code == 404
    assert client.post(f"{other.get_absolute_url()}withdraw/").status_code == 404
    row.refresh_from_db()
    assert row.record.is_valid
    assert row.record.no in client.get("/pledges/mine/").content.decode()
    client.post(f"{row.get_absolute_url()}withdraw/")
    row.record.refresh_from_db()
    assert not row.record.is_valid
    client.post(f"{row.get_absolute_url()}erase/")
    assert not PledgeSignature.objects.filter(pk=row.pk).exists()


def test_the_door_leads_back_and_never_away(client, tree, codes):
    signed(client, make_template(tree.city), tree, codes)
    row, visitor = PledgeSignature.objects.get(), Client()
    phone_codes.PhoneCode.objects.all().delete()
    visitor.post("/pledges/mine/", {"phone": PHONE, "action": "send_code"})
    answer = visitor.post(
        "/pledges/mine/", {"phone": PHONE, "code": codes[-1], "next": row.get_absolute_url()}
    )
    assert answer["Location"] == row.get_absolute_url()
    assert visitor.get(row.get_absolute_url()).status_code == 200
    away = Client()
    phone_codes.PhoneCode.objects.all().delete()
    away.post("/pledges/mine/", {"phone": PHONE, "action": "send_code"})
    answer = away.post("/pledges/mine/", {"phone": PHONE, "code": codes[-1], "next": "//evil.example/"})
    assert answer["Location"] == "/pledges/mine/"


def test_small_counts_are_not_told(client, tree, rf):
    template = make_template(tree.city)
    make_batch(template, tree.dongguan, households=4, signatures=4)
    page = client.get(template.get_absolute_url()).content.decode()
    assert "满 5 户后显示" in page
    make_batch(template, tree.dongguan, households=1200, signatures=3600)
    from django.core.cache import cache  # the count is kept for a minute

    cache.clear()
    assert "1,204" in client.get(template.get_absolute_url()).content.decode()
    shown = {part.slot: part.context for part in panels.shown(rf.get("/"))}
    assert shown["pledge"]["count"] == 1204


def test_villages_and_mangled_addresses(client, tree):
    template = make_template(tree.city)
    answer = client.get(template.get_absolute_url() + f"villages/?in={tree.guanshan.unit_no}")
    assert set(answer.json()["villages"]) == {"东关社区", "南关社区"}
    assert client.get(template.get_absolute_url() + "villages/?in=x").json() == {"villages": []}
    assert client.get(f"/pledges/receipts/{uuid.uuid4()}/").status_code == 302
