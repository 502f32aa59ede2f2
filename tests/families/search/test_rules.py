"""What a text becomes in the index, and what a word asks of it."""

from datetime import UTC, datetime

import pytest

from families.search.rules import asked, place_in_order, tag, terms_of


def test_text_is_its_characters_and_pairs_and_never_a_pair_over_a_comma() -> None:
    assert terms_of("清白，做人") == {"清", "白", "做", "人", "清白", "做人"}


def test_width_and_case_make_no_difference() -> None:
    assert terms_of("ＺＰ2026") == terms_of("zp2026")


@pytest.mark.parametrize(
    ("words", "query", "exact"),
    [
        (["清白"], [["清白"]], []),
        (["孝"], [["孝"]], []),
        (["清白做"], [["清白"], ["白做"]], ["清白做"]),
        (["清，白"], [["清"], ["白"]], ["清，白"]),
        (["𬀩㛃"], [["𬀩㛃"]], []),
        (["。", '"', "' & |"], [], []),
    ],
)
def test_word_asks_for_its_pairs(words: list[str], query: list[list[str]], exact: list[str]) -> None:
    assert asked(words) == (query, exact)


def test_no_word_and_no_filter_is_the_same_term() -> None:
    assert len(tag("kind", 1)) > 2
    assert tag("kind", 1) != tag("call", 1)


def test_newest_is_greatest_and_fits_the_column() -> None:
    early, late = datetime(2026, 1, 1, tzinfo=UTC), datetime(2126, 1, 1, tzinfo=UTC)
    assert place_in_order(early, 1) < place_in_order(early, 2) < place_in_order(late, 1) < 2**63
