"""The measured table of all simulated worlds, and how checks look things up in it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from labsim.market.arrays import Floats
from labsim.study.validation.verdict import Across

OWN = "own"
"""Variant of a pilot as its file has it."""


def correlations(one: Floats, other: Floats) -> Floats:
    """Return the correlation in each row, (replications,); NaN where a row does not vary.

    Parameters
    ----------
    one, other : (replications, n)
        What goes together, or not.
    """
    rows = [
        float(np.corrcoef(a, b)[0, 1]) if np.ptp(a) > 0 and np.ptp(b) > 0 else np.nan
        for a, b in zip(one, other, strict=True)
    ]
    return np.array(rows)


class Runs:
    """What was measured: a row for each world, variant and replication, a column per measure.

    Parameters
    ----------
    table
        With `world`, `variant` and `replication` as columns beside the measures.
    """

    def __init__(self, table: pd.DataFrame) -> None:
        self._table = table.set_index(["world", "variant", "replication"]).sort_index()

    def of(self, measure: str, world: str, variant: str = OWN) -> Floats:
        """Return a measure of one variant, (replications,)."""
        rows = self._table.xs((world, variant), level=("world", "variant"))
        found: Floats = rows[measure].to_numpy(dtype=np.float64)
        return found

    def difference(self, measure: str, world: str, one: str, other: str) -> Floats:
        """Return by how much a measure is higher in one variant than in another, (replications,).

        Both have the same people and the same luck in a replication.
        """
        difference: Floats = self.of(measure, world, one) - self.of(measure, world, other)
        return difference

    def across(self, measure: str, pilots: Sequence[str]) -> Across:
        """Return a measure of several pilots."""
        columns = [self.of(measure, name) for name in pilots]
        least = min(len(column) for column in columns)  # a failed replication is missing in one
        return Across(np.stack([column[:least] for column in columns], axis=1), tuple(pilots))

    def pooled(self, measure: str, weights: dict[str, float]) -> Floats:
        """Return the weighted mean of a measure over pilots, (replications,)."""
        values = self.across(measure, list(weights)).values
        known = ~np.isnan(values)
        weight = np.array(list(weights.values())) * known
        pooled: Floats = np.nansum(values * weight, axis=1) / weight.sum(axis=1)
        return pooled
