"""What letters add to the pages of works."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from families.letters import queries
from families.works.models import Work
from families.works.rules import Audience
from portal.privacy.registry import Person


def on_me(request: HttpRequest, person: Person) -> dict[str, Any] | None:
    """Letters I received, and replies to mine."""
    rows = list(queries.received_by(person.phone_hash)[:50])
    return {"template": "families/letters/_me.html", "rows": rows} if rows else None


def on_own_work(request: HttpRequest, work: Work) -> dict[str, Any] | None:
    """Where my letter is."""
    if not queries.can_be_sent(work.category):
        return None
    delivery = queries.of_work(work)
    # A motto or a message is usually for everybody; a letter always has somebody it is written to.
    if delivery is None and not queries.is_letter(work) and work.audience != Audience.ONLY_RECIPIENT:
        return None
    return {
        "template": "families/letters/_own.html",
        "is_letter": queries.is_letter(work),
        "delivery": delivery,
        "send_url": reverse("families:letters:send", args=[work.no]),
        "thread_url": reverse("families:letters:thread", args=[work.no]),
    }


def on_public_work(request: HttpRequest, work: Work) -> dict[str, Any] | None:
    """The letter before and the reply after, when both families agreed to show theirs."""
    if not queries.is_letter(work):
        return None
    before, after = queries.neighbours(work)
    if before is None and after is None:
        return None
    return {"template": "families/letters/_public.html", "before": before, "after": after}
