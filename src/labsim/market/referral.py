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
    fits = np.ones(persons.size, dtype=bool)
    column = _columns(jobseekers, persons, week)
    for stem in _RANGES:
        low, high = (getattr(target, f"{stem}_{end}", None) for end in ("min", "max"))
        if low is not None or high is not None:
            values = seen[stem](persons) if stem in seen else column[stem]()
            fits &= _between(values, low, high)
    for key, known in {**names, **_OWN_NAMES}.items():
        wanted = getattr(target, key)
        if wanted is not None:
            fits &= np.isin(column[key](), [known.index(name) for name in wanted])
    return fits & ~_kept_out(target, jobseekers, persons, week, names["sectors"])


_OWN_NAMES = {"education": list(EDUCATION), "benefit": list(SCHEMES)}
_RANGES = (
    "age", "unemployed_months", "work_ability", "support_days", "needs", "expected_exit_months",
)  # fmt: skip


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
