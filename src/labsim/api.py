"""The same in Python, for notebooks: load, run, compare. Tables are pandas frames.

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
from typing import Any

from labsim.scenario.loaded import Loaded
from labsim.scenario.loading import load as load_file
from labsim.study.comparison import Comparison
from labsim.study.comparison import compare as compare_loaded

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


def _as_toml(settings: Mapping[str, Any] | None) -> list[str]:
    """Write settings as the command line would; JSON's numbers, texts and lists are TOML's too."""
    return [
        f"{key}={json.dumps(value, ensure_ascii=False)}" for key, value in (settings or {}).items()
    ]
