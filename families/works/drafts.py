"""Drafts of submissions: like every other form's, with a code for another phone, and nothing of a child
before the guardian's consent."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest
from django.utils import timezone

from families.works.actions.numbers import code_for, code_hash
from families.works.forms.submit import clean_year_month
from portal.accounts.phone_codes import phone_hash
from portal.drafts import actions, rules
from portal.drafts.holder import holder_of, remember
from portal.drafts.models import FormDraft
from portal.drafts.queries import held_by
from portal.drafts.rescue import PARAMETER
from portal.privacy.rules import is_child

FORM_CODE = "works.submit"
OF_THE_PERSON = ("author_name", "birth_ym", "guardian_name", "guardian_phone", "village", "area")


def is_unconsented_child(data: Any) -> bool:
    """Is it a child's, without the guardian's tick?"""
    try:
        child = is_child(clean_year_month(str(data.get("birth_ym", ""))), timezone.localdate())
    except ValidationError:
        return False
    return child and not data.get("consent_guardian")


def payload_of(data: Any) -> rules.Payload:
    """What of a form may be kept."""
    payload = rules.clean_payload(data.lists())
    payload.pop("action", None)
    if is_unconsented_child(data):
        return {}
    return payload


def waiting(request: HttpRequest) -> FormDraft | None:
    """What this browser or this phone began on this page and has not sent."""
    if request.GET.get(PARAMETER):
        return None
    mine = held_by(holder_of(request)).filter(form_code=FORM_CODE, path=request.path)
    return mine.order_by("-updated_at").first()


def keep(request: HttpRequest, *, path: str) -> FormDraft | None:
    """Save the posted form as a draft of this browser, findable by its phone; None when nothing is kept."""
    token = request.POST.get("form_token", "")
    try:
        draft = actions.save(
            token=token,
            form_code=FORM_CODE,
            payload=payload_of(request.POST),
            holder=holder_of(request),
            path=path,
        )
    except (actions.DraftError, PermissionDenied):
        return None
    if draft is None:
        return None
    remember(request, draft.token)
    try:
        digest = phone_hash(request.POST.get("phone", ""))
    except ValidationError:
        digest = ""
    actions.give_code(draft=draft, code_hash=code_hash(code_for(draft.token)), phone_hash=digest)
    return draft
