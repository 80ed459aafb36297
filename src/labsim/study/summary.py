"""Statistics over replications: means, spreads, and paired differences between designs.

Replications are independent; designs within a replication share people and luck, so differences are
taken replication by replication. Intervals are 95 % intervals of the mean over replications
(Student's t): they say how well the simulation knows the mean, not how much luck moves a single
pilot - that is what the percentiles p05 and p95 say.

Two indicators are ratios whose denominator can come near zero in one replication. Their mean is the
ratio of sums over all replications, their interval a jackknife over replications; both are empty
when the denominator cannot be told from zero.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtrit

from labsim.market.arrays import Floats

KEYS = ("scenario", "design", "replication", "seed")
LEVEL = 0.95


def _fees(runs: pd.DataFrame) -> pd.Series:
    return runs["fees_eur"]


def _purchaser_cost(runs: pd.DataFrame) -> pd.Series:
    return runs["fees_eur"] + runs["admin_cost_purchaser_eur"]


def _net_jobs(runs: pd.DataFrame) -> pd.Series:
    return runs["net_jobs_90d"] * runs["started"] / 100


RATIOS: dict[
    str, tuple[Callable[[pd.DataFrame], pd.Series], Callable[[pd.DataFrame], pd.Series]]
] = {
    "fees_per_additional_outcome_eur": (_fees, lambda runs: runs["additional_outcomes"]),
    "purchaser_cost_per_net_job_eur": (_purchaser_cost, _net_jobs),
}
"""Indicators that are pooled: numerator and denominator."""


def t_quantile(n: int) -> float:
    """Return the factor on a standard error that gives the interval with n replications."""
    return float(stdtrit(n - 1, (1 + LEVEL) / 2)) if n > 1 else float("nan")


def summarise(runs: pd.DataFrame) -> pd.DataFrame:
    """Return one row per design and indicator.

    Parameters
    ----------
    runs
        One row per design and replication; the first design is the reference.

    Returns
    -------
    DataFrame
        design, indicator, n, mean, sd, p05, p50, p95, mean_low, mean_high, difference,
        difference_low, difference_high (against the first design, paired by replication).
    """
    designs = list(dict.fromkeys(runs["design"].astype(str)))
    by_design = {
        name: rows.set_index("replication").sort_index()
        for name, rows in runs.groupby(runs["design"].astype(str), sort=False)
    }
    reference = by_design[designs[0]]
    rows = []
    for name in designs:
        for indicator in [column for column in runs.columns if column not in KEYS]:
            own = by_design[name]
            other = None if name == designs[0] else reference
            statistic = _pooled if indicator in RATIOS else _plain
            rows.append(
                {
                    "design": name,
                    "indicator": indicator,
                    **_spread(own[indicator].to_numpy(float)),
                    **statistic(indicator, own, other),
                }
            )
    return pd.DataFrame(rows)[_ORDER]


_ORDER = [
    "design", "indicator", "n", "mean", "sd", "p05", "p50", "p95", "mean_low", "mean_high",
    "difference", "difference_low", "difference_high",
]  # fmt: skip


def pooled_level(indicator: str, runs: pd.DataFrame) -> tuple[float, float, float]:
    """Return a pooled indicator over runs of one design, and the ends of its interval."""
    found = _pooled(indicator, runs, None)
    return found["mean"], found["mean_low"], found["mean_high"]


def _spread(values: Floats) -> dict[str, float]:
    known = values[~np.isnan(values)]
    nothing = float("nan")
    if not known.size:
        return {"n": 0, "sd": nothing, "p05": nothing, "p50": nothing, "p95": nothing}
    p05, p50, p95 = np.quantile(known, [0.05, 0.5, 0.95])
    sd = float(known.std(ddof=1)) if known.size > 1 else nothing
    return {"n": known.size, "sd": sd, "p05": p05, "p50": p50, "p95": p95}


def _plain(indicator: str, own: pd.DataFrame, other: pd.DataFrame | None) -> dict[str, float]:
    values = own[indicator].astype(float)
    level = _interval(values.dropna().to_numpy(float), "mean", "mean_low", "mean_high")
    pairs = values * np.nan if other is None else values - other[indicator].astype(float)
    return level | _interval(
        pairs.dropna().to_numpy(float), "difference", "difference_low", "difference_high"
    )


def _interval(values: NDArray[Any], mean: str, low: str, high: str) -> dict[str, float]:
    if not values.size:
        return dict.fromkeys((mean, low, high), float("nan"))
    centre = float(values.mean())
    error = float(values.std(ddof=1)) / np.sqrt(values.size) if values.size > 1 else float("nan")
    half = t_quantile(values.size) * error
    return {mean: centre, low: centre - half, high: centre + half}


def _pooled(indicator: str, own: pd.DataFrame, other: pd.DataFrame | None) -> dict[str, float]:
    ratio, copies = _jackknife(indicator, own)
    level = _jackknife_interval(ratio, copies, "mean", "mean_low", "mean_high")
    if other is None:
        difference, spread = float("nan"), copies * np.nan
    else:
        reference, reference_copies = _jackknife(indicator, other)
        difference, spread = ratio - reference, copies - reference_copies
    return level | _jackknife_interval(
        difference, spread, "difference", "difference_low", "difference_high"
    )


def _jackknife(indicator: str, runs: pd.DataFrame) -> tuple[float, Floats]:
    """Return the pooled ratio, and what it is with each replication left out."""
    numerator, denominator = (part(runs).fillna(0).to_numpy(float) for part in RATIOS[indicator])
    top, bottom = numerator.sum(), denominator.sum()
    if not _clearly_positive(denominator):
        return float("nan"), np.full(numerator.size, np.nan)
    if numerator.size == 1:
        return float(top / bottom), np.full(1, np.nan)
    return float(top / bottom), (top - numerator) / (bottom - denominator)


def _clearly_positive(denominator: Floats) -> bool:
    if denominator.size == 1:
        return bool(denominator[0] > 0)
    low = _interval(denominator, "mean", "low", "high")["low"]
    return bool(low > 0) and bool((denominator.sum() - denominator > 0).all())


def _jackknife_interval(
    value: float, copies: Floats, mean: str, low: str, high: str
) -> dict[str, float]:
    n = copies.size
    error = np.sqrt((n - 1) / n * ((copies - copies.mean()) ** 2).sum())
    half = t_quantile(n) * float(error)
    return {mean: value, low: value - half, high: value + half}
