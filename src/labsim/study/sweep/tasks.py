"""How runs are named: by point, replication and design."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

Run = tuple[int, int, int]
"""Point, replication and design, each a number from 0."""


@dataclass(frozen=True)
class Task:
    """Designs of one replication of a point, which share their twin."""

    point: int
    replication: int
    designs: tuple[int, ...]

    def runs(self) -> Iterator[Run]:
        """Yield every run of the task."""
        return ((self.point, self.replication, design) for design in self.designs)
