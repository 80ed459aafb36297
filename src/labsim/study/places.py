"""Places where runs run, each a `concurrent.futures.Executor`: here, in processes, on a cluster.

What is under way in a place is little: one task for each process, two for each worker of a cluster,
which is farther away. Everything else waits with whoever hands out the tasks.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from queue import SimpleQueue
from typing import Any, TypeVar

Result = TypeVar("Result")

_SECONDS_TO_CONNECT = 10
_SECONDS_BETWEEN_COUNTS = 2.0
_RUN_TOGETHER = 2
"""Tasks under way for each worker of a cluster: one that runs, and one that waits beside it."""


@dataclass(frozen=True)
class Place:
    """Where runs run.

    Attributes
    ----------
    executor
        Takes the tasks.
    width
        How many tasks to have under way; may change as workers come and go.
    name
        For people: what is written in manifests.
    lost
        What a future raises when the process that ran the task has died.
    gone
        What handing in a task raises when there is nobody any more to take it.
    everywhere
        Calls a function in every worker that stands elsewhere, and returns the answers by worker.
    """

    executor: Executor
    width: Callable[[], int]
    name: str
    lost: tuple[type[BaseException], ...] = ()
    gone: tuple[type[BaseException], ...] = ()
    everywhere: Callable[..., dict[str, Any]] = field(default=lambda *_: {})


class NoCluster(Exception):
    """A cluster cannot be used.

    Attributes
    ----------
    code
        Why, as a text of the topic ``sweep``: ``no_extra`` or ``no_cluster``.
    address
        Where it was looked for.
    """

    def __init__(self, code: str, address: str) -> None:
        super().__init__(f"{code}: {address}")
        self.code, self.address = code, address


def place(workers: int, cluster: str | None = None) -> AbstractContextManager[Place]:
    """Return a place to be entered: a cluster if one is named, else this machine."""
    if cluster is not None:
        return on_cluster(cluster)
    return here() if workers <= 1 else in_processes(workers)


class Here(Executor):
    """Does every task in this process, when it is handed in."""

    def __init__(self, interrupted: list[bool]) -> None:
        self._interrupted = interrupted

    def submit(self, fn: Callable[..., Result], /, *args: Any, **kwargs: Any) -> Future[Result]:
        """Do a task, and return its future, which is done."""
        future: Future[Result] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            if self._interrupted:  # a library took Ctrl-C for an error of its own
                raise KeyboardInterrupt from error
            future.set_exception(error)
        return future


@contextmanager
def here() -> Iterator[Place]:
    """Run in this process, one task at a time."""
    with _noted_interrupts() as interrupted:
        yield Place(Here(interrupted), lambda: 1, "this process")


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


class Processes(Executor):
    """Spawned processes, each a pool of its own, so that one that dies takes only its own task.

    Parameters
    ----------
    workers
        How many; they are started when they are needed.
    """

    def __init__(self, workers: int) -> None:
        self._free: SimpleQueue[ProcessPoolExecutor | None] = SimpleQueue()
        for _ in range(workers):
            self._free.put(None)
        self._started: list[ProcessPoolExecutor] = []

    def submit(self, fn: Callable[..., Result], /, *args: Any, **kwargs: Any) -> Future[Result]:
        """Hand a task to a process that is free; waits for one if need be."""
        pool = self._free.get()
        while True:
            pool = pool or self._start()
            try:
                future = pool.submit(fn, *args, **kwargs)
            except BrokenProcessPool:  # it died while it had nothing to do: nobody's fault
                pool = None
            else:
                future.add_done_callback(partial(self._give_back, pool))
                return future

    def _start(self) -> ProcessPoolExecutor:
        pool = ProcessPoolExecutor(
            1, mp_context=multiprocessing.get_context("spawn"), initializer=_prepare_worker
        )
        self._started = [other for other in self._started if _alive(other)] + [pool]
        return pool

    def _give_back(self, pool: ProcessPoolExecutor, future: Future[Any]) -> None:
        died = not future.cancelled() and isinstance(future.exception(), BrokenProcessPool)
        self._free.put(None if died else pool)

    def terminate(self) -> None:
        """End the processes at once, whatever they are doing."""
        for pool in self._started:
            for process in list((pool._processes or {}).values()):
                process.terminate()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes once they have finished what they are doing."""
        for pool in self._started:
            pool.shutdown(wait=wait, cancel_futures=cancel_futures)


def _alive(pool: ProcessPoolExecutor) -> bool:
    return pool._processes is not None  # it is None once a pool is over


@contextmanager
def in_processes(workers: int) -> Iterator[Place]:
    """Run in spawned processes, which end with this one."""
    executor = Processes(workers)
    try:
        yield Place(executor, lambda: workers, f"{workers} processes", (BrokenProcessPool,))
    except BaseException:
        # Ctrl-C, or the reader has gone: what is under way is not wanted any more.
        executor.terminate()
        raise
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _prepare_worker() -> None:
    """Let the parent alone decide what Ctrl-C means, and do not outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@contextmanager
def on_cluster(address: str) -> Iterator[Place]:
    """Run on the workers of a Dask cluster, through ``Client.get_executor()``.

    Raises
    ------
    NoCluster
        If Dask is not installed, or nothing answers at the address.
    """
    try:
        distributed: Any = import_module("distributed")
    except ImportError:
        raise NoCluster("no_extra", address) from None
    try:
        client = distributed.Client(address, timeout=_SECONDS_TO_CONNECT, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise NoCluster("no_cluster", address) from error
    executor = client.get_executor(pure=False)
    try:
        yield Place(
            executor, _Width(client), address, (distributed.KilledWorker,),
            (OSError, RuntimeError), client.run,
        )  # fmt: skip
    finally:
        with suppress(Exception):  # the cluster may have gone, and its futures with it
            executor.shutdown(wait=False)
        with suppress(Exception):
            client.close(timeout=_SECONDS_TO_CONNECT)


class _Width:
    """How many tasks a cluster should have, counted anew every few seconds."""

    def __init__(self, client: Any) -> None:
        self._client, self._count, self._until = client, 1, 0.0

    def __call__(self) -> int:
        if time.monotonic() >= self._until:
            with suppress(Exception):  # gone: its futures say so
                self._count = _RUN_TOGETHER * max(len(self._client.nthreads()), 1)
            self._until = time.monotonic() + _SECONDS_BETWEEN_COUNTS
        return self._count
