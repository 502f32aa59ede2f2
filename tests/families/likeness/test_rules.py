"""How texts and pictures are compared."""

from hypothesis import given, settings
from hypothesis import strategies as st

from families.likeness import rules


@settings(max_examples=60)
@given(st.integers(0, 2**64 - 1), st.sets(st.integers(0, 63), max_size=7))
def test_pictures_within_seven_bits_always_share_a_neighbour(value: int, flips: set[int]) -> None:
    other = value
    for bit in flips:
        other ^= 1 << bit
    assert set(rules.picture_neighbours(f"{value:016x}")) & set(rules.picture_bands(f"{other:016x}"))


@settings(max_examples=60)
@given(st.text(max_size=200))
def test_a_text_is_like_itself_whatever_its_marks(text: str) -> None:
    loose = "，".join(text)
    assert rules.text_bands(text) == rules.text_bands(loose)
    assert not rules.plain(text) or rules.text_likeness(text, loose) == 100
