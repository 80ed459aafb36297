"""The folder of a sweep: who may use it, and what is left in it that nobody needs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from labsim.study.sweep import disk, journal, lock, parts
from labsim.study.sweep.faults import SweepStopped

TABLES = ("manifest.json", "runs.parquet", "points.parquet", "failed.csv")
"""What a finished sweep has; the manifest says that it is finished, and goes first."""


def is_begun(folder: Path) -> bool:
    """Whether a sweep has been begun in a folder: its points were checked then."""
    return (folder / journal.NAME).is_file()


def look_at(folder: Path, *, resume: bool, only_failed: bool) -> None:
    """See whether a folder may be used.

    Raises
    ------
    SweepStopped
        If it exists and is not to be gone on with, or holds something else.
    """
    exists = os.path.lexists(folder)
    if exists and not (resume or only_failed):
        raise SweepStopped("exists", folder=str(folder))
    if not exists and only_failed:
        raise SweepStopped("nothing_to_retry", folder=str(folder))
    with writing(folder):
        if exists and not _is_sweep(folder):
            raise SweepStopped("not_a_sweep", folder=str(folder))


def prepare(folder: Path) -> None:
    """Make the folder if it is to be made."""
    (folder / parts.FOLDER).mkdir(parents=True, exist_ok=True)


@contextmanager
def writing(folder: Path, *, begun: bool = False) -> Iterator[None]:
    """Say in one line that a folder cannot be written to, and why."""
    try:
        yield
    except OSError as error:
        code = "cannot_go_on" if begun else "cannot_write"
        why = disk.reason(error)
        raise SweepStopped(code, begun=begun, folder=str(folder), reason=why) from error


@contextmanager
def absent_if_not_begun(folder: Path) -> Iterator[None]:
    """Leave no folder where a sweep could not begin: the next try is not a resumption."""
    fresh = not is_begun(folder)
    try:
        yield
    except SweepStopped as stopped:
        if fresh and not stopped.begun:
            shutil.rmtree(folder, ignore_errors=True)
        raise


def withdraw(folder: Path) -> None:
    """Take back the tables of a sweep that goes on; they come again when it is over."""
    for name in TABLES:
        with suppress(FileNotFoundError):
            (folder / name).unlink()


def tidy(folder: Path) -> None:
    """Remove files that were being written when somebody was killed."""
    for name in (*TABLES, journal.NAME):
        for file in folder.glob(f".{name}.*"):
            file.unlink()


def _is_sweep(folder: Path) -> bool:
    """Whether a folder holds a sweep, or nothing that is not a sweep's."""
    if is_begun(folder):
        return True
    ours = {lock.NAME, parts.FOLDER}
    return all(
        child.name in ours or child.name.startswith(f".{journal.NAME}.")
        for child in folder.iterdir()
    )
