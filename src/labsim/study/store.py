"""Results on disk: written aside and renamed, so that a folder is whole or absent."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from types import TracebackType
from typing import Self

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from labsim.study.comparison import Comparison

_WRITTEN = {
    "manifest.json", "runs.parquet", "weekly.parquet", "ledger.parquet", "people.parquet",
    "summary.csv", "report.html", "charts", "validation.csv", "differences.csv",
}  # fmt: skip
"""Everything that a folder of results holds; one that holds more is not replaced."""


class CannotWrite(Exception):
    """The folder for results cannot be used; the message says why."""


class ResultFolder:
    """A folder that appears only when everything is in it.

    Parameters
    ----------
    out
        The folder asked for; ``None`` takes `default`, or the next free `default`-2, -3, ...
    default
        Folder to use when none is asked for.
    force
        Whether `out` may replace an existing folder.

    Raises
    ------
    CannotWrite
        If `out` exists and is not to be replaced, or the place cannot be written to.
    """

    def __init__(self, out: Path | None, default: Path, *, force: bool = False) -> None:
        self.target, self._force = _with_a_name(out or default), force
        self._numbered = out is None
        if out is not None and os.path.lexists(out) and not (force and _is_results(out)):
            reason = (
                "is not a folder of results, or holds more than results"
                if force
                else "exists already (use --force to replace it)"
            )
            raise CannotWrite(f"{out}: {reason}")
        self.aside = self._make_aside()

    def _make_aside(self) -> Path:
        aside = self.target.parent / f".{self.target.name}.partial-{os.getpid()}"
        try:
            self.target.parent.mkdir(parents=True, exist_ok=True)
            shutil.rmtree(aside, ignore_errors=True)
            aside.mkdir()
        except OSError as error:
            raise CannotWrite(f"{self.target}: cannot be written ({error.strerror})") from error
        return aside

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        shutil.rmtree(self.aside, ignore_errors=True)
        if isinstance(error, OSError):  # the disk is full, say
            raise CannotWrite(f"{self.target}: cannot be written ({error.strerror or error})")

    def publish(self) -> Path:
        """Give the folder its name, and return it.

        Raises
        ------
        CannotWrite
            If the place has been taken meanwhile; what was there before stays.
        """
        try:
            return self._publish_numbered() if self._numbered else self._publish_named()
        except OSError as error:
            raise CannotWrite(f"{self.target}: cannot be written ({error.strerror})") from error

    def _publish_named(self) -> Path:
        old = self.target.parent / f".{self.target.name}.old-{os.getpid()}"
        if self._force and os.path.lexists(self.target):
            self.target.rename(old)
        try:
            self.aside.rename(self.target)
        except OSError:
            if os.path.lexists(old):
                old.rename(self.target)
            raise
        if old.is_symlink():
            old.unlink()
        shutil.rmtree(old, ignore_errors=True)
        return self.target

    def _publish_numbered(self) -> Path:
        number, target = 1, self.target
        while True:
            if not os.path.lexists(target):
                try:
                    self.aside.rename(target)
                except OSError:
                    if not os.path.lexists(target):
                        raise
                else:
                    return target
            number += 1
            target = self.target.with_name(f"{self.target.name}-{number}")


def _with_a_name(folder: Path) -> Path:
    """Return the folder; in full where it is "." or "..", which cannot be renamed."""
    return folder if folder.name not in ("", "..") else folder.absolute().resolve()


def _is_results(folder: Path) -> bool:
    """Whether a folder may be replaced: it is empty, or was written by labsim."""
    if not folder.is_dir() or any(child.name not in _WRITTEN for child in folder.iterdir()):
        return False
    charts = folder / "charts"
    if charts.is_dir() and any(c.suffix not in (".png", ".svg") for c in charts.iterdir()):
        return False
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return not any(folder.iterdir())
    return isinstance(manifest, dict) and "labsim" in manifest


class PeopleWriter:
    """Writes people.parquet replication by replication, so that memory does not grow."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: pq.ParquetWriter | None = None
        self.rows = 0

    def __call__(self, people: pd.DataFrame) -> None:
        """Add the people of one replication."""
        table = pa.Table.from_pandas(people, preserve_index=False)
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._path, table.schema)
        self._writer.write_table(table)
        self.rows += len(people)

    def close(self) -> None:
        """Finish the file."""
        if self._writer is not None:
            self._writer.close()


def write_tables(comparison: Comparison, folder: Path) -> None:
    """Write manifest.json, runs, weekly and ledger as Parquet, and summary.csv."""
    for name in ("runs", "weekly", "ledger"):
        getattr(comparison, name).to_parquet(folder / f"{name}.parquet", index=False)
    comparison.summary.to_csv(folder / "summary.csv", index=False, lineterminator="\n")
    text = json.dumps(comparison.manifest, indent=2, ensure_ascii=False, default=str)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")
