"""Who holds a draft, taken from a request once so that nothing below the view needs the request."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from portal.accounts.phone_codes import visitor_of

SESSION_KEY = "draft_tokens"
MAX_TOKENS = 30


@dataclass(frozen=True)
class Holder:
    """An account, the tokens this browser began, a phone number verified in this session."""

    user: Any = None
    tokens: frozenset[str] = frozenset()
    phone_hash: str = ""


def holder_of(request: HttpRequest) -> Holder:
    """The holder behind a request."""
    user = request.user if request.user.is_authenticated else None
    visitor = visitor_of(request)
    return Holder(
        user, frozenset(request.session.get(SESSION_KEY, [])), visitor.phone_hash if visitor else ""
    )


def remember(request: HttpRequest, token: str) -> None:
    """Note in the session that this browser began the draft; survives signing in."""
    tokens = [known for known in request.session.get(SESSION_KEY, []) if known != token]
    request.session[SESSION_KEY] = [*tokens, token][-MAX_TOKENS:]


def let_go(request: HttpRequest) -> None:
    """For a shared device: this browser holds no drafts any more; they are found again by phone, code or account."""
    request.session.pop(SESSION_KEY, None)
