"""Numbers and pure questions of letters; no database."""

from datetime import timedelta

LETTER = "FAMILY_LETTER"
LINK_LIFE = timedelta(days=30)
MOST_SENDS = 5  # messages about one letter: the first and four more
MOST_TO_A_PHONE_A_DAY = 3  # from everybody together: nobody's phone is flooded
PHONE_KEPT = timedelta(days=365)
THREAD_MOST = 40
REPLY_MAX = 1500

# Who writes back to whom (domain reference §3.2: the direction of a letter).
OPPOSITE = {
    "parent_to_child": "child_to_parent",
    "child_to_parent": "parent_to_child",
    "spouse": "spouse",
    "other_kin": "other_kin",
}


def answer_direction(direction: str) -> str:
    """The direction of the reply to a letter."""
    return OPPOSITE.get(direction, "other_kin")
