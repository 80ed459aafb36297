"""From ``[[vary]]`` tables to axes: which keys vary, over which values."""

from __future__ import annotations

import math
from typing import Any, Literal, get_origin

from labsim.scenario import keys
from labsim.scenario.paths import Path, dotted, parsed
from labsim.scenario.toml_text import shown
from labsim.study.experiment.axes import Axis
from labsim.study.experiment.declared import Vary
from labsim.study.experiment.reading import Reading

_SHORT = 10_000
"""A grid takes all whole numbers of a range without being told, if they are no more than this."""


def axes_of(reading: Reading) -> list[Axis]:
    """Return an axis for each valid table; faults are noted in the reading."""
    axes: dict[Path, Axis] = {}
    for place, vary in reading.vary.items():
        at: Path = ("vary", place)
        path = parsed(vary.key)
        if path is None:
            reading.note((*at, "key"), "not_a_key", got=shown(vary.key))
            continue
        axis = _axis(reading, vary, path, at)
        clash = next((other for other in axes if overlap(other, path)), None)
        if axis is None:
            continue
        if clash is None:
            axes[path] = axis
        else:
            there = axes[clash].line or 0
            reading.note(path, "varies_already", at=(*at, "key"), key=dotted(clash), there=there)
    return list(axes.values())


def overlap(one: Path, other: Path) -> bool:
    """Whether two keys are the same, or one lies in the other."""
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def not_varied(path: Path) -> str | None:
    """Return the fault of a key that cannot vary, if it cannot."""
    if path[0] in ("title", "description", "extends", "sources"):
        return "not_settable"
    if path == ("run", "replications"):
        return "replications_vary"
    key = keys.look_up(path)
    return "not_a_value" if key is not None and key.model is not None else None


def _axis(reading: Reading, vary: Vary, path: Path, at: Path) -> Axis | None:
    line = reading.document.lines.get((*at, "key"))
    fault = not_varied(path)
    if fault is not None:
        reading.note(path, fault, at=(*at, "key"))
        return None
    key, scalar = keys.look_up(path), scalar_of(path)
    given = vary.values or vary.choice
    if given:
        return Axis(
            path, line, "values", choices=tuple(as_declared(item, scalar) for item in given)
        )
    if key is None:  # the key is at fault, which is told where the files are known
        return Axis(path, line, "values", choices=(0,))
    return _range(reading, vary, Axis(path, line, "uniform"), scalar, at)


def _range(reading: Reading, vary: Vary, bare: Axis, scalar: Any, at: Path) -> Axis | None:
    """Return the axis of a range, given or declared."""
    path, line = bare.path, bare.line
    if vary.uniform and scalar is not float:
        reading.note((*at, "uniform"), "uniform_not_real", key=bare.key)
    elif vary.integer and scalar not in (int, float):
        reading.note((*at, "integer"), "integer_not_number", key=bare.key)
    elif vary.uniform:
        low, high = vary.uniform
        return Axis(path, line, "uniform", low, high, levels=_levels(reading, vary, at))
    elif vary.integer:
        return _whole(reading, vary, bare, (vary.integer[0], vary.integer[1]), at)
    else:
        return _by_default(reading, vary, bare, scalar, at)
    return None


def _by_default(reading: Reading, vary: Vary, bare: Axis, scalar: Any, at: Path) -> Axis | None:
    """Return the axis of a key without values: its plausible range, or all of its choices."""
    key = keys.look_up(bare.path)
    choices: tuple[Any, ...] = (False, True) if scalar is bool else ()
    if key is not None and get_origin(scalar) is Literal:
        choices = key.choices
    plausible = key.extra.get("plausible") if key is not None else None
    if choices:
        return Axis(bare.path, bare.line, "values", choices=choices)
    if plausible and scalar is float:
        low, high = map(float, plausible)
        levels = _levels(reading, vary, at)
        return Axis(bare.path, bare.line, "uniform", low, high, levels=levels)
    if plausible and scalar is int:
        ends = math.ceil(plausible[0]), math.floor(plausible[1])
        return _whole(reading, vary, bare, ends, at)
    reading.note(bare.path, "no_plausible", at=(*at, "key"))
    return None


def _whole(reading: Reading, vary: Vary, bare: Axis, ends: tuple[int, int], at: Path) -> Axis:
    numbers = ends[1] - ends[0] + 1
    levels = _levels(reading, vary, at, needed=numbers > _SHORT)
    fewer = levels if levels is not None and levels < numbers else None
    return Axis(bare.path, bare.line, "integer", *ends, levels=fewer)


def _levels(reading: Reading, vary: Vary, at: Path, *, needed: bool = True) -> int | None:
    """Return how many values a grid takes of a range; other methods take any."""
    if reading.said.method != "grid":
        return None
    levels = vary.levels or reading.said.levels
    if levels is None and needed:
        reading.note((*at, "levels"), "grid_levels")
    return levels


def scalar_of(path: Path) -> Any:
    """Return the declared type of a key; None for no key, or a table whose keys the user names."""
    key, above = keys.look_up(path), keys.look_up(path[:-1])
    whole = key is not None and key.kind == "open" and (above is None or above.kind != "open")
    return None if key is None or whole else key.scalar


def as_declared(value: Any, scalar: Any) -> Any:
    """Return a whole number as a real one where the key takes those, as a scenario does."""
    return float(value) if scalar is float and type(value) is int else value
