"""The rule that judges: a 95 % interval over replications against what was published.

A number counts with a tolerance of a tenth of itself, or the one that the fact suggests; a range as
it is; an ordering as the sign of a difference, paired by replication. The verdict is `inside` when
the whole interval lies within, `outside` when all of it lies without, and else `inconclusive`.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isnan, nan
from typing import Literal

import numpy as np

from labsim.evidence import Fact
from labsim.market.arrays import Floats
from labsim.study.summary import t_quantile

Verdict = Literal["inside", "outside", "inconclusive", "not-simulated", "input"]
JUDGED: tuple[Verdict, ...] = ("inside", "outside", "inconclusive")
TOLERANCE = 0.1
"""Part of a published number by which a simulated one may differ."""


@dataclass(frozen=True)
class Limits:
    """Where a simulated number must lie.

    Attributes
    ----------
    low, high
        The ends.
    strict
        Whether the ends themselves lie without, as 0 does for the sign of a difference.
    """

    low: float = -inf
    high: float = inf
    strict: bool = False


@dataclass(frozen=True)
class Estimate:
    """A mean over replications with its 95 % interval; NaN where there are too few."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Across:
    """A number for each of several pilots: (replications, pilots), the pilots' names above.

    The claim is about all of them, so the lowest and the highest must both lie within.
    """

    values: Floats
    pilots: tuple[str, ...]


def estimate(values: Floats) -> Estimate:
    """Return the mean of the replications that have a number, and its interval."""
    known = values[~np.isnan(values)]
    if not known.size:
        return Estimate(nan, nan, nan)
    mean = float(known.mean())
    spread = float(known.std(ddof=1)) if known.size > 1 else nan
    half = t_quantile(known.size) * spread / float(np.sqrt(known.size))
    return Estimate(mean, mean - half, mean + half)


def limits(fact: Fact, tolerance: float | None = None) -> Limits:
    """Return where a simulated number must lie to agree with a fact.

    Parameters
    ----------
    tolerance
        What the fact suggests, in its unit; a tenth of the number if left out.

    Raises
    ------
    ValueError
        If the fact has neither number nor end: then the check itself must say.
    """
    if fact.kind == "range" or (isnan(fact.value) and not isnan(fact.low + fact.high)):
        return Limits(fact.low, fact.high)
    if not isnan(fact.value):
        allowed = TOLERANCE * abs(fact.value) if tolerance is None else tolerance
        return Limits(fact.value - allowed, fact.value + allowed)
    if isnan(fact.low) and isnan(fact.high):
        raise ValueError(f"{fact.id} says neither how much nor which way")
    return Limits(
        -inf if isnan(fact.low) else fact.low, inf if isnan(fact.high) else fact.high, strict=True
    )


def judge(found: Estimate, within: Limits) -> Verdict:
    """Return how an estimate compares with its limits."""
    if isnan(found.low) or isnan(found.high):
        return "inconclusive"
    if within.strict:
        inside = within.low < found.low and found.high < within.high
        outside = found.high <= within.low or found.low >= within.high
    else:
        inside = within.low <= found.low and found.high <= within.high
        outside = found.high < within.low or found.low > within.high
    return "inside" if inside else "outside" if outside else "inconclusive"


def judge_across(found: Across, within: Limits) -> tuple[Estimate, Verdict]:
    """Return the mean over pilots with the ends of the lowest and the highest, and the verdict."""
    each = [estimate(column) for column in found.values.T]
    known = [one for one in each if not isnan(one.mean)]
    if not known:
        return Estimate(nan, nan, nan), "inconclusive"
    lowest, highest = min(known, key=lambda e: e.mean), max(known, key=lambda e: e.mean)
    mean = float(np.mean([one.mean for one in known]))
    verdicts = [judge(one, within) for one in (lowest, highest)]
    verdict: Verdict = "inside"
    for worse in ("inconclusive", "outside"):
        verdict = worse if worse in verdicts else verdict
    return Estimate(mean, lowest.low, highest.high), verdict
