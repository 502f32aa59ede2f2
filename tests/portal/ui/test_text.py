"""Counting characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.ui.text import count_chars

HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("清廉家风", 4),
        ("清廉，家风。", 4),
        ("家 风\n家\u3000训", 4),
        ("2026年", 2),
        ("3.5小时", 3),
        ("1,208 户", 2),
        ("A love letter", 3),
        ("don't", 1),
        ("well-known", 1),
        ("𬀩㛃䶮", 3),
        ("阿依古丽·买买提", 7),
        ("第１２届", 3),
        ("😀！？……", 0),
    ],
)
def test_count_of_known_texts(text: str, expected: int) -> None:
    assert count_chars(text) == expected


@given(st.text(HAN, max_size=60))
def test_every_han_character_counts_one(text: str) -> None:
    assert count_chars(text) == len(text)


@given(st.text(max_size=80))
def test_count_never_exceeds_length(text: str) -> None:
    assert 0 <= count_chars(text) <= len(text)


@given(st.text(HAN, max_size=30), st.text(HAN, max_size=30))
def test_spaces_and_punctuation_count_nothing(left: str, right: str) -> None:
    assert count_chars(f"{left} ，\n　{right}。") == count_chars(left) + count_chars(right)


@given(st.lists(st.from_regex(r"[A-Za-z]{1,8}", fullmatch=True), max_size=12))
def test_latin_words_count_one_each(words: list[str]) -> None:
    assert count_chars(" ".join(words)) == len(words)
