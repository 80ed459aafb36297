"""A table of points, CSV: a column for each key, a row for each point, values as in TOML."""

from __future__ import annotations

import csv
import io
import tomllib
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any, Literal, get_origin

import numpy as np

from labsim.scenario.findings import Finding
from labsim.scenario.paths import Path, dotted, parsed
from labsim.scenario.read import read_text
from labsim.study.experiment.axes import Axis, Codes
from labsim.study.experiment.declared import MOST_POINTS
from labsim.study.experiment.reading import OWN_ORDER
from labsim.study.experiment.varying import as_declared, not_varied, overlap, scalar_of

LARGEST_BYTES = 200_000_000
NUMBER = "point"
"""A column that is passed over: the number of the point, as tables of results have it."""


@dataclass
class Table:
    """The points of a table, and what is wrong with it.

    Attributes
    ----------
    file
        Its name in messages.
    axes, codes
        The keys, and where in its values each point stands.
    lines
        Line of each point.
    findings
        Faults.
    """

    file: str
    axes: list[Axis] = field(default_factory=list)
    codes: list[Codes] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def note(self, line: int | None, path: Path, code: str, **values: Any) -> None:
        """Record a fault."""
        self.findings.append(Finding(self.file, line, path, code, values, order=OWN_ORDER))


def read_table(path: FilePath, shown: str) -> Table:
    """Read a table of points.

    Raises
    ------
    BadInput
        If the file cannot be read.
    """
    table = Table(shown)
    text = read_text(path, shown, LARGEST_BYTES)
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(rows, [])
        paths = _paths(table, header)
        values = [_Column(path) for path in paths]
        for row in rows:
            if row:
                _take(table, row, values, rows.line_num, len(header))
            if len(table.lines) > MOST_POINTS or len(table.findings) >= _MOST_FAULTS:
                break
    except csv.Error as error:
        table.note(rows.line_num, (), "not_csv", reason=str(error))
        return table
    _finish(table, values)
    return table


_MOST_FAULTS = 100
"""Faults of a table after which the rest is not read."""


@dataclass
class _Column:
    """A key, its different values in order of appearance, and which of them each row has."""

    path: Path | None
    places: dict[tuple[type, str], int] = field(default_factory=dict)
    choices: list[Any] = field(default_factory=list)
    codes: list[int] = field(default_factory=list)
    known: dict[str, int] = field(default_factory=dict)

    def take(self, cell: str) -> bool:
        """Keep the value of a cell; False if it is not one."""
        if cell not in self.known:
            assert self.path is not None
            value = _typed(cell, scalar_of(self.path))
            if value is None:
                return False
            place = self.places.setdefault((type(value), repr(value)), len(self.choices))
            if place == len(self.choices):
                self.choices.append(value)
            self.known[cell] = place
        self.codes.append(self.known[cell])
        return True

    def made(self, path: Path) -> tuple[Axis, Codes]:
        """Return the key and its codes; numbers are their own codes, so that no list is kept."""
        codes = np.array(self.codes, dtype=np.int64)
        kinds = {type(choice) for choice in self.choices}
        if kinds == {float}:
            numbers = np.array(self.choices, dtype=float)
            return Axis(path, 1, "uniform", numbers.min(), numbers.max()), numbers[codes]
        if kinds == {int} and max(abs(choice) for choice in self.choices) < 2**53:
            whole = np.array(self.choices, dtype=np.int64)
            return Axis(path, 1, "integer", int(whole.min()), int(whole.max())), whole[codes]
        return Axis(path, 1, "values", choices=tuple(self.choices)), codes


def _typed(cell: str, scalar: Any) -> Any:
    """Return the value of a cell: TOML, or a bare text where that is not TOML; None if empty."""
    text = cell.strip()
    if not text:
        return None
    try:
        value = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):
        return text
    wants_text = scalar is str or get_origin(scalar) is Literal
    if set(value) != {"value"} or (wants_text and not isinstance(value["value"], (str, list))):
        return text
    return as_declared(value["value"], scalar)


def _paths(table: Table, header: list[str]) -> list[Path | None]:
    """Return the key of each column; None for a column that is passed over."""
    paths: list[Path | None] = []
    for name in header:
        path = None if name.strip() == NUMBER else parsed(name.strip())
        if path is None and name.strip() != NUMBER:
            table.note(1, (), "not_a_key", got=name)
        elif path is not None:
            fault = not_varied(path)
            clash = [other for other in paths if other and overlap(other, path)]
            if fault is not None:
                table.note(1, path, fault)
            elif clash:
                table.note(1, path, "varies_already", key=dotted(clash[0]), there=1)
        paths.append(path)
    if not any(paths) and not table.findings:
        table.note(1, (), "no_columns")
    return paths


def _take(table: Table, row: list[str], columns: list[_Column], line: int, width: int) -> None:
    if len(row) != width:
        table.note(line, (), "row_width", cells=len(row), columns=width)
        return
    for cell, column in zip(row, columns, strict=True):
        if column.path is not None and not column.take(cell):
            table.note(line, column.path, "empty_cell")
    table.lines.append(line)


def _finish(table: Table, columns: list[_Column]) -> None:
    if not table.lines and not table.findings:
        table.note(None, (), "no_points")
    if len(table.lines) > MOST_POINTS:
        table.note(None, (), "too_many_points", points=len(table.lines), limit=MOST_POINTS)
    if table.findings:
        return
    for column in columns:
        if column.path is not None:
            axis, codes = column.made(column.path)
            table.axes.append(axis)
            table.codes.append(codes)
