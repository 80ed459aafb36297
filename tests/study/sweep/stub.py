"""An experiment whose runs cost nothing, and go wrong where they are told to."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from labsim.study.sweep.working import Row, Work

if TYPE_CHECKING:
    import pandas as pd

    from labsim.study.experiment import Stop


@dataclass(frozen=True)
class Setup:
    """What stands for a scenario: enough to compute a row, and to go wrong."""

    point: int
    design: int
    x: float
    seconds: float = 0.0
    trouble: str = ""

    @property
    def run(self) -> Setup:
        return self

    @property
    def seed(self) -> int:
        return 7


@dataclass(frozen=True)
class Stub:
    """The attributes of an experiment."""

    points: int = 6
    replications: int | None = 4
    stop: Stop | None = None
    designs: tuple[str, ...] = ("hourly", "mixed")
    indicators: tuple[str, ...] | None = None
    seconds: float = 0.0
    trouble: dict[int, str] = field(default_factory=dict)
    """By point: fail | once:<file> | die | die-once:<file> | odd."""
    name: str = "stub"
    scenario_name: str = "made-up"
    keys: tuple[str, ...] = ("coaching.x", "referral.kind")
    title: dict[str, str] = field(default_factory=dict)

    def values(self, point: int) -> dict[str, object]:
        return {"coaching.x": point / 8, "referral.kind": "ab"[point % 2]}

    def scenario(self, point: int, design: str) -> Any:
        number = self.designs.index(design)
        return Setup(point, number, point / 8, self.seconds, self.trouble.get(point, ""))

    def frame(self) -> pd.DataFrame:
        import pandas as pd  # not in workers, so that they start quickly

        rows = [{"point": point, **self.values(point)} for point in range(self.points)]
        return pd.DataFrame(rows)

    def inputs(self) -> dict[str, Any]:
        stop = vars(self.stop) if self.stop else None
        return {
            "points": self.points,
            "replications": self.replications,
            "stop": stop,
            "base": {"hourly": {"coaching": {"x": 0.5}}},
        }


def simulate(work: Work) -> list[Row | Exception]:
    """Make rows from keyed draws, as a market does."""
    return [
        _row(work, number, setup)
        for number, (_, setup) in zip(work.task.designs, work.designs, strict=True)
    ]


def _row(work: Work, design: int, setup: Any) -> Row | Exception:
    time.sleep(setup.seconds)
    replication = work.task.replication
    if replication == 1 and setup.trouble:
        error = _trouble(setup.trouble, design)
        if error:
            return error
    draw = np.random.default_rng([setup.point, design, replication])
    started = int(draw.integers(0, 9))
    return {
        "started": started,
        "fees_eur": float(draw.normal(1000 * setup.x, 10)),
        "additional_outcomes": int(draw.integers(3, 9)),
        "fees_per_additional_outcome_eur": float(draw.normal()),
        "net_jobs_90d": draw.normal(5, 1) if started else float("nan"),
        "sometimes_whole": 1 if setup.point % 2 else 0.5,
    }


def _trouble(kind: str, design: int) -> Exception | None:
    kind, _, file = kind.partition(":")
    if design != 1:
        return None
    if file:
        if Path(file).exists():
            return None
        Path(file).touch()
    if kind.startswith("die"):
        os._exit(9)
    return ValueError("made to fail")


def tables(folder: Path) -> list[bytes]:
    """Return the tables of a finished sweep, to the byte."""
    assert not (folder / "failed.csv").exists()
    return [(folder / f"{name}.parquet").read_bytes() for name in ("runs", "points")]


def in_child(function: Callable[..., None], *arguments: Any) -> multiprocessing.process.BaseProcess:
    """Start a process of its own for a function; a server that has everything imported forks it."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__, "labsim.study.sweep.sweeping", "pandas"])
    process = context.Process(target=function, args=arguments)
    process.start()
    return process
