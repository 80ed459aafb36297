"""A provider: staffs for its planned caseload, and divides its coaches' hours among its clients."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
import numpy as np

from labsim.market.arrays import Floats, Ints
from labsim.market.coaching import responsiveness
from labsim.market.draws import Stream
from labsim.market.effort import Allocation, allocate
from labsim.market.jobs import chance_to_last_as
from labsim.market.ledger import Account
from labsim.market.outcomes import Terms
from labsim.market.search import job_hazard
from labsim.market.states import Stage
from labsim.scenario.sections.providers import Provider as ProviderTerms

if TYPE_CHECKING:
    from labsim.market.model import LabourMarket

_LEAST_NEED = 0.25


class Provider(mesa.Agent):
    """One provider.

    Parameters
    ----------
    model
        The market.
    number
        Position among the scenario's providers; jobseekers' column `provider` holds it.
    terms
        What the scenario says about the provider.
    """

    def __init__(self, model: LabourMarket, number: int, terms: ProviderTerms) -> None:
        super().__init__(model)
        self.market, self.number, self.terms = model, number, terms
        self.coaches = 0.0
        self.hour_price = 0.0
        self.breaches = 0
        self._outcomes = [
            (price, price.terms, self._chances(price.terms))
            for price in model.prices
            if price.terms is not None
        ]

    @property
    def name(self) -> str:
        """The provider's name in the ledger."""
        return self.terms.name

    def clients(self) -> Ints:
        """Return the ids of people in its service, in order."""
        columns = self.market.columns
        return np.flatnonzero(
            (columns.stage == Stage.IN_SERVICE) & (columns.provider == self.number)
        )

    def staff(self, clients: int) -> None:
        """Set coaches: those bought by the month, else what the planned caseload needs."""
        bought = [price.coaches for price in self.market.prices if price.fee.on == "coach-month"]
        if bought:
            serving = self.market.serving
            on = self.market.contract_is_on() and self in serving
            self.coaches = sum(bought) / len(serving) if on else 0.0
        else:
            self.coaches = clients / self.terms.planned_caseload

    def give_hours(self) -> Ints:
        """Divide this week's hours among clients, and return the clients."""
        clients = self.clients()
        self.staff(clients.size)
        self._pay_costs()
        allocation = self.divide(clients)
        self.market.columns.hours[clients] = allocation.hours
        self.hour_price, self.breaches = allocation.price, self.breaches + allocation.breach
        return clients

    def divide(self, clients: Ints) -> Allocation:
        """Water-fill the coaches' hours over the worth of each client."""
        least = max(self.terms.hours_min, self.market.setup.contract.minimum_hours)
        most = max(self.terms.hours_max, least)
        return allocate(
            self.worth(clients),
            self.coaches * self.terms.client_hours_per_coach_week,
            np.full(clients.size, least),
            np.full(clients.size, most),
            self.market.setup.coaching.saturation_hours_per_week,
        )

    def worth(self, clients: Ints) -> Floats:
        """Return what a fully served week of each client is worth to the provider, in euros.

        ``V = [sum_k r_k*h_k*(F_k - W) + mission*need] * g``: over the exits k that coaching moves
        (by r_k), F_k is the fee still to be earned times the chance that it lasts, and
        ``W = sum_k h_k*F_k/H * (1 - exp(-H*(T-1)))`` what placing now forfeits, because the client
        may leave to a paid exit anyway in the T weeks until the last window of any fee closes
        (model.md, extended from jobs to all exits). The hazards are what the provider believes.
        Hourly pay adds the same to every hour and so moves none of them.
        """
        market, coaching = self.market, self.market.setup.coaching
        columns = market.columns
        hazard = self.believed_hazard(clients)
        response = responsiveness(
            coaching,
            columns.ability[clients],
            columns.motivation[clients],
            hazard,
            market.reference_hazard,
        )
        gain = coaching.max_uplift * self.terms.skill * response
        need = 1 / np.maximum(response, _LEAST_NEED)
        mission = (
            self.terms.mission_eur * need / max(float(need.mean()) if need.size else 1.0, 1e-9)
        )
        value: Floats = (self._fee_gain(clients, hazard) + mission) * gain
        return value

    def believed_hazard(self, clients: Ints) -> Floats:
        """Return believed job hazards: the truth with an error that shrinks with contact."""
        market, columns = self.market, self.market.columns
        truth = job_hazard(
            market.setup.labour_market,
            columns.log_base[clients],
            columns.ability[clients],
            columns.motivation[clients],
            columns.months_out(clients, market.week),
        )
        spread = self.terms.belief_noise_sd / np.sqrt(1 + columns.hours_total[clients] / 4)
        error = market.draws.normal(Stream.BELIEF_OF_PROVIDER, 0, clients)
        believed: Floats = truth * np.exp(spread * error)
        return believed

    def _fee_gain(self, clients: Ints, hazard: Floats) -> Floats:
        """Return the weekly rise of expected fees per unit of relative uplift."""
        fees, weeks_left = self._open_fees(clients)
        rates, responses = self.market.exit_rates(hazard), self.market.responses
        total = rates.sum(axis=0)
        anyway = (rates * fees).sum(axis=0) / total
        forfeited = anyway * -np.expm1(-total * np.maximum(weeks_left - 1, 0))
        gain: Floats = (responses[:, None] * rates * (fees - forfeited)).sum(axis=0)
        return gain

    def _open_fees(self, clients: Ints) -> tuple[Floats, Floats]:
        """Return fees by kind of exit, (kinds, n), and weeks until the last window closes."""
        fees = np.zeros((len(self.market.exit_states), clients.size))
        weeks_left = np.zeros(clients.size)
        for price, terms, chances in self._outcomes:
            left = self._weeks_to_begin(terms, clients)
            weeks_left = np.maximum(weeks_left, left)
            fee = price.cents[self.market.columns.group[clients]] / 100 * (left > 0)
            fees += chances[:, None] * fee
        return fees, weeks_left

    def _chances(self, terms: Terms) -> Floats:
        """Return the chance that each kind of exit meets the terms; 0 if it does not count."""
        market = self.market.setup.labour_market
        return np.array(
            [
                chance_to_last_as(market, state, terms.weeks, terms.min_hours_share)
                if state in terms.states
                else 0.0
                for state in self.market.exit_states
            ]
        )

    def _weeks_to_begin(self, terms: Terms, clients: Ints) -> Floats:
        """Return the weeks in which an outcome can still begin and be paid: model.md's ``T_im``."""
        market = self.market
        lag = market.setup.contract.verification_lag_weeks
        payable = market.last_payable_week - lag - (terms.weeks - 1) + 1 - market.week
        window = market.columns.service_limit[clients] - market.week
        completable = window + terms.completion_grace - (terms.weeks - 1)
        left: Floats = np.minimum(np.minimum(window + terms.start_grace, completable), payable)
        return left

    def _pay_costs(self) -> None:
        cents = round(self.coaches * self.terms.coach_week_eur * 100)
        post, week = self.market.ledger.post, self.market.week
        post(week, Account(self.name, "coaches", "coach-pay"), cents)
        post(
            week,
            Account(self.name, "suppliers", "overhead"),
            round(cents * self.terms.fixed_cost_share),
        )
