"""The main job: designs compared over the same people and the same luck."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from importlib import metadata
from typing import Any

import pandas as pd

import labsim
from labsim.scenario.loaded import Loaded
from labsim.study.executor import RunFailed, run_all
from labsim.study.replication import Job, Replication, simulate
from labsim.study.summary import summarise

PACKAGES = ("mesa", "numpy", "pandas", "pyarrow", "pydantic", "scipy")
Progress = Callable[[int], None]
PeopleSink = Callable[[pd.DataFrame], None]


@dataclass(frozen=True)
class Comparison:
    """The tables of a comparison, ready to be written and shown.

    Attributes
    ----------
    runs, weekly, ledger, summary
        See docs/results.md for their columns.
    manifest
        Scenario, seed, versions: what is needed to run it again.
    loaded
        The designs as loaded, in order; the first is the reference.
    failures
        Replications that failed, with their error.
    interrupted
        Whether it was stopped before all replications were done.
    """

    runs: pd.DataFrame
    weekly: pd.DataFrame
    ledger: pd.DataFrame
    summary: pd.DataFrame
    manifest: dict[str, Any]
    loaded: tuple[Loaded, ...]
    failures: dict[int, str] = field(default_factory=dict)
    interrupted: bool = False


class NothingDone(Exception):
    """No replication was finished: there is nothing to write.

    Attributes
    ----------
    failures
        Replications that failed, with their error.
    interrupted
        Whether it was stopped.
    """

    def __init__(self, failures: dict[int, str], interrupted: bool) -> None:
        super().__init__("no replication was finished")
        self.failures, self.interrupted = failures, interrupted


def compare(
    loaded: Sequence[Loaded],
    *,
    title: dict[str, str] | None = None,
    workers: int = 1,
    progress: Progress | None = None,
    people: PeopleSink | None = None,
) -> Comparison:
    """Simulate every replication of every design and its twin.

    Parameters
    ----------
    loaded
        One scenario per design; they differ only in how the service is bought.
    title
        The scenario's title by language, where designs have titles of their own.
    workers
        Processes; 1 is this process.
    progress
        Called with the number of runs done since the last call.
    people
        Called with the people of each replication, in order; otherwise people are not kept.

    Raises
    ------
    NothingDone
        If no replication was finished.
    """
    begun = time.monotonic()
    done, failures, interrupted = _collect(loaded, workers, progress, people)
    if not done:
        raise NothingDone(failures, interrupted)
    parts = [done[number] for number in sorted(done)]
    tables = {
        name: pd.concat([getattr(part, name) for part in parts], ignore_index=True)
        for name in ("runs", "weekly", "ledger")
    }
    tables["runs"] = _by_design(tables["runs"], [item.design for item in loaded])
    summary = summarise(tables["runs"])
    manifest = _manifest(
        loaded, tables, failures, interrupted, time.monotonic() - begun, parts[0].people_simulated
    )
    manifest["title"] = loaded[0].scenario.title if title is None else title
    return Comparison(
        **tables,
        summary=summary,
        manifest=manifest,
        loaded=tuple(loaded),
        failures=failures,
        interrupted=interrupted,
    )


def _collect(
    loaded: Sequence[Loaded],
    workers: int,
    progress: Progress | None,
    people: PeopleSink | None,
) -> tuple[dict[int, Replication], dict[int, str], bool]:
    replications = loaded[0].scenario.run.replications
    jobs = _jobs(loaded, replications, people is not None)
    done: dict[int, Replication] = {}
    failures: dict[int, str] = {}
    sink = _InOrder(people)
    try:
        for result in run_all(simulate, jobs, min(workers, replications)):
            if isinstance(result, RunFailed):
                failures[result.task.replication] = str(result)  # type: ignore[attr-defined]
            else:
                done[result.replication] = sink.take(result)
            if progress:
                progress(len(loaded))
    except KeyboardInterrupt:
        sink.flush()
        return done, failures, True
    sink.flush()
    return done, failures, False


def _jobs(loaded: Sequence[Loaded], replications: int, keep_people: bool) -> Iterator[Job]:
    designs = tuple((item.design, item.scenario) for item in loaded)
    for number in range(replications):
        yield Job(loaded[0].name, designs, number, keep_people)


class _InOrder:
    """Hands people's tables on in order of replication, whatever order they come in."""

    def __init__(self, sink: PeopleSink | None) -> None:
        self._sink, self._next = sink, 0
        self._waiting: dict[int, pd.DataFrame] = {}

    def take(self, result: Replication) -> Replication:
        if self._sink is None or result.people is None:
            return result
        self._waiting[result.replication] = result.people
        while self._next in self._waiting:
            self._sink(self._waiting.pop(self._next))
            self._next += 1
        return replace(result, people=None)

    def flush(self) -> None:
        """Hand on what waits for replications that will not come."""
        for number in sorted(self._waiting):
            if self._sink is not None:
                self._sink(self._waiting[number])


def _by_design(runs: pd.DataFrame, designs: list[str]) -> pd.DataFrame:
    order = runs["design"].map({name: number for number, name in enumerate(designs)})
    keys = pd.DataFrame({"design": order, "replication": runs["replication"]})
    return runs.loc[keys.sort_values(["design", "replication"]).index].reset_index(drop=True)


def _manifest(
    loaded: Sequence[Loaded],
    tables: dict[str, pd.DataFrame],
    failures: dict[int, str],
    interrupted: bool,
    seconds: float,
    people: int,
) -> dict[str, Any]:
    first = loaded[0].scenario
    return {
        "labsim": labsim.__version__,
        "version": labsim.__version__,
        "scenario_name": loaded[0].name,
        "title": first.title,
        "designs": [
            {"id": item.design, "title": item.scenario.title, "scenario": item.resolved()}
            for item in loaded
        ],
        "scenario": loaded[0].resolved(),
        "seed": first.run.seed,
        "replications": first.run.replications,
        "completed": int(tables["runs"]["replication"].nunique()),
        "failed": {str(number): error for number, error in sorted(failures.items())},
        "interrupted": interrupted,
        "people": people,
        "packages": {name: metadata.version(name) for name in PACKAGES},
        "platform": f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
        "wall_seconds": round(seconds, 1),
        "row_counts": {name: len(table) for name, table in tables.items()},
    }
