"""Phases of money: what the contract pays, and benefits, wages and taxes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labsim.market.arrays import Ints
from labsim.market.benefits import (
    DAYS_PER_WEEK,
    LABOUR_MARKET_SUPPORT,
    PAYERS,
    clock_runs,
    weekly_benefits,
)
from labsim.market.ledger import Account
from labsim.market.states import State
from labsim.market.weeks import WEEKS_PER_MONTH

if TYPE_CHECKING:
    from labsim.market.model import LabourMarket


def payment(market: LabourMarket) -> None:
    """Outcomes are claimed, verified and paid; so are starts, months, hours and coaches."""
    market.purchaser.settle(market.started, market.served)
    for claim in market.purchaser.claims:
        market.count("outcomes_met", int((claim.met == market.week).sum()))
        market.count("outcomes_paid", int((claim.paid == market.week).sum()))
    market.measure("fees_eur", sum(int(p.cents.sum()) for p in market.purchaser.payments) / 100)


def solvency(market: LabourMarket) -> None:
    """Providers whose debts pass their credit go out of business."""
    for provider in market.providers:
        provider.settle()


def public_money(market: LabourMarket) -> None:
    """Benefits, wages and taxes of the week."""
    columns, finance = market.columns, market.setup.finance
    out = columns.in_state(State.UNEMPLOYED)
    scheme = columns.scheme[out]
    cents = weekly_benefits(
        market.benefit_tables, scheme, columns.benefit_days[out], columns.clock_days[out]
    )
    for payer, total in zip(PAYERS, cents.sum(axis=1), strict=True):
        market.ledger.post(market.week, Account(payer, "jobseekers", "benefit"), int(total))
    columns.benefit_days[out] += DAYS_PER_WEEK
    columns.clock_days[out] += DAYS_PER_WEEK * clock_runs(finance, scheme)
    _exhaust(market, out)
    _wages(market)


def _exhaust(market: LabourMarket, out: Ints) -> None:
    """Move people whose allowance is used up to labour-market support."""
    columns, finance = market.columns, market.setup.finance
    insured = columns.scheme[out] != LABOUR_MARKET_SUPPORT
    over = out[insured & (columns.benefit_days[out] >= finance.earnings_related_days_max)]
    columns.scheme[over] = LABOUR_MARKET_SUPPORT
    columns.benefit_days[over] = 0


def _wages(market: LabourMarket) -> None:
    columns, finance, post = market.columns, market.setup.finance, market.ledger.post
    week, rules = market.week, market.setup.finance.current
    weekly = finance.wage_month_eur / WEEKS_PER_MONTH * 100
    open_market = round(float(columns.hours_share[columns.in_state(State.EMPLOYED)].sum()) * weekly)
    subsidised = round(columns.in_state(State.SUBSIDISED).size * weekly)
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
