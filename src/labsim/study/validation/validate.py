"""From facts to verdicts: what to simulate, and a row for each fact."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isnan, nan

import pandas as pd

from labsim.evidence import Fact, facts, standings
from labsim.scenario.suggest import nearest
from labsim.study.validation import checks as _registered  # noqa: F401 - fills the registry
from labsim.study.validation.registry import CHECKS, Check
from labsim.study.validation.runs import Runs
from labsim.study.validation.simulating import (
    Progress,
    Task,
    simulate_worlds,
    tasks,
)
from labsim.study.validation.verdict import (
    JUDGED,
    Across,
    Estimate,
    Limits,
    Verdict,
    estimate,
    judge,
    judge_across,
    limits,
)
from labsim.study.validation.worlds import REPLICATIONS, worlds

COLUMNS = [
    "id", "source", "status", "published", "simulated", "low", "high", "verdict", "allowed_low",
    "allowed_high", "unit", "statement", "how",
]  # fmt: skip
NOTHING = Estimate(nan, nan, nan)


class UnknownFact(Exception):
    """There is no fact of this id.

    Attributes
    ----------
    asked, guess
        The id, and the one that was probably meant.
    """

    def __init__(self, asked: str) -> None:
        super().__init__(asked)
        self.asked, self.guess = asked, nearest(asked, facts())


@dataclass(frozen=True)
class Validation:
    """The table of verdicts, and what was simulated for it.

    Attributes
    ----------
    table
        One row per fact; see docs/validation.md for the columns.
    replications
        Repetitions of each world.
    worlds, runs
        Worlds simulated, and runs in them.
    failures
        Replications that failed, with their error.
    """

    table: pd.DataFrame
    replications: int
    worlds: int
    runs: int
    failures: tuple[str, ...]

    def counts(self) -> dict[str, int]:
        """Return how many facts have each verdict."""
        found = self.table["verdict"].value_counts()
        names = (*JUDGED, "input", "not-simulated")
        return {name: int(found.get(name, 0)) for name in names}


def chosen(asked: Sequence[str]) -> list[Fact]:
    """Return the facts asked for, all if none is; an id may be a family, ``REF``.

    Raises
    ------
    UnknownFact
        If there is no such id or family.
    """
    known = facts()
    wanted: dict[str, Fact] = {}
    for name in asked:
        found = [fact for fact in known.values() if name in (fact.id, fact.subject)]
        if not found:
            raise UnknownFact(name)
        wanted |= {fact.id: fact for fact in found}
    return [fact for fact in known.values() if not asked or fact.id in wanted]


def work(
    wanted: Iterable[Fact], replications: int | None = None, settings: Sequence[str] = ()
) -> list[Task]:
    """Return the replications to simulate for some facts.

    Parameters
    ----------
    replications
        Of each world; left out: `REPLICATIONS`.
    settings
        ``key=value`` pairs laid over every world.
    """
    names = {name for fact in wanted if fact.id in CHECKS for name in CHECKS[fact.id].worlds}
    needed = {name: world for name, world in worlds().items() if name in names}
    return tasks(needed, replications or REPLICATIONS, settings)


def validate(
    wanted: Sequence[Fact],
    todo: Sequence[Task],
    *,
    workers: int = 1,
    progress: Progress | None = None,
) -> Validation:
    """Simulate, and judge each fact.

    Parameters
    ----------
    wanted, todo
        From `chosen` and `work`.
    progress
        Called with the number of replications done since the last call.

    Raises
    ------
    NothingSimulated
        If no replication of a world was finished.
    """
    simulated = simulate_worlds(todo, workers, progress) if todo else None
    rows = [row(fact, simulated.runs if simulated else None) for fact in wanted]
    return Validation(
        table=pd.DataFrame(rows, columns=COLUMNS),
        replications=max((task.number + 1 for task in todo), default=0),
        worlds=len({task.world for task in todo}),
        runs=sum(len(task.variants) for task in todo),
        failures=simulated.failures if simulated else (),
    )


def row(fact: Fact, runs: Runs | None) -> dict[str, object]:
    """Return the row of one fact; its simulated number too where it was put in."""
    standing, check = standings().get(fact.id), CHECKS.get(fact.id)
    found, verdict, within = NOTHING, "not-simulated", Limits()
    if check is not None:
        assert runs is not None
        within = check.limits or limits(fact, check.tolerance)
        found, verdict = judged(check, runs, within)
    how = check.how if check else ""
    if standing is not None:
        verdict, how = standing.verdict, " ".join([standing.how, how and f"({how})"]).strip()
    return {
        "id": fact.id,
        "source": fact.source,
        "status": fact.kind,
        "published": published(fact),
        "simulated": found.mean,
        "low": found.low,
        "high": found.high,
        "verdict": verdict,
        "allowed_low": within.low,
        "allowed_high": within.high,
        "unit": fact.unit,
        "statement": fact.statement,
        "how": how,
    }


def judged(check: Check, runs: Runs, within: Limits) -> tuple[Estimate, Verdict]:
    """Return what a check finds and the verdict on it."""
    found = check.rule(runs)
    if isinstance(found, Across):
        return judge_across(found, within)
    one = estimate(found)
    return one, judge(one, within)


def published(fact: Fact) -> str:
    """Return what the source says, in short: a number, a range, or which way it goes."""
    if not isnan(fact.value):
        return f"{fact.value:g}"
    ends = ["" if isnan(end) else f"{end:g}" for end in (fact.low, fact.high)]
    if all(ends):
        return f"{ends[0]} to {ends[1]}"
    return f"> {ends[0]}" if ends[0] else f"< {ends[1]}" if ends[1] else ""
