"""Phases of the labour market: leaving unemployment, and coming back to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from labsim.market import jobs, search
from labsim.market.arrays import Bools, Floats, Ints
from labsim.market.benefits import BASIC_ALLOWANCE, EARNINGS_RELATED
from labsim.market.draws import Stream
from labsim.market.jobs import NEVER
from labsim.market.service import close_service
from labsim.market.states import Stage, State

if TYPE_CHECKING:
    from labsim.market.model import LabourMarket


_WORK = (State.EMPLOYED, State.SUBSIDISED, State.ENTREPRENEUR)
"""States in which time out of work is made good."""


def finding_work(market: LabourMarket) -> None:
    """Unemployed people find jobs, competing for the same vacancies, or leave otherwise."""
    persons = market.unemployed
    hazards = exit_hazards(market)
    kind = search.competing_exits(hazards, market.draws.uniform(Stream.EXIT, market.week, persons))
    for row, state in enumerate(market.exit_states):
        _leave(market, kind == row, state)
    market.count("jobs_started", int((kind == 0).sum()))


def exit_hazards(market: LabourMarket) -> Floats:
    """Return this week's hazards of the unemployed by kind of exit, (kinds, n); jobs first."""
    columns, terms, persons = market.columns, market.setup.coaching, market.unemployed
    own = search.job_hazard(
        market.setup.labour_market,
        columns.log_base[persons],
        columns.ability[persons],
        columns.motivation[persons],
        market.months_out,
    )
    uplift = columns.uplift[persons]
    in_service = columns.stage[persons] == Stage.IN_SERVICE
    # The service takes time from own search (fully at effect_scale 1), not from what it adds.
    lock_in = (1 - terms.search_during_service) * min(terms.effect_scale, 1.0)
    market.own_search = 1 - lock_in * in_service
    effective = own * (market.own_search + uplift)
    segment = market.segment[persons]
    factor = market.crowding(market.sum_by_segment(segment, effective))
    hazards = market.exit_rates(own)
    hazards[1:] *= 1 + market.responses[1:, None] * uplift
    hazards[0] = effective * factor[segment]
    return hazards


def _leave(market: LabourMarket, leavers: Bools, state: State) -> None:
    """Move those of the unemployed who leave to a state, and open their spell."""
    persons = market.unemployed[leavers]
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
        search_in_all = market.own_search[leavers] + uplift
        found = market.draws.uniform(Stream.FINDER, week, persons) * search_in_all < uplift
    columns.job_kind[persons], columns.hours_share[persons] = kind, hours_share
    columns.planned_end[persons], columns.job_of_provider[persons] = end, found
    rows = market.spells.begin(
        week, persons, state=int(state), hours_share=hours_share, job_kind=kind, of_provider=found
    )
    close_service(market, persons[columns.stage[persons] == Stage.IN_SERVICE], Stage.ENDED)
    started = columns.service_start[persons] < NEVER
    columns.first_exit[persons[started]] = np.minimum(columns.first_exit[persons[started]], week)
    market.note_client_spells(rows[started])


def _planned_end(market: LabourMarket, state: State) -> int:
    other = market.setup.labour_market.other_spells
    length = {State.STUDYING: other.education_weeks, State.SUBSIDISED: other.subsidised_weeks}
    return market.week + length[state] if state in length else NEVER


def spells_end(market: LabourMarket) -> None:
    """Jobs end or last; studies, subsidised work, businesses and absence come to their ends."""
    columns, week = market.columns, market.week
    working = columns.in_state(State.EMPLOYED)
    working = working[columns.since[working] < week]
    tenure = week - columns.since[working]
    chance = market.separation[columns.job_kind[working], tenure]
    jobs_over = working[_is_over(market, working, chance)]
    market.count("jobs_ended", jobs_over.size)
    other = market.setup.labour_market.other_spells
    others_over = [
        _others_over(market, state, chance)
        for state, chance in (
            (State.SUBSIDISED, 0.0),
            (State.STUDYING, 0.0),
            (State.ENTREPRENEUR, other.business_end_per_week),
            (State.OUTSIDE, other.inactivity_end_per_week),
        )
    ]
    _return(market, np.sort(np.concatenate([jobs_over, *others_over])))


def _others_over(market: LabourMarket, state: State, chance: float) -> Ints:
    """Return the people whose spell in a state other than a job ends this week."""
    persons = market.columns.in_state(state)
    persons = persons[market.columns.since[persons] < market.week]
    return persons[_is_over(market, persons, chance)]


def _is_over(market: LabourMarket, persons: Ints, chance: Floats | float) -> Bools:
    """Whether each spell ends this week, as planned or by chance."""
    ends: Bools = market.columns.planned_end[persons] <= market.week
    if np.any(chance):
        ends |= market.draws.uniform(Stream.SEPARATION, market.week, persons) < chance
    return ends


def _return(market: LabourMarket, persons: Ints) -> None:
    """Bring people back to unemployment; part of their time out of work is made good."""
    columns, week = market.columns, market.week
    weeks_away = week - columns.since[persons]
    recovery = market.setup.labour_market.duration_recovery_per_13_weeks * weeks_away / 13
    in_work = np.isin(columns.state[persons], _WORK)
    recovery = np.where(in_work, recovery, 0.0)
    columns.months_before[persons] *= np.maximum(1 - recovery, 0.0)
    worked = columns.state[persons] == State.EMPLOYED
    _renew_benefits(market, persons[worked & (weeks_away >= market.work_condition_weeks)])
    market.spells.finish(week, persons)
    columns.state[persons], columns.since[persons] = State.UNEMPLOYED, week
    columns.hours_share[persons] = 0.0
    columns.planned_end[persons] = NEVER


def _renew_benefits(market: LabourMarket, persons: Ints) -> None:
    """Give people who met the working condition a new right to an allowance."""
    columns = market.columns
    insured = columns.scheme_at_entry[persons] == EARNINGS_RELATED
    columns.scheme[persons] = np.where(insured, EARNINGS_RELATED, BASIC_ALLOWANCE)
    columns.benefit_days[persons] = 0
    columns.clock_days[persons] = 0
