"""What points.parquet says of each point and design: means over replications, with intervals."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from labsim.market.arrays import Floats
from labsim.study.summary import RATIOS, pooled_level, t_quantile

if TYPE_CHECKING:
    from labsim.study.experiment import Experiment


def means(
    runs: pd.DataFrame, kept: list[str], experiment: Experiment, values: pd.DataFrame
) -> pd.DataFrame:
    """Return one row for each point and design.

    Parameters
    ----------
    runs
        Runs of whole points, with the components of ratios.
    kept
        Indicators to report.
    experiment
        Knows the order of designs.
    values
        What is varied, a row per point; see `varied`.

    Returns
    -------
    DataFrame
        point, design, the varied keys, n (replications), then for every indicator its mean, and
        the ends of the mean's 95 % interval as ``<indicator>_low`` and ``<indicator>_high``.
    """
    order = {name: number for number, name in enumerate(experiment.designs)}
    groups = runs.groupby(["point", runs["design"].map(order)], sort=True)
    count = groups.size()
    at = count.index.get_level_values(0).to_numpy(np.int64)
    found: dict[str, Any] = {
        "point": at,
        "design": [experiment.designs[number] for number in count.index.get_level_values(1)],
    }
    found |= {str(key): values[key].to_numpy()[at] for key in values}
    found["n"] = count.to_numpy(np.int64)
    for name in kept:
        if name in RATIOS:
            each = [pooled_level(name, rows) for _, rows in groups]
            mean, low, high = np.array(each, dtype=float).reshape(-1, 3).T
        else:
            mean, low, high = _plain(groups[name])
        found |= {name: mean, f"{name}_low": low, f"{name}_high": high}
    return pd.DataFrame(found)


def _plain(groups: Any) -> tuple[Floats, Floats, Floats]:
    mean, sd, n = (groups.agg(how).to_numpy(float) for how in ("mean", "std", "count"))
    factor = {size: t_quantile(int(size)) for size in np.unique(n)}
    with np.errstate(invalid="ignore", divide="ignore"):
        half = np.array([factor[size] for size in n]) * sd / np.sqrt(n)
    return mean, mean - half, mean + half


def varied(experiment: Experiment) -> pd.DataFrame:
    """Return what is varied, a row per point, in types that a file can hold."""
    frame = experiment.frame().sort_values("point").reset_index(drop=True)[list(experiment.keys)]
    for key in frame:
        column = frame[key]
        if column.dtype == object and not all(isinstance(value, str) for value in column):
            frame[key] = [json.dumps(value, default=str) for value in column]
    return frame
