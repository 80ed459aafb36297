"""The end of a sweep: its tables, its failures and its manifest, whole or absent."""

from __future__ import annotations

import csv
import json
import os
import platform
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labsim.study.sweep.disk import write_whole
from labsim.study.sweep.faults import SweepStopped
from labsim.study.sweep.folder import TABLES
from labsim.study.sweep.history import History
from labsim.study.sweep.journal import Entry, Journal
from labsim.study.sweep.parts import FOLDER
from labsim.study.sweep.plan import Plan

if TYPE_CHECKING:
    from labsim.study.experiment import Experiment


PACKAGES = ("mesa", "numpy", "pandas", "pyarrow", "pydantic", "scipy")


@dataclass(frozen=True)
class Statistics:
    """How the runs of a sweep went.

    Attributes
    ----------
    done, failed, left
        Runs; `left` are those not begun.
    place
        Where the last session ran.
    run_seconds
        Of all runs of all sessions together.
    seconds_per_run
        The same for each.
    wall_seconds
        Of the last session.
    interrupted
        Whether the last session was stopped.
    """

    done: int
    failed: int
    left: int
    place: str
    run_seconds: float
    seconds_per_run: float | None
    wall_seconds: float
    interrupted: bool


def is_finished(folder: Path, journal: Journal) -> bool:
    """Whether the tables are there and tell of everything in the journal."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        whole = manifest["journal_bytes"] == journal.size() and not manifest["left"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return whole and all((folder / name).is_file() for name in TABLES[:3])


def finish(folder: Path, experiment: Experiment, plan: Plan, history: History) -> dict[str, int]:
    """Write the tables of everything that is done, and return their rows.

    Raises
    ------
    SweepStopped
        If a part cannot be read; its runs are done again by a resume.
    """
    from labsim.study.sweep.tables import Damaged, Places, counted, write_tables  # heavy

    places = counted(plan, Places(tuple(history.names), history.rows()))
    aside = [folder / f".{name}.{os.getpid()}" for name in ("runs.parquet", "points.parquet")]
    try:
        rows = write_tables(folder, aside[0], aside[1], places, experiment)
    except Damaged as damaged:
        (folder / FOLDER / damaged.part).unlink(missing_ok=True)
        raise SweepStopped(
            "damaged", begun=True, part=f"{folder}/{FOLDER}/{damaged.part}"
        ) from damaged
    failures = _counted_failures(plan, history)
    if failures:
        write_whole(folder / "failed.csv", _failed_csv(experiment, failures))
    aside[0].replace(folder / "runs.parquet")
    aside[1].replace(folder / "points.parquet")
    return rows | {"failed": len(failures)}


def write_manifest(
    folder: Path,
    header: Entry,
    experiment: Experiment,
    statistics: Statistics,
    row_counts: dict[str, int],
) -> None:
    """Write manifest.json, which says that the tables are whole."""
    import labsim

    manifest: dict[str, Any] = {
        "labsim": labsim.__version__,
        "version": labsim.__version__,
        "sweep": experiment.name,
        "title": experiment.title,
        "scenario_name": experiment.scenario_name,
        "designs": list(experiment.designs),
        "keys": list(experiment.keys),
        **header,
        **asdict(statistics),
        "packages": {name: metadata.version(name) for name in PACKAGES},
        "platform": f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
        "row_counts": row_counts,
        "journal_bytes": Journal(folder).size(),
    }
    text = json.dumps(manifest, indent=2, ensure_ascii=False, default=str)
    write_whole(folder / "manifest.json", text.encode() + b"\n")


def _counted_failures(plan: Plan, history: History) -> list[Entry]:
    """Return what failed, by point, design and replication, as far as it counts."""
    order, most = sorted(history.failures, key=lambda run: (run[0], run[2], run[1])), plan.decided()
    return [history.failures[run] for run in order if run[1] < most[run[0]]]


def _failed_csv(experiment: Experiment, failures: list[Entry]) -> bytes:
    import io

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["point", "design", "replication", "error", *experiment.keys])
    for failure in failures:
        point, replication, _ = failure["run"]
        values = [failure["values"].get(key) for key in experiment.keys]
        cells = [point, failure["design"], replication, failure["error"], *values]
        writer.writerow([_no_formula(cell) for cell in cells])
    return text.getvalue().encode()


def _no_formula(cell: object) -> object:
    """Return a cell that no spreadsheet takes for a formula."""
    text = isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    return f"'{cell}" if text else cell
