"""How many units of a fee a start is expected to bring: one function per kind of fee, by name.

Arithmetic for setting prices, with everybody alike: clients leave unemployment at one weekly rate.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, expm1
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr

from labsim.market.away import weeks_away
from labsim.market.benefits import DAYS_PER_WEEK
from labsim.market.jobs import NEVER, exit_share
from labsim.market.outcomes import STATES
from labsim.market.states import State
from labsim.market.weeks import WEEKS_PER_MONTH, weeks_of_days
from labsim.scenario.schema import Scenario
from labsim.scenario.sections.fee import END_WINDOW, MONEY, Fee
from labsim.scenario.sections.providers import Provider

if TYPE_CHECKING:
    from labsim.market.pricing import Expectations

DAYS = 7
"""Days of a week in work or education, as contracts count them."""
LOWEST, HIGHEST = 1.0, 5.0
"""Ends of the scale of answers on a service."""
EVERY_EXIT = (
    State.EMPLOYED, State.STUDYING, State.SUBSIDISED, State.ENTREPRENEUR, State.OUTSIDE,
)  # fmt: skip


def expected_units(fee: Fee, scenario: Scenario, expected: Expectations) -> float:
    """Return the expected units per start, such as months, hours, coach-months or points."""
    units = UNITS[fee.on](fee, scenario, expected)
    if fee.max_per_client and fee.on != "outcome":
        units = min(units, fee.max_per_client)
    each = fee.share or fee.eur  # of money saved, units are euros
    if fee.eur_max_per_client and each:
        units = min(units, fee.eur_max_per_client / each)
    return units


def unit_weeks(fee: Fee, longest: int) -> list[int]:
    """Return the weeks of service in which a unit is given, as far as a service can last."""
    first, every = fee.from_service_week or 0, weeks_of_days(fee.every_days or 0)
    weeks = [first + number * every for number in range(fee.times or 1)]
    most = len(weeks) if fee.max_per_client is None else int(fee.max_per_client)
    return [week for week in weeks[:most] if week < longest]


def providers_sharing(scenario: Scenario) -> list[Provider]:
    """Return the terms of the providers that clients are sent to: the first if there is one."""
    single = scenario.referral.provider_choice == "single"
    return scenario.providers[:1] if single else scenario.providers


def planned_hours(scenario: Scenario) -> float:
    """Return the client hours a week that the planned caseloads give."""
    sharing = providers_sharing(scenario)
    hours = [p.client_hours_per_coach_week / p.planned_caseload for p in sharing]
    return sum(hours) / len(hours)


def _rate_out(scenario: Scenario, expected: Expectations) -> float:
    return max(expected.leaving + scenario.coaching.dropout_per_week, 1e-9)


def _weeks_served(fee: Fee, scenario: Scenario, expected: Expectations) -> float:
    """Return the expected weeks of service inside a fee's window, the integral of staying."""
    longest = scenario.contract.service_weeks_max
    first, last = fee.from_service_week or 0, fee.to_service_week
    until = longest if last is None else min(last + 1, longest)
    out = _rate_out(scenario, expected)
    return max(exp(-out * first) - exp(-out * until), 0.0) / out


def _one(fee: Fee, scenario: Scenario, expected: Expectations) -> float:  # noqa: ARG001
    return 1.0


def _referrals(fee: Fee, scenario: Scenario, expected: Expectations) -> float:  # noqa: ARG001
    """Those asked for one who accepts."""
    return 1 / max(expected.acceptance, 1e-9)


def _months(fee: Fee, scenario: Scenario, expected: Expectations) -> float:
    return _weeks_served(fee, scenario, expected) * (1 / WEEKS_PER_MONTH)


def _hours(fee: Fee, scenario: Scenario, expected: Expectations) -> float:
    return _weeks_served(fee, scenario, expected) * planned_hours(scenario)


def _coach_months(fee: Fee, scenario: Scenario, expected: Expectations) -> float:
    months = scenario.contract.weeks / WEEKS_PER_MONTH
    return (fee.coaches or expected.coaches) * months / max(expected.starts, 1e-9)


def _given(fee: Fee, scenario: Scenario, expected: Expectations) -> float:
    """Units in the weeks that a client is expected to be there for."""
    out = _rate_out(scenario, expected)
    return sum(exp(-out * week) for week in unit_weeks(fee, scenario.contract.service_weeks_max))


def _points(fee: Fee, scenario: Scenario, expected: Expectations) -> float:  # noqa: ARG001
    """Points of the usual answer; of firms' answers nothing belongs to a start."""
    if fee.instrument == "firms":
        return 0.0
    usual = min(max(scenario.coaching.satisfaction.usual, LOWEST), HIGHEST)
    return max(usual - (fee.least_score or LOWEST), 0.0)


def full_gain(scenario: Scenario, instrument: str) -> float:
    """Return the points that a week of full hours is believed to add to a score."""
    coaching = scenario.coaching
    motivation = coaching.motivation_gain_sd * scenario.population.motivation_sd
    motivation /= coaching.motivation_gain_weeks
    ability = coaching.ability_gain / coaching.ability_gain_weeks
    return {
        "motivation": motivation,
        "work_ability": ability,
        "radar": (motivation + ability) / 2,
    }[instrument]


def measured_sd(scenario: Scenario) -> float:
    """Return the spread of a measured change around the true one: of two errors."""
    return float(np.sqrt(2) * scenario.contract.measurement_noise_sd)


def chance_of_change(change: float, target: float, sd: float) -> float:
    """Return the chance that a change is measured to reach a target."""
    if sd == 0:
        return float(change >= target)
    return float(ndtr((change - target) / sd))


def mean_gain(change: float, sd: float) -> float:
    """Return the mean of the measured change where falls count as none, ``E max(0, X)``."""
    if sd == 0:
        return max(change, 0.0)
    z = change / sd
    return float(change * ndtr(z) + sd * exp(-z * z / 2) / np.sqrt(2 * np.pi))


def units_of_change(fee: Fee, scenario: Scenario, change: float) -> float:
    """Return the expected units of a progress fee for a client who changes so much."""
    sd = measured_sd(scenario)
    if fee.target_change is not None:
        return chance_of_change(change, fee.target_change, sd)
    return mean_gain(change, sd)


def usual_change(scenario: Scenario, instrument: str, stay_weeks: float) -> float:
    """Return the points that planned hours add over the expected stay."""
    kappa = scenario.coaching.saturation_hours_per_week
    dose = -expm1(-planned_hours(scenario) / kappa)
    return full_gain(scenario, instrument) * dose * stay_weeks


def _change(fee: Fee, scenario: Scenario, expected: Expectations) -> float:
    instrument = fee.instrument or ""
    return units_of_change(fee, scenario, usual_change(scenario, instrument, expected.stay_weeks))


def _weeks_in_states(scenario: Scenario, states: list[int], weeks: int, leaving: float) -> float:
    """Return the weeks that a client spends in some states, of so many after the start."""
    market, total = scenario.labour_market, 0.0
    for state in states:
        away = weeks_away(market, state, weeks)
        total += exit_share(market, state) * sum(
            exp(-leaving * week) * -expm1(-leaving) * float(away[weeks - week])
            for week in range(weeks)
        )
    return total


def _days_changed(fee: Fee, scenario: Scenario, expected: Expectations) -> float:
    """Days after the start less those before it, for a client at the middle of the target."""
    weeks = fee.before_weeks or 0
    states = [STATES[name] for name in fee.counts or ()]
    after = _weeks_in_states(scenario, [int(state) for state in states], weeks, expected.leaving)
    people, target = scenario.population, scenario.referral.target
    first = target.unemployed_months_min or 0.0
    last = first + 12.0 if target.unemployed_months_max is None else target.unemployed_months_max
    before = max(weeks - (first + last) / 2 * WEEKS_PER_MONTH, 0.0)
    share = 0.0
    if "employment" in (fee.counts or ()):
        share += people.came_from_work_share
    if "education" in (fee.counts or ()):
        share += people.came_from_education_share
    return max(DAYS * (after - share * before), 0.0)


def _impact(fee: Fee, scenario: Scenario, expected: Expectations) -> float:
    """Days (or euros) that full hours in the planned number would add for a start."""
    coaching, contract = scenario.coaching, scenario.contract
    dose = -expm1(-planned_hours(scenario) / coaching.saturation_hours_per_week)
    faster = expected.leaving * (1 + coaching.max_uplift * dose)
    weeks = max(contract.last_week_paid - contract.start_week, 1)
    wanted = {str(name) for name in fee.counts or ()}
    per_week = 0.0 if fee.share is None else _money_per_week(scenario, wanted)
    states = [int(STATES[name]) for name in fee.counts or () if name not in MONEY]
    if fee.share is not None:
        states = [int(state) for state in EVERY_EXIT]
    gain = _weeks_in_states(scenario, states, weeks, faster)
    gain -= _weeks_in_states(scenario, states, weeks, expected.leaving)
    return max(gain, 0.0) * (DAYS if fee.share is None else per_week)


def _money_per_week(scenario: Scenario, counts: set[str]) -> float:
    """Return the euros that a week away saves or brings: basic benefit, and taxes of a job."""
    finance, rules = scenario.finance, scenario.finance.current
    benefit = finance.basic_daily_eur * DAYS_PER_WEEK if "benefits" in counts else 0.0
    rates = rules.tax_state_share + rules.tax_municipality_share + rules.tax_funds_share
    taxes = finance.wage_month_eur / WEEKS_PER_MONTH * rates if "taxes" in counts else 0.0
    return benefit + taxes * scenario.labour_market.exit_shares.employment


def _support_days(fee: Fee, scenario: Scenario, expected: Expectations) -> float:
    """Days away from support within the window, for a client of whom the municipality pays."""
    contract = scenario.contract
    weeks = contract.last_week_paid - contract.start_week + 1
    end = END_WINDOW.fullmatch(fee.completed_within or "contract")
    if end is not None and end.group().startswith("service"):
        grace = weeks_of_days(int(end.group(1) or 0))
        weeks = min(weeks, contract.service_weeks_max + grace)
    states = [int(state) for state in EVERY_EXIT]
    days = DAYS_PER_WEEK * _weeks_in_states(scenario, states, weeks, expected.leaving)
    return min(days, fee.max_per_client or NEVER)


UNITS: dict[str, Callable[[Fee, Scenario, Expectations], float]] = {
    "start": _one,
    "referral": _referrals,
    "month": _months,
    "hour": _hours,
    "unit": _given,
    "coach-month": _coach_months,
    "feedback": _points,
    "progress": _change,
    "group-change": _days_changed,
    "impact": _impact,
    "outcome": _support_days,
}
"""Expected units by kind of fee; of outcomes only those paid by the day have units."""
