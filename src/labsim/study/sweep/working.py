"""What a worker does: simulate the runs of a chunk, write their part, and tell what it did."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from labsim.study.executor import reason
from labsim.study.sweep import disk, parts
from labsim.study.sweep.faults import OTHER_CODE, CannotStore, NotHere
from labsim.study.sweep.lock import held_by
from labsim.study.sweep.tasks import Run, Task
from labsim.study.sweep.version import code_version

if TYPE_CHECKING:
    from labsim.scenario.schema import Scenario

Row = dict[str, Any]
LONGEST_ERROR = 500
_ALONE = threading.Lock()
"""A cluster's worker may have several threads; a market wants a process to itself."""


@dataclass(frozen=True)
class Work:
    """One replication of a point: designs to simulate beside a twin.

    Attributes
    ----------
    task
        The numbers of point, replication and designs.
    twin
        Scenario whose referral rules the twin follows, the same whichever designs are to do.
    designs
        Name and scenario of each of the task's designs.
    """

    task: Task
    twin: Scenario
    designs: tuple[tuple[str, Scenario], ...]


Simulator = Callable[[Work], list["Row | Exception"]]
"""Gives the indicators of each design of a work, or what went wrong."""


@dataclass(frozen=True)
class Setting:
    """What all chunks of a sweep have in common.

    Attributes
    ----------
    folder
        The sweep's folder, as workers see it.
    token
        What its lock holds.
    source
        Digest of the code that the sweep rests on.
    columns
        Indicators to keep; ``None`` keeps all.
    indicator
        The one that the stopping rule looks at.
    simulate
        Simulates a work; a module-level function.
    """

    folder: str
    token: str
    source: str
    columns: tuple[str, ...] | None
    indicator: str | None
    simulate: Simulator


@dataclass(frozen=True)
class Chunk:
    """Works of a few seconds, whose rows become one part."""

    part: str
    setting: Setting
    works: tuple[Work, ...]

    def runs(self) -> list[Run]:
        """Return every run of the chunk."""
        return [run for work in self.works for run in work.task.runs()]


@dataclass
class Receipt:
    """What became of a chunk.

    Attributes
    ----------
    part, size
        Name and bytes of the part; no name if no run succeeded.
    runs
        Runs that are done, in the order of the part's rows.
    values
        Of the stopping rule's indicator, for each of them.
    failed
        Run and error of each that failed.
    seconds
        Spent in simulating.
    """

    part: str = ""
    size: int = 0
    runs: list[Run] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    failed: list[tuple[Run, str]] = field(default_factory=list)
    seconds: float = 0.0


def do_chunk(chunk: Chunk) -> Receipt:
    """Simulate a chunk and write its part.

    Raises
    ------
    NotHere
        If the folder is not seen from here, or belongs to another sweep by now.
    CannotStore
        If the part cannot be written.
    """
    setting, receipt, rows = chunk.setting, Receipt(), []
    with _ALONE:
        _look(setting)
        begun = time.monotonic()
        for work in chunk.works:
            found = setting.simulate(work)
            for run, result in zip(work.task.runs(), found, strict=True):
                if isinstance(result, Exception):
                    receipt.failed.append((run, _told(result)))
                else:
                    receipt.runs.append(run)
                    rows.append(result)
        receipt.seconds = time.monotonic() - begun
        if rows:
            _store(chunk, rows, receipt)
    return receipt


def beside_twin(work: Work) -> list[Row | Exception]:
    """Simulate the twin once and every design beside it; a design that fails harms no other."""
    from labsim.measure.indicators import indicators  # the market is heavy, and resuming is quick
    from labsim.measure.pair import Pair
    from labsim.study.replication import finished

    number = work.task.replication
    results: list[Row | Exception] = []
    try:
        with finished(setup=work.twin, replication=number, service=False) as twin:
            for _, setup in work.designs:
                try:
                    with finished(setup=setup, replication=number, people=twin.people) as run:
                        results.append(indicators(Pair(run, twin)))
                except Exception as error:  # noqa: BLE001 - whatever a run raises is recorded
                    results.append(error)
    except Exception as error:  # noqa: BLE001 - without a twin there is no result
        results = [error] * len(work.designs)
    return results


def look(folder: str, token: str) -> tuple[bool, str]:
    """Say whether this process sees a sweep's folder, and what its code is."""
    return held_by(Path(folder), token), code_version()["source"]


def _look(setting: Setting) -> None:
    if not held_by(Path(setting.folder), setting.token):
        raise NotHere(setting.folder)
    if code_version()["source"] != setting.source:
        raise NotHere(OTHER_CODE)


def _store(chunk: Chunk, rows: list[Row], receipt: Receipt) -> None:
    setting = chunk.setting
    if setting.indicator:
        receipt.values = [float(row[setting.indicator]) for row in rows]
    setups = {run: each for work in chunk.works for run, each in _by_run(work)}
    full = []
    for run, row in zip(receipt.runs, rows, strict=True):
        name, scenario = setups[run]
        head = {"design": name, "point": run[0], "replication": run[1], "seed": scenario.run.seed}
        full.append(head | {key: row[key] for key in setting.columns or row})
    try:
        receipt.size = parts.write(Path(setting.folder), chunk.part, pa.Table.from_pylist(full))
    except OSError as error:
        raise CannotStore(disk.reason(error)) from None
    receipt.part = chunk.part


def _by_run(work: Work) -> list[tuple[Run, tuple[str, Scenario]]]:
    return list(zip(work.task.runs(), work.designs, strict=True))


def _told(error: Exception) -> str:
    """Say in a line what went wrong, and where."""
    frames = traceback.extract_tb(error.__traceback__)
    at = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    return reason(error)[:LONGEST_ERROR] + at
