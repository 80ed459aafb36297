"""Opening a folder of results: every table a pandas frame, read when it is asked for."""

from __future__ import annotations

import json
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any

import pandas as pd

TABLES = ("runs", "points", "weekly", "ledger", "people")
SHEETS = ("summary", "failed", "validation", "differences")


class NoResults(Exception):
    """A folder holds no results, or none of the kind asked for; the message says so."""


class Results:
    """A folder that `labsim run`, `compare`, `sweep` or `validate` has written.

    Its tables are attributes, named as its files are: `runs`, `points`, `weekly`, `ledger`,
    `people`, `summary`, `failed`, `validation`, `differences`. Each is read once, when it is asked
    for.

    Parameters
    ----------
    folder
        Where the results are.

    Raises
    ------
    NoResults
        If there is no manifest in it.
    """

    def __init__(self, folder: str | PathLike[str]) -> None:
        self.folder = Path(folder)
        self._frames: dict[str, pd.DataFrame] = {}
        if not (self.folder / "manifest.json").is_file():
            begun = (self.folder / "journal.jsonl").is_file()
            why = "an unfinished sweep (resume it)" if begun else "no folder of results"
            raise NoResults(f"{self.folder}: {why}")

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """What the results rest on, and how they came about."""
        text = (self.folder / "manifest.json").read_text(encoding="utf-8")
        found: dict[str, Any] = json.loads(text)
        return found

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables that are there."""
        return tuple(name for name in (*TABLES, *SHEETS) if self._file(name).is_file())

    def __getattr__(self, name: str) -> pd.DataFrame:
        """Return a table."""
        if name not in (*TABLES, *SHEETS):
            raise AttributeError(name)
        if name not in self._frames:
            self._frames[name] = self._read(name)
        return self._frames[name]

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}{'.parquet' if name in TABLES else '.csv'}"

    def _read(self, name: str) -> pd.DataFrame:
        file = self._file(name)
        if name in TABLES and file.is_file():
            return pd.read_parquet(file)
        if file.is_file():
            return pd.read_csv(file)
        if name == "failed" and "sweep" in self.manifest:
            head = ["point", "design", "replication", "error"]
            return pd.DataFrame(columns=[*head, *self.manifest["keys"]])
        raise NoResults(f"{file}: there is no such table")

    def __repr__(self) -> str:
        return f"Results({str(self.folder)!r}: {', '.join(self.tables)})"
