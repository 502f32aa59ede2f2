"""Pledges, letters, signatures."""

import itertools
import uuid
from datetime import timedelta
from typing import Any

from django.utils import timezone

from campaigns.pledges.actions import signing
from campaigns.pledges.entry import Entry
from campaigns.pledges.models import Initiative, PledgeRecord, PledgeSignature, PledgeTemplate
from campaigns.pledges.rules import DEFAULT_CLAUSES, LetterState, Method, PageState
from portal.accounts.phone_codes import phone_hash, visitor_for
from portal.privacy.rules import ConsentType
from portal.units.models import Unit

PHONE = "13812345678"
ALL_CONSENTS = {ConsentType.PROCESSING: "同意", ConsentType.PUBLICATION: "上墙"}
_numbers = itertools.count(1)


def template_fields(**fields: Any) -> dict[str, Any]:
    """What a form says about a pledge."""
    return {
        "title": "家庭助廉承诺书", "audience": "families", "sign_by": "household", "intro": "我们全家承诺：",
        "clauses": [str(text) for text in DEFAULT_CLAUSES[:4]], "supervisor_required": False,
        "valid_from": timezone.localdate() - timedelta(days=10), "valid_until": None, "campaign": None, **fields,
    }  # fmt: skip


def make_template(unit: Unit, *, status: str = PageState.PUBLISHED, **fields: Any) -> PledgeTemplate:
    """A pledge in force."""
    extra = {"code": f"pledge-{next(_numbers)}", "status": status, **fields}
    if status == PageState.PUBLISHED:
        extra.setdefault("published_at", timezone.now())
    return PledgeTemplate.objects.create(unit=unit, **template_fields(**extra))


def make_entry(unit: Unit, **fields: Any) -> Entry:
    """What a household typed."""
    return Entry(
        **{
            "signer_name": "李小芳", "phone": PHONE, "unit": unit, "relation": "self", "members": 3,
            "consents": ALL_CONSENTS, **fields,
        }
    )  # fmt: skip


def make_signature(template: PledgeTemplate, unit: Unit, **fields: Any) -> PledgeSignature:
    """A signature through the action; every one with another phone unless said otherwise."""
    fields.setdefault("phone", f"139{next(_numbers):08d}")
    entry = make_entry(unit, **fields)
    visitor = visitor_for(phone_hash(entry.phone))
    row, _is_new = signing.sign(actor=visitor, template=template, entry=entry, token=str(uuid.uuid4()))
    return row


def make_batch(template: PledgeTemplate, unit: Unit, **fields: Any) -> PledgeRecord:
    """A paper batch as it lies in the table."""
    number = next(_numbers)
    fields = {
        "no": f"CN2020-{number:06d}", "signed_at": timezone.now() - timedelta(days=1), "method": Method.PAPER_SCAN,
        "signatures": 30, "households": 10, **fields,
    }  # fmt: skip
    return PledgeRecord.objects.create(template=template, unit=unit, **fields)


def make_letter(unit: Unit, *, status: str = LetterState.PUBLISHED, **fields: Any) -> Initiative:
    """A letter."""
    number = next(_numbers)
    fields = {
        "slug": f"letter-{number}", "title": "家庭助廉倡议书", "issuers": "市妇联", "body": "以德立家。\n\n以廉治家。",
        "issued_on": timezone.localdate(), **fields,
    }  # fmt: skip
    return Initiative.objects.create(unit=unit, status=status, **fields)
