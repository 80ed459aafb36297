"""When a point has been repeated often enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from labsim.market.arrays import Floats

if TYPE_CHECKING:
    from labsim.study.experiment import Stop

STEP = 5
"""Replications added at a time, after the first batch."""


def enough(values: Floats, stop: Stop) -> bool:
    """Whether whole batches of replications are enough.

    Parameters
    ----------
    values
        The indicator, (replications, designs); NaN where it has no value or the run failed.
    """
    return all(_half_width(column) <= stop.half_width for column in values.T)


def _half_width(values: Floats) -> float:
    from labsim.study.summary import t_quantile  # heavy, and not needed without a rule

    known = values[~np.isnan(values)]
    if known.size < 2:
        return float("inf")
    return t_quantile(known.size) * float(known.std(ddof=1)) / float(np.sqrt(known.size))


def following(replications: int, stop: Stop) -> int:
    """Return how many replications to have after so many were not enough."""
    return min(replications + STEP, stop.most)
