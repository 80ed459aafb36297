"""Where runs run: this process, or spawned processes; one interface for both."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from itertools import islice
from typing import TypeVar

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
        super().__init__(f"{type(cause).__name__}: {cause}")
        self.task = task
        self.__cause__ = cause


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
        In order of completion; a task that raises does not stop the others.
    """
    if workers <= 1:
        yield from (_guarded(function, task) for task in tasks)
        return
    pool = ProcessPoolExecutor(
        workers, mp_context=multiprocessing.get_context("spawn"), initializer=_leave_interrupts
    )
    try:
        yield from _rolling(pool, function, iter(tasks), 2 * workers)
    except BaseException:
        # Ctrl-C, or the reader has gone: what is under way is not wanted any more.
        for process in multiprocessing.active_children():
            process.terminate()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _guarded(function: Callable[[Task], Result], task: Task) -> Result | RunFailed:
    try:
        return function(task)
    except Exception as error:  # noqa: BLE001 - whatever a run raises is recorded
        return RunFailed(task, error)


def _rolling(
    pool: ProcessPoolExecutor, function: Callable[[Task], Result], tasks: Iterator[Task], width: int
) -> Iterator[Result | RunFailed]:
    waiting: dict[Future[Result], Task] = {}
    while True:
        for task in islice(tasks, width - len(waiting)):
            waiting[pool.submit(function, task)] = task
        if not waiting:
            return
        finished, _ = wait(waiting, return_when=FIRST_COMPLETED)
        for future in finished:
            task = waiting.pop(future)
            result: Result | RunFailed
            try:
                result = future.result()
            except Exception as error:  # noqa: BLE001 - whatever a run raises is recorded
                result = RunFailed(task, error)
            yield result


def _leave_interrupts() -> None:
    """Let the parent alone decide what Ctrl-C means."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
