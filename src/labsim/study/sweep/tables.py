"""The tables of a finished sweep, laid together from its parts with little memory.

Rows come in the order of point, design and replication, whoever ran them and when; so the files are
the same, bit for bit, for a sweep that ran in one go and one that was interrupted and resumed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from labsim.market.arrays import Ints
from labsim.study.sweep import parts
from labsim.study.sweep.disk import sync_file
from labsim.study.sweep.means import means, varied
from labsim.study.sweep.plan import Plan

if TYPE_CHECKING:
    from labsim.study.experiment import Experiment

BLOCK = 4_096
"""Rows at a time, or those of one point where it has more."""

HEAD = ("scenario", "design", "point", "replication", "seed")
_KEPT_PARTS = 32
_HEAD = pa.schema(
    {"design": pa.string(), "point": pa.int64(), "replication": pa.int64(), "seed": pa.int64()}
)


class Damaged(Exception):
    """A part cannot be read; its runs are to be done again."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


@dataclass(frozen=True)
class Places:
    """Where the row of each run is.

    Attributes
    ----------
    names
        Names of parts.
    runs
        Point, design, replication, number of the part and row in it, (runs, 5); in this order.
    """

    names: tuple[str, ...]
    runs: Ints


def counted(plan: Plan, places: Places) -> Places:
    """Leave out runs beyond what the stopping rule has decided on."""
    runs = places.runs
    return Places(places.names, runs[runs[:, 2] < plan.decided()[runs[:, 0]]])


def write_tables(
    folder: Path,
    runs_file: Path,
    points_file: Path,
    places: Places,
    experiment: Experiment,
) -> dict[str, int]:
    """Write runs.parquet and points.parquet under the names given, and return their rows.

    Raises
    ------
    Damaged
        If a part cannot be read.
    """
    schema, values = _schema(folder, places.names), varied(experiment)
    kept = [name for name in schema.names if name not in HEAD]
    kept = [name for name in kept if name in (experiment.indicators or kept)]
    rows = {"runs": 0, "points": 0}
    with _Writer(runs_file) as runs, _Writer(points_file) as points:
        for block in _blocks(folder, places, schema):
            name = pa.array([experiment.scenario_name] * len(block), pa.string())
            runs.write(block.add_column(0, "scenario", name).select([*HEAD, *kept]))
            about = means(block.to_pandas(), kept, experiment, values)
            points.write(pa.Table.from_pandas(about, preserve_index=False))
            rows["runs"], rows["points"] = rows["runs"] + len(block), rows["points"] + len(about)
    return rows


class _Writer:
    """A Parquet file whose schema is that of the first table; it is on disk at the end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: pq.ParquetWriter | None = None

    def __enter__(self) -> Self:
        return self

    def write(self, table: pa.Table) -> None:
        """Add rows."""
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._path, table.schema)
        self._writer.write_table(table)

    def __exit__(self, *_: object) -> None:
        if self._writer is not None:
            self._writer.close()
            sync_file(self._path)


def _schema(folder: Path, names: tuple[str, ...]) -> pa.Schema:
    """Return the columns of all parts together: whole numbers only where all parts have them."""
    found = {"": _HEAD}
    for name in names:
        schema = _read(folder, name, pq.read_schema)
        found.setdefault(str(schema), schema)
    return pa.unify_schemas(list(found.values()), promote_options="permissive")


def _read(folder: Path, name: str, reader: Callable[..., Any]) -> Any:
    try:
        return reader(folder / parts.FOLDER / name)
    except (OSError, pa.ArrowException) as error:
        raise Damaged(name) from error


def _blocks(folder: Path, places: Places, schema: pa.Schema) -> Iterator[pa.Table]:
    """Yield the rows of whole points, some thousands at a time."""

    @lru_cache(maxsize=_KEPT_PARTS)
    def part(number: int) -> pa.Table:
        table = _read(folder, places.names[number], pq.read_table)
        return table.select(schema.names).cast(schema)

    runs = places.runs
    for begin, end in _cuts(runs[:, 0]):
        block = runs[begin:end]
        order = np.lexsort((block[:, 4], block[:, 3]))
        pieces = []
        for number in np.unique(block[:, 3]).tolist():
            rows = block[order, 4][block[order, 3] == number]
            pieces.append(part(number).take(rows))
        back = np.empty(len(order), dtype=np.int64)
        back[order] = np.arange(len(order))
        yield pa.concat_tables(pieces).take(back) if pieces else schema.empty_table()


def _cuts(points: Ints) -> Iterator[tuple[int, int]]:
    """Yield where blocks begin and end: between points; one empty block if there are no rows."""
    begin = 0
    if not len(points):
        yield 0, 0
    while begin < len(points):
        end = min(begin + BLOCK, len(points))
        if end < len(points):
            first = int(np.searchsorted(points, points[end - 1]))
            end = first if first > begin else int(np.searchsorted(points, points[begin], "right"))
        yield begin, end
        begin = end
