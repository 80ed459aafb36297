"""Where runs run: every executor gives the same results, and a bad run harms only itself."""

from __future__ import annotations

import multiprocessing
import time
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool

import pytest

from labsim.study.executor import RunFailed, cores, rolling, run_all, sendable
from labsim.study.places import Place, in_processes
from tests.study import tasks

BOTH = pytest.mark.parametrize("workers", [1, 2])


def values(results):
    return sorted(result for result in results if not isinstance(result, RunFailed))


def failures(results):
    return [result for result in results if isinstance(result, RunFailed)]


@BOTH
def test_every_task_is_done_once(workers):
    assert values(run_all(tasks.square, range(9), workers)) == [n * n for n in range(9)]


@BOTH
def test_no_tasks(workers):
    assert list(run_all(tasks.square, [], workers)) == []


def test_one_worker_keeps_the_order_and_this_process():
    assert list(run_all(lambda n: n, range(5), 1)) == [0, 1, 2, 3, 4]


def test_results_come_as_they_are_ready():
    assert next(iter(run_all(tasks.slow_first, range(3), 2))) != 0


@BOTH
def test_a_failing_task_is_recorded_and_the_rest_is_done(workers):
    results = list(run_all(tasks.fails_at_three, range(8), workers))
    assert values(results) == [0, 1, 2, 4, 5, 6, 7]
    (failed,) = failures(results)
    assert failed.task == 3
    assert str(failed) == "ValueError: three is not liked"
    assert isinstance(failed.__cause__, ValueError)


@BOTH
def test_an_exception_that_cannot_travel_is_recorded_too(workers):
    results = list(run_all(tasks.fails_awkwardly, range(8), workers))
    assert values(results) == [0, 1, 2, 4, 5, 6, 7]
    assert "awkward 3" in str(failures(results)[0])


def test_a_result_that_cannot_travel_is_recorded():
    results = list(run_all(tasks.returns_what_cannot_travel, range(8), 2))
    assert values(results) == [0, 1, 2, 4, 5, 6, 7]
    assert len(failures(results)) == 1


def test_a_worker_that_dies_does_not_end_the_study():
    results = list(run_all(tasks.dies_at_three, range(20), 2))
    assert [failure.task for failure in failures(results)] == [3]  # and nobody else's
    assert str(failures(results)[0]) == "its process ended (out of memory?)"
    assert values(results) == [number for number in range(20) if number != 3]


def test_workers_that_all_die_end_the_study():
    results = list(run_all(tasks.dies_always, range(5), 2))
    assert sorted(failure.task for failure in failures(results)) == [0, 1, 2, 3, 4]


def test_a_worker_that_dies_while_it_is_idle_costs_nothing():
    with in_processes(2) as where:
        before = [where.executor.submit(tasks.square, number) for number in (1, 2)]
        assert [future.result() for future in before] == [1, 4]
        for process in multiprocessing.active_children():
            process.kill()
            process.join()
        wait_until(lambda: not multiprocessing.active_children())
        after = [where.executor.submit(sendable, tasks.square, number) for number in (3, 4)]
        results = [result_or_none(future) for future in after]
    # The executor may not have noticed yet: then the task is lost, and is not anybody's fault.
    assert all(
        result in (expected, None) for result, expected in zip(results, (9, 16), strict=True)
    )


def result_or_none(future):
    try:
        return future.result()
    except BrokenProcessPool:
        return None


def wait_until(true):
    for _ in range(200):
        if true():
            return
        time.sleep(0.01)


def test_any_executor_will_do():
    with ThreadPoolExecutor(2) as executor:
        where = Place(executor, lambda: 2, "threads")
        left = iter(range(6))
        found = [
            (task, future.result())
            for task, future in rolling(where, tasks.square, lambda: next(left, None))
        ]
    assert sorted(found) == [(number, number**2) for number in range(6)]


def test_tasks_are_taken_up_as_workers_become_free():
    taken = []

    def given():
        for number in range(40):
            taken.append(number)
            yield number

    results = run_all(tasks.square, given(), 2)
    next(results)
    assert len(taken) <= 8  # and not all of them
    results.close()


def test_a_reader_who_leaves_stops_the_workers():
    results = run_all(tasks.square, range(100), 2)
    next(results)
    results.close()
    assert multiprocessing.active_children() == []


def test_an_interrupt_in_this_process_is_passed_on():
    results = run_all(tasks.interrupted_at_three, range(8), 1)
    with pytest.raises(KeyboardInterrupt):
        list(results)


def test_an_interrupt_in_the_parent_stops_its_own_workers_only():
    def given():
        yield from range(4)
        raise KeyboardInterrupt

    other = multiprocessing.get_context("spawn").Process(target=tasks.wait_long)
    other.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            list(run_all(tasks.square, given(), 2))
        assert multiprocessing.active_children() == [other]
    finally:
        other.terminate()
        other.join()


def test_cores():
    assert cores() >= 1
