"""How the euros of a contract follow from what it is meant to cost, with numbers."""

from __future__ import annotations

from collections.abc import Iterator

from labsim.market.pricing import (
    Expectations,
    Price,
    best_outcome_eur,
    expectations,
    mean_eur,
    price_list,
)
from labsim.market.units import expected_units, planned_hours
from labsim.market.weeks import WEEKS_PER_MONTH
from labsim.scenario.schema import Scenario
from labsim.words import Words


def generosity_lines(scenario: Scenario, words: Words) -> list[str]:
    """Return the arithmetic of equal generosity, step by step, or that there is none."""
    contract = scenario.contract
    share, spend, rate = (
        contract.outcome_share,
        contract.expected_spend_per_start_eur,
        contract.expected_outcome_rate,
    )
    if not contract.rescales or share is None or spend is None or rate is None:
        return [words("explain.generosity.none")]
    expected, prices = expectations(scenario), price_list(scenario)
    values = {
        "spend": words.number(spend, 2), "share": words.percent(share), "rate": words.percent(rate),
        "part": words.number(share * spend, 2), "rest": words.number((1 - share) * spend, 2),
    }  # fmt: skip
    lines = [words(f"explain.generosity.{'aim' if share > 0 else 'aim_fixed'}", **values)]
    if share > 0:
        best = words.number(best_outcome_eur(prices), 2)
        lines.append(words("explain.generosity.outcome", best=best, **values))
    if share < 1:
        lines += _fixed(prices, scenario, expected, words, values)
    if any(price.fee.by_group for price in prices):
        lines.append(words("explain.generosity.by_group"))
    total = words.number(round(expected.starts * spend, -3))
    starts = words.number(expected.starts)
    return [*lines, words("explain.generosity.total", starts=starts, total=total, **values)]


def _fixed(
    prices: list[Price],
    scenario: Scenario,
    expected: Expectations,
    words: Words,
    values: dict[str, str],
) -> Iterator[str]:
    """Yield how the part that does not hang on outcomes is shared out."""
    fixed = [price for price in prices if price.terms is None and price.cents.any()]
    if any(price.fee.on in ("month", "hour", "coach-month") for price in fixed):
        yield _stay(scenario, expected, words, values)
    for price in fixed:
        units = expected_units(price.fee, scenario, expected)
        usual = price.fee.on in ("start", "month", "hour", "coach-month")
        yield words(
            f"explain.generosity.units.{price.fee.on if usual else 'other'}",
            name=price.name, units=words.number(units, 3), eur=words.number(mean_eur(price), 2),
            coaches=words.number(price.coaches, 2), starts=words.number(expected.starts),
            months=words.number(scenario.contract.weeks / WEEKS_PER_MONTH, 1),
            hours=words.number(planned_hours(scenario), 2),
            sum=words.number(units * mean_eur(price), 2),
        )  # fmt: skip
    yield words("explain.generosity.fixed", **values)


def _stay(scenario: Scenario, expected: Expectations, words: Words, values: dict[str, str]) -> str:
    """Say how long a client is expected to stay, and why."""
    contract, dropout = scenario.contract, scenario.coaching.dropout_per_week
    return words(
        "explain.generosity.stay",
        longest=words.number(contract.service_weeks_max),
        dropout=words.percent(dropout, 1),
        counts=words.percent(expected.counts),
        leaving=words.percent(expected.leaving, 1),
        stay=words.number(expected.stay_weeks, 1),
        months=words.number(expected.stay_weeks / WEEKS_PER_MONTH, 2),
        **values,
    )
