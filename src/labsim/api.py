"""The same in Python, for notebooks: load, run, compare, sweep. Tables are pandas frames.

Examples
--------
>>> import labsim
>>> result = labsim.compare(
...     "focus-tyopolut", ["hourly", "mixed"], settings={"run.replications": 2, "run.weeks": 40}
... )
>>> sorted(result.runs["design"].unique())
['hourly', 'mixed']
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any

from labsim.scenario.loaded import Loaded
from labsim.scenario.loading import load as load_file
from labsim.study.comparison import Comparison
from labsim.study.comparison import compare as compare_loaded
from labsim.study.results import Results

Source = str | PathLike[str]


def load(
    source: Source, *, design: Source | None = None, settings: Mapping[str, Any] | None = None
) -> Loaded:
    """Load a scenario, with a design laid over it.

    Parameters
    ----------
    source
        A path, or the id of a shipped scenario.
    design
        A path or id of a design; ``None`` or ``"own"`` keeps the scenario's own contract.
    settings
        Values that win over every file, by dotted key: ``{"coaching.max_uplift": 0.4}``.

    Raises
    ------
    BadInput
        With every fault found; its `findings` say file, line, key and what is allowed.
    """
    return load_file(source, design=design, settings=_as_toml(settings))


def run(
    source: Source, *, settings: Mapping[str, Any] | None = None, workers: int = 1
) -> Comparison:
    """Simulate one scenario and its twin; the design is named ``own``. See `compare`."""
    return compare(source, ["own"], settings=settings, workers=workers)


def compare(
    source: Source,
    designs: Sequence[Source],
    *,
    settings: Mapping[str, Any] | None = None,
    workers: int = 1,
) -> Comparison:
    """Compare designs over the same people and the same luck; the first is the reference.

    Parameters
    ----------
    source
        A path, or the id of a shipped scenario.
    designs
        Paths or ids of designs; ``"own"`` is the scenario's own contract.
    settings
        Values that win over every file, by dotted key.
    workers
        Processes. More than one needs a main module that can be imported
        (``if __name__ == "__main__":``), as always with spawned processes.

    Returns
    -------
    Comparison
        With the frames `runs`, `weekly`, `ledger` and `summary`, and the `manifest`.

    Raises
    ------
    BadInput
        If a file or setting is bad.
    NothingDone
        If every replication failed.
    """
    loaded = [load(source, design=design, settings=settings) for design in designs]
    title = load(source, settings=settings).scenario.title
    return compare_loaded(loaded, title=title, workers=workers)


def sweep(
    path: Source,
    workers: int = 1,
    cluster: str | None = None,
    out: Source | None = None,
    *,
    resume: bool = False,
    only_failed: bool = False,
) -> Results:
    """Run an experiment: many points, each under every design.

    Parameters
    ----------
    path
        An experiment file.
    workers
        Processes. More than one needs a main module that can be imported
        (``if __name__ == "__main__":``), as always with spawned processes.
    cluster
        Address of a Dask scheduler, whose workers are used instead.
    out
        Folder for results; ``results/<name of the file>`` if left out.
    resume
        Go on with what is in the folder.
    only_failed
        Try again the runs that failed, and no others.

    Returns
    -------
    Results
        With the frames `runs`, `points` and `failed`, and the `manifest`.

    Raises
    ------
    BadInput
        If the experiment is bad.
    SweepStopped
        If the sweep cannot begin or go on; what is finished stays, and can be resumed.
    KeyboardInterrupt
        If it was stopped; the same holds.
    """
    from labsim.study.experiment import load_experiment
    from labsim.study.sweep.folder import is_begun, look_at
    from labsim.study.sweep.sweeping import Where
    from labsim.study.sweep.sweeping import sweep as sweep_experiment

    folder = Path("results") / Path(path).stem if out is None else Path(out)
    look_at(folder, resume=resume, only_failed=only_failed)
    outcome = sweep_experiment(
        load_experiment(path, check=not is_begun(folder)),
        folder,
        Where(workers, cluster),
        resume=resume,
        only_failed=only_failed,
    )
    if outcome.statistics.interrupted:
        raise KeyboardInterrupt
    return open_results(outcome.folder)


def open_results(folder: Source) -> Results:
    """Open a folder of results; its tables are frames, named as its files are.

    Raises
    ------
    NoResults
        If there are none.
    """
    return Results(folder)


def _as_toml(settings: Mapping[str, Any] | None) -> list[str]:
    """Write settings as the command line would; JSON's numbers, texts and lists are TOML's too."""
    return [
        f"{key}={json.dumps(value, ensure_ascii=False)}" for key, value in (settings or {}).items()
    ]
