"""One jobseeker as a Mesa agent: a light view of one row of the columns.

Columns are a dataclass whose public fields are arrays with one row per person; the row number is
the person's id. Views are made on demand, compare equal when they show the same row, and store
nothing: what is written to a view goes to the columns.
"""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any, NoReturn

import mesa
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

FIRST_JOBSEEKER_ID = 1_000_000_000
"""``unique_id`` of row 0. Mesa numbers registered agents from 1, so the two never meet."""


class Jobseeker(mesa.Agent):  # type: ignore[misc, unused-ignore]
    """A view of one row: every column is an attribute.

    ``Agent.__init__`` is deliberately not called: it would register the view with the model.

    Parameters
    ----------
    columns
        Dataclass of arrays, one row per person.
    row
        Which person.
    model
        The model the person lives in.
    """

    __slots__ = ("_columns", "_row", "model")

    pos = None
    """Jobseekers stand in no space; Mesa expects the attribute."""

    def __init__(self, columns: Any, row: int, model: Any) -> None:
        put = object.__setattr__
        put(self, "_columns", columns)
        put(self, "_row", row)
        put(self, "model", model)

    @property
    def row(self) -> int:
        """Row in the columns, which is the person's id."""
        return self._row  # type: ignore[no-any-return]

    @property
    def unique_id(self) -> int:
        """Mesa's id, different from those of registered agents: ``FIRST_JOBSEEKER_ID + row``."""
        return FIRST_JOBSEEKER_ID + self._row  # type: ignore[no-any-return]

    def remove(self) -> NoReturn:
        """Refuse: rows stay, and a person leaves by a change of state."""
        raise refusal("removed")

    def __getattr__(self, name: str) -> Any:
        # Private names are never columns. Without this test, a half-made view would look for its
        # own _columns here without end.
        if name.startswith("_") or name not in column_names(self._columns.__class__):
            raise AttributeError(f"{type(self).__name__} has no {name!r}", name=name, obj=self)
        value = getattr(self._columns, name)[self._row]
        return value.item() if isinstance(value, np.generic) else value

    def __setattr__(self, name: str, value: Any) -> None:
        column = column_of(self._columns, name)
        column[self._row] = fitted(value, column, name)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *column_names(self._columns.__class__)})

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Jobseeker):
            return NotImplemented
        return self._columns is other._columns and bool(self._row == other._row)

    def __hash__(self) -> int:
        return hash((id(self._columns), self._row))

    def __reduce__(self) -> tuple[type[Jobseeker], tuple[Any, int, Any]]:
        return type(self), (self._columns, self._row, self.model)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(row={self._row}, unique_id={self.unique_id})"


@cache
def column_names(kind: type) -> frozenset[str]:
    """Give the names of the columns of a dataclass: its public fields.

    Raises
    ------
    TypeError
        When a column bears the name of something every agent has; the agent's own would win.
    """
    names = frozenset(field.name for field in fields(kind) if not field.name.startswith("_"))
    taken = sorted(name for name in names if hasattr(Jobseeker, name))
    if taken:
        raise TypeError(f"columns of {kind.__name__} need other names than {', '.join(taken)}")
    return names


def column_of(columns: Any, name: str) -> NDArray[Any]:
    """Give the column of that name.

    Raises
    ------
    AttributeError
        When there is none; the message lists those there are.
    """
    known = column_names(columns.__class__)
    if name not in known:
        raise AttributeError(
            f"jobseekers have no column {name!r}; they have {', '.join(sorted(known))}", name=name
        )
    return getattr(columns, name)  # type: ignore[no-any-return]


def fitted(value: ArrayLike, column: NDArray[Any], name: str) -> NDArray[Any]:
    """Convert a value to a column's type, but only without loss in whole numbers and truth values.

    numpy alone would store 0.5 as 0 and 300 as 44 in a column of small integers.
    """
    given = np.asarray(value)
    with np.errstate(invalid="ignore"):
        cast = given.astype(column.dtype)
    if column.dtype.kind in "iub" and not np.array_equal(cast, given):
        raise ValueError(f"{name} holds {column.dtype}, which cannot represent {value!r}")
    return cast


def refusal(done: str) -> NotImplementedError:
    """Build the error for asking a fixed population to change."""
    return NotImplementedError(
        f"jobseekers cannot be {done}: their rows are fixed, and people come and go by entry week "
        "and state; change those columns, or select() the people you mean"
    )
