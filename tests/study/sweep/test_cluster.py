"""The same sweep on a Dask cluster of this machine, whose workers come and go."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from labsim.study.experiment import Stop
from labsim.study.sweep.faults import SweepStopped
from labsim.study.sweep.sweeping import Where, sweep
from tests.study.sweep.stub import Stub, simulate, tables

distributed = pytest.importorskip("distributed")
pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL of POSIX"),
    pytest.mark.filterwarnings("default"),  # what Dask says about itself
]
SETTINGS = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1"}


class Cluster:
    """A scheduler and two workers on the loopback, as a user starts them."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.file = folder, folder / "scheduler.json"
        self.scheduler = self._start(
            "dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
            "--scheduler-file", str(self.file),
        )  # fmt: skip
        while not self.file.exists() or not self.file.stat().st_size:
            assert self.scheduler.poll() is None
            time.sleep(0.05)
        with distributed.Client(scheduler_file=str(self.file), set_as_default=False) as client:
            self.address = client.scheduler.address
        self.workers = [self.worker() for _ in range(2)]

    def worker(self, nanny: str = "--no-nanny") -> subprocess.Popen:
        return self._start(
            "dask_worker", self.address, nanny, "--nthreads", "1", "--no-dashboard",
            "--host", "127.0.0.1", "--local-directory", str(self.folder),
        )  # fmt: skip

    def _start(self, module: str, *arguments: str) -> subprocess.Popen:
        path = os.pathsep.join(part for part in sys.path if part)
        return subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{module}", *arguments],
            env={**os.environ, **SETTINGS, "PYTHONPATH": path},
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def close(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.terminate()  # a nanny ends its worker
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@pytest.fixture
def cluster(tmp_path):
    (tmp_path / "dask").mkdir()
    found = Cluster(tmp_path / "dask")
    try:
        yield found
    finally:
        found.close()


def length(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def when_written(file: Path, size: int, action) -> threading.Thread:
    """Do something once the journal has grown so far."""

    def wait() -> None:
        while length(file) < size:
            time.sleep(0.01)
        action()

    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    return thread


@pytest.mark.slow
def test_a_worker_is_killed_and_another_comes(tmp_path, cluster):
    experiment = Stub(
        points=12, replications=None, stop=Stop("net_jobs_90d", 1.0, least=3, most=8), seconds=0.02
    )
    sweep(experiment, tmp_path / "plain", simulate=simulate)
    expected, journal = tables(tmp_path / "plain"), tmp_path / "other" / "journal.jsonl"

    def replace_one() -> None:
        os.kill(cluster.workers[0].pid, signal.SIGKILL)
        cluster.workers.append(cluster.worker())

    killer, whole = when_written(journal, 1_200, replace_one), tmp_path / "plain" / "journal.jsonl"
    assert length(whole) > 2_400
    where = Where(cluster=cluster.address)
    outcome = sweep(experiment, tmp_path / "other", where, simulate=simulate)
    killer.join()
    assert outcome.statistics.failed == 0
    assert tables(tmp_path / "other") == expected


@pytest.mark.slow
def test_a_scheduler_that_goes_ends_it_in_a_line(tmp_path, cluster):
    experiment = Stub(points=12, seconds=0.05)
    sweep(experiment, tmp_path / "plain", simulate=simulate)
    when_written(tmp_path / "other" / "journal.jsonl", 600, cluster.scheduler.kill)
    where = Where(cluster=cluster.address)
    with pytest.raises(SweepStopped, match="the cluster has gone") as stopped:
        sweep(experiment, tmp_path / "other", where, simulate=simulate)
    assert stopped.value.begun
    sweep(experiment, tmp_path / "other", resume=True, simulate=simulate)
    assert tables(tmp_path / "other") == tables(tmp_path / "plain")


@pytest.mark.slow
def test_a_run_that_kills_its_worker_is_found_and_recorded(tmp_path, cluster):
    """The scheduler gives up on a task whose workers die; nannies start others."""
    for process in cluster.workers:
        process.kill()
        process.wait()
    cluster.workers = [cluster.worker("--nanny") for _ in range(2)]
    where = Where(cluster=cluster.address)
    experiment = Stub(points=3, replications=2, trouble={1: "die"})
    outcome = sweep(experiment, tmp_path / "other", where, simulate=simulate)
    assert (outcome.statistics.done, outcome.statistics.failed) == (11, 1)
    assert "process ended" in (tmp_path / "other" / "failed.csv").read_text()


def test_nobody_answers(tmp_path, monkeypatch):
    monkeypatch.setattr("labsim.study.places._SECONDS_TO_CONNECT", 1)
    with pytest.raises(SweepStopped, match="no Dask scheduler answers"):
        sweep(Stub(), tmp_path / "other", Where(cluster="tcp://127.0.0.1:9"), simulate=simulate)
    with pytest.raises(SweepStopped, match="no Dask scheduler answers"):
        sweep(Stub(), tmp_path / "third", Where(cluster="what is this"), simulate=simulate)


def test_a_missing_extra_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(SweepStopped, match=r"labsim\[cluster\]"):
        sweep(Stub(), tmp_path / "other", Where(cluster="tcp://127.0.0.1:9"), simulate=simulate)
