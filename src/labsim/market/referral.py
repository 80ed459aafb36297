"""Who may be referred, and who accepts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from labsim.market.arrays import Bools, Floats, Ints
from labsim.market.benefits import LABOUR_MARKET_SUPPORT
from labsim.market.jobseekers import Jobseekers
from labsim.market.people import EDUCATION, SCHEMES
from labsim.market.weeks import MONTHS_PER_WEEK
from labsim.scenario.sections.referral import Acceptance, Session, Target


def matches(
    target: Target,
    jobseekers: Jobseekers,
    persons: Ints,
    week: int,
    *,
    names: Mapping[str, Sequence[str]],
    seen: Mapping[str, Callable[[Ints], Floats]],
) -> Bools:
    """Whether each person belongs to a target group in this week, as far as the office can see.

    Parameters
    ----------
    persons : (n,)
        Ids of unemployed people.
    names
        The scenario's `areas`, `sectors` and `languages`, in the order of their codes.
    seen
        What the office sees of given people, asked only where it matters: `work_ability`, and
        `expected_exit_months` until they leave unemployment.
    """
    fits = ~_kept_out(target, jobseekers, persons, week, names["sectors"])
    column = _columns(jobseekers, persons, week)
    for key, known in {**names, **_OWN_NAMES}.items():
        wanted = getattr(target, key)
        if wanted is not None:
            fits &= np.isin(column[key](), [known.index(name) for name in wanted])
    for stem in _RANGES:
        if _limits(target, stem) != (None, None):
            fits &= _between(column[stem](), *_limits(target, stem))
    # What takes work to see is looked up for those alone who fit so far.
    for stem, look in seen.items():
        if _limits(target, stem) != (None, None):
            rows = np.flatnonzero(fits)
            fits[rows] = _between(look(persons[rows]), *_limits(target, stem))
    return fits


def _limits(target: Target, stem: str) -> tuple[float | None, float | None]:
    """Return the least and the most that a target asks for, each ``None`` if it does not."""
    return getattr(target, f"{stem}_min", None), getattr(target, f"{stem}_max", None)


_OWN_NAMES = {"education": list(EDUCATION), "benefit": list(SCHEMES)}
_RANGES = ("age", "unemployed_months", "support_days", "needs")
"""Limits on what the office knows for certain."""


def _kept_out(
    target: Target, jobseekers: Jobseekers, persons: Ints, week: int, sectors: Sequence[str]
) -> Bools:
    """Whether people are kept out by their sector, or by a change that is known to come soon."""
    out = np.zeros(persons.size, dtype=bool)
    if target.sectors_excluded is not None:
        codes = [sectors.index(name) for name in target.sectors_excluded]
        out |= np.isin(jobseekers.sector[persons], codes)
    if target.no_known_change_months is not None:
        months = (jobseekers.change_week[persons] - week) * MONTHS_PER_WEEK
        out |= months <= target.no_known_change_months
    return out


def _between(values: Ints | Floats, low: float | None, high: float | None) -> Bools:
    fits = np.ones(values.size, dtype=bool)
    if low is not None:
        fits &= values >= low
    if high is not None:
        fits &= values <= high
    return fits


def _columns(
    jobseekers: Jobseekers, persons: Ints, week: int
) -> dict[str, Callable[[], Ints | Floats]]:
    """Return what targets ask of people, to be looked up where one asks."""
    return {
        "age": lambda: jobseekers.age[persons],
        "unemployed_months": lambda: jobseekers.months_out(persons, week),
        "support_days": lambda: np.where(
            jobseekers.scheme[persons] == LABOUR_MARKET_SUPPORT, jobseekers.benefit_days[persons], 0
        ),
        "needs": lambda: jobseekers.needs[persons],
        "areas": lambda: jobseekers.area[persons],
        "sectors": lambda: jobseekers.sector[persons],
        "languages": lambda: jobseekers.language[persons],
        "education": lambda: jobseekers.education[persons],
        "benefit": lambda: jobseekers.scheme[persons],
    }


def session_chance(session: Session, motivation: Floats) -> Floats:
    """Return the chance that each invited person comes to a session: a logit in motivation."""
    score = session.intercept + session.per_motivation_point * (motivation - 7.5)
    chance: Floats = 1 / (1 + np.exp(-score))
    return chance


def acceptance_chance(
    acceptance: Acceptance,
    motivation: Floats,
    belief: Floats,
    weeks_waited: Ints | int,
    shift: Floats | float = 0.0,
) -> Floats:
    """Return the chance that each referred person accepts.

    A logit around motivation 7.5 and belief in finding work alone 5.5; expecting to find work alone
    is the main reason to decline (PART-01). What else weighs is added: `willingness.shifts`.
    """
    score = (
        acceptance.intercept
        + acceptance.per_motivation_point * (motivation - 7.5)
        + acceptance.per_belief_point * (belief - 5.5)
        + acceptance.per_week_waited * weeks_waited
        + shift
    )
    chance: Floats = 1 / (1 + np.exp(-score))
    return chance
