"""What a journal says: which runs are done, and where their rows are."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from labsim.market.arrays import Ints
from labsim.study.sweep import parts
from labsim.study.sweep.journal import Entry, Journal
from labsim.study.sweep.plan import Plan, State
from labsim.study.sweep.tasks import Run


@dataclass
class History:
    """What was done before.

    Attributes
    ----------
    names
        Parts that are whole.
    runs
        For each of them its runs, in the order of its rows, (runs, 3): point, replication, design.
    failures
        What is known of each run that failed and has not succeeded since.
    seconds
        Spent in runs.
    """

    names: list[str] = field(default_factory=list)
    runs: list[Ints] = field(default_factory=list)
    failures: dict[Run, Entry] = field(default_factory=dict)
    seconds: float = 0.0

    def rows(self) -> Ints:
        """Return point, design, replication, part and row of every run, sorted, (runs, 5)."""
        if not self.runs:
            return np.empty((0, 5), dtype=np.int64)
        number = np.repeat(np.arange(len(self.runs)), [len(runs) for runs in self.runs])
        row = np.concatenate([np.arange(len(runs)) for runs in self.runs])
        point, replication, design = np.concatenate(self.runs).T
        found = np.column_stack([point, design, replication, number, row])
        return found[np.lexsort((replication, design, point))]


def read(journal: Journal, folder: Path, plan: Plan) -> History:
    """Read a journal, and tell the plan.

    A part that is missing, or of another size than it was, does not count: its runs are to be done
    again.
    """
    history = History()
    for entry in journal.entries():
        try:
            _take(entry, folder, plan, history)
        except (KeyError, TypeError, ValueError, IndexError):
            continue  # not a line that a sweep has written: its runs are to be done
    return history


def _take(entry: Entry, folder: Path, plan: Plan, history: History) -> None:
    history.seconds += float(entry.get("seconds", 0.0))
    for failure in entry.get("failed", []):
        run = _run(failure["run"])
        plan.note(run, State.FAILED)
        history.failures[run] = failure
    if "part" not in entry or not parts.is_whole(folder, entry["part"], entry["bytes"]):
        return
    values: list[Any] = entry.get("values", [])
    runs = np.array(entry["runs"], dtype=np.int64)
    for place, run in enumerate(map(_run, entry["runs"])):
        plan.note(run, State.DONE, values[place] if values else None)
        history.failures.pop(run, None)
    history.names.append(entry["part"])
    history.runs.append(runs)


def _run(numbers: list[int]) -> Run:
    point, replication, design = numbers
    return point, replication, design
