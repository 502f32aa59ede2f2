"""Reading figures: what people write is understood, what is unclear is refused, nothing is guessed."""

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from campaigns.activities.figures import Figure, read, write


@pytest.mark.parametrize(
    ("text", "value", "about"),
    [
        ("60", 60, False), ("1,200", 1200, False), ("１２３", 123, False), (" 85 人 ", 85, False), ("", None, False),
        ("—", None, False), ("约300", 300, True), ("近2万", 20_000, True), ("3.3万多", 33_000, True),
        ("3.3万多人次", 33_000, True), ("50余人", 50, True), ("百余", 0, None), ("2万", 20_000, False),
        ("超过100人", 100, True), ("共计40件", 40, False), ("100人左右", 100, True), ("5千", 5000, False),
        ("0", 0, False), ("1，200", 1200, False),
        ("about 300", 300, True), ("Approx. 1,200", 1200, True), ("~50", 50, True), ("over 100", 100, True),
    ],
)  # fmt: skip
def test_figures_as_people_write_them(text, value, about):
    if about is None:
        with pytest.raises(ValueError, match="figure"):
            read(text)
    else:
        assert read(text) == Figure(value, about)


@pytest.mark.parametrize(
    "text", ["很多", "-3", "=1+1", "12a", "1.5", "１２万万", "60-80", "9" * 30, "NaN", "1e9", "〇"]
)
def test_what_is_no_figure(text):
    with pytest.raises(ValueError, match=r"figure|whole"):
        read(text)


@given(st.integers(0, 10**9), st.booleans(), st.sampled_from(["zh-hans", "en"]))
def test_what_is_written_is_read_again(value, about, language):
    with override(language):
        assert read(str(write(value, is_estimate=about))) == Figure(value, about)


@given(st.text(max_size=30))
def test_any_text_is_a_figure_or_refused(text):
    try:
        figure = read(text)
    except ValueError:
        return
    assert figure.value is None or 0 <= figure.value < 10**24
