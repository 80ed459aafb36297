"""Joint work of office and providers: trust, coordinators, one roof, a back office.

Nothing here does anything by default. What it does to people's lives it does through coaching
alone, and is multiplied by `coaching.effect_scale` with it.
"""

from __future__ import annotations

from math import inf, log
from typing import TYPE_CHECKING

import numpy as np

from labsim.market.arrays import Floats, Ints
from labsim.market.draws import Stream
from labsim.market.ledger import Account
from labsim.market.states import Stage
from labsim.market.weeks import WEEKS_PER_MONTH
from labsim.scenario.schema import Scenario
from labsim.scenario.sections.partnership import Partnership

if TYPE_CHECKING:
    from labsim.market.model import LabourMarket


def meeting_gain(terms: Partnership) -> float:
    """Return the part of missing trust that a week's meetings give.

    Each meeting gives `trust_per_meeting` of what is missing, so that returns diminish (M-TRU-04):
    ``1 - (1 - gain)**(meetings a week)``.
    """
    monthly = meetings_per_month(terms)
    return 1.0 - float((1.0 - terms.trust_per_meeting) ** (monthly / WEEKS_PER_MONTH))


def meetings_per_month(terms: Partnership) -> float:
    """Return the meetings of office and providers, those that shared premises bring among them."""
    brought = terms.premises_meetings_per_month if terms.shared_premises else 0.0
    return terms.meetings_per_month + brought


def months_to_trust(scenario: Scenario, part: float = 0.9) -> float:
    """Return the months in which a part of the trust that is missing comes, without disputes.

    With starts in every week, of which `trust_gain_per_week` comes beside that of meetings.
    """
    left = (1 - scenario.office.trust_gain_per_week) * (1 - meeting_gain(scenario.partnership))
    if left <= 0:
        return 1 / WEEKS_PER_MONTH
    return log(1 - part) / log(left) / WEEKS_PER_MONTH if left < 1 else inf


def assessment_noise_sd(scenario: Scenario) -> float:
    """Return the error of the office's judgement, less what partners save of it.

    Joint definition of referral does (M-REF-04), and so does a team for the target group's sectors,
    as far as these are strong in the region (REF-34); each takes its part of what the other leaves.
    """
    terms = scenario.partnership
    left = 1 - terms.joint_definition * terms.joint_definition_effect
    if terms.sector_team:
        left *= 1 - terms.sector_team_effect * sector_strength(scenario)
    return scenario.office.assessment_noise_sd * left


def sector_strength(scenario: Scenario) -> float:
    """Return how strong the target group's sectors are in the region, 0-1.

    The mean of their shares of jobseekers and of vacancies (M-REF-11); without sectors in the
    target, nothing is strong about them.
    """
    people, target = scenario.population.sectors, scenario.referral.target
    vacancies = {
        name: share * scenario.labour_market.vacancies.sectors.get(name, 1.0)
        for name, share in people.items()
    }
    wanted = [name for name in target.sectors or () if name in people]
    jobs, everybody = sum(vacancies.values()), sum(people.values())
    if not wanted or jobs <= 0:
        return 0.0
    shares = sum(people[name] for name in wanted) / everybody
    return (shares + sum(vacancies[name] for name in wanted) / jobs) / 2


def wait_weeks(scenario: Scenario) -> int:
    """Return the weeks from referral to start; shorter under one roof (OUT-16)."""
    terms, weeks = scenario.partnership, scenario.referral.wait_weeks
    return max(weeks - terms.premises_wait_saved_weeks, 0) if terms.shared_premises else weeks


def dispute_factor(terms: Partnership, trust: Floats) -> Floats:
    """Return the part of disputes that is left with each provider, (providers,).

    Agreed data transfer saves some (M-ADM-03), and trust does (M-ADM-04, PTN-05); each takes its
    part of what the other leaves.
    """
    agreed = 1 - terms.data_transfer * terms.data_transfer_effect
    left: Floats = agreed * (1 - terms.dispute_relief_of_trust * trust)
    return left


def time_saved(terms: Partnership) -> float:
    """Return the part of the office's tasks of authority that a back office takes over."""
    return terms.back_office_effect if terms.back_office else 0.0


def kept(loss: float, needs: Ints, relief: Floats) -> Floats:
    """Return the part of a service's effect that hand-overs between services leave, (n,).

    A client with n needs is handed over n - 1 times, and each time loses the part `loss` of what
    the service does, less the part of it that is relieved:
    ``(1 - loss * (1 - relief))**max(n - 1, 0)``. So a coordinator helps those most who use most
    services (OUT-17, M-WA-03).

    Parameters
    ----------
    loss
        Part lost at each hand-over between services that nobody pulls together.
    needs : (n,)
        Simultaneous service needs.
    relief : (n,)
        Part of that loss which is saved, 0-1.
    """
    left: Floats = (1 - loss * (1 - relief)) ** np.maximum(needs.astype(np.int64) - 1, 0)
    return left


def kept_of_clients(market: LabourMarket, clients: Ints) -> Floats:
    """Return what hand-overs leave of the service's effect on each client, (n,).

    A coordinator works through other services' trust: what it saves is in proportion to the trust
    that the office has in the client's provider by now, which takes about a year (TIM-03).
    """
    columns, terms = market.columns, market.setup.partnership
    trust = market.office.trust[columns.provider[clients]]
    lost = 1 - terms.coordinator_effect * trust * columns.coordinated[clients]
    if terms.shared_premises:
        lost *= 1 - terms.premises_effect
    return kept(market.setup.coaching.handover_loss, columns.needs[clients], 1 - lost)


def give_coordinators(market: LabourMarket, starting: Ints) -> None:
    """Give a coordinator to the share of starting clients with enough needs who get one."""
    terms = market.setup.partnership
    if terms.coordinator_share <= 0 or not starting.size:
        return
    many = market.columns.needs[starting] >= terms.coordinator_needs_min
    drawn = market.draws.uniform(Stream.COORDINATOR, 0, starting) < terms.coordinator_share
    market.columns.coordinated[starting[many & drawn]] = True


def joint_costs(market: LabourMarket) -> None:
    """Book what the purchaser pays for coordinators, premises and a back office this week."""
    if not market.contract_is_on():
        return
    terms, columns = market.setup.partnership, market.columns
    clients = market.in_stage(Stage.IN_SERVICE)
    coordinated = int(np.count_nonzero(columns.coordinated[clients]))
    each = round(terms.coordinator_week_eur * 100 / terms.coordinator_caseload)
    premises = round(terms.premises_week_eur * 100) if terms.shared_premises else 0
    hours = market.office.hours_taken_over() if terms.back_office else 0.0
    hour = market.setup.finance.office_hour_eur * terms.back_office_cost_share * 100
    for payee, item, cents in (
        ("office staff", "coordinators", coordinated * each),
        ("suppliers", "shared premises", premises),
        ("office staff", "back office", round(hours * hour)),
    ):
        market.ledger.post(market.week, Account("purchaser", payee, "admin", item), cents)
