"""Who holds a draft, taken from a request once so that nothing below the view needs the request."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

SESSION_KEY = "draft_tokens"
PHONE_KEY = "verified_phone_hash"
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
    session = request.session
    return Holder(user, frozenset(session.get(SESSION_KEY, [])), session.get(PHONE_KEY, ""))


def remember(request: HttpRequest, token: str) -> None:
    """Note in the session that this browser began the draft; survives signing in."""
    tokens = [known for known in request.session.get(SESSION_KEY, []) if known != token]
    request.session[SESSION_KEY] = [*tokens, token][-MAX_TOKENS:]
