"""Handing out tasks to a place, a few at a time, and taking what comes back as it comes."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from labsim.study.places import Place, place

Task = TypeVar("Task")
Result = TypeVar("Result")


class RunFailed(Exception):
    """A task raised; the message names the error, the cause is attached.

    Attributes
    ----------
    task
        The task that failed.
    """

    def __init__(self, task: object, cause: BaseException) -> None:
        super().__init__(reason(cause))
        self.task = task
        self.__cause__ = cause


def reason(cause: BaseException) -> str:
    """Say in a line why a task failed."""
    lost = isinstance(cause, BrokenProcessPool) or type(cause).__name__ == "KilledWorker"
    return "its process ended (out of memory?)" if lost else f"{type(cause).__name__}: {cause}"


def cores() -> int:
    """Return the processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run_all(
    function: Callable[[Task], Result], tasks: Iterable[Task], workers: int
) -> Iterator[Result | RunFailed]:
    """Yield the result of every task, as each is ready.

    Parameters
    ----------
    function
        A module-level function of one task, so that spawned processes can find it.
    tasks
        Taken up as workers become free, so that memory does not grow with their number.
    workers
        Processes; 1 runs everything in this process.

    Yields
    ------
    Result or RunFailed
        In order of completion; a task that raises, or whose worker dies, does not stop the others.
    """
    left = iter(tasks)
    with place(workers) as where:
        for task, future in rolling(where, function, lambda: next(left, None)):
            try:
                yield future.result()
            except Exception as error:  # noqa: BLE001 - whatever a run raises is recorded
                yield RunFailed(task, error)


def rolling(
    where: Place, function: Callable[[Task], Result], next_task: Callable[[], Task | None]
) -> Iterator[tuple[Task, Future[Result]]]:
    """Yield every task with its future, as each is done; few are under way at any time.

    Parameters
    ----------
    function
        A module-level function of one task.
    next_task
        Gives the next task, or ``None`` if there is none now; it is asked again when something is
        done, and the end is reached when there is none and nothing is under way.
    """
    waiting: dict[Future[Result], Task] = {}
    while True:
        while len(waiting) < where.width():
            task = next_task()
            if task is None:
                break
            waiting[_handed_in(where, function, task)] = task
        if not waiting:
            return
        finished, _ = wait(waiting, return_when=FIRST_COMPLETED)
        for future in finished:
            yield waiting.pop(future), future


def _handed_in(where: Place, function: Callable[[Task], Result], task: Task) -> Future[Result]:
    try:
        return where.executor.submit(sendable, function, task)
    except where.gone:
        future: Future[Result] = Future()
        future.cancel()
        future.set_running_or_notify_cancel()
        return future


def sendable(function: Callable[[Task], Result], task: Task) -> Result:
    """Run a task in a worker; an exception that cannot be sent becomes one that can."""
    try:
        return function(task)
    except Exception as error:
        try:
            pickle.loads(pickle.dumps(error))  # noqa: S301 - its own, a moment ago
        except Exception:  # noqa: BLE001 - whatever its class does
            raise RuntimeError(f"{type(error).__name__}: {error}") from None
        raise
