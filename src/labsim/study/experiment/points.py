"""Every point under every design, checked before anything runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from labsim.scenario.findings import Finding
from labsim.scenario.overlay import Overlay
from labsim.scenario.paths import Path
from labsim.scenario.toml_text import shown
from labsim.words import Words

Progress = Callable[[int, int], None]
_STEP = 100
_LONGEST = 300


@dataclass(frozen=True)
class Qualified(Finding):
    """A fault with where it happens: at which points, under which designs."""

    inner: Finding | None = None
    """The fault itself; ``code`` is that of the text around it."""

    def message_in(self, words: Words) -> str:
        """Return what is wrong and where, in the language of ``words``."""
        inner = self.inner.message_in(words) if self.inner is not None else ""
        values = {
            name: words.number(value) if isinstance(value, int) else value
            for name, value in self.values.items()
        }
        return words(f"errors.{self.code}", fault=inner, **values)


def qualified(finding: Finding, code: str, **values: Any) -> Finding:
    """Return a finding in the same place that says more."""
    same = {item.name: getattr(finding, item.name) for item in fields(Finding)}
    return Qualified(**{**same, "code": code, "values": values}, inner=finding)


@dataclass
class _Group:
    """Findings that differ only in the point or the design."""

    first: Finding
    point: int
    count: int = 0
    last: int = -1
    designs: list[str] = field(default_factory=list)

    def add(self, point: int, design: str) -> None:
        self.count += point != self.last
        self.last = point
        if design not in self.designs:
            self.designs.append(design)


_Key = tuple[str, int | None, Path, str]


def check_points(
    overlays: Mapping[str, Overlay],
    keys: Sequence[str],
    rows: Sequence[Sequence[Any]],
    progress: Progress | None = None,
) -> list[tuple[int, Finding]]:
    """Return faults and warnings of all points, with the first point of each.

    Parameters
    ----------
    overlays
        By design.
    keys
        Varied keys, dotted.
    rows
        Values of each point, shape (points, keys); taken one by one.
    progress
        Called with the number of points done since the last call, and of all points.

    Returns
    -------
    list of tuple of int and Finding
        Equal faults are told once, with the number of points that have them.
    """
    groups: dict[_Key, _Group] = {}
    for point in range(len(rows)):
        row = rows[point]
        for design, overlay in overlays.items():
            for finding in overlay.faults(row):
                key = (finding.file, finding.line, finding.path, finding.code)
                groups.setdefault(key, _Group(finding, point)).add(point, design)
        if progress and (point + 1) % _STEP == 0:
            progress(_STEP, len(rows))
    if progress:
        progress(len(rows) % _STEP, len(rows))
    return [
        (group.point, _told(group, keys, rows[group.point], len(rows), len(overlays)))
        for group in groups.values()
    ]


def _told(
    group: _Group, keys: Sequence[str], row: Sequence[Any], points: int, designs: int
) -> Finding:
    values: dict[str, Any] = {"point": str(group.point), "values": _listed(keys, row)}
    code = "at_point"
    if group.count > 1:
        code, values = "at_points", {**values, "count": group.count, "points": points}
    if len(group.designs) < designs:
        code, values = f"{code}_in", {**values, "designs": ", ".join(group.designs)}
    return qualified(group.first, code, **values)


def _listed(keys: Sequence[str], row: Sequence[Any]) -> str:
    """Write the values of a point, as TOML has them."""
    text = ", ".join(f"{key} = {shown(value)}" for key, value in zip(keys, row, strict=True))
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "..."


def in_designs(found: Mapping[str, Sequence[Finding]], asked: int) -> list[Finding]:
    """Return the findings of several designs, naming those of some designs only.

    Parameters
    ----------
    found
        By design.
    asked
        Number of designs that were tried.
    """
    designs: dict[str, list[str]] = {}
    first: dict[str, Finding] = {}
    for design, findings in found.items():
        for finding in findings:
            first.setdefault(str(finding), finding)
            designs.setdefault(str(finding), []).append(design)
    return [
        finding
        if len(designs[text]) == asked
        else qualified(finding, "in_designs", designs=", ".join(designs[text]))
        for text, finding in first.items()
    ]


def at_line(finding: Finding, line: int) -> Finding:
    """Return a finding on another line."""
    return replace(finding, line=line)
