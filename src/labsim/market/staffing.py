"""How many coaches a provider employs, and how its optimism about outcomes learns."""

from __future__ import annotations

from dataclasses import dataclass

from labsim.market.arrays import Floats
from labsim.scenario.sections.providers import Provider as ProviderTerms


@dataclass(frozen=True)
class Income:
    """What a provider's present clients bring in a week, as it believes, in euros.

    Attributes
    ----------
    sure
        Fees that do not hang on outcomes, hours left aside.
    hoped
        Outcome fees, before its optimism.
    per_hour
        Fee of a client hour.
    """

    sure: float
    hoped: float
    per_hour: float


def wanted_coaches(
    terms: ProviderTerms, clients: int, income: Income, optimism: float, least_hours: float
) -> float:
    """Return the coaches that a provider would employ if it could at once.

    ``clip((1-margin) * (sure + theta*hoped) / cost, n*e_min/hours, n/C_plan)``: providers staff to
    cover cost, since an hour at its cost brings far less in fees at the margin, and pricing at the
    margin would park everybody (model.md). Never less than the promised minimum of hours needs, nor
    (unless that is more) than the planned caseload; optimism `theta` weighs only what is uncertain.
    A coach's cost is net of what the hours themselves earn: where an hour's fee covers it with the
    margin, hours are given up to the planned caseload.

    Parameters
    ----------
    clients
        Clients in service, ``n``.
    least_hours
        Least hours per client and week, ``e_min``.
    """
    hours = terms.client_hours_per_coach_week
    least, most = clients * least_hours / hours, clients / terms.planned_caseload
    keeps = 1 - terms.target_margin
    cost = terms.coach_week_eur - keeps * income.per_hour * hours
    if cost <= 0:
        return max(least, most)
    covered = keeps * (income.sure + optimism * income.hoped) / cost
    return max(least, min(covered, most))


def moved(coaches: float, wanted: float, terms: ProviderTerms, pace: float = 1.0) -> float:
    """Return the coaches of the next week: hires and cuts close a part of the gap each.

    Parameters
    ----------
    pace
        Factor on hiring: under 1 where recruits are hard to find.
    """
    rate = terms.hiring_per_week * pace if wanted > coaches else terms.cutting_per_week
    return coaches + rate * (wanted - coaches)


def learned_optimism(terms: ProviderTerms, expected: Floats, earned: Floats) -> float:
    """Return the factor by which a provider's expected outcome fees have come true, ``theta``.

    A ratio estimate that begins at `optimism` with the weight of `optimism_prior_clients` typical
    clients; only clients count of whom nothing more can be earned.

    Parameters
    ----------
    expected, earned : (clients,)
        Outcome fees expected at the start (without optimism), and earned, of matured clients.
    """
    if expected.size == 0 or not expected.any():
        return terms.optimism
    prior = terms.optimism_prior_clients * float(expected.mean())
    total = prior + float(expected.sum())
    return (terms.optimism * prior + float(earned.sum())) / total
