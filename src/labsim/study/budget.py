"""A contract's budget beside what the contract is expected to cost."""

from __future__ import annotations

from collections.abc import Iterator

from labsim.market.pricing import (
    cost_per_start,
    expected_spend,
    missing_start_eur,
    most_referred,
    price_list,
)
from labsim.scenario.findings import Finding
from labsim.scenario.loaded import Loaded
from labsim.scenario.paths import Path
from labsim.scenario.schema import Scenario
from labsim.words import Words

_KEY: Path = ("contract", "budget_eur")


def shortfall(loaded: Loaded) -> list[Finding]:
    """Return warnings when the budget is under what is expected, or guaranteed, to be paid."""
    return [*_under_spend(loaded), *_under_guarantee(loaded)]


def _under_guarantee(loaded: Loaded) -> Iterator[Finding]:
    """Warn of a minimum volume that would not be paid if nobody came: all or nothing is paid."""
    contract = loaded.scenario.contract
    if contract.budget_eur is None or contract.minimum_volume is None:
        return
    each = contract.minimum_volume_eur
    if each is None:
        each = missing_start_eur(loaded.scenario)
    cost = contract.minimum_volume * each
    if cost > contract.budget_eur:
        values = {"cost": round(cost), "budget": round(contract.budget_eur)}
        yield _warned(loaded, ("contract", "minimum_volume"), "guarantee_over_budget", values)


def _warned(loaded: Loaded, path: Path, code: str, values: dict[str, int]) -> Finding:
    origin = loaded.origins.get(path)
    file, line, order = (origin.file, origin.line, origin.order) if origin else ("", None, 0)
    return Finding(file, line, path, code, values, "warning", order)


def _under_spend(loaded: Loaded) -> Iterator[Finding]:
    budget, spend = loaded.scenario.contract.budget_eur, expected_spend(loaded.scenario)
    if budget is None or budget >= spend:
        return
    values = {
        "budget": round(budget),
        "spend": round(spend),
        "volume": loaded.scenario.referral.volume,
        "most": most_referred(loaded.scenario),
    }
    yield _warned(loaded, _KEY, "budget_too_small", values)


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
