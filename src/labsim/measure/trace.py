"""An observer that follows people week by week, with every euro that moves because of them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from labsim.market.arrays import Bools, Floats, Ints
from labsim.market.benefits import BASIC_ALLOWANCE, EARNINGS_RELATED, PAYERS, weekly_benefits
from labsim.market.jobseekers import Jobseekers
from labsim.market.model import LabourMarket
from labsim.market.sanctions import is_paid
from labsim.market.states import State
from labsim.market.weeks import WEEKS_PER_MONTH


@dataclass(frozen=True)
class Lives:
    """What an observer saw of the people it follows; one row per week, one column per person.

    Attributes
    ----------
    state, stage, provider, referred_week, service_start : (weeks, n)
        As in `Jobseekers`, at the end of the week.
    job_kind, hours_share, job_of_provider : (weeks, n)
        The job, where there is one.
    coach_hours, motivation, ability : (weeks, n)
        Hours with a coach this week, and scores at its end.
    satisfaction : (weeks, n)
        What the client thinks of the service, 1-5, from its end; NaN before.
    benefits : (weeks, payers, n)
        Cents of benefit by payer, in the order of `PAYERS`.
    wage, subsidy : (weeks, n)
        Cents of pay for work, and of wage subsidy in it.
    taxes : (weeks, payers, n)
        Cents of tax and contributions on pay by who receives them, in the order of `PAYERS`.
    fees : (weeks, fees, n)
        Cents of the contract's fees, in their order; coach-months belong to nobody and are 0.
    """

    state: Ints
    stage: Ints
    provider: Ints
    referred_week: Ints
    service_start: Ints
    job_kind: Ints
    hours_share: Floats
    job_of_provider: Bools
    coach_hours: Floats
    motivation: Floats
    ability: Floats
    satisfaction: Floats
    benefits: Ints
    wage: Ints
    subsidy: Ints
    taxes: Ints
    fees: Ints


class Follower:
    """Follows some people through a run; give it to `LabourMarket(observers=[...])`.

    Parameters
    ----------
    persons : (n,)
        Ids of the people.
    """

    def __init__(self, persons: Ints) -> None:
        self.persons = persons
        self._weeks: list[dict[str, Ints | Floats | Bools]] = []
        self._benefit_state: tuple[Ints, Ints, Ints] | None = None
        self._since: Ints = np.zeros(persons.size, dtype=np.int64)

    def __call__(self, market: LabourMarket) -> None:
        """Note a week that has just ended."""
        columns, persons = market.columns, self.persons
        if self._benefit_state is None:
            self._benefit_state = self._benefit_columns(
                Jobseekers.of(market.people, market.setup.finance)
            )
        wage, subsidy, taxes = self._pay(market)
        self._weeks.append(
            {
                "state": columns.state[persons],
                "stage": columns.stage[persons],
                "provider": columns.provider[persons],
                "referred_week": columns.referred_week[persons],
                "service_start": columns.service_start[persons],
                "job_kind": columns.job_kind[persons],
                "hours_share": columns.hours_share[persons],
                "job_of_provider": columns.job_of_provider[persons],
                "coach_hours": columns.hours[persons] * np.isin(persons, market.served),
                "motivation": columns.motivation[persons],
                "ability": columns.ability[persons],
                "satisfaction": columns.satisfaction[persons],
                "benefits": self._benefits(market),
                "wage": wage,
                "subsidy": subsidy,
                "taxes": taxes,
                "fees": self._fees(market),
            }
        )
        self._benefit_state = self._benefit_columns(columns)
        self._since = columns.since[persons]

    def lives(self) -> Lives:
        """Return everything seen."""
        columns: dict[str, Any] = {
            field.name: np.stack([week[field.name] for week in self._weeks])
            for field in fields(Lives)
        }
        return Lives(**columns)

    def _benefit_columns(self, columns: Jobseekers) -> tuple[Ints, Ints, Ints]:
        """Return what the next benefit depends on: scheme, days in it, days on the clock."""
        persons = self.persons
        return (
            columns.scheme[persons],
            columns.benefit_days[persons],
            columns.clock_days[persons],
        )

    def _paid_by(self, market: LabourMarket) -> tuple[Ints, Ints, Ints]:
        """Return what benefits were paid by: the columns of last week, or a right renewed since."""
        assert self._benefit_state is not None
        if not self._weeks:
            return self._benefit_state
        columns, before = market.columns, self._weeks[-1]
        back = (before["state"] == State.EMPLOYED) & (
            columns.state[self.persons] == State.UNEMPLOYED
        )
        renewed = back & (market.week - self._since >= market.work_condition_weeks)
        insured = columns.scheme_at_entry[self.persons] == EARNINGS_RELATED
        scheme, days, clock = self._benefit_state
        new_scheme = np.where(insured, EARNINGS_RELATED, BASIC_ALLOWANCE)
        return (
            np.where(renewed, new_scheme, scheme),
            np.where(renewed, 0, days),
            np.where(renewed, 0, clock),
        )

    def _benefits(self, market: LabourMarket) -> Ints:
        cents = weekly_benefits(market.benefit_tables, *self._paid_by(market))
        out = market.columns.state[self.persons] == State.UNEMPLOYED
        paid: Ints = cents * (out & is_paid(market, self.persons))
        return paid

    def _pay(self, market: LabourMarket) -> tuple[Ints, Ints, Ints]:
        """Return cents of pay, of wage subsidy, and of taxes by receiver."""
        finance, columns, persons = market.setup.finance, market.columns, self.persons
        rules, state = finance.current, columns.state[persons]
        share = np.where(state == State.EMPLOYED, columns.hours_share[persons], 0.0)
        share = np.where(state == State.SUBSIDISED, 1.0, share)
        weekly = share * finance.wage_month_eur / WEEKS_PER_MONTH * 100
        wage = np.rint(weekly).astype(np.int64)
        subsidised = (state == State.SUBSIDISED) * finance.wage_subsidy_share
        subsidy = np.rint(weekly * subsidised).astype(np.int64)
        parts = {
            "state": rules.tax_state_share,
            "municipality": rules.tax_municipality_share,
            "funds": rules.tax_funds_share,
        }
        taxes = np.stack([np.rint(weekly * parts[payer]).astype(np.int64) for payer in PAYERS])
        return wage, subsidy, taxes

    def _fees(self, market: LabourMarket) -> Ints:
        names = [price.name for price in market.prices]
        cents = np.zeros((len(names), len(market.columns)), dtype=np.int64)
        for payment in market.purchaser.payments:
            if payment.persons.size:
                cents[names.index(payment.fee), payment.persons] += payment.cents
        followed: Ints = cents[:, self.persons]
        return followed
