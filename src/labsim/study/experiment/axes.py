"""One varied key: the values it can take, and how a point of the unit interval becomes one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from labsim.scenario.paths import Path, dotted
from labsim.scenario.toml_text import toml
from labsim.study.experiment.plain import as_json

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.float64] | npt.NDArray[np.int64]
"""What a point keeps of a value: a real number itself, a whole number, or a place in a list."""


@dataclass(frozen=True)
class Axis:
    """The values that a key takes.

    Attributes
    ----------
    path
        The key.
    line
        Where the file sets it.
    kind
        ``uniform``: real numbers of a range; ``integer``: whole numbers of a range, ends included;
        ``values``: those of a list, in its order.
    low, high
        Ends of a range.
    choices
        Values of a list.
    levels
        Evenly spaced values that a grid takes of a range; None: all whole numbers.
    """

    path: Path
    line: int | None
    kind: Literal["uniform", "integer", "values"]
    low: float = 0.0
    high: float = 1.0
    choices: tuple[Any, ...] = ()
    levels: int | None = None

    @property
    def key(self) -> str:
        """The key as a user writes it."""
        return dotted(self.path)

    @property
    def size(self) -> int | None:
        """Number of values; None for a range of real numbers."""
        if self.kind == "uniform":
            return None
        return len(self.choices) if self.kind == "values" else int(self.high) - int(self.low) + 1

    def at(self, shares: Floats) -> Codes:
        """Return the codes at these shares of the distribution: the inverse of its function.

        A real number is uniform over its range; whole numbers and values of a list are equally
        likely, each holding an equal part of the unit interval, the end 1 with the last.
        """
        if self.size is None:
            return self.low + np.asarray(shares) * (self.high - self.low)
        place = np.minimum((np.asarray(shares) * self.size).astype(np.int64), self.size - 1)
        return place if self.kind == "values" else place + int(self.low)

    def grid(self) -> Codes:
        """Return the codes that a grid takes: all values, or so many over the range."""
        if self.kind == "values":
            return np.arange(len(self.choices))
        if self.levels is None:
            return np.arange(int(self.low), int(self.high) + 1)
        ladder = np.linspace(self.low, self.high, self.levels)
        return ladder if self.kind == "uniform" else np.unique(np.rint(ladder).astype(np.int64))

    def value(self, code: Any) -> Any:
        """Return the value of a code, as TOML would give it."""
        if self.kind == "values":
            return self.choices[code]
        return float(code) if self.kind == "uniform" else int(code)

    def samples(self) -> tuple[Any, ...]:
        """Return a value, and all that are lists or tables, which can be wrong in more ways."""
        if self.kind != "values":
            return (self.value(self.low),)
        first, *rest = self.choices
        return (first, *(choice for choice in rest if isinstance(choice, (dict, list))))

    def column(self, codes: Codes) -> pd.Series[Any]:
        """Return values for a table; lists, tables and mixed kinds as texts in TOML."""
        import pandas as pd  # heavy, and not needed to run

        if self.kind != "values":
            return pd.Series(codes)
        kinds = {type(choice) for choice in self.choices}
        choices: list[Any] = list(self.choices)
        if kinds == {int, float}:
            choices = [float(choice) for choice in choices]
        elif len(kinds) > 1 or kinds & {dict, list}:
            choices = [item if isinstance(item, str) else toml(item) for item in choices]
        return pd.Series(choices).take(codes.astype(np.int64)).reset_index(drop=True)

    def described(self) -> dict[str, Any]:
        """Return the key and its values, ready for JSON."""
        if self.kind == "values":
            return {"key": self.key, "values": as_json(self.choices)}
        ends = [self.low, self.high] if self.kind == "uniform" else [int(self.low), int(self.high)]
        levels = {} if self.levels is None else {"levels": self.levels}
        return {"key": self.key, self.kind: ends, **levels}
