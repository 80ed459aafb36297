"""A contract's budget beside what the contract is expected to cost."""

from __future__ import annotations

from collections.abc import Iterator

from labsim.market.pricing import cost_per_start, expected_spend, most_referred, price_list
from labsim.scenario.findings import Finding
from labsim.scenario.loaded import Loaded
from labsim.scenario.paths import Path
from labsim.scenario.schema import Scenario
from labsim.words import Words

_KEY: Path = ("contract", "budget_eur")


def shortfall(loaded: Loaded) -> list[Finding]:
    """Return a warning when the budget is under the expected spend of the referral volume."""
    budget, spend = loaded.scenario.contract.budget_eur, expected_spend(loaded.scenario)
    if budget is None or budget >= spend:
        return []
    origin = loaded.origins.get(_KEY)
    file, line, order = (origin.file, origin.line, origin.order) if origin else ("", None, 0)
    values = {
        "budget": round(budget),
        "spend": round(spend),
        "volume": loaded.scenario.referral.volume,
        "most": most_referred(loaded.scenario),
    }
    return [Finding(file, line, _KEY, "budget_too_small", values, "warning", order)]


def budget_lines(scenario: Scenario, words: Words) -> Iterator[str]:
    """Say what a budget does to payments, to referral and to what providers hope for."""
    budget = scenario.contract.budget_eur
    if budget is None:
        return
    volume, most = scenario.referral.volume, most_referred(scenario)
    yield words("explain.budget.most", budget=words.number(budget, 2))
    yield words(
        f"explain.budget.{'enough' if most >= volume else 'stops'}",
        cost=words.number(cost_per_start(scenario), 2),
        volume=words.number(volume),
        most=words.number(most),
        spend=words.number(expected_spend(scenario), 0),
    )
    if any(price.terms is not None and price.cents.any() for price in price_list(scenario)):
        yield words("explain.budget.hope")
