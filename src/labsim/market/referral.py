"""Who may be referred, and who accepts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Protocol

import numpy as np

from labsim.market.arrays import Bools, Floats, Ints, among
from labsim.market.benefits import LABOUR_MARKET_SUPPORT
from labsim.market.jobseekers import Jobseekers
from labsim.market.people import EDUCATION, SCHEMES
from labsim.market.weeks import MONTHS_PER_WEEK
from labsim.scenario.sections.referral import Acceptance, Session, Target


class Seen(Protocol):
    """What an office sees of people by looking at them."""

    def ability(self, persons: Ints) -> Floats:
        """Return work ability, points 0-10, (n,)."""

    def exit_months(self, persons: Ints, months: Floats) -> Floats:
        """Return the months until people leave who have been out of work for some, (n,)."""


_Limits = tuple[float | None, float | None]
"""The least and the most that a target asks for, each ``None`` if it does not."""
_OPEN: _Limits = (None, None)


def belonging(
    target: Target,
    jobseekers: Jobseekers,
    persons: Ints,
    week: int,
    *,
    names: Mapping[str, Sequence[str]],
    seen: Seen,
) -> Ints:
    """Return those of people who belong to a target group now, as far as the office can see.

    Parameters
    ----------
    persons : (n,)
        Ids of unemployed people.
    names
        The scenario's `areas`, `sectors` and `languages`, in the order of their codes.
    seen
        What the office sees of people, asked only where it matters.
    """
    for test in _tests(target, jobseekers, week, names, seen):
        persons = persons[np.flatnonzero(test(persons))]
    return persons


def _tests(
    target: Target,
    jobseekers: Jobseekers,
    week: int,
    names: Mapping[str, Sequence[str]],
    seen: Seen,
) -> Iterator[Callable[[Ints], Bools]]:
    """Yield what a target asks, what takes work to see last: each is asked of who fits so far."""
    look_up = _columns(jobseekers)
    for key, known in {**names, **_OWN_NAMES}.items():
        if (wanted := getattr(target, key)) is not None:
            codes = [known.index(name) for name in wanted]
            yield partial(_is_among, look_up[key], codes)
    if target.sectors_excluded is not None:
        codes = [names["sectors"].index(name) for name in target.sectors_excluded]
        yield partial(_is_not_among, look_up["sectors"], codes)
    if target.no_known_change_months is not None:
        yield partial(_no_known_change, jobseekers, week, target.no_known_change_months)
    look_up["work_ability"] = seen.ability
    for stem in _RANGES:
        if _limits(target, stem) != _OPEN:
            yield partial(_is_within, look_up[stem], _limits(target, stem))
    so_far, to_come = _limits(target, "unemployed_months"), _limits(target, "expected_exit_months")
    if (so_far, to_come) != (_OPEN, _OPEN):
        yield partial(_time_out_fits, jobseekers, week, so_far, to_come, seen)


def _limits(target: Target, stem: str) -> _Limits:
    return getattr(target, f"{stem}_min", None), getattr(target, f"{stem}_max", None)


_OWN_NAMES = {"education": list(EDUCATION), "benefit": list(SCHEMES)}
_RANGES = ("needs", "age", "support_days", "work_ability")
"""What has limits, but for time out of work; what takes work to see last."""


_NEVER_CHANGING = {
    "areas", "age_min", "age_max", "education", "sectors", "sectors_excluded", "languages",
    "needs_min",
}  # fmt: skip


def never_changing(target: Target) -> Target | None:
    """Return the part of a target that asks for what never changes of people, if it does."""
    fixed = target.model_dump(include=_NEVER_CHANGING, exclude_none=True)
    return Target.model_construct(**fixed) if fixed else None


def changing(target: Target) -> Target:
    """Return the rest of a target: what people may come to fit, or fit no longer."""
    return Target.model_construct(**target.model_dump(exclude=_NEVER_CHANGING, exclude_none=True))


_Look = Callable[[Ints], Ints | Floats]


def _is_among(look: _Look, codes: Sequence[int], persons: Ints) -> Bools:
    return among(look(persons), codes)


def _is_not_among(look: _Look, codes: Sequence[int], persons: Ints) -> Bools:
    return ~among(look(persons), codes)


def _no_known_change(jobseekers: Jobseekers, week: int, most: float, persons: Ints) -> Bools:
    """Whether no change is known to come within so many months."""
    months = (jobseekers.change_week[persons] - week) * MONTHS_PER_WEEK
    later: Bools = months > most
    return later


def _is_within(look: _Look, limits: _Limits, persons: Ints) -> Bools:
    return _within(look(persons), limits)


def _time_out_fits(
    jobseekers: Jobseekers, week: int, so_far: _Limits, to_come: _Limits, seen: Seen, persons: Ints
) -> Bools:
    """Whether people have been out of work for so long, and are expected to be for so long."""
    months = jobseekers.months_out(persons, week)
    fits = _within(months, so_far)
    if to_come != _OPEN:
        asked = np.flatnonzero(fits)
        fits[asked] = _within(seen.exit_months(persons[asked], months[asked]), to_come)
    return fits


def _within(values: Ints | Floats, limits: _Limits) -> Bools:
    low, high = limits
    fits = np.ones(values.size, dtype=bool)
    if low is not None:
        fits &= values >= low
    if high is not None:
        fits &= values <= high
    return fits


def _columns(jobseekers: Jobseekers) -> dict[str, _Look]:
    """Return what targets ask of people, to be looked up where one asks."""
    return {
        "age": lambda persons: jobseekers.age[persons],
        "support_days": lambda persons: np.where(
            jobseekers.scheme[persons] == LABOUR_MARKET_SUPPORT, jobseekers.benefit_days[persons], 0
        ),
        "needs": lambda persons: jobseekers.needs[persons],
        "areas": lambda persons: jobseekers.area[persons],
        "sectors": lambda persons: jobseekers.sector[persons],
        "languages": lambda persons: jobseekers.language[persons],
        "education": lambda persons: jobseekers.education[persons],
        "benefit": lambda persons: jobseekers.scheme[persons],
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
