"""What a bidder asks: the price at which, by its own beliefs, income covers cost and mark-up."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from labsim.market.pricing import (
    Expectations,
    Price,
    mean_eur,
    outcome_eur_per_start,
)
from labsim.market.units import expected_units, planned_hours
from labsim.scenario.schema import Scenario
from labsim.scenario.sections.procurement import Procurement
from labsim.scenario.sections.providers import Provider


@dataclass(frozen=True)
class Income:
    """What a start brings at list prices and at the target group's true prospects, in euros.

    Attributes
    ----------
    sure, hoped
        Of the fees that are bid on: without outcomes, and of outcomes.
    other_sure, other_hoped
        Of the fees that are not.
    """

    sure: float
    hoped: float
    other_sure: float = 0.0
    other_hoped: float = 0.0

    def believed(self, view: float) -> tuple[float, float]:
        """Return what fees bid on, and the others, bring by an over-estimate of outcomes."""
        return self.sure + view * self.hoped, self.other_sure + view * self.other_hoped


def is_bid_on(price: Price, terms: Procurement) -> bool:
    """Whether a fee is among those that bids are about."""
    return terms.bid_on in ("all", price.name)


def income(
    setup: Scenario, prices: list[Price], expected: Expectations, bidder: Provider
) -> Income:
    """Return what a start brings a bidder at list prices.

    Hours are those that its own planned caseload gives.
    """
    usual = planned_hours(setup)
    hours = bidder.client_hours_per_coach_week / bidder.planned_caseload / usual
    sums = {(bid, kind): 0.0 for bid in (True, False) for kind in ("sure", "hoped")}
    outcomes = outcome_eur_per_start(setup, prices, expected)
    for price in prices:
        bid = is_bid_on(price, setup.procurement)
        if price.terms is not None:
            sums[bid, "hoped"] += outcomes[price.name]
            continue
        units = expected_units(price.fee, setup, expected)
        sums[bid, "sure"] += mean_eur(price) * units * (hours if price.fee.on == "hour" else 1.0)
    return Income(
        sums[True, "sure"], sums[True, "hoped"], sums[False, "sure"], sums[False, "hoped"]
    )


def cost_per_start(
    setup: Scenario, prices: list[Price], expected: Expectations, bidder: Provider
) -> float:
    """Return what a start costs a bidder: ``c_week * stay / C_plan``, or bought coaches' pay.

    The fixed part of the team that is needed in full flow of referral is paid for all of the
    contract, so that it weighs more the shorter the referral is beside it.
    """
    bought = sum(price.coaches for price in prices if price.fee.on == "coach-month")
    weeks = setup.contract.weeks
    if bought:
        return bidder.coach_week_eur * bought * weeks / max(expected.starts, 1e-9)
    stay, fixed = expected.stay_weeks, bidder.fixed_cost_share
    in_flow = max(setup.referral.weeks, stay)
    spread = 1 - fixed + fixed * max(weeks / in_flow, 1.0)
    return bidder.coach_week_eur * stay / bidder.planned_caseload * spread


def markup(terms: Procurement, bids: int, rounds_before: int) -> float:
    """Return what bids ask over cost, as a share of it.

    ``markup/sqrt(n)`` with n bids (model.md), less `undercutting` times the weight of the price for
    every price competition before this one: a tradition of tenders has pressed prices so low that
    outcome pay does not cover its cost (PRC-01).
    """
    before = terms.past_rounds + rounds_before
    asked = terms.markup / sqrt(max(bids, 1))
    return max(asked - terms.undercutting * terms.price_weight * before, terms.least_markup)


def bid_factor(brings: Income, cost: float, view: float, asked: float) -> float:
    """Return the factor on the fees bid on at which a start pays.

    With ``f * (sure + v*hoped) + other = cost * (1 + markup)``, v the bidder's over-estimate of
    outcomes. For a contract that only pays outcomes this is model.md's
    ``c_week*stay/C_plan * (1 + 0.10/sqrt(n)) / p`` with ``p = v * p_true``, relative to the list
    price. Never negative; 1 where there is nothing to bid on.
    """
    by_bid, other = brings.believed(view)
    if by_bid <= 0:
        return 1.0
    return max((cost * (1 + asked) - other) / by_bid, 0.0)
