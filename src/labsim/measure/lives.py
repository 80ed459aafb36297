"""People's lives in numbers: weeks in work and lasting jobs, from the log of spells."""

from __future__ import annotations

import numpy as np

from labsim.market.arrays import Bools, Floats, Ints
from labsim.market.jobseekers import Spells
from labsim.market.states import State


def _clipped(spells: Spells, last: int) -> Ints:
    end: Ints = np.minimum(spells.column("end"), last)
    return end


def weeks_in_work(spells: Spells, since: Ints, last: int) -> Floats:
    """Return each person's weeks in open-market jobs from a week of their own on.

    Parameters
    ----------
    since : (people,)
        First week that counts, by person.
    last
        First week after the run.

    Returns
    -------
    (people,)
        Weeks.
    """
    person = spells.column("person")
    begin = np.maximum(spells.column("begin"), since[person])
    employed = spells.column("state") == State.EMPLOYED
    weeks = np.maximum(_clipped(spells, last) - begin, 0) * employed
    return np.bincount(person, weights=weeks, minlength=since.size).astype(np.float64)


def has_spell(
    spells: Spells, since: Ints, last: int, state: State, at_least_weeks: int = 1
) -> Bools:
    """Whether each person has begun a long enough spell of a kind since a week of their own.

    Parameters
    ----------
    since : (people,)
        First week that counts, by person.
    last
        First week after the run; a spell still open has lasted until then.
    at_least_weeks
        Weeks that it must have lasted.
    """
    person, begin = spells.column("person"), spells.column("begin")
    found = (spells.column("state") == state) & (begin >= since[person])
    found &= _clipped(spells, last) - begin >= at_least_weeks
    has = np.zeros(since.size, dtype=bool)
    has[person[found]] = True
    return has
