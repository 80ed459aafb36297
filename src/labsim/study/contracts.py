"""A contract in short sentences, with the euros that are really paid."""

from __future__ import annotations

from labsim.market.pricing import Price, group_names, price_list
from labsim.scenario.schema import Scenario
from labsim.words import Words


def contract_lines(scenario: Scenario, words: Words) -> list[str]:
    """Return one sentence per fee and one on the windows."""
    contract = scenario.contract
    lines = [_fee_line(price, scenario, words) for price in price_list(scenario)]
    lines.append(
        words(
            "explain.windows",
            longest=words.number(contract.service_weeks_max),
            weeks=words.number(contract.weeks),
            tracking=words.number(contract.tracking_weeks),
            lag=words.number(contract.verification_lag_weeks),
        )
    )
    return lines


def _fee_line(price: Price, scenario: Scenario, words: Words) -> str:
    fee, terms = price.fee, price.terms
    values = {"name": fee.name, "eur": euros(price, scenario, words)}
    if fee.on == "coach-month":
        return words("explain.fee.coach_month", coaches=words.number(price.coaches, 1), **values)
    if terms is None:
        return words(f"explain.fee.{fee.on}", **values)
    kinds = words("explain.or").join(words(f"explain.outcome.{kind}") for kind in fee.outcome or ())
    key = "outcome" if price.cents.any() else "outcome_unpaid"
    form = "lasting" if terms.weeks > 1 else "at_once"
    return words(f"explain.fee.{key}.{form}", kinds=kinds, weeks=words.number(terms.weeks), **values)


def euros(price: Price, scenario: Scenario, words: Words) -> str:
    """Return the euros of a fee, by group where they differ."""
    if price.fee.by_group is None:
        return words.number(price.cents[0] / 100, 2)
    return ", ".join(
        words("explain.by_group", group=name, eur=words.number(price.cents[number] / 100, 2))
        for number, name in enumerate(group_names(scenario))
    )
