"""The rule that judges, on numbers made by hand."""

from __future__ import annotations

from dataclasses import replace
from math import inf, isnan, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labsim.evidence import Fact, facts
from labsim.study.validation.verdict import (
    Across,
    Estimate,
    Limits,
    estimate,
    judge,
    judge_across,
    limits,
)

NUMBER = replace(facts()["REF-01"], value=100.0, low=nan, high=nan, kind="number")
ZERO = Limits(0, strict=True)
numbers = st.floats(-1e6, 1e6)


def fact(**changes: object) -> Fact:
    return replace(NUMBER, **changes)


@pytest.mark.parametrize(
    ("given", "tolerance", "within"),
    [
        (fact(), None, Limits(90, 110)),
        (fact(), 5.0, Limits(95, 105)),
        (fact(value=-100.0), None, Limits(-110, -90)),
        (fact(low=100.0), None, Limits(90, 110)),  # "over 100"
        (fact(kind="range", value=nan, low=49.0, high=72.0), None, Limits(49, 72)),
        (fact(kind="ordering", value=nan, low=0.0), None, Limits(0, inf, strict=True)),
        (fact(kind="ordering", value=nan, high=0.0), None, Limits(-inf, 0, strict=True)),
        (fact(kind="qualitative", value=0.0), 0.3, Limits(-0.3, 0.3)),
    ],
)
def test_limits(given: Fact, tolerance: float | None, within: Limits) -> None:
    assert limits(given, tolerance) == within


def test_a_fact_without_number_or_end_needs_limits() -> None:
    with pytest.raises(ValueError, match="which way"):
        limits(fact(value=nan, kind="qualitative"))


def test_the_interval_is_students() -> None:
    found = estimate(np.array([1.0, 2.0, 3.0, 4.0, nan]))
    half = 3.182446 * np.std([1, 2, 3, 4], ddof=1) / 2
    assert found.mean == 2.5
    assert (found.low, found.high) == pytest.approx((2.5 - half, 2.5 + half), rel=1e-6)


@pytest.mark.parametrize(
    ("low", "high", "within", "verdict"),
    [
        (91, 109, Limits(90, 110), "inside"),
        (90, 110, Limits(90, 110), "inside"),
        (89, 109, Limits(90, 110), "inconclusive"),
        (80, 120, Limits(90, 110), "inconclusive"),
        (110, 120, Limits(90, 110), "inconclusive"),
        (110.1, 120, Limits(90, 110), "outside"),
        (50, 89.9, Limits(90, 110), "outside"),
        (0.1, 3, ZERO, "inside"),
        (0, 3, ZERO, "inconclusive"),
        (-1, 3, ZERO, "inconclusive"),
        (0, 0, ZERO, "outside"),  # a mechanism that does nothing
        (-3, -1, ZERO, "outside"),
        (-3, -1, Limits(high=0, strict=True), "inside"),
        (nan, nan, ZERO, "inconclusive"),
    ],
)
def test_verdicts(low: float, high: float, within: Limits, verdict: str) -> None:
    assert judge(Estimate((low + high) / 2, low, high), within) == verdict


def test_one_replication_says_nothing() -> None:
    found = estimate(np.array([5.0]))
    assert found.mean == 5
    assert isnan(found.low)
    assert judge(found, Limits(0, 10)) == "inconclusive"


@given(numbers, st.floats(0, 1e3), numbers, st.floats(0, 1e3))
def test_a_wider_band_never_turns_inside_to_outside(mean, half, centre, width) -> None:
    found = Estimate(mean, mean - half, mean + half)
    narrow = judge(found, Limits(centre - width, centre + width))
    wide = judge(found, Limits(centre - 2 * width - 1, centre + 2 * width + 1))
    assert (narrow, wide) not in [("inside", "outside"), ("inside", "inconclusive")]
    assert (narrow, wide) != ("inconclusive", "outside")


def across(*columns: list[float]) -> Across:
    return Across(np.array(columns).T, tuple("abc"[: len(columns)]))


@pytest.mark.parametrize(
    ("columns", "verdict"),
    [
        (([55.0, 55.1, 55.2], [60.0, 60.1, 60.2]), "inside"),
        (([40.0, 40.1, 40.2], [60.0, 60.1, 60.2]), "outside"),
        (([55.0, 55.1, 55.2], [80.0, 80.1, 80.2]), "outside"),
        (([40.0, 50.0, 60.0], [60.0, 60.1, 60.2]), "inconclusive"),
        (([nan, nan, nan], [60.0, 60.1, 60.2]), "inside"),
    ],
)
def test_the_lowest_and_the_highest_pilot_must_both_be_inside(columns, verdict) -> None:
    found, judged = judge_across(across(*columns), Limits(49, 72))
    assert judged == verdict
    known = [np.mean(column) for column in columns if not np.isnan(column).any()]
    assert found.mean == pytest.approx(np.mean(known))
    assert found.low <= min(known)
    assert found.high >= max(known)
