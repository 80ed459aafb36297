"""Choose seeds of markets that show everything: ``python -m tests.reference.seeds 0 200``.

To be run when a rule or the drawing of markets has changed, so that the agreement test
no longer shows what it is meant to. Only the plain model runs. Of the seeds printed the first are
for `SHOWING`, which shows everything in little time, and the others for `MORE`.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable

from tests.reference.test_agreement import EVERYTHING, plain, shown, small

Tried = dict[int, tuple[float, set[str]]]
"""By seed: seconds of processor, and what the run shows."""
_OVERHEAD = 0.7
"""Seconds of the columnar model, and of comparing."""


def tried(seeds: Iterable[int]) -> Tried:
    """Run the plain model."""
    found: Tried = {}
    for seed in seeds:
        begun = time.process_time()
        shows = shown(plain(small(seed))) & EVERYTHING
        found[seed] = time.process_time() - begun, shows
    return found


def cheapest(found: Tried) -> list[int]:
    """Return seeds that show together what all show, by what each adds for its time."""
    left: set[str] = set().union(*(shows for _, shows in found.values()))
    chosen: list[int] = []
    while left:
        best = max(
            found, key=lambda seed: len(left & found[seed][1]) / (found[seed][0] + _OVERHEAD)
        )
        chosen.append(best)
        left -= found[best][1]
    return sorted(chosen)


if __name__ == "__main__":
    every = tried(range(int(sys.argv[1]), int(sys.argv[2])))
    missing = EVERYTHING - set().union(*(shows for _, shows in every.values()))
    print("not shown:", sorted(missing))
    for time_round in range(3):
        chosen = cheapest(every)
        print("once more:" if time_round else "SHOWING:", chosen)
        every = {seed: found for seed, found in every.items() if seed not in chosen}
