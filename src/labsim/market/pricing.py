"""From the contract's fees to the euros that are paid: groups, and equal generosity."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import exp, expm1, floor, log, pi, sqrt

import numpy as np
from scipy.optimize import brentq

from labsim.market.arrays import Floats, Ints
from labsim.market.jobs import exit_share
from labsim.market.outcomes import Terms
from labsim.market.partnership import wait_weeks
from labsim.market.regimes import usual_shift
from labsim.market.search import job_hazard
from labsim.market.units import expected_units, providers_sharing
from labsim.market.verification import chance_paid
from labsim.scenario.schema import Scenario
from labsim.scenario.sections.fee import FEES_OF_A_START, Fee
from labsim.scenario.sections.providers import Provider

DISTANCE_GROUPS = ("near", "middle", "far")


@dataclass(frozen=True)
class Price:
    """A fee with the euros that are really paid.

    Attributes
    ----------
    fee
        The fee as written.
    cents : (groups + 1,)
        Cents per unit by group, before bids; the last is for people of no group.
    unnotified : (groups + 1,)
        Cents for an outcome without the client's notice, by group, before bids.
    terms
        Terms of an outcome fee, of its first payment.
    coaches
        Coaches of a coach-month fee.
    bids : (periods, providers)
        What each provider's bid makes of the euros, as a factor, in each contract period; empty
        where nobody bids.
    later
        Terms of an outcome fee's later payments.
    """

    fee: Fee
    cents: Ints
    unnotified: Ints
    terms: Terms | None = None
    coaches: float = 0.0
    bids: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    later: tuple[Terms, ...] = ()
    _units: Ints = field(init=False, repr=False)
    _unnotified_units: Ints = field(init=False, repr=False)

    def __post_init__(self) -> None:
        for name, cents in (("_units", self.cents), ("_unnotified_units", self.unnotified)):
            object.__setattr__(self, name, _by_bid(cents, self.bids))

    def award(self, period: int, factor: Floats) -> None:
        """Note what providers' bids make of the euros in a contract period, (providers,)."""
        self.bids[period] = factor
        self._units[period] = _by_bid(self.cents, factor)
        self._unnotified_units[period] = _by_bid(self.unnotified, factor)

    @property
    def stages(self) -> tuple[Terms, ...]:
        """Terms of each payment of an outcome fee; none of other fees."""
        return () if self.terms is None else (self.terms, *self.later)

    @property
    def name(self) -> str:
        """Name of the fee."""
        return self.fee.name

    def per_unit(self, provider: Ints, group: Ints, period: Ints) -> Ints:
        """Return the cents that a unit brings each provider for a client of each group, (n,).

        At the prices of the contract period in which the client started.
        """
        if not self.bids.size:
            return self.cents[group]
        return self._units[period, provider, group]

    def per_unnotified(self, provider: Ints, group: Ints, period: Ints) -> Ints:
        """Return the cents of an outcome without the client's notice, (n,)."""
        if not self.bids.size:
            return self.unnotified[group]
        return self._unnotified_units[period, provider, group]


def _by_bid(cents: Ints, factors: Floats) -> Ints:
    """Return whole cents by group, under each of some bids, (*factors, groups + 1)."""
    return np.rint(cents * factors[..., None]).astype(np.int64)


@dataclass(frozen=True)
class Expectations:
    """What purchaser and providers expect of a contract, for prices and promises.

    Attributes
    ----------
    start_rate
        Share of referred people who start.
    acceptance
        Share of those asked who accept.
    stay_weeks
        Mean weeks in service.
    starts
        People who start.
    coaches
        Coaches that the planned caseloads need, spread evenly over the contract.
    clients
        Clients in service once referral is in full flow.
    leaving
        Weekly rate of leaving unemployment.
    counts
        Share of those who leave who earn an outcome.
    """

    start_rate: float
    acceptance: float
    stay_weeks: float
    starts: float
    coaches: float
    clients: float
    leaving: float
    counts: float


def expectations(scenario: Scenario) -> Expectations:
    """Return what follows from the scenario by simple arithmetic.

    Clients leave unemployment at a constant weekly rate and drop out at theirs. The rate of leaving
    is the one that gives the expected outcome rate at the longest service, when of those who leave
    only some leave to an outcome that counts and lasts. Without an expected rate it is that of a
    typical person of the target group.
    """
    contract, referral = scenario.contract, scenario.referral
    longest, dropout = contract.service_weeks_max, scenario.coaching.dropout_per_week
    rate = contract.expected_outcome_rate or 0.0
    counts = _share_that_counts(scenario, rate)
    leaving = _leaving_rate(rate, counts, dropout, longest) if rate else _usual_leaving(scenario)
    out = max(leaving + dropout, 1e-9)
    stay = -expm1(-out * longest) / out
    acceptance = _mean_acceptance(scenario)
    start_rate = acceptance * exp(-leaving * wait_weeks(scenario))
    starts = referral.volume * start_rate
    caseloads = [terms.planned_caseload for terms in providers_sharing(scenario)]
    each = starts * stay / contract.weeks / len(caseloads)
    coaches = sum(each / caseload for caseload in caseloads)
    clients = starts * min(stay / referral.weeks, 1.0)
    return Expectations(start_rate, acceptance, stay, starts, coaches, clients, leaving, counts)


def planned_coaches(terms: Provider, expected: Expectations, sharing: float) -> float:
    """Return the coaches that a provider's planned caseload needs for its share of the clients.

    Parameters
    ----------
    sharing
        Providers among which the clients are shared evenly; less where one holds several lots.
    """
    return expected.clients / sharing / terms.planned_caseload


def _leaving_rate(rate: float, counts: float, dropout: float, longest: int) -> float:
    """Return the weekly rate of leaving unemployment that gives an outcome rate."""

    def excess(leaving: float) -> float:
        out = max(leaving + dropout, 1e-9)
        return counts * leaving / out * -expm1(-out * longest) - rate

    at_once = 10.0
    if excess(at_once) <= 0:
        return at_once
    return float(brentq(excess, 0.0, at_once, xtol=1e-15, rtol=1e-15))


def _usual_leaving(scenario: Scenario) -> float:
    """Return the weekly rate at which a typical person leaves unemployment in any way.

    Of mean scores and mean log factors of age and education, in the middle of the target's months
    out of work (of the first year, where they are open).
    """
    market, people, target = scenario.labour_market, scenario.population, scenario.referral.target
    log_base = log(market.job_hazard_per_week * market.current.cycle)
    for shares, factors in ((people.age, market.age), (people.education, market.education)):
        factor = factors.model_dump()
        log_base += sum(
            share * log(factor[name]) for name, share in shares.model_dump().items() if share
        )
    first = target.unemployed_months_min or 0.0
    last = first + 12.0 if target.unemployed_months_max is None else target.unemployed_months_max
    hazard = job_hazard(
        market,
        np.array([log_base]),
        np.array([people.ability_mean]),
        np.array([people.motivation_mean]),
        np.array([(first + last) / 2]),
    )
    return float(hazard[0]) / market.exit_shares.employment


def _share_that_counts(scenario: Scenario, rate: float) -> float:
    """Return the share of people leaving unemployment who leave to an outcome that is met.

    At least the rate itself over 0.95: where no outcome is named, or a purchaser expects more than
    the market's shares of exits allow, more of those who leave are taken to count.
    """
    market = scenario.labour_market
    best: dict[int, float] = {}
    for fee in scenario.contract.fees:
        for terms in Terms.all_of(fee, _work_condition(scenario))[:1]:
            for state in terms.states:
                chance = terms.chance_to_last(market, state)
                best[state] = max(best.get(state, 0.0), chance)
    counts = sum(chance * exit_share(market, state) for state, chance in best.items())
    return max(counts or 1.0, rate / 0.95)


def _mean_acceptance(scenario: Scenario) -> float:
    """Return the mean chance of accepting over motivation and belief, both normal (MacKay 1992)."""
    acceptance, people = scenario.referral.acceptance, scenario.population
    a, b = acceptance.per_motivation_point, acceptance.per_belief_point
    sds = a * people.motivation_sd, b * people.belief_sd
    variance = sds[0] ** 2 + sds[1] ** 2 + 2 * people.correlation * sds[0] * sds[1]
    centre = (
        acceptance.intercept
        + a * (people.motivation_mean - 7.5)
        + b * (people.belief_mean - 5.5)
        + acceptance.per_week_waited * wait_weeks(scenario)
        + usual_shift(scenario.referral)
    )
    return 1 / (1 + exp(-centre / sqrt(1 + pi * variance / 8)))


def group_names(scenario: Scenario) -> tuple[str, ...]:
    """Return the contract's groups, or thirds of the distance that the office assesses."""
    return tuple(group.name for group in scenario.contract.groups) or DISTANCE_GROUPS


def price_list(scenario: Scenario) -> list[Price]:
    """Return the fees with the euros that are paid, rescaled where the contract asks for it.

    With `outcome_share` s, `expected_spend_per_start_eur` E and `expected_outcome_rate` p, outcome
    fees are scaled alike so that p times what the best-paid kind of outcome earns (all its
    milestones) is s*E, and the others so that their expected sum per start is (1-s)*E. Factors by
    group are taken at their plain mean, since the mix is not known beforehand. p counts those who
    earn the full fee; what is paid without notice comes on top, scaled like the fee.
    """
    expected, groups = expectations(scenario), group_names(scenario)
    outcome_scale, other_scale = _scales(scenario, expected)
    prices = []
    for fee in scenario.contract.fees:
        scale = outcome_scale if fee.is_event else other_scale
        factors = np.array([*((fee.by_group or {}).get(name, 1.0) for name in groups), 1.0])
        cents, unnotified = (
            np.rint(eur * scale * factors * 100).astype(np.int64)
            for eur in (fee.eur, fee.eur_unnotified or 0.0)
        )
        payments = Terms.all_of(fee, _work_condition(scenario))
        coaches = (fee.coaches or expected.coaches) if fee.on == "coach-month" else 0.0
        first = payments[0] if payments else None
        prices.append(Price(fee, cents, unnotified, first, coaches, later=payments[1:]))
    return prices


def _work_condition(scenario: Scenario) -> int:
    return scenario.finance.current.work_condition_weeks


def _scales(scenario: Scenario, expected: Expectations) -> tuple[float, float]:
    contract = scenario.contract
    share, spend = contract.outcome_share, contract.expected_spend_per_start_eur
    if not contract.rescales or share is None or spend is None:
        return 1.0, 1.0
    rate = contract.expected_outcome_rate or 1.0
    outcome = _best_kind((fee, _mean_eur(fee)) for fee in contract.fees)
    other = sum(
        _mean_eur(fee) * expected_units(fee, scenario, expected)
        for fee in contract.fees
        if not fee.is_event
    )
    outcome_scale = share * spend / (rate * outcome) if outcome else 0.0
    return outcome_scale, (1 - share) * spend / other if other else 0.0


def _best_kind(fees: Iterable[tuple[Fee, float]]) -> float:
    """Return the euros of the kind of outcome whose fees, with their euros, add up to most."""
    sums: dict[str, float] = {}
    for fee, eur in fees:
        for kind in (fee.outcome or ()) if fee.is_event else ():
            sums[kind] = sums.get(kind, 0.0) + eur * (fee.times or 1)
    return max(sums.values(), default=0.0)


def _mean_eur(fee: Fee) -> float:
    """Return the euros of a fee at the plain mean over groups; a share has none."""
    factors = list((fee.by_group or {"": 1.0}).values())
    return fee.eur * sum(factors) / len(factors)


# What a contract is expected to cost


def mean_eur(price: Price) -> float:
    """Return the euros of a fee at the plain mean over groups."""
    if price.fee.share is not None:  # of each euro saved; expected units are euros
        return price.fee.share
    cents = price.cents[:-1] if price.fee.by_group else price.cents[:1]
    return float(cents.mean()) / 100


def best_outcome_eur(prices: list[Price]) -> float:
    """Return the euros of the kind of outcome whose fees add up to most."""
    return _best_kind((price.fee, mean_eur(price)) for price in prices)


def cost_per_start(scenario: Scenario) -> float:
    """Return the euros of fees that the purchaser expects to pay for a start.

    Each fee at the plain mean over groups by its expected units. Of outcomes, the expected outcome
    rate by all that the best-paid kind earns, as prices are set; without an expected rate, each fee
    by the share of starts whose exit is expected to earn it and to be proved.
    """
    expected, prices = expectations(scenario), price_list(scenario)
    fixed = sum(
        mean_eur(price) * expected_units(price.fee, scenario, expected)
        for price in prices
        if price.terms is None
    )
    rate = scenario.contract.expected_outcome_rate
    if rate is not None:
        return fixed + rate * best_outcome_eur(prices)
    earned = sum(mean_eur(price) * _share_of_leavers(price, scenario) for price in prices)
    return fixed + expected.leaving * expected.stay_weeks * earned


def missing_start_eur(scenario: Scenario, factors: dict[str, float] | None = None) -> float:
    """Return the euros that a start which does not come would have brought.

    The fees that come with a start and the service after it; what is paid for coaches, scores, days
    or outcomes is paid for what there is of them, whoever is missing.

    Parameters
    ----------
    factors
        What a provider's bid makes of each fee, by name; left out: the prices asked for.
    """
    expected, factors = expectations(scenario), factors or {}
    return sum(
        mean_eur(price)
        * expected_units(price.fee, scenario, expected)
        * factors.get(price.name, 1.0)
        for price in price_list(scenario)
        if price.fee.on in FEES_OF_A_START
    )


def outcome_eur_per_start(
    scenario: Scenario, prices: list[Price], expected: Expectations
) -> dict[str, float]:
    """Return the euros of each outcome fee that a start is expected to bring, as in the whole.

    With an expected outcome rate, what the best-paid kind earns is split over the fees as their
    euros are; what several kinds can earn is not counted twice.
    """
    outcomes = [price for price in prices if price.terms is not None]
    rate = scenario.contract.expected_outcome_rate
    if rate is None:
        leaves = expected.leaving * expected.stay_weeks
        return {
            price.name: leaves * mean_eur(price) * _share_of_leavers(price, scenario)
            for price in outcomes
        }
    euros = {price.name: mean_eur(price) * (price.fee.times or 1) for price in outcomes}
    total = sum(euros.values())
    part = best_outcome_eur(prices) / total if total else 0.0
    return {name: rate * part * each for name, each in euros.items()}


def _share_of_leavers(price: Price, scenario: Scenario) -> float:
    """Return how often people leaving unemployment are expected to earn an outcome fee.

    In one spell each: further spells are left out.
    """
    market = scenario.labour_market
    lasting = sum(
        exit_share(market, state) * terms.chance_to_last(market, state)
        for terms in price.stages
        if terms.nth == 0
        for state in terms.states
    )
    return lasting * chance_paid(scenario.contract, price.fee)


def expected_spend(scenario: Scenario) -> float:
    """Return the euros of fees expected of the whole volume of referrals."""
    return expectations(scenario).starts * cost_per_start(scenario)


def most_referred(scenario: Scenario) -> int:
    """Return how many people are referred at most: the volume, or what the budget is enough for.

    The volume is that of each contract, if several follow each other, and the budget that of all.

    A referral commits the expected start rate by the expected cost of a start, at the prices that
    are asked for; the sum of that never passes `budget_eur`. Neither bids nor what is paid besides
    the contract's fees (an alliance's costs, services to firms, missing starts) are foreseen: where
    they come to more, the money is spent before everybody has been paid for.
    """
    budget = scenario.contract.budget_eur
    volume = scenario.referral.volume * scenario.procurement.rounds
    each = expectations(scenario).start_rate * cost_per_start(scenario)
    if budget is None or each * volume <= budget:
        return volume
    return min(volume, floor(budget / each + 1e-9))
