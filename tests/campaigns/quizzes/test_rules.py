"""The draw, the intervals and the composition hold for every input, not for one example."""

import hashlib
from collections import Counter
from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from campaigns.quizzes.rules import bank, draw, papers, statistics
from campaigns.quizzes.rules.bank import Category, Kind
from campaigns.quizzes.rules.papers import Part, TooFew, compose

SEEDS = st.text("0123456789abcdef", min_size=64, max_size=64)
NUMBERS = st.lists(st.integers(1, 5000), max_size=80, unique=True)


# -- the draw -------------------------------------------------------------------------------------


@given(seed=SEEDS, numbers=NUMBERS, count=st.integers(0, 100), shuffle=st.randoms())
def test_draw_is_the_same_for_every_order_and_holds_no_number_twice(seed, numbers, count, shuffle):
    won = draw.winners(seed, numbers, count)
    mixed = [*numbers, *numbers]
    shuffle.shuffle(mixed)
    assert draw.winners(seed, mixed, count) == won
    assert len(set(won)) == len(won) == min(count, len(numbers)) and set(won) <= set(numbers)


@given(seed=SEEDS, numbers=NUMBERS, count=st.integers(1, 20))
def test_who_does_not_win_changes_nothing_for_the_winners(seed, numbers, count):
    won = draw.winners(seed, numbers, count)
    losers = [number for number in numbers if number not in won]
    assert draw.winners(seed, [number for number in numbers if number not in losers[:1]], count) == won


def test_draw_can_be_repeated_by_hand_as_the_page_says():
    seed = "ab" * 32
    keys = {number: hashlib.sha256(f"{seed}:{number}".encode()).hexdigest() for number in range(1, 31)}
    assert draw.winners(seed, range(1, 31), 3) == sorted(keys, key=keys.get)[:3]
    assert draw.commitment(seed) == hashlib.sha256(seed.encode()).hexdigest()


def test_draw_favours_nobody():
    """Chi-square over 4 000 seeds: every one of 20 numbers wins about equally often (limit at p = 0.0001)."""
    won = Counter(number for seed in range(4000) for number in draw.winners(f"{seed:064x}", range(1, 21), 2))
    expected = 4000 * 2 / 20
    assert sum((won[number] - expected) ** 2 / expected for number in range(1, 21)) < 51.0


# -- statistics -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [  # published values of the Wilson score interval
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (50, 100, 0.4038, 0.5962),
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
    ],
)
def test_wilson_gives_known_values(hits, n, low, high):
    found = statistics.wilson(hits, n)
    assert found == pytest.approx((low, high), abs=0.0001)


@given(n=st.integers(1, 100_000), share=st.floats(0, 1))
def test_interval_holds_the_share_and_stays_a_share(n, share):
    hits = round(n * share)
    low, high = statistics.wilson(hits, n)
    assert 0 <= low <= hits / n <= high <= 1
    other_low, other_high = statistics.wilson(n - hits, n)
    assert (low, high) == pytest.approx((1 - other_high, 1 - other_low), abs=1e-9)


@given(n=st.integers(0, 5000), hits=st.integers(0, 5000))
def test_a_rate_never_stands_alone(n, hits):
    assume(hits <= n)
    if n < statistics.LEAST_N:
        with pytest.raises(statistics.TooFewAnswers):
            statistics.rate_words(hits, n)
    else:
        words = statistics.rate_words(hits, n)
        assert f"n={n}" in words and "95%" in words and "—" in words


@pytest.mark.parametrize("least", [0, 1, -5])
def test_nothing_is_said_about_nobody(least):
    with pytest.raises(statistics.TooFewAnswers):
        statistics.rate_words(0, 0, least=least)


def test_hundred_percent_shows_how_little_it_says():
    assert statistics.rate_words(30, 30) == "100%（n=30，95% 置信区间 88.6%—100%）"


@pytest.mark.parametrize(
    ("frame", "margin", "effect", "response", "answers", "invitations"),
    [
        (5000, "5", "1", 60, 357, 595),  # Cochran with finite population correction
        (10_000_000, "5", "1", 100, 385, 385),
        (5000, "6.8", "1", 60, 200, 334),
        (5000, "5", "2", 50, 667, 1334),
        (10, "5", "1", 60, 10, 10),
    ],
)
def test_sample_plan(frame, margin, effect, response, answers, invitations):
    plan = statistics.plan(
        frame=frame, margin=Decimal(margin), design_effect=Decimal(effect), response=response
    )
    assert (plan.answers, plan.invitations) == (answers, invitations)


@given(st.integers(1, 10**7), st.integers(1, 20), st.integers(10, 50), st.integers(5, 100))
def test_plan_never_asks_for_more_than_there_are(frame, margin, effect, response):
    plan = statistics.plan(
        frame=frame, margin=Decimal(margin), design_effect=Decimal(effect) / 10, response=response
    )
    assert 1 <= plan.answers <= plan.invitations <= frame or plan.is_census


@given(st.lists(st.integers(0, 40), min_size=1, max_size=6))
def test_small_cells_cannot_be_worked_out_from_the_total(counts):
    shown = statistics.shown_counts(counts)
    hidden = [count for count, value in zip(counts, shown, strict=True) if value is None]
    assert all(value is None or value == 0 or value >= 5 for value in shown)
    if hidden and sum(1 for count in counts if count) > 1:
        assert len(hidden) >= 2


# -- questions and papers -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "answer"), [("a、C", [0, 2]), ("对", [0]), ("错误", [1]), ("DCBA", [0, 1, 2, 3]), (" b ", [1])]
)
def test_answers_are_read_as_people_write_them(text, answer):
    assert bank.read_answer(text) == answer


@pytest.mark.parametrize("text", ["", "G", "1", "A和B"])
def test_answers_that_are_none(text):
    with pytest.raises(ValueError, match=f"^{text}$"):
        bank.read_answer(text)


@pytest.mark.parametrize(
    ("kind", "options", "answer", "field"),
    [
        (Kind.SINGLE, ["甲"], [0], "options"),
        (Kind.SINGLE, ["甲", "甲"], [0], "options"),
        (Kind.SINGLE, list("甲乙丙丁戊己庚"), [0], "options"),
        (Kind.SINGLE, ["甲", "乙"], [0, 1], "answer"),
        (Kind.MULTI, ["甲", "乙"], [0], "answer"),
        (Kind.SINGLE, ["甲", "乙"], [2], "answer"),
        (Kind.SINGLE, ["甲", "乙"], [], "answer"),
        (Kind.TRUE_FALSE, ["甲", "乙", "丙"], [0], "options"),
    ],
)
def test_faults_name_the_field(kind, options, answer, field):
    assert field in {name for name, _text in bank.faults(kind, options, answer)}


def _pool(*rows):
    return [
        SimpleNamespace(pk=pk, kind=kind, category=category, difficulty=1)
        for pk, (kind, category) in enumerate(rows, 1)
    ]


@settings(max_examples=50)
@given(seed=SEEDS, counts=st.lists(st.integers(1, 4), min_size=1, max_size=4))
def test_composition_fits_its_parts_and_takes_no_question_twice(seed, counts):
    kinds = [Kind.SINGLE, Kind.MULTI, Kind.TRUE_FALSE, Kind.SINGLE]
    parts = [Part(kind, count) for kind, count in zip(kinds, counts, strict=False)]
    pool = _pool(
        *[(kind, category) for kind in Kind.values for category in list(Category.values)[:5] for _n in "ab"]
    )
    chosen = compose(parts, pool, seed)
    assert len({one.pk for one in chosen}) == len(chosen) == sum(part.count for part in parts)
    assert compose(parts, list(reversed(pool)), seed) == chosen
    assert all(
        part.fits(one) for part, one in zip([p for p in parts for _n in range(p.count)], chosen, strict=True)
    )


def test_topics_take_turns_and_narrow_parts_come_first():
    pool = _pool(*[(Kind.SINGLE, "culture")] * 10, (Kind.SINGLE, "women"), (Kind.SINGLE, "customs"))
    assert {one.category for one in compose([Part(Kind.SINGLE, 3)], pool, "s")} == {
        "culture",
        "women",
        "customs",
    }
    chosen = compose([Part(Kind.SINGLE, 11), Part(Kind.SINGLE, 1, "women")], pool, "s")
    assert chosen[-1].category == "women"
    with pytest.raises(TooFew) as lack:
        compose([Part(Kind.SINGLE, 2, "women")], pool, "s")
    assert lack.value.found == 1


@given(st.lists(st.integers(), max_size=8), SEEDS)
def test_shuffle_keeps_all_and_is_repeatable(values, seed):
    once = papers.shuffled(values, seed, "x")
    assert sorted(once) == sorted(values) and once == papers.shuffled(values, seed, "x")
