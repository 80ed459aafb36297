"""Jobseekers in columns behind Mesa's AgentSet.

`JobseekerSet` answers Mesa's verbs from arrays, without an object per person; objects (`Jobseeker`)
appear only where a Python function wants them. Differences from a stock ``AgentSet``:

* ``get`` returns arrays: one for one name, a list of arrays (one per name) for several;
* ``set`` accepts an array with one value per member as well as a single value;
* ``select`` also takes a boolean mask and conditions such as ``state=2`` or ``state=[1, 2]``;
* members cannot be added or removed, and attributes other than the columns cannot be set.

Views exist only while somebody holds them, so never put them into a stock ``AgentSet``: it refers
to its members weakly and would be empty at once. Use a list, a Python set, or a `JobseekerSet`.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import is_dataclass
from itertools import islice
from operator import attrgetter
from random import Random
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labsim.market.unregistered import GroupBy, Unregistered, at_most_of, random_of
from labsim.market.views import (
    FIRST_JOBSEEKER_ID,
    Jobseeker,
    column_names,
    column_of,
    fitted,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from labsim.market.arrays import Bools

Rows = NDArray[np.intp]
Missing = Literal["error", "default"]


class JobseekerSet(Unregistered):
    """An ordered set of jobseekers: row numbers into columns.

    Parameters
    ----------
    columns
        Dataclass of arrays, one row per person. Mesa 3.5 and later build subsets by
        ``type(self)(agents, random)``; an iterable of `Jobseeker` is therefore accepted too.
    model
        The model the people live in.
    rows : (members,)
        Distinct row numbers, or a mask over all rows; everybody when left out.
    random
        Generator for shuffles; the model's when left out.
    """

    def __init__(
        self,
        columns: Any,
        model: Any = None,
        rows: ArrayLike | None = None,
        *,
        random: Random | None = None,
    ) -> None:
        if not is_dataclass(columns):
            random = model if isinstance(model, Random) else random
            columns, model, rows = _unpack(columns)
        else:
            column_names(columns.__class__)  # refuses names that agents need
        self._columns = columns
        self._model = model
        self._rows = None if rows is None else _checked(rows, _height(columns))
        self._members: Bools | None = None
        self.random = random or random_of(model)

    @property
    def rows(self) -> Rows:
        """Row numbers of the members in their order, (members,)."""
        return np.arange(_height(self._columns)) if self._rows is None else self._rows

    def __len__(self) -> int:
        return _height(self._columns) if self._rows is None else len(self._rows)

    def __iter__(self) -> Iterator[Jobseeker]:
        return map(self._view, self.rows.tolist())

    def __contains__(self, agent: object) -> bool:
        if not isinstance(agent, Jobseeker) or agent._columns is not self._columns:
            return False
        if self._members is None:
            self._members = np.zeros(_height(self._columns), dtype=np.bool_)
            self._members[self.rows] = True
        return bool(self._members[agent.row])

    def __getitem__(self, item: int | slice) -> Any:
        if isinstance(item, slice):
            return [self._view(row) for row in self.rows[item].tolist()]
        return self._view(int(self.rows[item]))

    def get(
        self,
        attr_names: str | list[str],
        handle_missing: Missing = "error",
        default_value: Any = None,
    ) -> Any:
        """Copy out columns.

        Parameters
        ----------
        attr_names
            A column (or ``unique_id``), or several.
        handle_missing
            For a name nobody has: ``"error"``, or ``"default"`` to get an array of `default_value`.
        default_value
            See `handle_missing`.

        Returns
        -------
        (members,) array, or list of such arrays
            In the column's own type. For several names, one array per *name*; Mesa lists one list
            per agent.
        """
        if handle_missing not in ("error", "default"):
            raise ValueError(f"handle_missing is 'error' or 'default', not {handle_missing!r}")
        if not isinstance(attr_names, str):
            return [self.get(name, handle_missing, default_value) for name in attr_names]
        if handle_missing == "default" and not self._has(attr_names):
            return np.full(len(self), default_value)
        return self._values(attr_names)

    def set(self, attr_name: str, value: ArrayLike) -> Self:
        """Write a column: one value for all members, or an array with one for each, (members,)."""
        if self._columns is None:
            return self
        column = column_of(self._columns, attr_name)
        cast = fitted(value, column, attr_name)
        if cast.ndim == column.ndim and len(cast) != len(self):
            raise ValueError(f"{len(cast)} values of {attr_name} for {len(self)} jobseekers")
        column[self.rows] = cast
        return self

    def agg(self, attribute: str, func: Callable[..., Any] | Iterable[Callable[..., Any]]) -> Any:
        """Apply one function, or each of several, to the members' values as an array."""
        values = self._values(attribute)
        if values.dtype.kind in "iuf":
            # The built-in sum adds in the column's own type, where small integers overflow.
            values = values.astype(np.result_type(values, f"{values.dtype.kind}8"))
        return func(values) if callable(func) else [each(values) for each in func]

    def count(self, agent: object = None, **conditions: Any) -> int:
        """Count the members, those meeting conditions, or (as Sequence does) a given agent."""
        if agent is not None:
            return int(agent in self)
        return int(np.count_nonzero(self._mask(None, conditions)))

    def select(
        self,
        filter_func: Callable[[Jobseeker], bool] | ArrayLike | None = None,
        at_most: float = math.inf,
        inplace: bool = False,
        agent_type: type | None = None,
        **conditions: Any,
    ) -> JobseekerSet:
        """Select members.

        Parameters
        ----------
        filter_func : (members,)
            A boolean mask (fast), or a function of the agent.
        at_most
            The first so many of those that fit; a float up to 1 is a share of this set.
        inplace
            Whether to narrow this set rather than make another.
        agent_type
            Only agents of this class: everybody or nobody.
        **conditions
            Column names with the value, or the list of values, wanted.
        """
        by_agent = filter_func if callable(filter_func) else None
        keep = self._mask(None if callable(filter_func) else filter_func, conditions)
        if agent_type is not None and not issubclass(Jobseeker, agent_type):
            keep[:] = False
        rows, most = self.rows[keep], at_most_of(at_most, len(self))
        if by_agent is not None:
            fit = (row for row in rows.tolist() if by_agent(self._view(row)))
            rows = np.fromiter(islice(fit, most), dtype=np.intp)
        return self._take(rows[:most], inplace)

    def shuffle(self, inplace: bool = False) -> JobseekerSet:
        """Shuffle by the model's ``random``, in the order a stock AgentSet would get."""
        rows = self.rows.tolist()
        self.random.shuffle(rows)
        return self._take(np.array(rows, dtype=np.intp), inplace)

    def sort(
        self,
        key: Callable[[Jobseeker], Any] | str,
        ascending: bool = False,
        inplace: bool = False,
    ) -> JobseekerSet:
        """Sort by a column, or a function of the agent; equals keep their order."""
        if isinstance(key, str):
            rows = self.rows[_order(self._values(key), ascending)]
        else:
            agents = sorted(self, key=key, reverse=not ascending)
            rows = np.array([agent.row for agent in agents], dtype=np.intp)
        return self._take(rows, inplace)

    def groupby(
        self,
        by: Callable[[Jobseeker], Any] | str,
        result_type: Literal["agentset", "list"] = "agentset",
    ) -> GroupBy:
        """Group by the value of a column or of a function of the agent, in order of appearance."""
        groups = {key: self._take(rows) for key, rows in self._groups(by).items()}
        if result_type == "agentset":
            return _ColumnGroups(groups)
        return GroupBy({key: list(group) for key, group in groups.items()})

    def copy(self) -> Self:
        """Copy the membership and its order; the people are the same."""
        return self._take(self.rows.copy())

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_members": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)

    def _update(self, agents: Iterable[Jobseeker]) -> Self:
        return self._take(np.array([agent.row for agent in agents], dtype=np.intp), inplace=True)

    def _take(self, rows: Rows, inplace: bool = False) -> Self:
        chosen = self if inplace else object.__new__(type(self))
        chosen.__dict__.update(self.__dict__, _rows=rows, _members=None)
        return chosen

    def _view(self, row: int) -> Jobseeker:
        return Jobseeker(self._columns, row, self._model)

    def _has(self, name: str) -> bool:
        known = self._columns is None or hasattr(Jobseeker, name)
        return known or name in column_names(self._columns.__class__)

    def _values(self, name: str) -> NDArray[Any]:
        if self._columns is None:
            return np.empty(0)
        if name == "unique_id":
            return FIRST_JOBSEEKER_ID + self.rows
        if hasattr(Jobseeker, name):
            return np.array(self.map(attrgetter(name)))
        return np.take(column_of(self._columns, name), self.rows, axis=0)

    def _mask(self, mask: ArrayLike | None, conditions: dict[str, Any]) -> Bools:
        """Combine a mask over the members with conditions on columns, (members,)."""
        keep = np.ones(len(self), np.bool_) if mask is None else np.array(mask)
        if keep.dtype != np.bool_ or keep.shape != (len(self),):
            raise ValueError(
                f"a mask needs {len(self)} truth values, one per jobseeker in the set, "
                f"not {keep.dtype} of shape {keep.shape}"
            )
        for name, wanted in conditions.items():
            values = self._values(name)
            several = np.iterable(wanted) and not isinstance(wanted, str)
            keep &= np.isin(values, list(wanted)) if several else values == wanted
        return keep

    def _groups(self, by: Callable[[Jobseeker], Any] | str) -> dict[Any, Rows]:
        if not isinstance(by, str):
            found = defaultdict(list)
            for agent in self:
                found[by(agent)].append(agent.row)
            return {key: np.array(rows, dtype=np.intp) for key, rows in found.items()}
        keys, first, which, counts = np.unique(
            self._values(by), return_index=True, return_inverse=True, return_counts=True
        )
        together = self.rows[np.argsort(which, kind="stable")]
        parts = np.split(together, np.cumsum(counts)[:-1])
        return {keys[i].item(): parts[i] for i in np.argsort(first)}


class _ColumnGroups(GroupBy):  # type: ignore[misc, unused-ignore]
    """Groups of `JobseekerSet`, aggregated by column."""

    def agg(self, attr_name: str, func: Callable[..., Any]) -> dict[Any, Any]:
        """Apply a function to each group's values of an attribute."""
        return {key: group.agg(attr_name, func) for key, group in self.groups.items()}


def _order(values: NDArray[Any], ascending: bool) -> Rows:
    """Sort stably in either direction: equals keep their order, as Python's sorted keeps it."""
    if ascending:
        return np.argsort(values, kind="stable")
    return len(values) - 1 - np.argsort(values[::-1], kind="stable")[::-1]


def _height(columns: Any) -> int:
    return (
        0 if columns is None else len(getattr(columns, next(iter(column_names(columns.__class__)))))
    )


def _checked(rows: ArrayLike, height: int) -> Rows:
    """Make row numbers of row numbers or a mask, refusing what is not in the columns."""
    given = np.asarray(rows)
    if given.dtype == np.bool_:
        if given.shape != (height,):
            raise ValueError(f"a mask over {height} rows has shape {given.shape}")
        return np.flatnonzero(given)
    numbers = given.astype(np.intp)
    outside = numbers[(numbers < 0) | (numbers >= height)]
    if len(outside):
        raise IndexError(f"row {outside[0]} of columns with {height} rows")
    return numbers


def _unpack(agents: Iterable[Any]) -> tuple[Any, Any, Rows]:
    """Find columns, model and rows of views; of none, there are no columns either."""
    views = list(dict.fromkeys(agents))
    if not all(isinstance(view, Jobseeker) for view in views):
        raise TypeError("a JobseekerSet holds Jobseekers; others go into mesa's AgentSet")
    if not views:
        return None, None, np.empty(0, dtype=np.intp)
    if any(view._columns is not views[0]._columns for view in views):
        raise ValueError("jobseekers of one set need the same columns")
    rows = np.array([view.row for view in views], dtype=np.intp)
    return views[0]._columns, views[0].model, rows
