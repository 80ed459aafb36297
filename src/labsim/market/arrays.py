"""Array types used by the rules of the market."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.integer]
Bools = NDArray[np.bool_]


def among(values: Ints | Floats, wanted: Iterable[int]) -> Bools:
    """Whether each value is one of a few wanted: `numpy.isin`, but fast where they are few."""
    found: Bools = np.zeros(values.shape, dtype=bool)
    for each in wanted:
        found |= values == each
    return found
