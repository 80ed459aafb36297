"""A sweep from beginning to end, or from wherever it had come to."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from labsim.study.places import NoCluster, Place, place
from labsim.study.sweep import parts
from labsim.study.sweep.changes import Header, changes, header
from labsim.study.sweep.engine import Engine, Progress
from labsim.study.sweep.faults import SweepStopped
from labsim.study.sweep.finishing import Statistics, finish, is_finished, write_manifest
from labsim.study.sweep.folder import absent_if_not_begun, look_at, prepare, tidy, withdraw, writing
from labsim.study.sweep.history import History, read
from labsim.study.sweep.journal import Journal
from labsim.study.sweep.kept import columns_in_parts
from labsim.study.sweep.lock import locked
from labsim.study.sweep.plan import Plan, State
from labsim.study.sweep.working import Setting, Simulator, beside_twin, look

if TYPE_CHECKING:
    from labsim.study.experiment import Experiment


@dataclass(frozen=True)
class Where:
    """Where to run: so many processes of this machine, or a cluster."""

    workers: int = 1
    cluster: str | None = None


@dataclass(frozen=True)
class Outcome:
    """How a session ended.

    Attributes
    ----------
    folder
        Where everything is.
    statistics
        Runs done, failed and left, and the time they took.
    did
        Runs that were over at its end and not at its beginning.
    """

    folder: Path
    statistics: Statistics
    did: int


def sweep(
    experiment: Experiment,
    folder: Path,
    where: Where | None = None,
    *,
    resume: bool = False,
    only_failed: bool = False,
    progress: Progress | None = None,
    simulate: Simulator = beside_twin,
) -> Outcome:
    """Run an experiment, or what is left of it, and lay its tables together.

    Parameters
    ----------
    experiment
        What is to be run.
    folder
        Where everything goes.
    where
        Where to run it; this process if left out.
    resume
        Go on with what is in the folder; an absent folder is begun.
    only_failed
        Do again what has failed, and nothing else.
    progress
        Told after every chunk.
    simulate
        What a run is.

    Raises
    ------
    SweepStopped
        If the sweep cannot begin or go on.
    """
    begun = time.monotonic()
    look_at(folder, resume=resume, only_failed=only_failed)
    token = secrets.token_hex(8)
    with writing(folder):
        prepare(folder)
        with locked(folder, token), absent_if_not_begun(folder), writing(folder):
            session = _Session(experiment, folder, token, simulate)
            session.open()
            return session.go(where or Where(), progress, only_failed=only_failed, begun=begun)


class _Session:
    """One sitting at a sweep."""

    def __init__(
        self, experiment: Experiment, folder: Path, token: str, simulate: Simulator
    ) -> None:
        self._experiment, self._folder = experiment, folder
        self._journal = Journal(folder)
        self._header: Header = header(experiment.name, experiment.inputs())
        stop = experiment.stop.indicator if experiment.stop else None
        self._setting = Setting(
            str(folder.resolve()), token, self._header["code"]["source"],
            columns_in_parts(experiment.indicators, stop), stop, simulate,
        )  # fmt: skip

    def open(self) -> None:
        """See that the journal is of the same sweep, or begin one."""
        if not self._journal.path.exists():
            self._journal.create(self._header)
            return
        old = self._journal.header()
        if old is None or "key" not in old:
            raise SweepStopped("not_a_sweep", folder=str(self._folder))
        if old["key"] != self._header["key"]:
            raise SweepStopped("changed", folder=str(self._folder), more=changes(old, self._header))

    def go(
        self, where: Where, progress: Progress | None, *, only_failed: bool, begun: float
    ) -> Outcome:
        """Do what is to be done, and write the tables if nothing is left."""
        plan, before = self._read()
        todo = plan.begin(only_failed=only_failed)
        if not todo and is_finished(self._folder, self._journal):
            return Outcome(self._folder, statistics(plan, before, "-", begun), 0)
        with writing(self._folder, begun=True):
            tidy(self._folder)
            parts.tidy(self._folder, set(before.names))
            withdraw(self._folder)
        over, name, interrupted = plan.over, "-", False
        if todo:
            name, interrupted = self._work(plan, where, progress)
        with writing(self._folder, begun=True):
            plan, after = self._read()
            plan.begin()
            told = statistics(plan, after, name, begun, interrupted=interrupted)
            self._finish(plan, after, told)
        return Outcome(self._folder, told, plan.over - over)

    def _read(self) -> tuple[Plan, History]:
        work = self._experiment
        plan = Plan(work.points, len(work.designs), work.replications, work.stop)
        return plan, read(self._journal, self._folder, plan)

    def _work(self, plan: Plan, where: Where, progress: Progress | None) -> tuple[str, bool]:
        """Run what the plan hands out; return where, and whether it was stopped."""
        name = where.cluster or f"{where.workers}"
        try:
            with place(where.workers, where.cluster) as somewhere:
                name = somewhere.name
                self._meet(somewhere)
                engine = Engine(
                    self._experiment, plan, self._journal, self._setting, somewhere, progress
                )
                engine.run()
        except NoCluster as error:
            raise SweepStopped(error.code, address=error.address) from error
        except KeyboardInterrupt:
            return name, True
        finally:
            self._journal.close()
        return name, False

    def _meet(self, somewhere: Place) -> None:
        """See that workers elsewhere see the folder, and have the same code."""
        setting = self._setting
        try:
            answers = somewhere.everywhere(look, setting.folder, setting.token)
        except ImportError as error:
            raise SweepStopped("other_code", worker=somewhere.name) from error
        for worker, (sees, source) in answers.items():
            if source != setting.source:
                raise SweepStopped("other_code", worker=worker)
            if not sees:
                raise SweepStopped("not_here", worker=worker, folder=setting.folder)

    def _finish(self, plan: Plan, after: History, told: Statistics) -> None:
        rows: dict[str, int] = {}
        if not plan.left:
            rows = finish(self._folder, self._experiment, plan, after)
        write_manifest(self._folder, self._header, self._experiment, told, rows)


def statistics(
    plan: Plan, known: History, name: str, begun: float, *, interrupted: bool = False
) -> Statistics:
    """Say how the runs of a sweep went."""
    done = plan.count(State.DONE)
    return Statistics(
        done=done,
        failed=plan.count(State.FAILED),
        left=plan.left,
        place=name,
        run_seconds=round(known.seconds, 1),
        seconds_per_run=round(known.seconds / done, 4) if done else None,
        wall_seconds=round(time.monotonic() - begun, 1),
        interrupted=interrupted,
    )
