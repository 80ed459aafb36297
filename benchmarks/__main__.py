"""Print what labsim costs: start-up, a simulated person-week, a whole country, memory.

Every figure is the median over repetitions taken in turn in one run, with the smallest and
largest; ratios are of figures of the same repetition, so that a busy machine moves both. Markets
are timed in processor seconds: they run in one thread. Compare those; seconds on the wall are what
a user waits, and depend on what else runs.
"""

from __future__ import annotations

import sys

from benchmarks.everything import all_mechanisms
from benchmarks.market import country, designs, growth, one_size, person_week
from benchmarks.start import start_up

if __name__ == "__main__":
    if len(sys.argv) > 1:  # a child process of `growth`
        one_size(int(sys.argv[1]))
    else:
        start_up()
        growth()  # first: a child's peak memory counts from its parent's
        person_week()
        designs()
        country()
        all_mechanisms()
