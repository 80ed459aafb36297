"""Phases of money: what the contract pays, and benefits, wages and taxes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from labsim.market.arrays import Bools, Floats, Ints
from labsim.market.benefits import (
    DAYS_PER_WEEK,
    LABOUR_MARKET_SUPPORT,
    PAYERS,
    clock_always_runs,
)
from labsim.market.draws import BLOCK
from labsim.market.ledger import Account
from labsim.market.sanctions import suspended_now
from labsim.market.states import State
from labsim.market.weeks import WEEKS_PER_MONTH

if TYPE_CHECKING:
    from labsim.market.model import LabourMarket

_WEEK = np.int8(DAYS_PER_WEEK)


def payment(market: LabourMarket) -> None:
    """Outcomes are claimed, verified and paid; so are starts, months, hours and coaches."""
    market.starters = np.concatenate([market.starters, market.started])
    market.purchaser.settle()
    market.employers.settle()
    for claim in market.purchaser.claims:
        if claim.stage:  # a later payment for the same outcome, or for one more
            continue
        for name, column in (("outcomes_met", claim.met), ("outcomes_paid", claim.paid)):
            market.count(name, int((column[market.starters] == market.week).sum()))
    market.measure("fees_eur", sum(int(p.cents.sum()) for p in market.purchaser.payments) / 100)


def solvency(market: LabourMarket) -> None:
    """Providers whose debts pass their credit go out of business; all see what money is left."""
    owed = market.purchaser.owed_cents()
    for provider in market.providers:
        provider.settle(int(owed[provider.number]))
    market.purchaser.foresee(owed)


def public_money(market: LabourMarket) -> None:
    """Benefits, wages and taxes of the week."""
    post, cents = market.ledger.post, market.benefit_roll.cents(market.week)
    for payer, total in zip(PAYERS, cents, strict=True):
        post(market.week, Account(payer, "jobseekers", "benefit"), total)
    _use_up_days(market)
    _wages(market)


def _use_up_days(market: LabourMarket) -> None:
    """Count the week's benefit days; people whose allowance is used up go over to support."""
    columns, longest = market.columns, market.setup.finance.earnings_related_days_max
    always, over = clock_always_runs(market.setup.finance), list[Ints]()
    suspended = suspended_now(market)
    for first in range(0, market.arrived, BLOCK):
        rows = slice(first, min(first + BLOCK, market.arrived))
        out, days = columns.state[rows] == State.UNEMPLOYED.value, columns.benefit_days[rows]
        if suspended.size:
            unpaid = suspended[np.searchsorted(suspended, first) :]
            out[unpaid[: np.searchsorted(unpaid, rows.stop)] - first] = False
        supported = columns.scheme[rows] == LABOUR_MARKET_SUPPORT
        days += _used(out)
        columns.clock_days[rows] += _used(out if always else out & supported)
        at_end = (days >= longest) & out & ~supported
        if at_end.any():
            over.append(first + np.flatnonzero(at_end))
    if over:
        _exhaust(market, np.concatenate(over))


def _used(paid: Bools) -> Ints:
    """Return the days that those who are paid use up in a week, by way of bytes for speed."""
    return (paid.view(np.int8) * _WEEK).astype(np.int32)


def _exhaust(market: LabourMarket, persons: Ints) -> None:
    """Move people whose allowance is used up to labour-market support."""
    columns, next_week = market.columns, market.week + 1
    market.benefit_roll.remove(columns, persons, next_week)
    columns.scheme[persons] = LABOUR_MARKET_SUPPORT
    columns.benefit_days[persons] = 0
    market.benefit_roll.add(columns, persons, next_week)


class JobHours:
    """The hours of all open-market jobs, in full-time jobs, kept as a whole number of 2**-40."""

    _UNIT = 2.0**40

    def __init__(self) -> None:
        self._units = 0

    def add(self, shares: Floats) -> None:
        """Count jobs that begin, by their shares of full time."""
        self._units += self._sum(shares)

    def remove(self, shares: Floats) -> None:
        """Count jobs no longer."""
        self._units -= self._sum(shares)

    @property
    def full_time(self) -> float:
        """All hours, as a number of full-time jobs."""
        return self._units / self._UNIT

    def _sum(self, shares: Floats) -> int:
        return int(np.rint(shares * self._UNIT).astype(np.int64).sum())


def _wages(market: LabourMarket) -> None:
    finance, post = market.setup.finance, market.ledger.post
    week, rules = market.week, market.setup.finance.current
    weekly = finance.wage_month_eur / WEEKS_PER_MONTH * 100
    open_market = round(market.job_hours.full_time * weekly)
    subsidised = round(market.columns.number_in(State.SUBSIDISED, market.arrived) * weekly)
    post(week, Account("employers", "workers", "wage", "open market"), open_market)
    post(week, Account("employers", "workers", "wage", "subsidised"), subsidised)
    subsidy = round(subsidised * finance.wage_subsidy_share)
    post(week, Account("state", "employers", "wage", "wage subsidy"), subsidy)
    for payee, share in (
        ("state", rules.tax_state_share),
        ("municipality", rules.tax_municipality_share),
        ("funds", rules.tax_funds_share),
    ):
        post(week, Account("workers", payee, "tax"), round((open_market + subsidised) * share))
