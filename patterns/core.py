"""Claims with a verdict from replications, and the experiments that give the replications."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy.stats import t as student

from labsim.market.agentset import release
from labsim.market.model import LabourMarket
from labsim.measure.pair import Pair
from labsim.scenario.schema import Scenario
from patterns.trees import Tree, merged

Verdict = Literal["holds", "fails", "inconclusive"]
CONFIDENCE = 0.99


@dataclass(frozen=True)
class Claim:
    """A statement about a mean over replications: that it lies between two limits.

    Attributes
    ----------
    text
        The statement, in plain words.
    values : (replications,)
        One number per replication: designs are compared inside a replication.
    low, high
        Limits of the statement.
    """

    text: str
    values: np.ndarray
    low: float = -np.inf
    high: float = np.inf

    def interval(self) -> tuple[float, float, float]:
        """Return the mean and its confidence interval, from the spread between replications."""
        known = self.values[~np.isnan(self.values)]
        mean, n = float(known.mean()), known.size
        half = student.ppf((1 + CONFIDENCE) / 2, n - 1) * known.std(ddof=1) / np.sqrt(n)
        return mean, mean - float(half), mean + float(half)

    @property
    def verdict(self) -> Verdict:
        """Holds if the whole interval is inside the limits, fails if all of it is outside."""
        _, low, high = self.interval()
        if self.low <= low and high <= self.high:
            return "holds"
        return "fails" if high < self.low or low > self.high else "inconclusive"

    @property
    def limits(self) -> str:
        """The limits, in words."""
        if self.high == np.inf:
            return f"{self.low:.3g} or more"
        if self.low == -np.inf:
            return f"{self.high:.3g} or less"
        return f"{self.low:.3g} to {self.high:.3g}"

    def __str__(self) -> str:
        mean, low, high = self.interval()
        return f"{self.text}: {mean:.3g} ({low:.3g} to {high:.3g})"


@dataclass(frozen=True)
class Pattern:
    """A pattern of model.md with what the experiment found.

    Attributes
    ----------
    number
        Its number in the list of patterns.
    title, text
        What must come out, and how the experiment asks for it.
    claims
        Statements that must hold.
    draw
        Draws the chart.
    """

    number: int
    title: str
    text: str
    claims: list[Claim]
    draw: Callable[[Axes], None]


def simulate(
    base: Tree,
    designs: Mapping[str, Tree],
    measure: Callable[[Pair], Mapping[str, float]],
    replications: int,
) -> pd.DataFrame:
    """Run designs over the same people and luck, and measure each beside its twin.

    Returns
    -------
    DataFrame
        One row per replication; columns (design, measure).
    """
    setups = {name: Scenario.model_validate(merged(base, tree)) for name, tree in designs.items()}
    rows = []
    for number in range(replications):
        row: dict[tuple[str, str], float] = {}
        twin: LabourMarket | None = None
        for name, setup in setups.items():
            if twin is None or not _same_lives(setup, twin.setup):
                if twin is not None:
                    release(twin)
                twin = _run(LabourMarket(setup=setup, replication=number, service=False))
            run = _run(LabourMarket(setup=setup, replication=number, people=twin.people))
            found = measure(Pair(run, twin))
            release(run)
            row |= {(name, key): value for key, value in found.items()}
        if twin is not None:
            release(twin)
        rows.append(row)
    frame = pd.DataFrame(rows)
    frame.columns = pd.MultiIndex.from_tuples(frame.columns, names=["design", "measure"])
    return frame


def of(frame: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Return one measure, a column for each design."""
    return frame.xs(measure, axis=1, level="measure")


def _same_lives(one: Scenario, other: Scenario) -> bool:
    """Whether people and their lives without a service are the same, and who is looked at."""
    return all(
        getattr(one, name) == getattr(other, name)
        for name in ("run", "population", "labour_market", "coaching", "finance")
    ) and (one.referral.target, one.referral.start_week, one.referral.weeks) == (
        other.referral.target,
        other.referral.start_week,
        other.referral.weeks,
    )


def _run(market: LabourMarket) -> LabourMarket:
    while market.running:
        market.step()
    return market


def bars(axes: Axes, frame: pd.DataFrame, label: str) -> None:
    """Draw means with intervals of named columns, one bar each.

    Parameters
    ----------
    frame
        One row per replication; column names are the labels.
    """
    claims = {name: Claim(str(name), frame[name].to_numpy(dtype=float)) for name in frame}
    means = [claim.interval() for claim in claims.values()]
    place = np.arange(len(means))
    middle = np.array([mean for mean, _, _ in means])
    errors = np.array([[m - low for m, low, _ in means], [high - m for m, _, high in means]])
    axes.barh(place, middle, xerr=errors, color="#56b4e9", height=0.6, ecolor="#333333")
    axes.set_yticks(place, [str(name) for name in claims])
    axes.invert_yaxis()
    axes.axvline(0, color="#333333", linewidth=0.8)
    axes.set_xlabel(label)
