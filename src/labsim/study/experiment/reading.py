"""An experiment file against its declaration: what it says, and every fault of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from pydantic import ValidationError

from labsim.scenario.findings import Finding, bad
from labsim.scenario.layer import line_of
from labsim.scenario.merge import Merged, Origin
from labsim.scenario.messages import findings_of
from labsim.scenario.parameter import Section
from labsim.scenario.paths import Path
from labsim.scenario.read import Document
from labsim.scenario.suggest import nearest
from labsim.scenario.toml_text import shown
from labsim.study.experiment.declared import METHODS, READ_BY, Declared, StopRule, Vary

Kind = TypeVar("Kind", bound=Section)
OWN_ORDER = -1
"""Rank of an experiment file: its faults come before those of the files it names."""
MARKS = ("scenario", "designs", "method", "vary")
"""Keys that no scenario has."""


def is_experiment(document: Document) -> bool:
    """Whether a file is meant as an experiment, and not as a scenario."""
    return any(key in document.values for key in MARKS)


@dataclass
class Reading:
    """What a file says, as far as it is right, and what is wrong with the rest.

    Attributes
    ----------
    document
        The file.
    said
        Its valid keys, and the defaults of those that it leaves out.
    vary
        Its valid ``[[vary]]`` tables, by their position.
    faulty
        Keys that are not valid.
    findings, warnings
        Faults, and what to warn of.
    """

    document: Document
    said: Declared
    vary: dict[int, Vary] = field(default_factory=dict)
    faulty: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)

    def gives(self, key: str) -> bool:
        """Whether the file sets a key, rightly or not."""
        return key in self.document.values

    def note(self, path: Path, code: str, *, at: Path | None = None, **values: Any) -> None:
        """Record a fault of a key; ``at``: its place in the file, if that is not the key."""
        self.findings.append(self._finding(path, code, path if at is None else at, values))

    def warn(self, path: Path, code: str, **values: Any) -> None:
        """Record a warning about a key."""
        self.warnings.append(replace(self._finding(path, code, path, values), severity="warning"))

    def _finding(self, path: Path, code: str, at: Path, values: dict[str, Any]) -> Finding:
        line = line_of(self.document.lines, at)
        return Finding(self.document.file, line, path, code, values, order=OWN_ORDER)


def read_declared(document: Document) -> Reading:
    """Check each key of a document by itself, then together.

    Raises
    ------
    BadInput
        If it is a scenario.
    """
    if document.values and not is_experiment(document):
        raise bad(document.file, "not_an_experiment")
    reading = Reading(document, Declared())
    known = [*Declared.model_fields, "vary"]
    for key in document.values:
        if key not in known:
            _unknown_key(reading, (key,), known)
    given = {key: value for key, value in document.values.items() if key in Declared.model_fields}
    valid = {}
    for key, value in given.items():
        section = _table(reading, StopRule, (key,), value) if key == "stop" else value
        found = _valid(reading, Declared, {key: section}, ())
        if found is None:
            reading.faulty.add(key)
        else:
            valid[key] = getattr(found, key)
    reading.said = Declared.model_construct(**(Declared().__dict__ | valid))
    _vary(reading)
    _together(reading)
    return reading


def _vary(reading: Reading) -> None:
    tables = reading.document.values.get("vary", [])
    if not isinstance(tables, list):
        reading.note(("vary",), "list_type", got=shown(tables))
        return
    for place, table in enumerate(tables):
        path: Path = ("vary", place)
        found = _valid(reading, Vary, _table(reading, Vary, path, table), path)
        if found is not None:
            reading.vary[place] = found


def _table(reading: Reading, model: type[Section], path: Path, table: Any) -> Any:
    """Return a table without the keys that its declaration lacks, noting each of them."""
    if not isinstance(table, dict):
        return table
    for key in table.keys() - model.model_fields.keys():
        _unknown_key(reading, (*path, key), list(model.model_fields))
    return {key: value for key, value in table.items() if key in model.model_fields}


def _unknown_key(reading: Reading, path: Path, known: list[str]) -> None:
    guess = nearest(str(path[-1]), known)
    if guess is None:
        reading.note(path, "unknown_key")
    else:
        reading.note(path, "unknown_key_guess", guess=guess)


def _valid(reading: Reading, model: type[Kind], value: Any, at: Path) -> Kind | None:
    try:
        return model.model_validate(value)
    except ValidationError as error:
        file, lines = reading.document.file, reading.document.lines
        places = Merged({}, {path: Origin(file, line, OWN_ORDER) for path, line in lines.items()})
        places.origins[()] = Origin(file, None, OWN_ORDER)
        for item in error.errors(include_url=False):
            reading.findings += findings_of(dict(item), (*at, *item["loc"]), places)
        return None


def _together(reading: Reading) -> None:
    said = reading.said
    for key in ("scenario", "method"):
        if not getattr(said, key) and key not in reading.faulty:
            reading.note((key,), "required")
    if said.replications is not None and said.stop is not None:
        reading.note(("stop",), "instead_of", other="replications")
    if said.method and said.method not in METHODS:
        _no_such_method(reading)
    elif said.method:
        for path, code, values in _by_method(reading):
            reading.note(path, code, **values)


def _no_such_method(reading: Reading) -> None:
    got = reading.said.method
    values: dict[str, Any] = {"choices": ", ".join(METHODS), "got": shown(got)}
    guess = nearest(got, METHODS)
    reading.faulty.add("method")
    if guess is None:
        reading.note(("method",), "not_a_choice", **values)
    else:
        reading.note(("method",), "not_a_choice_guess", **values, guess=guess)


def _by_method(reading: Reading) -> Iterator[tuple[Path, str, dict[str, Any]]]:
    """Find keys that the method does not read, and those that it needs."""
    method = reading.said.method
    for key, readers in READ_BY.items():
        if reading.gives(key) and method not in readers:
            yield (key,), "not_of_method", {"methods": ", ".join(readers), "method": method}
    needed = {"points": "file", "grid": "vary"}.get(method, "points")
    for key in dict.fromkeys((needed, "file" if method == "points" else "vary")):
        if not reading.document.values.get(key) and key not in reading.faulty:
            yield (key,), "no_vary" if key == "vary" else "required", {}
    if method != "grid":
        for place, vary in reading.vary.items():
            if vary.levels is not None:
                values = {"methods": "grid", "method": method}
                yield ("vary", place, "levels"), "not_of_method", values
