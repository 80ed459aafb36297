"""The methods: points of the unit cube, laid out by well-kept libraries, mapped to values.

A method returns shares of each key's distribution, shape (points, keys); an `Axis` turns a share
into a real number, a whole number or one of a list by the inverse of its distribution function.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from labsim.study.experiment.axes import Axis, Codes, Floats
from labsim.study.experiment.declared import MOST_POINTS
from labsim.study.experiment.reading import Reading

MORRIS_LEVELS = 4


def sample(reading: Reading, axes: Sequence[Axis]) -> list[Codes]:
    """Return the codes of all points, an array per axis.

    The same file gives the same points; faults and warnings are noted in the reading.
    """
    if reading.said.method == "grid":
        return _grid(reading, axes)
    if not _fits(reading, axes):
        return []
    shares = _METHODS[reading.said.method](reading, len(axes))
    return [axis.at(shares[:, place]) for place, axis in enumerate(axes)] if shares.size else []


def _grid(reading: Reading, axes: Sequence[Axis]) -> list[Codes]:
    """Return every combination; the key that comes last changes fastest."""
    ladders = [axis.grid() for axis in axes]
    points = prod(len(ladder) for ladder in ladders)
    if points > MOST_POINTS:
        reading.note(("vary",), "too_many_points", points=points, limit=MOST_POINTS)
        return []
    sizes = tuple(len(ladder) for ladder in ladders)
    places = np.unravel_index(np.arange(points), sizes)
    return [ladder[place] for ladder, place in zip(ladders, places, strict=True)]


def _lhs(reading: Reading, keys: int) -> Floats:
    """Latin hypercube: each key's range in as many strata as there are points, one in each."""
    from scipy.stats import qmc

    generator = np.random.default_rng(reading.said.seed)
    engine = qmc.LatinHypercube(keys, seed=generator)
    return np.asarray(engine.random(reading.said.points or 0))


def _sobol(reading: Reading, keys: int) -> Floats:
    """Scrambled Sobol' sequence (Owen): even in all keys together, best at powers of two."""
    from scipy.stats import qmc

    generator = np.random.default_rng(reading.said.seed)
    with warnings.catch_warnings():  # it warns of other numbers than powers of two, as we do
        warnings.simplefilter("ignore", UserWarning)
        return np.asarray(qmc.Sobol(keys, seed=generator).random(reading.said.points or 0))


def _morris(reading: Reading, keys: int) -> Floats:
    """Morris' trajectories: steps of one key at a time, keys + 1 points in each."""
    try:
        from SALib.sample import morris
    except ImportError:
        return _no_salib(reading)
    trajectories = (reading.said.points or 0) // (keys + 1)
    levels = reading.said.levels or MORRIS_LEVELS
    seed = reading.said.seed % 2**32
    return np.asarray(morris.sample(_problem(keys), trajectories, num_levels=levels, seed=seed))


def _saltelli(reading: Reading, keys: int) -> Floats:
    """Saltelli's extension of a Sobol' sequence, for first and total indices of variance."""
    try:
        from SALib.sample import sobol
    except ImportError:
        return _no_salib(reading)
    said = reading.said
    base = (said.points or 0) // saltelli_block(keys, second_order=said.second_order)
    pairs, seed = said.second_order, said.seed % 2**32
    return np.asarray(sobol.sample(_problem(keys), base, calc_second_order=pairs, seed=seed))


_METHODS = {"lhs": _lhs, "sobol": _sobol, "morris": _morris, "saltelli": _saltelli}


def saltelli_block(keys: int, *, second_order: bool) -> int:
    """Return the points that each point of the base sequence makes."""
    return 2 * keys + 2 if second_order else keys + 2


def _problem(keys: int) -> dict[str, Any]:
    names = [str(number) for number in range(keys)]
    return {"num_vars": keys, "names": names, "bounds": [[0.0, 1.0]] * keys}


def _no_salib(reading: Reading) -> Floats:
    reading.note(("method",), "needs_extra", library="SALib", extra="study")
    return np.empty((0, 0))


def _fits(reading: Reading, axes: Sequence[Axis]) -> bool:
    """Whether the number of points is one that the method can make; faults are noted."""
    said, keys, points = reading.said, len(axes), reading.said.points or 0
    if said.method == "sobol" and points & (points - 1):
        below = 1 << (points.bit_length() - 1)
        reading.warn(("points",), "sobol_balance", below=below, above=2 * below)
    if said.method not in ("morris", "saltelli"):
        return True
    alone = [place for place, axis in enumerate(axes) if axis.size == 1]
    for place in alone:
        reading.note(axes[place].path, "one_value", at=("vary", place), method=said.method)
    if said.method == "morris":
        below = max(points // (keys + 1), 1) * (keys + 1)
        above = below + keys + 1
    else:
        block = saltelli_block(keys, second_order=said.second_order)
        below = block << max((points // block).bit_length() - 1, 0)
        above = 2 * below
    if points != below:
        reading.note(
            ("points",), "points_not_of_method", method=said.method, keys=keys, below=below,
            above=above, got=points,
        )  # fmt: skip
    return points == below and not alone
