"""What sweeping costs: ``python -m benchmarks.sweep [RUNS]``.

Real runs of a small market for the time, on this process, on two, and on a Dask cluster of two;
runs that cost nothing, under real scenarios, for the memory of the parent and for resuming. Every
part runs in a process of its own, as the command does, and starting up is part of the time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.measure import ratios, show
from labsim.study.sweep.working import Row, Work

RUNS, ROUNDS = 2_000, 5
SCENARIO = """
extends = "focus-tyopolut"
run = { weeks = 26 }
population = { register = 150, inflow_per_week = 2 }
referral = { volume = 40, start_week = 1, weeks = 8 }
contract = { start_week = 2, weeks = 20, service_weeks_max = 10 }
"""
EXPERIMENT = """
scenario = "tiny.toml"
designs = ["hourly", "mixed"]
method = "lhs"
points = {points}
replications = {replications}
[[vary]]
key = "coaching.max_uplift"
[[vary]]
key = "coaching.saturation_hours_per_week"
"""


def main(runs: int) -> None:
    """Measure everything, and print a line for each figure."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "tiny.toml").write_text(SCENARIO)
        memory(folder)
        speed(folder, runs)


def write(folder: Path, name: str, runs: int, replications: int) -> str:
    """Write an experiment of so many runs."""
    text = EXPERIMENT.format(points=runs // 2 // replications, replications=replications)
    (folder / f"{name}.toml").write_text(text)
    return f"{name}.toml"


def speed(folder: Path, runs: int) -> None:
    """Time the same runs on one worker, on two, and on a cluster of two, in turn, several times."""
    file = write(folder, "speed", runs // ROUNDS, replications=10)
    times: dict[str, list[float]] = {"one": [], "two": [], "dask": []}
    tables = set()
    with Cluster(folder) as address:
        places = {"one": ("--workers", "1"), "two": ("--workers", "2"),
                  "dask": ("--cluster", address)}  # fmt: skip
        for number in range(ROUNDS):
            for name, where in places.items():
                out = f"{name}-{number}"
                times[name].append(swept(folder, file, out, *where))
                tables.add((folder / out / "runs.parquet").read_bytes())
    for name, seconds in times.items():
        show(f"{runs // ROUNDS} runs, {name}", seconds, "s")
    halves = [each / 2 for each in times["one"]]
    show("efficiency of two workers (aim: 0.9 or more)", ratios(halves, times["two"]), "")
    show("Dask, two workers / two processes (aim: under 1.1)", ratios(times["dask"], times["two"]),
         "times")  # fmt: skip
    print(f"the same tables: {len(tables) == 1}")


def swept(folder: Path, file: str, out: str, *where: str) -> float:
    """Return the seconds that a sweep takes, from command to prompt."""
    command = [sys.executable, "-m", "labsim", "sweep", file, "--out", out, "--quiet", *where]
    begun = time.perf_counter()
    subprocess.run(command, check=True, cwd=folder, env=environment(), stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


def memory(folder: Path) -> None:
    """Measure the parent's memory at two sizes, and how long it takes to resume the larger."""
    peaks = {}
    for runs in (100, 10_000):
        file = write(folder, f"memory-{runs}", runs, replications=2)
        told = child(folder, file)
        peaks[runs] = told["peak_mb"]
        print(f"{runs} made-up runs: parent at most {told['peak_mb']:.0f} MB, "
              f"{told['seconds']:.0f} s", flush=True)  # fmt: skip
    print(f"difference (aim: within 50 MB) {peaks[10_000] - peaks[100]:.0f} MB", flush=True)
    times = [
        swept(folder, "memory-10000.toml", "memory-10000", "--resume", "--workers", "2")
        for _ in range(5)
    ]
    shown = ", ".join(f"{each:.2f}" for each in sorted(times))
    print(f"resume of a finished sweep of 10,000 runs (aim: under 3 s): {shown} s", flush=True)


def child(folder: Path, file: str) -> dict[str, float]:
    """Sweep made-up runs in a process of its own, on two workers."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.sweep", "--child", file],
        check=True, cwd=folder, env=environment(), stdout=subprocess.PIPE,
    )  # fmt: skip
    told: dict[str, float] = json.loads(done.stdout)
    return told


def in_child(file: str) -> None:
    """Sweep made-up runs, and print the peak memory of this process."""
    import resource

    from labsim.study.experiment import load_experiment
    from labsim.study.sweep.sweeping import Where, sweep

    begun = time.perf_counter()
    sweep(load_experiment(file), Path(Path(file).stem), Where(2), simulate=made_up)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"peak_mb": peak, "seconds": time.perf_counter() - begun}))


def made_up(work: Work) -> list[Row | Exception]:
    """Return as many numbers as a run gives, without one; it takes a twentieth of a second."""
    rows: list[Row | Exception] = []
    for number in work.task.designs:
        time.sleep(0.05)
        draw = np.random.default_rng([work.task.point, work.task.replication, number])
        rows.append({f"indicator_{place}": float(draw.normal()) for place in range(75)})
    return rows


class Cluster:
    """A Dask cluster of two processes on the loopback."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._processes = folder, list[subprocess.Popen[bytes]]()

    def __enter__(self) -> str:
        file = self._folder / "scheduler.json"
        host = ("--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", str(file))
        self._start("dask_scheduler", "--port", "0", *host)
        while not file.exists() or not file.stat().st_size:
            time.sleep(0.1)
        for _ in range(2):
            self._start("dask_worker", "--nthreads", "1", *host)
        from distributed import Client

        with Client(scheduler_file=str(file)) as client:
            client.wait_for_workers(2)
            return str(client.scheduler.address)

    def _start(self, module: str, *arguments: str) -> None:
        command = [sys.executable, "-m", f"distributed.cli.{module}", *arguments]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self._processes.append(
            subprocess.Popen(command, cwd=self._folder, env=environment(), **quiet)
        )

    def __exit__(self, *_: object) -> None:
        for process in reversed(self._processes):
            process.terminate()
            process.wait()


def environment() -> dict[str, str]:
    """Return an environment for children."""
    root = Path(__file__).resolve().parent.parent
    path = os.pathsep.join([str(root / "src"), str(root)])
    return {**os.environ, "PYTHONPATH": path}


if __name__ == "__main__":
    if "--child" in sys.argv:
        in_child(sys.argv[-1])
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS)
