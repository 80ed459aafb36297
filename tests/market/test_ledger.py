"""The ledger keeps every cent, and the calendar every week."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labsim.market.ledger import Account, Ledger
from labsim.market.weeks import (
    MONTHS_PER_WEEK,
    WEEKS_PER_MONTH,
    ends_month,
    month_of_week,
    weeks_in_month,
    weeks_of_days,
)

FEE = Account("purchaser", "provider", "fee", "start")


def test_what_is_posted_is_in_the_rows():
    ledger = Ledger(4)
    ledger.post(3, FEE, 5)
    ledger.post(1, FEE, 70)
    ledger.post(1, FEE, 1)
    ledger.post(2, FEE, 0)
    rows = ledger.rows()
    assert rows["week"] == [1, 3]
    assert rows["cents"] == [71, 5]
    assert rows["item"] == ["start", "start"]
    assert ledger.total() == ledger.total(kind="fee", payee="provider") == 76
    assert ledger.total(kind="tax") == 0


def test_nothing_posted():
    ledger = Ledger(4)
    assert all(column == [] for column in ledger.rows().values())
    assert ledger.parties() == set()


def test_negative_amounts_are_refused():
    ledger = Ledger(1)
    with pytest.raises(ValueError, match=r"-1 cents.*purchaser.*provider"):
        ledger.post(0, FEE, -1)
    assert ledger.total() == 0


def test_large_sums_are_exact():
    ledger = Ledger(1)
    for _ in range(3):
        ledger.post(0, FEE, 2**60 + 1)
    assert ledger.total() == 3 * (2**60 + 1)


@settings(derandomize=True, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 9), *[st.sampled_from("abcd")] * 2, st.integers(0, 10**12)),
        max_size=40,
    )
)
def test_balances_sum_to_nothing(postings):
    ledger = Ledger(10)
    for week, payer, payee, cents in postings:
        ledger.post(week, Account(payer, payee, "fee"), cents)
    assert sum(ledger.balance(party) for party in ledger.parties()) == 0
    assert ledger.total() == sum(cents for *_, cents in postings)


def test_rows_do_not_depend_on_the_order_of_posting():
    postings = [(w, Account(p, "x", "fee", i), 1 + w) for w in range(3) for p in "ab" for i in "yz"]
    tables = []
    for order in (postings, postings[::-1]):
        ledger = Ledger(3)
        for posting in order:
            ledger.post(*posting)
        tables.append(ledger.rows())
    assert tables[0] == tables[1]


# Weeks and months


@pytest.mark.parametrize(
    ("days", "weeks"), [(0, 0), (1, 1), (7, 1), (8, 2), (28, 4), (90, 13), (180, 26), (365, 53)]
)
def test_days_round_up(days, weeks):
    assert weeks_of_days(days) == weeks


def test_a_month_is_a_twelfth_of_the_gregorian_year():
    assert pytest.approx(365.2425 / 84) == WEEKS_PER_MONTH
    assert pytest.approx(1.0) == WEEKS_PER_MONTH * MONTHS_PER_WEEK


@settings(derandomize=True, deadline=None)
@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 600))
def test_every_week_is_in_one_month(start, week):
    weeks = weeks_in_month(start, week)
    assert weeks in (4, 5)
    first_days = [start + timedelta(weeks=n) for n in range(week - 6, week + 7)]
    month = month_of_week(start, week)
    assert sum((day.year, day.month) == month for day in first_days) == weeks
    assert ends_month(start, week) == (month_of_week(start, week + 1) != month)


def test_parts_of_a_year_add_up_to_twelve_months():
    start = date(2024, 1, 1)
    parts = [1 / weeks_in_month(start, week) for week in range(53)]
    months = [month_of_week(start, week) for week in range(53)]
    year = np.array([part for part, month in zip(parts, months, strict=True) if month[0] == 2024])
    assert year.sum() == pytest.approx(12.0)
