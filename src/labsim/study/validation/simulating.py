"""Running worlds: every variant beside a twin, replication by replication, on any executor."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import pandas as pd

from labsim.market.model import LabourMarket
from labsim.measure.pair import Pair
from labsim.measure.reported import reported
from labsim.scenario.loading import load
from labsim.scenario.schema import Scenario
from labsim.study.executor import RunFailed, run_all
from labsim.study.replication import finished
from labsim.study.validation.runs import Runs
from labsim.study.validation.worlds import World

Row = dict[str, object]
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Task:
    """One replication of a world: the names and scenarios of its variants."""

    world: str
    variants: tuple[tuple[str, Scenario], ...]
    number: int


@dataclass(frozen=True)
class Simulated:
    """What the worlds gave, and which replications failed."""

    runs: Runs
    failures: tuple[str, ...]


class NothingSimulated(Exception):
    """No replication of a world was finished."""


def tasks(
    wanted: Mapping[str, World], replications: int, settings: Sequence[str] = ()
) -> list[Task]:
    """Return the replications of some worlds, the longest first so that workers end together.

    Parameters
    ----------
    settings
        ``key=value`` pairs laid over every variant.
    """
    found = []
    for name, world in wanted.items():
        variants = tuple(
            (variant, _scenario(world, variant, settings)) for variant in world.variants
        )
        found += [Task(name, variants, number) for number in range(replications)]
    return sorted(found, key=_size, reverse=True)


def _scenario(world: World, name: str, settings: Sequence[str]) -> Scenario:
    variant = world.variants[name]
    given = [*world.settings, *variant.settings, *settings]
    last = {text.partition("=")[0]: text for text in given}
    return load(world.scenario, design=variant.design, settings=list(last.values())).scenario


def _size(task: Task) -> int:
    return sum(each.population.registered * each.run.weeks for _, each in task.variants)


def simulate_worlds(
    wanted: Sequence[Task], workers: int, progress: Progress | None = None
) -> Simulated:
    """Run replications of worlds; `progress` hears of each as it ends.

    Raises
    ------
    NothingSimulated
        If no replication of some world was finished.
    """
    rows: list[Row] = []
    failures = []
    for result in run_all(measured, wanted, workers):
        if isinstance(result, RunFailed):
            task = result.task
            assert isinstance(task, Task)
            failures.append(f"{task.world} {task.number}: {result}")
        else:
            rows += result
        if progress:
            progress(1)
    done = {row["world"] for row in rows}
    missing = sorted({task.world for task in wanted} - done)
    if missing:
        raise NothingSimulated("; ".join(failures))
    return Simulated(Runs(pd.DataFrame(rows)), tuple(sorted(failures)))


def measured(task: Task) -> list[Row]:
    """Simulate one replication of a world, and return what is measured, a row per variant."""
    return list(_rows(task))


def _rows(task: Task) -> Iterator[Row]:
    with ExitStack() as stack:
        twins: list[LabourMarket] = []
        for name, setup in task.variants:
            twin = next((twin for twin in twins if same_lives(twin.setup, setup)), None)
            if twin is None:
                twin = stack.enter_context(
                    finished(setup=setup, replication=task.number, service=False)
                )
                twins.append(twin)
            with finished(setup=setup, replication=task.number, people=twin.people) as run:
                head = {"world": task.world, "variant": name, "replication": task.number}
                yield head | reported(Pair(run, twin))


def same_lives(one: Scenario, other: Scenario) -> bool:
    """Whether lives without a service are the same, and the target group that is looked at."""
    sections = ("run", "population", "labour_market", "coaching", "finance")
    if any(getattr(one, name) != getattr(other, name) for name in sections):
        return False
    keys = ("target", "start_week", "weeks")
    return all(getattr(one.referral, key) == getattr(other.referral, key) for key in keys)
