"""What desk cards add to the author's page of a message."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from families.cards import queries
from families.cards.rules import MESSAGE
from families.works.models import Work


def on_own_work(request: HttpRequest, work: Work) -> dict[str, Any] | None:
    """The way to the studio, and the consent to printing."""
    if work.category.code != MESSAGE or not work.is_withdrawable:
        return None
    row = queries.of_own(work)
    return {
        "template": "families/cards/_own.html",
        "row": row,
        "card": queries.card_of(row),
        "studio": reverse("families:cards:studio", args=[work.no]),
        "withdraw": reverse("families:cards:withdraw", args=[work.no]),
    }
