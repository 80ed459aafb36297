"""A sweep that is killed, again and again, at any moment, ends with the same tables."""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from labsim.study.experiment import Stop
from labsim.study.sweep.journal import NAME
from labsim.study.sweep.sweeping import Where, sweep
from tests.study.sweep.stub import Stub, in_child, simulate, tables

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL of POSIX")

RULE = Stop("net_jobs_90d", 1.0, least=3, most=13)
SEED = 20_26


def go_on(folder: Path, workers: int, experiment: Stub) -> None:
    sweep(experiment, folder, Where(workers), resume=True, simulate=simulate)


def undisturbed(folder: Path, experiment: Stub) -> list[bytes]:
    sweep(experiment, folder, simulate=simulate)
    return tables(folder)


@pytest.mark.parametrize(
    ("workers", "kills", "stop"),
    [(1, 12, None), (1, 12, RULE), (2, 4, RULE)],
    ids=["serial", "serial-stop", "processes-stop"],
)
def test_the_parent_is_killed(tmp_path, workers, kills, stop):
    luck = random.Random(SEED + workers)
    experiment = Stub(points=10, replications=None if stop else 5, stop=stop, seconds=0.01)
    expected = undisturbed(tmp_path / "undisturbed", experiment)
    whole = length(tmp_path / "undisturbed" / NAME)
    folder, killed, seen = tmp_path / "killed", 0, set()
    while killed < kills:
        process = in_child(go_on, folder, workers, experiment)
        written = luck.uniform(-0.2, 1.1) * whole  # before it begins, and while it ends, as well
        while process.is_alive() and length(folder / NAME) < written:
            time.sleep(0.001)
        process.join(luck.uniform(0.0, 0.03))
        if process.is_alive():
            os.kill(process.pid, signal.SIGKILL)
            killed += 1
        process.join()
        assert process.exitcode in (0, -signal.SIGKILL)
        seen.add(length(folder / NAME))
        if process.exitcode == 0:  # it came to its end between two kills
            assert tables(folder) == expected
            shutil.rmtree(folder)
    go_on(folder, 1, experiment)
    assert tables(folder) == expected
    assert len(seen) > kills // 4  # it was killed at different stages


def length(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def test_workers_are_killed(tmp_path):
    luck, killed, over = random.Random(SEED), [], threading.Event()
    experiment = Stub(points=12, replications=4, seconds=0.03)
    expected = undisturbed(tmp_path / "undisturbed", experiment)

    def kill() -> None:
        written = 0
        while not over.is_set():
            time.sleep(luck.uniform(0.0, 0.5))
            workers = multiprocessing.active_children()
            now = length(tmp_path / "killed" / NAME)
            if workers and now > written:  # something was done since the last one
                written = now
                victim = luck.choice(workers)
                os.kill(victim.pid, signal.SIGKILL)
                killed.append(victim.pid)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        outcome = sweep(experiment, tmp_path / "killed", Where(2), simulate=simulate)
    finally:
        over.set()
        killer.join()
    assert killed
    while outcome.statistics.failed:  # a run was under way in two processes that were killed
        outcome = sweep(experiment, tmp_path / "killed", only_failed=True, simulate=simulate)
    assert tables(tmp_path / "killed") == expected
