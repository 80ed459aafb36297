"""What the study room hands over: frames of numbers, and what the run was."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd


@dataclass(frozen=True)
class Results:
    """The tables of one comparison.

    Nothing here is computed by the present room: it reads and formats.
    """

    runs: pd.DataFrame
    """One row per design and replication, with every indicator."""
    weekly: pd.DataFrame
    """Stocks and flows by design, replication and week; ``no-service`` is the twin."""
    ledger: pd.DataFrame
    """Every euro, aggregated, in cents."""
    summary: pd.DataFrame
    """One row per design and indicator: mean, spread, interval, paired difference."""
    manifest: Mapping[str, Any]
    """Scenario, designs, replications, seed, versions."""
    assumptions: Sequence[Mapping[str, Any]] = ()
    """Values set or assumed, with their status and source."""
    contracts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Plain sentences on each design's contract, by design."""
