"""Hours: exact water-filling, against optimality conditions and two numerical optimisers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq, minimize

from labsim.market.effort import allocate

KAPPA = 0.6


@st.composite
def problems(draw):
    """Worth (negative, zero, tied, over 16 orders of magnitude), limits, hours, and saturation."""
    n = draw(st.integers(1, 12))
    magnitude = st.integers(-8, 8).flatmap(lambda p: st.floats(1, 10).map(lambda x: x * 10.0**p))
    one = st.one_of(
        magnitude, st.sampled_from([0.0, 1.0, 1.0, 50.0]), st.floats(-100, 0, allow_nan=False)
    )
    worth = np.array(draw(st.lists(one, min_size=n, max_size=n)))
    low = np.array(draw(st.lists(st.sampled_from([0.0, 0.08, 0.5]), min_size=n, max_size=n)))
    width = np.array(draw(st.lists(st.sampled_from([0.0, 0.3, 3.92]), min_size=n, max_size=n)))
    share = draw(st.one_of(st.floats(0, 1), st.sampled_from([0.0, 1.0])))
    kappas = st.sampled_from([0.05, 0.6, 3.0])
    alike = kappas.map(lambda kappa: [kappa] * n)
    kappa = np.array(draw(st.one_of(alike, st.lists(kappas, min_size=n, max_size=n))))
    high = low + width
    total = float(low.sum() + share * (high.sum() - low.sum()))
    return worth, total, low, high, kappa


def gain(hours, worth, kappa):
    return float((worth * -np.expm1(-hours / kappa)).sum())


def by_bisection(worth, total, low, high, kappa):
    """Solve the dual numerically: find the price of an hour at which hours add up to the total."""
    valued = worth > 0
    kappa = kappa[valued]

    def hours_at(log_price):
        hours = low.copy()
        wish = kappa * (np.log(worth[valued] / kappa) - log_price)
        hours[valued] = np.clip(wish, low[valued], high[valued])
        return hours

    logs = np.log(worth[valued] / kappa)
    lowest = float((logs - high[valued] / kappa).min()) - 1
    highest = float((logs - low[valued] / kappa).max()) + 1
    if hours_at(lowest).sum() <= total:
        return hours_at(lowest)
    root = brentq(lambda price: hours_at(price).sum() - total, lowest, highest, xtol=1e-13)
    return hours_at(root)


@settings(derandomize=True, deadline=None, max_examples=100)
@given(problems())
def test_limits_and_total_hold(problem):
    worth, total, low, high, kappa = problem
    hours = allocate(worth, total, low, high, kappa).hours
    slack = 1e-9 * max(1.0, total)  # clipping and one logarithm per client, in float64
    assert (hours >= low - slack).all()
    assert (hours <= high + slack).all()
    assert hours.sum() <= total + slack


@settings(derandomize=True, deadline=None, max_examples=100)
@given(problems())
def test_conditions_of_the_optimum(problem):
    """Karush, Kuhn, Tucker: the last hour is worth the price; at a limit, less or more."""
    worth, total, low, high, kappa = problem
    found = allocate(worth, total, low, high, kappa)
    hours, price = found.hours, found.price
    if not (worth > 0).any() or not np.isfinite(price):
        return
    margin = worth / kappa * np.exp(-hours / kappa)
    inside = (hours > low + 1e-9) & (hours < high - 1e-9) & (worth > 0)
    assert margin[inside] == pytest.approx(price, rel=1e-6)
    assert (margin[(hours <= low + 1e-9) & (low < high)] <= price * (1 + 1e-6)).all()
    assert (margin[(hours >= high - 1e-9) & (low < high) & (worth > 0)] >= price * (1 - 1e-6)).all()
    if price > 0:
        assert hours.sum() == pytest.approx(total, rel=1e-9, abs=1e-9)  # no hour is left idle
    assert np.array_equal(hours[worth <= 0], low[worth <= 0]) or total >= high.sum()


@settings(derandomize=True, deadline=None, max_examples=100)
@given(problems())
def test_agrees_with_bisection_on_the_price(problem):
    worth, total, low, high, kappa = problem
    if not (worth > 0).any() or total <= low.sum() or total >= high.sum():
        return
    hours = allocate(worth, total, low, high, kappa).hours
    assert hours == pytest.approx(by_bisection(worth, total, low, high, kappa), abs=1e-7)


@pytest.mark.parametrize("seed", range(12))
def test_agrees_with_a_general_optimiser(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 9))
    worth = rng.lognormal(2, 1, n) * rng.choice([1, 1, 1, -1], n)
    worth[0] = abs(worth[0])
    low, high = np.full(n, 0.08), np.full(n, 4.0)
    total = float(rng.uniform(0.1, 2.0) * n)
    found = allocate(worth, total, low, high, KAPPA)
    best = minimize(
        lambda e: -gain(e, worth, KAPPA) / worth[0],
        np.full(n, min(total / n, 4.0)),
        jac=lambda e: -(worth / KAPPA * np.exp(-e / KAPPA)) / worth[0],
        bounds=list(zip(low, high, strict=True)),
        constraints={
            "type": "ineq",
            "fun": lambda e: total - e.sum(),
            "jac": lambda e: -np.ones(n),
        },
        method="SLSQP",
        options={"ftol": 1e-13, "maxiter": 1000},
    )
    assert best.success or best.status == 8  # 8: no better point within float64
    # SLSQP stops at a gain within 1e-13 of the best in its own unit; ours must not be smaller.
    assert gain(found.hours, worth, KAPPA) >= -best.fun * worth[0] * (1 - 1e-9) - 1e-9
    assert found.hours[worth > 0] == pytest.approx(best.x[worth > 0], abs=1e-3)


@settings(derandomize=True, deadline=None, max_examples=100)
@given(problems(), st.randoms())
def test_the_order_of_clients_does_not_matter(problem, random):
    worth, total, low, high, kappa = problem
    if (
        total > 0.999 * high.sum()
    ):  # at the sum of maxima the rule changes: everybody gets the maximum
        return
    order = list(range(worth.size))
    random.shuffle(order)
    hours = allocate(worth, total, low, high, kappa).hours
    again = allocate(worth[order], total, low[order], high[order], kappa[order]).hours
    assert again == pytest.approx(hours[order], abs=1e-9)


def test_two_saturations_by_hand():
    """Support in work saturates sooner: one log price, and each client's own scale."""
    kappa, price = np.array([0.6, 0.1]), 2.5
    worth = kappa * price * np.exp(np.array([1.2, 0.3]) / kappa)
    found = allocate(worth, 1.5, np.array([0.08, 0.0]), np.full(2, 4.0), kappa)
    assert found.hours == pytest.approx([1.2, 0.3], abs=1e-12)
    assert found.price == pytest.approx(price, rel=1e-12)


@settings(derandomize=True, deadline=None, max_examples=100)
@given(problems(), st.sampled_from([0.05, 0.6, 3.0]))
def test_one_saturation_for_all_is_the_same_written_once_or_often(problem, kappa):
    worth, total, low, high, _ = problem
    one = allocate(worth, total, low, high, kappa)
    often = allocate(worth, total, low, high, np.full(worth.size, kappa))
    assert np.array_equal(one.hours, often.hours)
    assert one.price == often.price


def test_two_clients_by_hand():
    # e_i = kappa*ln(V_i/(kappa*mu)): a client worth e times as much gets kappa hours more.
    found = allocate(np.array([10 * np.e, 10.0]), 2.0, np.zeros(2), np.full(2, 4.0), 0.5)
    assert found.hours == pytest.approx([1.25, 0.75], abs=1e-12)
    assert found.price == pytest.approx(10 / 0.5 * np.exp(-1.5), rel=1e-12)


def test_ties_get_the_same_hours():
    found = allocate(np.full(7, 3.3), 4.0, np.full(7, 0.08), np.full(7, 4.0), KAPPA)
    assert np.ptp(found.hours) == 0
    assert found.hours.sum() == pytest.approx(4.0, abs=1e-12)


# Degenerate cases of model.md


def test_too_few_hours_for_the_minima_are_scaled_and_flagged():
    found = allocate(np.array([1.0, 9.0]), 0.3, np.array([0.2, 0.4]), np.full(2, 4.0), KAPPA)
    assert found.breach
    assert found.hours == pytest.approx([0.1, 0.2], abs=1e-15)


def test_just_enough_hours_for_the_minima_are_no_breach():
    low = np.array([0.25, 0.5])
    found = allocate(np.array([1.0, 9.0]), 0.75, low, np.full(2, 4.0), KAPPA)
    assert not found.breach
    assert np.array_equal(found.hours, low)


def test_no_hours_at_all():
    found = allocate(np.ones(3), 0.0, np.full(3, 0.08), np.full(3, 4.0), KAPPA)
    assert found.breach
    assert not found.hours.any()
    without_minimum = allocate(np.ones(3), 0.0, np.zeros(3), np.full(3, 4.0), KAPPA)
    assert not without_minimum.breach
    assert not without_minimum.hours.any()


def test_more_hours_than_the_maxima_leave_the_rest_idle():
    found = allocate(np.array([1.0, -9.0]), 100.0, np.full(2, 0.08), np.full(2, 4.0), KAPPA)
    assert np.array_equal(found.hours, [4.0, 4.0])
    assert found.price == 0.0
    assert not found.breach


def test_nobody_worth_anything_gets_equal_shares():
    found = allocate(np.array([-1.0, 0.0, -5.0]), 3.0, np.full(3, 0.08), np.full(3, 4.0), KAPPA)
    assert found.hours == pytest.approx([1.0, 1.0, 1.0], abs=1e-12)
    unlike = allocate(
        np.array([-1.0, 0.0, -5.0]), 3.0, np.array([2.0, 0.0, 0.0]), np.full(3, 4.0), KAPPA
    )
    assert unlike.hours == pytest.approx([2.0, 0.5, 0.5], abs=1e-12)


def test_the_worthless_get_the_minimum_even_when_hours_are_left():
    found = allocate(np.array([5.0, -1.0]), 6.0, np.full(2, 0.08), np.full(2, 4.0), KAPPA)
    assert np.array_equal(found.hours, [4.0, 0.08])
    assert found.price == 0.0


def test_no_clients():
    found = allocate(np.zeros(0), 5.0, np.zeros(0), np.zeros(0), KAPPA)
    assert found.hours.size == 0
    assert not found.breach


def test_fixed_clients_take_no_part():
    found = allocate(np.array([9.0, 1.0]), 2.0, np.array([0.5, 0.0]), np.array([0.5, 4.0]), KAPPA)
    assert found.hours == pytest.approx([0.5, 1.5], abs=1e-12)


def test_what_goes_in_is_not_changed():
    worth, low, high = np.array([1.0, 2.0]), np.full(2, 0.1), np.full(2, 4.0)
    allocate(worth, 9.0, low, high, KAPPA).hours[:] = -1
    assert np.array_equal(high, [4.0, 4.0])
    assert np.array_equal(low, [0.1, 0.1])
