"""The small market that patterns are looked for in, and contracts for it."""

from __future__ import annotations

from typing import Any

from patterns.trees import Tree

BASE: Tree = {
    "run": {"weeks": 104, "seed": 20},
    "population": {"register": 8_000},
    "referral": {
        "volume": 2_000, "start_week": 2, "weeks": 26, "wait_weeks": 2,
        "target": {"unemployed_months_min": 2, "unemployed_months_max": 24},
    },
    "contract": {"start_week": 4, "weeks": 52, "service_weeks_max": 26, "tracking_weeks": 40},
}  # fmt: skip
"""About 1,200 clients of a register of 8,000, followed for two years."""


def larger(times: int) -> Tree:
    """Return a market so many times as large: less noise for the same number of weeks."""
    return {
        "population": {"register": 8_000 * times},
        "referral": {"volume": 2_000 * times},
        "office": {"referral_team": 3.0 * times},
    }


_KINDS = ["employment", "subsidised"]


def fee(on: str, eur: float, **more: Any) -> Tree:
    """Return a fee named after what it is paid for."""
    return {"name": more.pop("name", on), "on": on, "eur": eur, **more}


def outcome(days: int, eur: float, **more: Any) -> Tree:
    """Return a fee for a job that lasts so many days."""
    return fee(
        "outcome", eur, name=more.pop("name", f"{days} days"), outcome=more.pop("kinds", _KINDS),
        sustained_days=days, **more,
    )  # fmt: skip


def paid(share: float, *fees: Tree, spend: float = 700.0, rate: float = 0.45) -> Tree:
    """Return a contract whose start is expected to cost `spend`, a `share` of it by outcomes."""
    return {
        "contract": {
            "fees": list(fees), "outcome_share": share, "expected_spend_per_start_eur": spend,
            "expected_outcome_rate": rate,
        }
    }  # fmt: skip


HOURLY = paid(0.0, fee("hour", 100.0), outcome(90, 0.0))
MONTHLY = paid(0.0, fee("month", 100.0), outcome(90, 0.0))
OUTCOME = paid(1.0, outcome(90, 100.0))
