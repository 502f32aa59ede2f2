"""Groups by age, and codes as people type them."""

from hypothesis import given
from hypothesis import strategies as st

from families.calls.rules import LATE_ALPHABET, group_of, plain_late_code, waiver_in

GROUPS = [
    {"name": "幼儿组", "age_min": 5, "age_max": 6},
    {"name": "儿童组", "age_min": 7, "age_max": 12},
    {"name": "少年组", "age_min": 13, "age_max": 16},
]


@given(st.lists(st.integers(0, 110), min_size=1, max_size=5))
def test_the_youngest_author_gives_the_group(ages: list[int]) -> None:
    row = group_of(GROUPS, ages)
    youngest = min(ages)
    if row is None:
        assert youngest < 5 or youngest > 16
    else:
        assert row["age_min"] <= youngest <= row["age_max"]


def test_open_ends() -> None:
    groups = [
        {"name": "少儿", "age_min": None, "age_max": 17},
        {"name": "成人", "age_min": 18, "age_max": None},
    ]
    assert [group_of(groups, [age])["name"] for age in (0, 17, 18, 99)] == ["少儿", "少儿", "成人", "成人"]  # type: ignore[index]
    assert group_of(groups, []) is None


@given(st.text(alphabet=LATE_ALPHABET, min_size=6, max_size=6))
def test_a_code_is_taken_however_it_is_typed(code: str) -> None:
    wide = "".join(chr(ord(char) + 0xFEE0) for char in code.lower())
    assert plain_late_code(f" {wide[:3]}－{wide[3:]} ") == code


def test_waivers_are_found() -> None:
    assert waiver_in("本次活动最终解释权归主办方所有")
    assert not waiver_in("著作权归作者")
