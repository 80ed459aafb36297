"""Which runs there are to do, and what has become of each: a byte for every run."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

from labsim.market.arrays import Bools, Ints
from labsim.study.sweep.stop import enough, following
from labsim.study.sweep.tasks import Run, Task

if TYPE_CHECKING:
    from labsim.study.experiment import Stop


class State(IntEnum):
    """What has become of a run."""

    MISSING = 0
    DONE = 1
    FAILED = 2


class Plan:
    """The runs of a sweep, handed out point by point.

    With a stopping rule a point gets its replications in batches of a fixed size, and whether it
    needs another is decided when a batch is whole: so it does not matter who ran what, and when.

    Parameters
    ----------
    points, designs
        How many.
    replications
        Of every point, or
    stop
        the rule that says.
    """

    def __init__(
        self, points: int, designs: int, replications: int | None, stop: Stop | None
    ) -> None:
        first = stop.least if stop else replications or 0
        self._stop = stop
        self._state = np.zeros((points, first, designs), dtype=np.uint8)
        self._value = np.zeros((points, first, designs) if stop else (0, 0, 0))
        self._wanted = np.full(points, first, dtype=np.int64)
        self._left = np.zeros(points, dtype=np.int64)
        self._sources: deque[Iterator[Task]] = deque()
        self._begun = False

    def note(self, run: Run, state: State, value: float | None = None) -> None:
        """Record what has become of a run, and the value that the stopping rule looks at."""
        self._make_room(run[1] + 1)
        before, self._state[run] = int(self._state[run]), state
        if self._stop:
            self._value[run] = np.nan if value is None else value
        point, replication, _ = run
        if self._begun and replication < self._wanted[point]:
            self._left[point] += int(before != State.MISSING) - int(state != State.MISSING)
            self._extend(point)

    def begin(self, *, only_failed: bool = False) -> int:
        """Be ready to hand out what is missing, or only what has failed; return how many runs."""
        self._wanted[:] = self.decided()
        self._left[:] = self._counted(State.MISSING).sum(axis=(1, 2))
        again = [self._task(*where) for where in self._where(State.FAILED)] if only_failed else []
        for task in again:
            for run in task.runs():
                self._state[run] = State.MISSING
                self._left[run[0]] += int(run[1] < self._wanted[run[0]])
        self._sources = deque([iter(again) if only_failed else self._missing()])
        self._begun = True
        return sum(len(task.designs) for task in again) if only_failed else self.left

    def next(self) -> Task | None:
        """Return the next task, or ``None`` if there is none now."""
        while self._sources:
            task = next(self._sources[0], None)
            if task is not None:
                return task
            self._sources.popleft()
        return None

    def decided(self) -> Ints:
        """Return how many replications of each point count, by the rule and what is known now."""
        if self._stop is None:
            return self._wanted.copy()
        found = [self._wanted_of(point) for point in range(len(self._wanted))]
        return np.array(found, dtype=np.int64)

    @property
    def left(self) -> int:
        """Runs known to be wanted, and not yet over."""
        return int(self._left.sum())

    @property
    def over(self) -> int:
        """Runs that are done or have failed, of those known to be wanted."""
        return self.total - self.left

    @property
    def total(self) -> int:
        """Runs known to be wanted."""
        return int(self._wanted.sum()) * self._state.shape[2]

    def count(self, state: State) -> int:
        """Return how many runs are in a state, among those wanted."""
        return int(self._counted(state).sum())

    def _counted(self, state: State) -> Bools:
        """Which of the runs that are wanted are in a state, (points, replications, designs)."""
        wanted = np.arange(self._state.shape[1]) < self._wanted[:, np.newaxis]
        found: Bools = (self._state == state) & wanted[:, :, np.newaxis]
        return found

    def _wanted_of(self, point: int) -> int:
        stop = self._stop
        assert stop is not None
        wanted = stop.least
        while wanted < stop.most and self._whole(point, wanted) and not self._enough(point, wanted):
            wanted = following(wanted, stop)
            self._make_room(wanted)
        return wanted

    def _whole(self, point: int, wanted: int) -> bool:
        return bool((self._state[point, :wanted] != State.MISSING).all())

    def _enough(self, point: int, wanted: int) -> bool:
        assert self._stop is not None
        done = self._state[point, :wanted] == State.DONE
        return enough(np.where(done, self._value[point, :wanted], np.nan), self._stop)

    def _extend(self, point: int) -> None:
        """Add replications to a point whose batches are whole and not enough."""
        if self._stop is None or self._left[point]:
            return
        before, after = int(self._wanted[point]), self._wanted_of(point)
        if after > before:
            self._make_room(after)
            self._wanted[point] = after
            missing = self._state[point, :after] == State.MISSING
            self._left[point] = int(missing.sum())
            self._sources.appendleft(self._missing_of(point, before, after))

    def _make_room(self, replications: int) -> None:
        """Hold so many replications of every point: only a stopping rule asks for more."""
        points, room, designs = self._state.shape
        if replications > room and self._stop:
            added = (points, max(replications - room, room), designs)
            self._state = np.concatenate([self._state, np.zeros(added, np.uint8)], axis=1)
            self._value = np.concatenate([self._value, np.zeros(added)], axis=1)

    def _missing(self) -> Iterator[Task]:
        for point in range(len(self._wanted)):
            yield from self._missing_of(point, 0, int(self._wanted[point]))

    def _missing_of(self, point: int, first: int, beyond: int) -> Iterator[Task]:
        for replication in range(first, beyond):
            designs = np.flatnonzero(self._state[point, replication] == State.MISSING)
            if designs.size:
                yield Task(point, replication, tuple(designs.tolist()))

    def _where(self, state: State) -> list[tuple[int, int]]:
        found = np.argwhere((self._state == state).any(axis=2))
        return [(int(point), int(replication)) for point, replication in found]

    def _task(self, point: int, replication: int) -> Task:
        designs = np.flatnonzero(self._state[point, replication] == State.FAILED)
        return Task(point, replication, tuple(designs.tolist()))
