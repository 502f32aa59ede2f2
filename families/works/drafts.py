"""Drafts of submissions: like every other form's, with a code for another phone, and nothing of a child
before the guardian's consent."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest

from families.works.actions.numbers import code_for, code_hash
from families.works.forms.rows import is_unconsented_child
from families.works.queries import by_token
from portal.accounts.phone_codes import phone_hash
from portal.drafts import actions, rules
from portal.drafts.holder import holder_of, remember
from portal.drafts.models import FormDraft
from portal.drafts.queries import held_by
from portal.drafts.rescue import PARAMETER

FORM_CODE = "works.submit"
FRESH = "new"


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


def goes_on(request: HttpRequest, draft: FormDraft | None) -> bool:
    """May the page simply go on with it? What this very browser began, unless another form was asked for: who comes back
    from signing in, or from anywhere, finds the words and the files without looking for them."""
    if draft is None or request.GET.get(FRESH) or request.GET.get("late"):
        return False
    if draft.token not in holder_of(request).tokens or by_token(draft.token) is not None:
        return False  # a token that has made its work makes no second one
    wanted = request.GET.get("category", "")
    return not wanted or actions.content_of(draft).get("category") == [wanted]


def content_for(request: HttpRequest, draft: FormDraft) -> dict[str, Any]:
    """What was typed, as a form begins with it; a draft begun before signing in becomes the account's own."""
    actions.claim(draft=draft, holder=holder_of(request))
    content = actions.content_of(draft)
    content.setdefault("form_token", [draft.token])
    return {name: texts[0] if len(texts) == 1 else texts for name, texts in content.items()}


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
