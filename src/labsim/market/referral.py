"""Who may be referred, and in what order."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from labsim.market.arrays import Bools, Floats, Ints
from labsim.market.benefits import LABOUR_MARKET_SUPPORT
from labsim.market.draws import Draws, Stream
from labsim.market.jobseekers import Jobseekers
from labsim.market.people import EDUCATION, SCHEMES
from labsim.scenario.sections.referral import Acceptance, Referral, Target


def matches(
    target: Target, jobseekers: Jobseekers, persons: Ints, week: int, areas: list[str]
) -> Bools:
    """Whether each person belongs to a target group in this week.

    Parameters
    ----------
    persons : (n,)
        Ids of unemployed people.
    areas
        Names of the scenario's areas, in the order of their codes.
    """
    fits = np.ones(persons.size, dtype=bool)
    column = _columns(jobseekers, persons, week)
    for stem in ("age", "unemployed_months", "work_ability", "support_days"):
        low, high = (getattr(target, f"{stem}_{end}", None) for end in ("min", "max"))
        if low is not None:
            fits &= column[stem] >= low
        if high is not None:
            fits &= column[stem] <= high
    names: dict[str, tuple[str, ...] | list[str]] = {
        "areas": areas, "education": EDUCATION, "benefit": SCHEMES
    }  # fmt: skip
    for key, known in names.items():
        wanted = getattr(target, key)
        if wanted is not None:
            fits &= np.isin(column[key], [known.index(name) for name in wanted])
    return fits


def _columns(jobseekers: Jobseekers, persons: Ints, week: int) -> dict[str, Ints | Floats]:
    scheme = jobseekers.scheme[persons]
    return {
        "age": jobseekers.age[persons],
        "unemployed_months": jobseekers.months_out(persons, week),
        "work_ability": jobseekers.ability[persons],
        "support_days": np.where(
            scheme == LABOUR_MARKET_SUPPORT, jobseekers.benefit_days[persons], 0
        ),
        "areas": jobseekers.area[persons],
        "education": jobseekers.education[persons],
        "benefit": scheme,
    }


def quota(referral: Referral, week: int) -> int:
    """Return how many people should have been referred by the end of this week."""
    elapsed = np.clip(week - referral.start_week + 1, 0, referral.weeks)
    return int(np.floor(referral.volume * elapsed / referral.weeks))


Regime = Callable[[Referral, Draws, Ints, int], Ints]
"""(referral, draws, eligible people, places) -> people to refer, in order."""


def central(_referral: Referral, draws: Draws, eligible: Ints, places: int) -> Ints:
    """Work through the office's list of the whole target group; a person's place on it is fixed."""
    place = draws.uniform(Stream.PRIORITY, 0, eligible)
    if places < eligible.size:
        first = np.flatnonzero(place <= np.partition(place, places)[places])
        eligible, place = eligible[first], place[first]
    return eligible[np.argsort(place, kind="stable")[:places]]


def lottery(referral: Referral, draws: Draws, eligible: Ints, places: int) -> Ints:
    """Draw by lot who may be offered the service; the others stay apart as a comparison group."""
    drawn = draws.uniform(Stream.LOTTERY, 0, eligible) < referral.drawn_share
    return central(referral, draws, eligible[drawn], places)


REGIMES: dict[str, Regime] = {"central": central, "lottery": lottery}


def acceptance_chance(
    acceptance: Acceptance, motivation: Floats, belief: Floats, weeks_waited: Ints | int
) -> Floats:
    """Return the chance that each referred person accepts.

    A logit around motivation 7.5 and belief in finding work alone 5.5; expecting to find work alone
    is the main reason to decline (survey tables of the evaluation).
    """
    score = (
        acceptance.intercept
        + acceptance.per_motivation_point * (motivation - 7.5)
        + acceptance.per_belief_point * (belief - 5.5)
        + acceptance.per_week_waited * weeks_waited
    )
    chance: Floats = 1 / (1 + np.exp(-score))
    return chance
