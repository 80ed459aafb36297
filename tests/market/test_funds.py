"""The most that a contract pays: what still fits, and what providers believe of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labsim.market.funds import Funds, chance_of_money, fitting


@pytest.mark.parametrize(
    ("cents", "left", "paid"),
    [
        ([], 0, []),
        ([5, 5], 10, [True, True]),
        ([5, 5], 9, [True, False]),
        ([5, 7, 4], 9, [True, False, True]),  # in full or not at all, each that still fits
        ([5, 0, 1], 4, [False, True, True]),
        ([1, 0], 0, [False, True]),
    ],
)
def test_what_fits_by_hand(cents, left, paid):
    assert fitting(np.array(cents, dtype=np.int64), left).tolist() == paid


@given(st.lists(st.integers(0, 10_000), max_size=30), st.integers(0, 60_000))
def test_fees_that_fit_never_pass_what_is_left_and_others_would(cents, left):
    given_cents = np.array(cents, dtype=np.int64)
    paid = fitting(given_cents, left)
    before = np.cumsum(given_cents * paid) - given_cents * paid
    assert given_cents[paid].sum() <= left
    assert (paid == (given_cents + before <= left)).all()


@pytest.mark.parametrize(
    ("left", "to_come", "chance"),
    [(100, 50, 1.0), (100, 100, 1.0), (100, 400, 0.25), (100, 0, 1.0), (0, 0, 0.0), (0, 9, 0.0)],
)
def test_the_chance_that_money_is_left(left, to_come, chance):
    assert chance_of_money(left, to_come) == chance


@given(st.floats(0, 1e9), st.floats(0, 1e9), st.floats(1, 10))
def test_the_chance_falls_with_what_is_to_come_and_never_promises_more_than_there_is(
    left, to_come, more
):
    chance = chance_of_money(left, to_come)
    assert 0 <= chance_of_money(left, to_come * more) <= chance <= 1
    assert chance * to_come <= left * (1 + 1e-12)


def test_without_a_budget_everything_is_paid():
    funds = Funds.of(None)
    assert funds.pay(np.array([10**15])).all()
    assert funds.covers(np.array([10**15])).all()
    assert (funds.left, funds.chance) == (None, 1.0)


def test_payments_use_the_budget_up():
    funds = Funds.of(1.0)
    assert funds.pay(np.array([60, 50, 40])).tolist() == [True, False, True]
    assert funds.left == 0
    assert funds.covers(np.array([0, 1])).tolist() == [True, False]
