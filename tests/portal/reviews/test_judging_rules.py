"""The arithmetic of judging, and the balance of an assignment."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.reviews.judging import rules


def test_default_criteria_make_a_hundred():
    for criteria in (rules.TEXT_CRITERIA, rules.ART_CRITERIA, rules.CHILD_CRITERIA):
        assert (
            rules.criteria_faults([{"name": str(name), "weight": weight} for name, weight in criteria]) == ""
        )
    assert "99" in rules.criteria_faults([{"name": "一", "weight": 99}])
    assert rules.criteria_faults([{"name": " ", "weight": 100}])


@pytest.mark.parametrize(
    ("typed", "value"), [("30", "30.0"), ("３０．５", "30.5"), (" 0 ", "0.0"), ("35", "35.0")]
)
def test_scores_as_people_type_them(typed, value):
    assert rules.parse_score(typed, 35) == Decimal(value)


@pytest.mark.parametrize("typed", ["35.1", "-1", "1.25", "NaN", "Infinity", "三", "1e1000", ""])
def test_scores_out_of_range_are_refused(typed):
    with pytest.raises(ValueError, match=r".*"):
        rules.parse_score(typed, 35)


def test_highest_and_lowest_go_from_five_on():
    four = [Decimal(n) for n in (60, 80, 80, 100)]
    assert rules.fair_mean(four) == Decimal("80.00")
    assert rules.fair_mean([*four, Decimal(90)]) == Decimal("83.33")
    assert rules.fair_mean([]) is None


def test_ties_go_to_the_first_criterion_then_to_the_chair():
    totals = {(1, 1): Decimal(80), (2, 1): Decimal(80), (3, 1): Decimal(80), (4, 1): Decimal(90)}
    firsts = {(1, 1): Decimal(30), (2, 1): Decimal(20), (3, 1): Decimal(20), (4, 1): Decimal(1)}
    found = rules.results(totals, firsts, dict.fromkeys((1, 2, 3, 4, 5), "a"))
    assert [found[n].raw_rank for n in (4, 1, 2, 3, 5)] == [1, 2, 3, 3, 5]
    assert [found[n].tied for n in (1, 2, 3, 4, 5)] == [False, True, True, False, False]


def test_a_strict_judge_is_seen_through():
    """Two pairs of works; judge 9 gives 20 less to whatever they get."""
    totals = {(1, 7): Decimal(90), (1, 8): Decimal(90), (2, 7): Decimal(80), (2, 9): Decimal(60), (3, 8): Decimal(70), (3, 9): Decimal(50)}  # fmt: skip
    effect = rules.strictness(totals)
    assert effect[9] - effect[7] == pytest.approx(-20, abs=0.5)
    found = rules.results(totals, {}, {1: "a", 2: "a", 3: "a"})
    assert found[2].raw == Decimal("70.00")
    assert float(found[2].adjusted - found[3].adjusted) == pytest.approx(10, abs=0.5)


@settings(max_examples=60)
@given(things=st.integers(1, 30), judges=st.integers(3, 8), each=st.integers(1, 3))
def test_without_recusal_everybody_gets_the_same(things, judges, each):
    plan = rules.balance(range(things), range(100, 100 + judges), each=each)
    assert plan.spread <= 1
    assert not plan.short
    assert all(sum(thing == one for one, _judge in plan.pairs) == each for thing in range(things))


@settings(max_examples=60)
@given(data=st.data(), things=st.integers(1, 15), judges=st.integers(3, 6))
def test_recusals_are_kept_and_nothing_is_left_that_could_be_given(data, things, judges):
    people = list(range(100, 100 + judges))
    pairs = st.tuples(st.integers(0, things - 1), st.sampled_from(people))
    barred = data.draw(st.sets(pairs, max_size=things * 2))
    given_before = data.draw(st.sets(pairs, max_size=things)) - barred
    plan = rules.balance(range(things), people, each=3, barred=barred, given=given_before)
    assert not set(plan.pairs) & (barred | given_before)
    assert len(set(plan.pairs)) == len(plan.pairs)
    for thing in range(things):
        have = sum(one == thing for one, _j in [*plan.pairs, *given_before])
        could = sum((thing, judge) not in barred for judge in people)
        assert have >= min(3, could)
        assert plan.short.get(thing, 0) == max(0, min(3, 3) - have)
    for thing, giver in plan.pairs:  # no single move makes it fairer
        for taker in people:
            free = (thing, taker) not in barred and (thing, taker) not in {*plan.pairs, *given_before}
            assert not (free and plan.load[giver] >= plan.load[taker] + 2)
