"""What of desk cards belongs to a person. They are deleted with the message they are made of."""

from typing import Any

from families.cards import queries
from families.cards.rules import MESSAGE
from families.works import queries as works
from portal.privacy.queries import about_many
from portal.privacy.registry import Person


def export_of(person: Person) -> list[dict[str, Any]]:
    """The cards of a family's messages, with their consents."""
    rows = works.own(person.phone_hash, person.user).filter(category__code=MESSAGE, card__isnull=False)
    found = list(rows.select_related("card", "card__unit"))
    cards = [card for work in found if (card := queries.card_of(work)) is not None]
    consents = about_many(type(cards[0]), [card.pk for card in cards]) if cards else {}
    return [
        {
            "no": work.no,
            "lettering": card.get_lettering_display(),
            "pattern": card.get_pattern_display(),
            "unit": str(card.unit),
            "printed_at": card.printed_at,
            "consents": [
                {"given_at": row.given_at, "withdrawn_at": row.withdrawn_at}
                for row in consents.get(card.pk, [])
            ],
        }
        for work, card in zip(found, cards, strict=True)
    ]


def erase_of(person: Person, actor: Any) -> int:
    """Nothing of its own: a card goes with its message."""
    return 0
