"""The week: what happens to people, in the order of `SCHEDULE`.

Each phase reads the state that the phases before it left, changes its own columns, and counts.
Nobody moves first: people meet only through sums over everybody and through keyed priorities.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from labsim.market.drift import slow_changes
from labsim.market.money import payment, public_money, solvency
from labsim.market.moves import finding_work, spells_end
from labsim.market.service import acceptance, referral, service_effects, service_hours
from labsim.market.states import State

if TYPE_CHECKING:
    from labsim.market.model import LabourMarket


@dataclass(frozen=True)
class Phase:
    """One named step of the week."""

    name: str
    run: Callable[[LabourMarket], None]


def economy(market: LabourMarket) -> None:
    """The week's vacancies are known: what shocks leave of those of week 0, by segment."""
    market.vacancy_factor = np.full(market.segments, market.shocks.vacancies[market.week])


def employer_services(market: LabourMarket) -> None:
    """Firms join and are served; vacancies become known that would not have been."""
    market.employers.serve()
    if market.employers.running:
        market.vacancy_factor *= market.employers.vacancy_factor()
        market.measure("vacancies_notified", float(market.employers.more_vacancies().sum()))


def inflow(market: LabourMarket) -> None:
    """People arrive on the register."""
    market.arrived_before, market.arrived = market.arrived, market.arrived_by(market.week)
    arrivals = np.arange(market.arrived_before, market.arrived)
    # The stock of week 0 has been interviewed.
    first = market.arrived_by(-1) if market.week == 0 else market.arrived_before
    market.came = np.concatenate([market.came_back, np.arange(first, market.arrived)])
    market.columns.state[arrivals] = State.UNEMPLOYED
    market.benefit_roll.add(market.columns, arrivals, market.week)


def observation(market: LabourMarket) -> None:
    """The week is counted and shown to observers; nothing is changed."""
    for state, name in STOCKS.items():
        market.count(name, market.columns.number_in(state, market.arrived))
    market.datacollector.collect(market)
    for observer in market.observers:
        observer(market)


STOCKS = {
    State.UNEMPLOYED: "unemployed",
    State.EMPLOYED: "employed",
    State.SUBSIDISED: "subsidised",
    State.STUDYING: "studying",
    State.ENTREPRENEUR: "entrepreneurs",
    State.OUTSIDE: "outside",
}
"""Weekly stocks by state."""

COUNTS = (
    *STOCKS.values(), "referred", "started", "sent_back", "waiting", "stayed_away", "sanctioned",
    "breaches", "in_service", "jobs_started", "jobs_ended", "outcomes_met", "outcomes_paid",
    "firms_served",
)  # fmt: skip
MEASURES = (
    "client_hours", "idle_hours", "coaches", "fees_eur", "vacancies_notified", "vacancies_filled",
)  # fmt: skip

SCHEDULE: tuple[Phase, ...] = (
    Phase("economy", economy),
    Phase("employer services", employer_services),
    Phase("inflow", inflow),
    Phase("referral", referral),
    Phase("acceptance", acceptance),
    Phase("service hours", service_hours),
    Phase("slow changes", slow_changes),
    Phase("service effects", service_effects),
    Phase("finding work", finding_work),
    Phase("spells end", spells_end),
    Phase("payment", payment),
    Phase("solvency", solvency),
    Phase("public money", public_money),
    Phase("observation", observation),
)
"""The week, in order."""
