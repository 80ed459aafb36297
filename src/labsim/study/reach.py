"""How many people of a target group there can be, where more are asked for than there are."""

from __future__ import annotations

from math import inf

from labsim.market.draws import Draws
from labsim.market.people import new_arrivals
from labsim.scenario.schema import Scenario
from labsim.scenario.sections.population import Population
from labsim.scenario.sections.referral import Target

_BANDS = {
    "under_25": (18, 24),
    "from_25_to_34": (25, 34),
    "from_35_to_49": (35, 49),
    "from_50": (50, 64),
}


def people_within_reach(scenario: Scenario) -> float:
    """Return about how many of the target group are on the register while people are referred.

    An upper bound, from the shares of the population alone: what the target asks about time out of
    work and about what the office thinks of a person is left out. Infinite where the stock on the
    register is enough for the whole volume, so that nobody need count who arrives.
    """
    referral, population = scenario.referral, scenario.population
    share = target_share(population, referral.target)
    if referral.regime == "lottery":
        share *= referral.drawn_share
    # To the nearest person: shares multiply to a little less than the whole people they stand for.
    if population.registered * share > referral.volume - 0.5:
        return inf
    weeks = referral.start_week + referral.weeks
    arrivals = new_arrivals(scenario, Draws(scenario.run.seed, 0))[:weeks]
    return float(share * (population.registered + arrivals.sum()))


def target_share(population: Population, target: Target) -> float:
    """Return the share of people who have the areas, education, ages and so on of a target."""
    share = 1.0
    for wanted, shares in (
        (target.areas, population.areas),
        (target.education, population.education.model_dump()),
        (target.benefit, population.benefit.model_dump()),
        (target.sectors, population.sectors),
        (target.languages, population.languages),
    ):
        if wanted is not None:
            known = {name.replace("_", "-"): part for name, part in shares.items()}
            share *= sum(known.get(name.replace("_", "-"), 0.0) for name in set(wanted))
    if target.sectors is None:
        out = set(target.sectors_excluded or ())
        share *= 1 - sum(population.sectors.get(name, 0.0) for name in out)
    share *= sum(list(population.needs.model_dump().values())[target.needs_min or 0 :])
    return float(share * _share_of_ages(population, target))


def _share_of_ages(population: Population, target: Target) -> float:
    """Return the share of people of the target's ages, even within each band."""
    low = 0 if target.age_min is None else target.age_min
    high = 100 if target.age_max is None else target.age_max
    shares = population.age.model_dump()
    parts = [
        shares[name] * max(min(last, high) - max(first, low) + 1, 0) / (last - first + 1)
        for name, (first, last) in _BANDS.items()
    ]
    return float(sum(parts))
