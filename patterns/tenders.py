"""Patterns of procurement: 9 and 10."""

from __future__ import annotations

from typing import Any

import numpy as np

from labsim.market.procurement.award import reckoned
from labsim.measure.indicators import indicators
from labsim.measure.pair import Pair
from patterns.core import Claim, Pattern, bars, of, simulate
from patterns.markets import BASE, MONTHLY, OUTCOME
from patterns.measures import hours_a_week
from patterns.trees import Tree, merged


def _tender(price: float, past_rounds: int) -> Tree:
    """Return an open procedure of eight drawn bidders."""
    return {
        "procurement": {
            "procedure": "open", "incumbents": False, "price_weight": price,
            "quality_weight": round(1 - price, 9), "past_rounds": past_rounds,
            "may_withdraw": True,
        }
    }  # fmt: skip


def _priced(pair: Pair) -> dict[str, float]:
    """Return what the winner is paid at true prospects, by its cost; its hours; its fate."""
    run, values = pair.run, indicators(pair)
    (made,), (winner,) = run.places.awards, run.places.awards[0].winners
    brings, cost = reckoned(run.tender, run.providers[winner].terms)
    start, end = run.contract_start, run.contract_end
    return {
        "cover": float(made.factor[winner]) * (brings.sure + brings.hoped) / cost,
        "hours": hours_a_week(run, start, end - 1),
        "exits": values["providers_insolvent"] + values["providers_withdrawn"],
        "kept": values["promise_kept"],
    }


def price_competition_underbids(replications: int = 20) -> Pattern:
    """A price-heavy award after long competition: underbidding, thin hours, exits."""
    base = merged(BASE, {"contract": {"weeks": 78, "tracking_weeks": 22}})
    base = merged(base, {"referral": {"weeks": 52, "volume": 1_600}})
    designs = {
        "quality weighs": {**OUTCOME, **_tender(0.2, 0)},
        "price weighs": {**OUTCOME, **_tender(0.9, 6)},
    }
    found = simulate(base, designs, _priced, replications)
    price, quality = found["price weighs"], found["quality weighs"]
    claims = [
        Claim("income at true prospects / own cost", price["cover"].to_numpy(), high=1.0),
        Claim(
            "the same less that of an award by quality",
            (price["cover"] - quality["cover"]).to_numpy(), high=0.0,
        ),
        Claim(
            "hours of a client / those after an award by quality",
            (price["hours"] / quality["hours"]).to_numpy(), high=0.8,
        ),
        Claim(
            "providers that go under or leave, more than after an award by quality",
            (price["exits"] - quality["exits"]).to_numpy(), 0.0,
        ),
        Claim("part of the promise that comes true", price["kept"].to_numpy(), high=0.9),
    ]  # fmt: skip
    return Pattern(
        9,
        "A price-heavy award after long competition: underbidding, thin hours, exits",
        "Eight bidders for the same contract of outcome pay: once compared mainly by quality, once"
        " mainly by price after six price competitions.",
        claims,
        lambda axes: bars(axes, of(found, "hours"), "client hours a week"),
    )


_GAP = 26


def a_gap_costs_months(replications: int = 8) -> Pattern:
    """A gap between contracts: months of lost capacity and referrals."""
    base = merged(
        BASE,
        {
            "run": {"weeks": 150},
            "population": {"inflow_per_week": 150.0},
            "referral": {"volume": 900, "weeks": 34, "regime": "advisor", "start_week": 4},
            "contract": {"weeks": 40, "tracking_weeks": 20},
        },
    )
    designs = {
        name: {**MONTHLY, "procurement": {"rounds": 2, "gap_weeks": weeks}}
        for name, weeks in (("no gap", 0), ("half a year", _GAP))
    }

    def measure(pair: Pair) -> dict[str, float]:
        """Return the first and second quarter of the second contract."""
        run, start = pair.run, int(pair.run.periods.start[1])
        found: dict[str, float] = {}
        for number, first in enumerate((start, start + 13), 1):
            weeks = slice(first, first + 13)
            found[f"coaches {number}"] = float(run.flows["coaches"][weeks].mean())
            found[f"referred {number}"] = float(run.flows["referred"][weeks].sum())
        return found

    found = simulate(base, designs, measure, replications)

    def left(name: str) -> np.ndarray[Any, Any]:
        ratio = found["half a year", name] / found["no gap", name]
        return 100 * ratio.to_numpy()

    claims = [
        Claim("coaches in the quarter after the gap, % of those without", left("coaches 1"),
              high=60.0),
        Claim("coaches in the next quarter, % of those without", left("coaches 2"), high=80.0),
        Claim("people referred in the quarter after the gap, % of those without",
              left("referred 1"), high=85.0),
    ]  # fmt: skip
    names = [f"{what} {number}" for what in ("coaches", "referred") for number in (1, 2)]
    table = found["half a year"][names] / found["no gap"][names] * 100
    table.columns = [
        f"{what}, {quarter} quarter" for what in ("coaches", "referrals") for quarter in ("first",
                                                                                        "second")
    ]  # fmt: skip
    return Pattern(
        10,
        "A gap between contracts costs months of capacity and referrals",
        "Two contracts with the same provider, one right after the other or half a year later:"
        " coaches leave, learning fades, advisers forget the service, and hiring is slow.",
        claims,
        lambda axes: bars(axes, table, "second contract after a gap, % of without"),
    )
