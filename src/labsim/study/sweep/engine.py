"""Running a sweep: chunks go out, receipts come back, and the journal says what is done."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import closing
from functools import lru_cache
from typing import TYPE_CHECKING

from labsim.study.executor import reason, rolling
from labsim.study.places import Place
from labsim.study.sweep import disk, parts
from labsim.study.sweep.faults import OTHER_CODE, CannotStore, NotHere, SweepStopped
from labsim.study.sweep.journal import Entry, Journal
from labsim.study.sweep.pace import Pace
from labsim.study.sweep.plan import Plan, State
from labsim.study.sweep.tasks import Run, Task
from labsim.study.sweep.working import Chunk, Receipt, Setting, Work, do_chunk

if TYPE_CHECKING:
    from labsim.study.experiment import Experiment

TRIES = 2
"""A run that kills its process so many times, alone, has failed."""

HOPELESS = 6
"""Processes for each worker that may die before any has finished a run."""


Progress = Callable[[Plan], None]


class Engine:
    """Does what a plan has left.

    Parameters
    ----------
    experiment, plan, journal
        What is to be run, what of it is left, and where to write down what is done.
    setting
        What all chunks have in common.
    where
        Where to run it.
    progress
        Told after every chunk.
    """

    def __init__(
        self,
        experiment: Experiment,
        plan: Plan,
        journal: Journal,
        setting: Setting,
        where: Place,
        progress: Progress | None = None,
    ) -> None:
        self._experiment, self._plan, self._journal = experiment, plan, journal
        self._setting, self._where, self._progress = setting, where, progress
        self._pace = Pace()
        self._chunks = 0
        self._again: deque[Task] = deque()
        self._under_way = 0
        self._alone: Chunk | None = None
        self._deaths: dict[Run, int] = {}
        self._lived, self._died = False, 0
        self._scenario = lru_cache(maxsize=2 * len(experiment.designs))(experiment.scenario)

    def run(self) -> None:
        """Hand out what is left until nothing is.

        Raises
        ------
        SweepStopped
            If results cannot be written, or the workers have gone. What is in the journal stays.
        """
        if self._progress:
            self._progress(self._plan)
        with closing(rolling(self._where, do_chunk, self._next)) as results:  # type: ignore[type-var]
            for chunk, future in results:
                self._take(chunk, future)
                if self._progress:
                    self._progress(self._plan)

    def _next(self) -> Chunk | None:
        suspected = bool(self._again)
        # A cluster counts a death against every task that waits beside the one that caused it.
        if self._alone is not None or (suspected and self._under_way):
            return None
        works = tuple(self._works())
        if not works:
            return None
        self._chunks += 1
        self._under_way += 1
        chunk = Chunk(parts.new_name(self._chunks), self._setting, works)
        self._alone = chunk if suspected else None
        return chunk

    def _works(self) -> Iterator[Work]:
        if self._again:  # suspects run alone
            yield self._work(self._again.popleft())
            return
        runs, room = 0, self._pace.runs(self._plan.left, self._where.width())
        while runs < room:
            task = self._plan.next()
            if task is None:
                return
            yield self._work(task)
            runs += len(task.designs)

    def _work(self, task: Task) -> Work:
        names = self._experiment.designs
        twin = self._scenario(task.point, names[0])
        chosen = tuple(
            (names[number], self._scenario(task.point, names[number])) for number in task.designs
        )
        return Work(task, twin, chosen)

    def _take(self, chunk: Chunk, future: Future[Receipt]) -> None:
        self._under_way -= 1
        alone, self._alone = chunk is self._alone, None
        try:
            receipt = future.result()
        except self._where.lost as error:
            self._lost(chunk, error, alone=alone)
        except CannotStore as error:
            raise self._cannot_write(str(error)) from None
        except NotHere as error:
            raise self._not_here(str(error)) from None
        except CancelledError:
            raise SweepStopped("cluster_gone", begun=True, address=self._where.name) from None
        except Exception as error:  # noqa: BLE001 - a chunk that cannot be sent, say
            self._split(chunk) if len(chunk.runs()) > 1 else self._fail(chunk, error)
        else:
            self._pace.note(len(chunk.runs()), receipt.seconds)
            self._lived = True
            self._write_down(receipt)

    def _lost(self, chunk: Chunk, error: BaseException, *, alone: bool) -> None:
        """Find out which run killed its process: each is tried again alone."""
        self._died += 1
        if not self._lived and self._died > HOPELESS * self._where.width():
            raise SweepStopped("no_worker_lives", begun=True)
        runs = chunk.runs()
        if alone:
            self._deaths[runs[0]] = self._deaths.get(runs[0], 0) + 1
            if self._deaths[runs[0]] >= TRIES:
                self._fail(chunk, error)
                return
        self._split(chunk)

    def _split(self, chunk: Chunk) -> None:
        self._again.extend(Task(point, number, (design,)) for point, number, design in chunk.runs())

    def _fail(self, chunk: Chunk, error: BaseException) -> None:
        self._write_down(Receipt(failed=[(run, reason(error)) for run in chunk.runs()]))

    def _write_down(self, receipt: Receipt) -> None:
        try:
            self._journal.append(self._entry(receipt))
        except OSError as error:
            raise self._cannot_write(disk.reason(error)) from None
        note(self._plan, receipt.runs, receipt.values, [run for run, _ in receipt.failed])

    def _entry(self, receipt: Receipt) -> Entry:
        entry: Entry = {"seconds": round(receipt.seconds, 4)}
        if receipt.part:
            entry |= {"part": receipt.part, "bytes": receipt.size, "runs": receipt.runs}
        if receipt.values:
            entry["values"] = [None if math.isnan(value) else value for value in receipt.values]
        if receipt.failed:
            entry["failed"] = [self._failure(run, error) for run, error in receipt.failed]
        return entry

    def _failure(self, run: Run, error: str) -> Entry:
        values = {key: plain(value) for key, value in self._experiment.values(run[0]).items()}
        return {
            "run": run,
            "design": self._experiment.designs[run[2]],
            "error": error,
            "values": values,
        }

    def _not_here(self, folder: str) -> SweepStopped:
        worker = self._where.name
        if folder == OTHER_CODE:
            return SweepStopped("other_code", begun=True, worker=worker)
        return SweepStopped("not_here", begun=True, worker=worker, folder=folder)

    def _cannot_write(self, why: str) -> SweepStopped:
        return SweepStopped("cannot_go_on", begun=True, folder=self._setting.folder, reason=why)


def note(plan: Plan, runs: list[Run], values: list[float], failed: list[Run]) -> None:
    """Tell a plan what is done and what has failed."""
    for place, run in enumerate(runs):
        plan.note(run, State.DONE, values[place] if values else None)
    for run in failed:
        plan.note(run, State.FAILED)


def plain(value: object) -> object:
    """Return a value as JSON knows it."""
    return value if isinstance(value, str | int | float | bool | None) else str(value)
