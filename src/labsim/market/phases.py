"""The week, phase by phase: what happens to people, in the order of `SCHEDULE`.

Each phase reads the state that the phases before it left, changes its own columns, and counts.
Nobody moves first: people meet only through sums over everybody and through keyed priorities.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from labsim.market import coaching, jobs, search
from labsim.market.arrays import Bools, Floats, Ints
from labsim.market.benefits import (
    DAYS_PER_WEEK,
    LABOUR_MARKET_SUPPORT,
    PAYERS,
    clock_runs,
    weekly_benefits,
)
from labsim.market.draws import Stream
from labsim.market.jobs import NEVER
from labsim.market.ledger import Account
from labsim.market.referral import acceptance_chance
from labsim.market.states import Stage, State
from labsim.market.weeks import WEEKS_PER_MONTH

if TYPE_CHECKING:
    from labsim.market.model import LabourMarket

_WEEKS_PER_YEAR = 12 * WEEKS_PER_MONTH


@dataclass(frozen=True)
class Phase:
    """One named step of the week."""

    name: str
    run: Callable[[LabourMarket], None]


def inflow(market: LabourMarket) -> None:
    """People arrive on the register."""
    arrivals = np.flatnonzero(market.columns.entry_week == market.week)
    market.columns.state[arrivals] = State.UNEMPLOYED


def referral(market: LabourMarket) -> None:
    """The office refers people of the target group."""
    referred = market.office.refer()
    market.referred_so_far += referred.size
    market.count("referred", referred.size)


def acceptance(market: LabourMarket) -> None:
    """Referred people accept or decline; clients drop out or reach the end of their service."""
    _end_services(market)
    columns, week = market.columns, market.week
    wait = market.setup.referral.wait_weeks
    due = columns.in_stage(Stage.REFERRED)
    due = due[columns.referred_week[due] + wait <= week]
    due = due[(week >= market.contract_start) | (columns.state[due] != State.UNEMPLOYED)]
    here = columns.state[due] == State.UNEMPLOYED
    if week >= market.contract_end:
        here[:] = False
    columns.stage[due[~here]] = Stage.GONE_BEFORE_START
    asked = due[here]
    chance = acceptance_chance(
        market.setup.referral.acceptance,
        columns.motivation[asked],
        columns.belief[asked],
        wait,
    )
    accepts = market.draws.uniform(Stream.ACCEPT, week, asked) < chance
    columns.stage[asked[~accepts]] = Stage.DECLINED
    _start(market, asked[accepts])


def _end_services(market: LabourMarket) -> None:
    columns = market.columns
    clients = columns.in_stage(Stage.IN_SERVICE)
    ended = columns.service_limit[clients] <= market.week
    _close(market, clients[ended], Stage.ENDED)
    clients = clients[~ended]
    chance = market.setup.coaching.dropout_per_week
    leaves = clients[market.draws.uniform(Stream.DROPOUT, market.week, clients) < chance]
    _close(market, leaves, Stage.DROPPED_OUT)
    columns.service_limit[leaves] = market.week


def _close(market: LabourMarket, persons: Ints, stage: Stage) -> None:
    """End the service of these people, and keep their scores as they are."""
    columns = market.columns
    columns.stage[persons] = stage
    columns.motivation_at_end[persons] = columns.motivation[persons]
    columns.ability_at_end[persons] = columns.ability[persons]


def _start(market: LabourMarket, persons: Ints) -> None:
    columns, contract = market.columns, market.setup.contract
    columns.stage[persons] = Stage.IN_SERVICE
    columns.service_start[persons] = market.week
    limit = min(market.week + contract.service_weeks_max, market.contract_end)
    columns.service_limit[persons] = limit
    columns.motivation_at_start[persons] = columns.motivation[persons]
    columns.ability_at_start[persons] = columns.ability[persons]
    rotation = market.setup.referral.provider_choice == "rotation"
    turns = (market.started_so_far + np.arange(persons.size)) % len(market.providers)
    columns.provider[persons] = turns if rotation else 0
    market.office.assess(persons)
    market.started = persons
    market.started_so_far += persons.size
    market.count("started", persons.size)


def service_hours(market: LabourMarket) -> None:
    """Providers staff, and divide their hours among their clients."""
    columns = market.columns
    columns.hours[market.served] = 0.0
    parts = [provider.give_hours() for provider in market.providers]
    market.served = np.sort(np.concatenate(parts))
    columns.hours_total[market.served] += columns.hours[market.served]
    market.count("in_service", market.served.size)
    market.measure("client_hours", float(columns.hours[market.served].sum()))
    market.measure("coaches", sum(provider.coaches for provider in market.providers))


def service_effects(market: LabourMarket) -> None:
    """Hours change clients' search, motivation and ability; time out of work wears people down."""
    _uplift(market)
    columns, terms = market.columns, market.setup.coaching
    sd = market.setup.population.motivation_sd
    out = columns.in_state(State.UNEMPLOYED)
    first_year = columns.months_out(out, market.week) < 12
    motivation = columns.motivation
    motivation[out] -= first_year * (terms.motivation_loss_sd_first_year * sd / _WEEKS_PER_YEAR)
    served = market.served
    hours = columns.hours[served]
    motivation[served] += coaching.motivation_gain(terms, sd, hours)
    columns.ability[served] += coaching.ability_gain(terms, columns.ability[served], hours)
    working = columns.in_state(State.EMPLOYED)
    lost = np.maximum(market.people.motivation[working] - motivation[working], 0)
    motivation[working] += terms.motivation_recovery_per_week * lost
    for rows in (out, served):
        motivation[rows] = np.clip(motivation[rows], 0, 10)
    columns.ability[served] = np.clip(columns.ability[served], 0, 10)


def _uplift(market: LabourMarket) -> None:
    columns, terms, served = market.columns, market.setup.coaching, market.served
    columns.uplift[:] = 0.0
    hazard = market.own_hazard(served)
    response = coaching.responsiveness(
        terms, columns.ability[served], columns.motivation[served], hazard, market.reference_hazard
    )
    skill = np.array([provider.terms.skill for provider in market.providers])
    full = terms.effect_scale * terms.max_uplift * skill[columns.provider[served]] * response
    columns.uplift[served] = full * coaching.dose(terms, columns.hours[served])


def finding_work(market: LabourMarket) -> None:
    """Unemployed people find jobs, competing for the same vacancies, or leave otherwise."""
    persons = market.columns.in_state(State.UNEMPLOYED)
    hazards = exit_hazards(market, persons)
    kind = search.competing_exits(hazards, market.draws.uniform(Stream.EXIT, market.week, persons))
    for row, state in enumerate(market.exit_states):
        _leave(market, persons[kind == row], state)
    market.count("jobs_started", int((kind == 0).sum()))


def exit_hazards(market: LabourMarket, persons: Ints) -> Floats:
    """Return this week's hazards of unemployed people by kind of exit, (kinds, n); jobs first."""
    columns, terms = market.columns, market.setup.coaching
    own, uplift = market.own_hazard(persons), columns.uplift[persons]
    in_service = columns.stage[persons] == Stage.IN_SERVICE
    lock_in = (1 - terms.search_during_service) * min(terms.effect_scale, 1.0)
    effective = own * (1 + uplift) * (1 - lock_in * in_service)
    segment = market.segment[persons]
    if market.week == 0:
        market.reference_search = market.sum_by_segment(segment, own)
    factor = market.crowding(market.sum_by_segment(segment, effective))
    hazards = market.exit_rates(own)
    hazards[1:] *= 1 + market.responses[1:, None] * uplift
    hazards[0] = effective * factor[segment]
    return hazards


def _leave(market: LabourMarket, persons: Ints, state: State) -> None:
    """Move people out of unemployment and open their spell."""
    if not persons.size:
        return
    columns, week = market.columns, market.week
    columns.months_before[persons] = columns.months_out(persons, week)
    columns.state[persons], columns.since[persons] = state, week
    kind: Ints = np.zeros(persons.size, dtype=np.int8)
    hours_share: Floats = np.ones(persons.size)
    end: Ints = np.full(persons.size, _planned_end(market, state), dtype=np.int64)
    found: Bools = np.zeros(persons.size, dtype=bool)
    if state == State.EMPLOYED:
        new = jobs.draw_jobs(market.setup.labour_market.jobs, market.draws, week, persons)
        kind, hours_share, end = new.kind, new.hours_share, new.planned_end
        uplift = columns.uplift[persons]
        found = market.draws.uniform(Stream.FINDER, week, persons) * (1 + uplift) < uplift
    columns.job_kind[persons], columns.hours_share[persons] = kind, hours_share
    columns.planned_end[persons], columns.job_of_provider[persons] = end, found
    rows = market.spells.begin(
        week, persons, state=int(state), hours_share=hours_share, job_kind=kind, of_provider=found
    )
    _close(market, persons[columns.stage[persons] == Stage.IN_SERVICE], Stage.ENDED)
    market.note_client_spells(rows[columns.service_start[persons] < NEVER])


def _planned_end(market: LabourMarket, state: State) -> int:
    other = market.setup.labour_market.other_spells
    length = {State.STUDYING: other.education_weeks, State.SUBSIDISED: other.subsidised_weeks}
    return market.week + length[state] if state in length else NEVER


def spells_end(market: LabourMarket) -> None:
    """Jobs end or last; studies, subsidised work, businesses and absence come to their ends."""
    columns, week = market.columns, market.week
    away = np.flatnonzero((columns.state > State.UNEMPLOYED) & (columns.since < week))
    ends = columns.planned_end[away] <= week
    chance = _end_chance(market, away)
    stream = Stream.SEPARATION
    ends |= market.draws.uniform(stream, week, away) < chance
    leavers = away[ends]
    market.count("jobs_ended", int((columns.state[leavers] == State.EMPLOYED).sum()))
    _return(market, leavers)


def _end_chance(market: LabourMarket, away: Ints) -> Floats:
    columns, terms = market.columns, market.setup.labour_market
    state = columns.state[away]
    tenure = market.week - columns.since[away]
    chance = market.separation[tenure] * jobs.kind_factor(terms.jobs, columns.job_kind[away])
    chance[(state == State.STUDYING) | (state == State.SUBSIDISED)] = 0.0
    chance[state == State.ENTREPRENEUR] = terms.other_spells.business_end_per_week
    chance[state == State.OUTSIDE] = terms.other_spells.inactivity_end_per_week
    return chance


def _return(market: LabourMarket, persons: Ints) -> None:
    """Bring people back to unemployment; part of their time out of work is made good."""
    columns, week = market.columns, market.week
    weeks_away = week - columns.since[persons]
    recovery = market.setup.labour_market.duration_recovery_per_13_weeks * weeks_away / 13
    recovery = np.where(columns.state[persons] == State.OUTSIDE, 0.0, recovery)
    columns.months_before[persons] *= np.maximum(1 - recovery, 0.0)
    market.spells.finish(week, persons)
    columns.state[persons], columns.since[persons] = State.UNEMPLOYED, week
    columns.hours_share[persons] = 0.0
    columns.planned_end[persons] = NEVER


def payment(market: LabourMarket) -> None:
    """Outcomes are claimed, verified and paid; so are starts, months, hours and coaches."""
    market.purchaser.settle(market.started, market.served)
    for claim in market.purchaser.claims:
        market.count("outcomes_met", int((claim.met == market.week).sum()))
        market.count("outcomes_paid", int((claim.paid == market.week).sum()))
    market.measure("fees_eur", sum(int(p.cents.sum()) for p in market.purchaser.payments) / 100)


def public_money(market: LabourMarket) -> None:
    """Benefits, wages and taxes of the week."""
    columns, finance = market.columns, market.setup.finance
    out = columns.in_state(State.UNEMPLOYED)
    scheme = columns.scheme[out]
    cents = weekly_benefits(
        market.benefit_tables, scheme, columns.benefit_days[out], columns.clock_days[out]
    )
    for payer, total in zip(PAYERS, cents.sum(axis=1), strict=True):
        market.ledger.post(market.week, Account(payer, "jobseekers", "benefit"), int(total))
    columns.benefit_days[out] += DAYS_PER_WEEK
    columns.clock_days[out] += DAYS_PER_WEEK * clock_runs(finance, scheme)
    _exhaust(market, out)
    _wages(market)


def _exhaust(market: LabourMarket, out: Ints) -> None:
    """Move people whose allowance is used up to labour-market support."""
    columns, finance = market.columns, market.setup.finance
    insured = columns.scheme[out] != LABOUR_MARKET_SUPPORT
    over = out[insured & (columns.benefit_days[out] >= finance.earnings_related_days_max)]
    columns.scheme[over] = LABOUR_MARKET_SUPPORT
    columns.benefit_days[over] = 0


def _wages(market: LabourMarket) -> None:
    columns, finance, post = market.columns, market.setup.finance, market.ledger.post
    week, rules = market.week, market.setup.finance.current
    weekly = finance.wage_month_eur / WEEKS_PER_MONTH * 100
    open_market = round(float(columns.hours_share[columns.in_state(State.EMPLOYED)].sum()) * weekly)
    subsidised = round(columns.in_state(State.SUBSIDISED).size * weekly)
    post(week, Account("employers", "workers", "wage", "open market"), open_market)
    post(week, Account("employers", "workers", "wage", "subsidised"), subsidised)
    subsidy = round(subsidised * finance.wage_subsidy_share)
    post(week, Account("state", "employers", "wage", "wage subsidy"), subsidy)
    for payee, share in (
        ("state", rules.tax_state_share),
        ("municipality", rules.tax_municipality_share),
        ("funds", rules.tax_funds_share),
    ):
        post(week, Account("workers", payee, "tax"), round((open_market + subsidised) * share))


def observation(market: LabourMarket) -> None:
    """The week is counted and shown to observers; nothing is changed."""
    stocks = np.bincount(market.columns.state - State.ARRIVING, minlength=len(State))
    for state, name in STOCKS.items():
        market.count(name, int(stocks[state - State.ARRIVING]))
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
    *STOCKS.values(), "referred", "started", "in_service", "jobs_started", "jobs_ended",
    "outcomes_met", "outcomes_paid",
)  # fmt: skip
MEASURES = ("client_hours", "coaches", "fees_eur")

SCHEDULE: tuple[Phase, ...] = (
    Phase("inflow", inflow),
    Phase("referral", referral),
    Phase("acceptance", acceptance),
    Phase("service hours", service_hours),
    Phase("service effects", service_effects),
    Phase("finding work", finding_work),
    Phase("spells end", spells_end),
    Phase("payment", payment),
    Phase("public money", public_money),
    Phase("observation", observation),
)
"""The week, in order."""

__all__ = ["COUNTS", "MEASURES", "SCHEDULE", "STOCKS", "Phase"]
