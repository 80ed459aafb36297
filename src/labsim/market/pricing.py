"""From the contract's fees to the euros that are paid: groups, and equal generosity."""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np

from labsim.market.arrays import Ints
from labsim.market.outcomes import Terms
from labsim.market.referral import acceptance_chance
from labsim.market.weeks import WEEKS_PER_MONTH
from labsim.scenario.schema import Scenario
from labsim.scenario.sections.contract import Fee

DISTANCE_GROUPS = ("near", "middle", "far")


@dataclass(frozen=True)
class Price:
    """A fee with the euros that are really paid.

    Attributes
    ----------
    fee
        The fee as written.
    cents : (groups + 1,)
        Cents per unit by group; the last is for people of no group.
    terms
        Terms of an outcome fee.
    coaches
        Coaches of a coach-month fee.
    """

    fee: Fee
    cents: Ints
    terms: Terms | None = None
    coaches: float = 0.0

    @property
    def name(self) -> str:
        """Name of the fee."""
        return self.fee.name


@dataclass(frozen=True)
class Expectations:
    """What the purchaser expects of a contract, for pricing it; nothing else uses it.

    Attributes
    ----------
    start_rate
        Share of referred people who start.
    stay_weeks
        Mean weeks in service.
    starts
        People who start.
    coaches
        Coaches that the planned caseload needs, spread evenly over the contract.
    """

    start_rate: float
    stay_weeks: float
    starts: float
    coaches: float


def expectations(scenario: Scenario) -> Expectations:
    """Return what follows from the scenario by simple arithmetic.

    The stay assumes a constant weekly chance of leaving that gives the expected outcome rate at the longest
    service: with rate p and S weeks, ``p*S / -ln(1-p)``. Without an expected rate clients stay S weeks.
    """
    contract, referral, population = scenario.contract, scenario.referral, scenario.population
    chance = acceptance_chance(
        referral.acceptance,
        np.array([population.motivation_mean]),
        np.array([population.belief_mean]),
        referral.wait_weeks,
    )
    longest, rate = contract.service_weeks_max, contract.expected_outcome_rate
    stay = rate * longest / -log(1 - rate) if rate else float(longest)
    starts = referral.volume * float(chance[0])
    caseload = float(np.mean([provider.planned_caseload for provider in scenario.providers]))
    return Expectations(float(chance[0]), stay, starts, starts * stay / caseload / contract.weeks)


def group_names(scenario: Scenario) -> tuple[str, ...]:
    """Return the contract's groups, or thirds of the distance that the office assesses."""
    return tuple(group.name for group in scenario.contract.groups) or DISTANCE_GROUPS


def price_list(scenario: Scenario) -> list[Price]:
    """Return the fees with the euros that are paid, rescaled where the contract asks for it.

    With `outcome_share` s, `expected_spend_per_start_eur` E and `expected_outcome_rate` p, outcome fees are
    scaled alike so that p times what the best-paid kind of outcome earns (all its milestones) is s*E,
    and the others so that their expected sum per start is (1-s)*E. Factors by group are taken at their plain mean, since the mix is not known beforehand.
    """
    expected, groups = expectations(scenario), group_names(scenario)
    outcome_scale, other_scale = _scales(scenario, expected)
    prices = []
    for fee in scenario.contract.fees:
        scale = outcome_scale if fee.on == "outcome" else other_scale
        factors = np.array([*((fee.by_group or {}).get(name, 1.0) for name in groups), 1.0])
        cents = np.rint(fee.eur * scale * factors * 100).astype(np.int64)
        terms = Terms.of(fee) if fee.on == "outcome" else None
        coaches = (fee.coaches or expected.coaches) if fee.on == "coach-month" else 0.0
        prices.append(Price(fee, cents, terms, coaches))
    return prices


def _scales(scenario: Scenario, expected: Expectations) -> tuple[float, float]:
    contract = scenario.contract
    share, spend = contract.outcome_share, contract.expected_spend_per_start_eur
    if share is None or spend is None or contract.expected_outcome_rate is None:
        return 1.0, 1.0
    outcome = _best_outcome(contract.fees)
    other = sum(
        _mean_eur(fee) * _expected_units(fee, scenario, expected)
        for fee in contract.fees
        if fee.on != "outcome"
    )
    outcome_scale = share * spend / (contract.expected_outcome_rate * outcome) if outcome else 0.0
    return outcome_scale, (1 - share) * spend / other if other else 0.0


def _best_outcome(fees: list[Fee]) -> float:
    """Return the euros of the kind of outcome whose milestones add up to most."""
    sums: dict[str, float] = {}
    for fee in fees:
        for kind in fee.outcome or ():
            sums[kind] = sums.get(kind, 0.0) + _mean_eur(fee)
    return max(sums.values(), default=0.0)


def _mean_eur(fee: Fee) -> float:
    factors = list((fee.by_group or {"": 1.0}).values())
    return fee.eur * sum(factors) / len(factors)


def _expected_units(fee: Fee, scenario: Scenario, expected: Expectations) -> float:
    """Return the expected units per start: months, hours, coach-months, or the start itself."""
    if fee.on == "start":
        return 1.0
    if fee.on == "coach-month":
        months = scenario.contract.weeks / WEEKS_PER_MONTH
        return (fee.coaches or expected.coaches) * months / max(expected.starts, 1e-9)
    first, last = fee.from_service_week or 0, fee.to_service_week
    weeks = min(expected.stay_weeks, expected.stay_weeks if last is None else last + 1) - first
    units = max(weeks, 0.0)
    units *= 1 / WEEKS_PER_MONTH if fee.on == "month" else _planned_hours(scenario)
    return min(units, fee.max_per_client) if fee.max_per_client else units


def _planned_hours(scenario: Scenario) -> float:
    """Return the client hours a week that the planned caseload gives."""
    hours = [p.client_hours_per_coach_week / p.planned_caseload for p in scenario.providers]
    return sum(hours) / len(hours)
