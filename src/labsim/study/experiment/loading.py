"""From an experiment file to an experiment that can be run, or to every reason why it cannot."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path as FilePath
from typing import Any

from labsim.scenario import shipped
from labsim.scenario.findings import BadInput, Finding, ordered
from labsim.scenario.loading import OWN
from labsim.scenario.overlay import Overlay, Varied
from labsim.scenario.paths import Path
from labsim.scenario.read import read
from labsim.study.experiment.axes import Axis, Codes
from labsim.study.experiment.declared import READ_BY, Declared
from labsim.study.experiment.experiment import Experiment, Rows, Stop
from labsim.study.experiment.points import Progress, at_line, check_points, in_designs
from labsim.study.experiment.reading import OWN_ORDER, Reading, read_declared
from labsim.study.experiment.sampling import sample
from labsim.study.experiment.table import Table, read_table
from labsim.study.experiment.varying import axes_of
from labsim.study.twin import TWIN


def load_experiment(
    path: str | os.PathLike[str],
    *,
    check: bool = True,
    progress: Progress | None = None,
) -> Experiment:
    """Load an experiment, and check every point of it under every design.

    Parameters
    ----------
    path
        The file.
    check
        Whether to check the points; those of a sweep that is resumed have been.
    progress
        Called with the number of points checked since the last call, and of all points.

    Raises
    ------
    BadInput
        With every fault found: first of the files; if they are good, of all the points.
    """
    file = FilePath(path)
    reading = read_declared(read(file))
    table = _table(reading, file)
    axes = table.axes if table is not None else axes_of(reading)
    overlays = _overlays(reading, axes, table, str(file.parent))
    _refuse(reading, table)
    codes = table.codes if table is not None else sample(reading, axes)
    _refuse(reading, table)
    experiment = _made(reading, file.stem, axes, codes, overlays)
    if not check:
        return experiment
    found = check_points(overlays, experiment.keys, experiment.rows, progress)
    if table is not None:
        found = [
            (point, at_line(item, table.lines[point]) if item.file == table.file else item)
            for point, item in found
        ]
    errors = [finding for _, finding in found if finding.severity == "error"]
    if errors:
        raise BadInput(errors)
    warnings = ordered([*experiment.warnings, *(finding for _, finding in found)])
    return replace(experiment, warnings=tuple(warnings))


def _refuse(reading: Reading, table: Table | None) -> None:
    """Raise what was found; faults of the experiment's own file come first."""
    findings = [*reading.findings, *(table.findings if table is not None else ())]
    if findings:
        own = reading.document.file
        raise BadInput(
            replace(item, order=OWN_ORDER) if item.file == own else item for item in findings
        )


def _table(reading: Reading, file: FilePath) -> Table | None:
    """Read the table of points, if there is one; a file that cannot be read is a fault."""
    name = reading.said.file
    if reading.said.method != "points" or not name:
        return None
    path = os.path.normpath(file.parent / name)
    try:
        return read_table(FilePath(path), path.replace(os.sep, "/"))
    except BadInput as error:
        reading.findings += error.findings
        return None


def _overlays(
    reading: Reading, axes: Sequence[Axis], table: Table | None, folder: str
) -> dict[str, Overlay]:
    """Merge the files of each design; what is wrong with them is noted in the reading."""
    source, designs = reading.said.scenario, _designs(reading, folder)
    if _found(reading, source, ("scenario",), shipped.SCENARIOS_FIRST, folder) is None:
        return {}
    file = reading.document.file if table is None else table.file
    varied = [Varied(axis.path, axis.samples(), file, axis.line) for axis in axes]
    overlays: dict[str, Overlay] = {}
    found: dict[str, Sequence[Finding]] = {}
    for name, design in designs.items():
        try:
            overlays[name] = Overlay(source, design, varied, beside=folder)
        except BadInput as error:
            found[name] = error.findings
    reading.findings += in_designs(found, len(designs))
    return overlays


def _designs(reading: Reading, folder: str) -> dict[str, str]:
    """Return what the file says of each design, by the design's name."""
    designs: dict[str, str] = {}
    for place, said in enumerate(reading.said.designs):
        at: Path = ("designs", place)
        if said == OWN:
            name = OWN
        else:
            found = _found(reading, said, at, shipped.DESIGNS_FIRST, folder)
            if found is None:
                continue
            name = found.stem
            if name in (TWIN, OWN) or name[:1] in "=+-@":
                reading.note(at, "design_name", name=name)
                continue
        if name in designs:
            reading.note(at, "design_twice", name=name)
        designs.setdefault(name, said)
    return designs


def _found(
    reading: Reading, name: str, at: Path, folders: Sequence[str], folder: str
) -> FilePath | None:
    """Return the file that a name stands for; None, with a note, if there is none."""
    if not name:
        if at != ("scenario",):
            reading.note(at, "text_too_short")
        return None
    try:
        path = shipped.find(name, folders=folders, beside=folder).path
    except BadInput as error:
        [finding] = error.findings
        reading.note(at, finding.code, **finding.values)
        return None
    if not path.exists():
        reading.note(at, "missing_extends", name=name)
        return None
    return path


def _made(
    reading: Reading,
    name: str,
    axes: Sequence[Axis],
    codes: Sequence[Codes],
    overlays: dict[str, Overlay],
) -> Experiment:
    said, first = reading.said, next(iter(overlays.values()))
    stop = None
    if said.stop is not None:
        stop = Stop(**said.stop.model_dump())
    replications = said.replications
    if replications is None and stop is None:
        replications = first.files["run"]["replications"]
    indicators = said.indicators
    if indicators is not None and stop is not None and stop.indicator not in indicators:
        indicators = [*indicators, stop.indicator]
    warnings = [item for overlay in overlays.values() for item in overlay.warnings]
    return Experiment(
        name=name,
        title=said.title,
        scenario_name=first.scenario_name,
        designs=tuple(overlays),
        replications=replications,
        stop=stop,
        indicators=None if indicators is None else tuple(dict.fromkeys(indicators)),
        rows=Rows(tuple(axes), tuple(codes)),
        overlays=overlays,
        recipe=_recipe(said),
        warnings=tuple(ordered([*reading.warnings, *warnings])),
    )


def _recipe(said: Declared) -> dict[str, Any]:
    """Return how the points came about: the method, and what it reads."""
    read = [key for key in ("seed", "levels", "second_order") if said.method in READ_BY[key]]
    return {"method": said.method, **{key: getattr(said, key) for key in read}}
