"""Calls and works."""

import itertools
import uuid
from datetime import timedelta
from typing import Any

from django.utils import timezone

from families.works.actions.calls import ensure_categories
from families.works.actions.submit import submit
from families.works.entry import AuthorEntry, Entry
from families.works.models import Work, WorkCall, WorkCategory
from families.works.rules import CallState
from portal.accounts.phone_codes import phone_hash, visitor_for
from portal.privacy.rules import ConsentType
from portal.units.models import Unit

_numbers = itertools.count(1)
PHONE = "13812345678"


def make_call(unit: Unit, *, categories: tuple[str, ...] = ("MOTTO",), **fields: Any) -> WorkCall:
    """An open call of a unit."""
    ensure_categories()
    now = timezone.now()
    fields = {
        "slug": f"call-{next(_numbers)}", "title": "家规家训征集", "status": CallState.OPEN,
        "open_at": now - timedelta(days=3), "close_at": now + timedelta(days=30), **fields,
    }  # fmt: skip
    call = WorkCall.objects.create(unit=unit, **fields)
    call.categories.set(WorkCategory.objects.filter(code__in=categories))
    return call


def make_entry(call: WorkCall, unit: Unit, **fields: Any) -> Entry:
    """What a family typed; all consents ticked unless said otherwise."""
    number = next(_numbers)
    born = fields.pop("birth_ym", "1970-05")
    name = fields.pop("author_name", "张小三")
    consents = fields.pop(
        "consents",
        {ConsentType.PROCESSING: "同意", ConsentType.LICENCE: "授权", ConsentType.PUBLICATION: "公开"},
    )
    fields = {
        "category": call.categories.first(), "title": f"家训{number}", "text": f"勤俭持家，清白做人{number}", "unit": unit,
        "audience": "public", "authors": (AuthorEntry(name, born),), "phone": PHONE, "licence": True, "consents": consents,
        **fields,
    }  # fmt: skip
    return Entry(**fields)


def make_work(call: WorkCall, unit: Unit, *, actor: Any = None, paper: bool = False, **fields: Any) -> Work:
    """A submitted work."""
    entry = make_entry(call, unit, **fields)
    work, _code = submit(
        actor=actor or visitor_for(phone_hash(entry.phone)),
        call=call,
        entry=entry,
        token=str(uuid.uuid4()),
        paper=paper,
    )
    return work
