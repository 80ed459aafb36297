"""Where runs run: this process, or spawned processes; one interface for both."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")

_MOST_PROCESSES = 61
"""Windows has no more in a pool."""


class RunFailed(Exception):
    """A task raised; the message names the error, the cause is attached.

    Attributes
    ----------
    task
        The task that failed.
    """

    def __init__(self, task: object, cause: BaseException) -> None:
        lost = isinstance(cause, BrokenProcessPool)
        reason = (
            "its process ended (out of memory?)" if lost else f"{type(cause).__name__}: {cause}"
        )
        super().__init__(reason)
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
        In order of completion; a task that raises does not stop the others. When a worker dies,
        what was under way in any worker has failed, and new workers do the rest.
    """
    if workers <= 1:
        with _noted_interrupts() as noted:
            yield from (_guarded(function, task, noted) for task in tasks)
        return
    left, broken = iter(tasks), True
    while broken:  # a worker that died, for want of memory perhaps, takes its pool with it
        broken = yield from _in_pool(function, left, min(workers, _MOST_PROCESSES))


def _guarded(
    function: Callable[[Task], Result], task: Task, noted: list[bool]
) -> Result | RunFailed:
    try:
        return function(task)
    except Exception as error:
        if noted:  # a library took Ctrl-C for an error of its own
            raise KeyboardInterrupt from error
        return RunFailed(task, error)


@contextmanager
def _noted_interrupts() -> Iterator[list[bool]]:
    """Note that Ctrl-C was pressed, whatever becomes of the exception; main thread only."""
    noted: list[bool] = []
    if threading.current_thread() is not threading.main_thread():
        yield noted
        return

    def interrupt(_number: int, _frame: object) -> None:
        noted.append(True)
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield noted
    finally:
        signal.signal(signal.SIGINT, before)


def _in_pool(
    function: Callable[[Task], Result], tasks: Iterator[Task], workers: int
) -> Generator[Result | RunFailed, None, bool]:
    """Yield results from a pool of processes; return whether it broke before the last task."""
    pool = ProcessPoolExecutor(
        workers, mp_context=multiprocessing.get_context("spawn"), initializer=_prepare_worker
    )
    try:
        return (yield from _rolling(pool, function, tasks, 2 * workers))
    except BaseException:
        # Ctrl-C, or the reader has gone: what is under way is not wanted any more.
        for process in list((pool._processes or {}).values()):
            process.terminate()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _rolling(
    pool: ProcessPoolExecutor, function: Callable[[Task], Result], tasks: Iterator[Task], width: int
) -> Generator[Result | RunFailed, None, bool]:
    waiting: dict[Future[Result], Task] = {}
    broken = False
    while True:
        for task in islice(tasks, 0 if broken else width - len(waiting)):
            try:
                waiting[pool.submit(_sendable, function, task)] = task
            except BrokenProcessPool as error:
                broken = True
                yield RunFailed(task, error)
                break
        if not waiting:
            return broken
        finished, _ = wait(waiting, return_when=FIRST_COMPLETED)
        for future in finished:
            task = waiting.pop(future)
            result: Result | RunFailed
            try:
                result = future.result()
            except Exception as error:  # noqa: BLE001 - whatever a run raises is recorded
                broken = broken or isinstance(error, BrokenProcessPool)
                result = RunFailed(task, error)
            yield result


def _sendable(function: Callable[[Task], Result], task: Task) -> Result:
    """Run a task in a worker; an exception that cannot be sent becomes one that can."""
    try:
        return function(task)
    except Exception as error:
        try:
            pickle.loads(pickle.dumps(error))  # noqa: S301 - its own, a moment ago
        except Exception:  # noqa: BLE001 - whatever its class does
            raise RuntimeError(f"{type(error).__name__}: {error}") from None
        raise


def _prepare_worker() -> None:
    """Let the parent alone decide what Ctrl-C means, and do not outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
