"""How many runs to give a worker at a time: a few seconds' worth."""

from __future__ import annotations

SECONDS = 3.0
"""Long enough that handing out costs nothing, short enough that a kill costs little."""

_MOST = 1_000
_GROWTH = 4
_WEIGHT = 0.3


class Pace:
    """Adapts the size of chunks to the seconds that runs are seen to take."""

    def __init__(self) -> None:
        self._per_run: float | None = None
        self._last = 1

    def note(self, runs: int, seconds: float) -> None:
        """Learn how long some runs took."""
        per_run = seconds / max(runs, 1)
        old = per_run if self._per_run is None else self._per_run
        self._per_run = old + _WEIGHT * (per_run - old)

    def runs(self, left: int, width: int) -> int:
        """Return how many runs the next chunk should have, at least.

        Parameters
        ----------
        left
            Runs that are not over; towards the end chunks shrink, so that workers end together.
        width
            Chunks under way at a time.
        """
        if self._per_run is None:
            return 1
        fitting = int(SECONDS / max(self._per_run, 1e-9))
        share = -(-left // (2 * width))
        self._last = max(min(fitting, _GROWTH * self._last, share, _MOST), 1)
        return self._last
