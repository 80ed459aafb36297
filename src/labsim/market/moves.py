"""Phases of the labour market: leaving unemployment, and coming back to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from labsim.market import drift, jobs, search
from labsim.market.arrays import Bools, Floats, Ints
from labsim.market.benefits import BASIC_ALLOWANCE, EARNINGS_RELATED
from labsim.market.draws import BLOCK, Stream
from labsim.market.jobs import ABSENCE, BUSINESS, NEVER
from labsim.market.service import close_service
from labsim.market.states import Stage, State

if TYPE_CHECKING:
    from labsim.market.model import LabourMarket


def _among(*states: State) -> Bools:
    """Return which codes of states are these states, (states,)."""
    return np.isin(np.arange(len(State)), states)


_IS_WORK = _among(State.EMPLOYED, State.SUBSIDISED, State.ENTREPRENEUR)
"""In work, time out of work is made good."""
_ENDS_BY_CHANCE = _among(State.EMPLOYED, State.ENTREPRENEUR, State.OUTSIDE)


# Leaving


def finding_work(market: LabourMarket) -> None:
    """Unemployed people find jobs, competing for the same vacancies, or leave otherwise.

    Only those are looked at closely who may leave: whose draw is under an upper bound of the
    chance, which takes a multiplication.
    """
    persons = market.unemployed = market.columns.in_state(State.UNEMPLOYED)
    own, segment = market.columns.own_hazard[persons], market.segment[persons]
    clients = _unemployed_clients(market)
    searching = market.sum_by_segment(segment, own)
    searching += market.sum_by_segment(market.segment[clients], _added_search(market, clients))
    factor = market.crowding(searching)
    may_leave = _may_leave(market, own, segment, factor)
    if clients.size:
        may_leave = np.union1d(may_leave, clients)
    hazards = exit_hazards(market, may_leave, factor)
    luck = market.draws.uniform(Stream.EXIT, market.week, may_leave)
    kind = search.competing_exits(hazards, luck)
    _leave(market, may_leave[kind >= 0], kind[kind >= 0])
    market.count("jobs_started", int((kind == 0).sum()))


def _unemployed_clients(market: LabourMarket) -> Ints:
    """Return the unemployed whom the service gives or takes something this week, in order."""
    columns = market.columns
    clients = np.union1d(market.in_stage(Stage.IN_SERVICE), market.served)
    unemployed: Ints = clients[columns.state[clients] == State.UNEMPLOYED.value]
    return unemployed


def _own_search(market: LabourMarket, persons: Ints) -> Floats:
    """Return how much people search themselves, relative to doing so without a service.

    The service takes time from own search (fully at effect_scale 1), not from what it adds.
    """
    terms = market.setup.coaching
    lock_in = (1 - terms.search_during_service) * min(terms.effect_scale, 1.0)
    share: Floats = 1 - lock_in * (market.columns.stage[persons] == Stage.IN_SERVICE.value)
    return share


def _added_search(market: LabourMarket, clients: Ints) -> Floats:
    """Return the effective search of clients beyond what they would do alone; may be negative."""
    columns = market.columns
    more = _own_search(market, clients) - 1 + columns.uplift[clients]
    added: Floats = columns.own_hazard[clients] * more
    return added


def _may_leave(market: LabourMarket, own: Floats, segment: Ints, factor: Floats) -> Ints:
    """Return the unemployed who might leave without a service: all who do, and few others."""
    bound = factor + market.exit_rates(np.ones(1))[1:].sum()
    bound *= 1 + 1e-12  # whatever the order of arithmetic, nobody is missed
    found = []
    for first in range(0, own.size, BLOCK):
        rows = slice(first, first + BLOCK)
        persons = market.unemployed[rows]
        luck = market.draws.uniform(Stream.EXIT, market.week, persons)
        may = search.under_bound(luck, own[rows], bound.take(segment[rows]))
        found.append(persons[np.flatnonzero(may)])
    return np.concatenate([np.zeros(0, dtype=np.int64), *found])


def exit_hazards(market: LabourMarket, persons: Ints, factor: Floats) -> Floats:
    """Return this week's hazards of unemployed people by kind of exit, (kinds, n); jobs first.

    Parameters
    ----------
    factor : (segments,)
        What crowding leaves of a job hazard.
    """
    columns = market.columns
    own, uplift = columns.own_hazard[persons], columns.uplift[persons]
    hazards = market.exit_rates(own)
    hazards[1:] *= 1 + market.responses[1:, None] * uplift
    hazards[0] *= (_own_search(market, persons) + uplift) * factor[market.segment[persons]]
    return hazards


def _leave(market: LabourMarket, persons: Ints, kind: Ints) -> None:
    """Move people out of unemployment by their kinds of exit, and open their spells."""
    columns, week = market.columns, market.week
    columns.months_before[persons] = drift.catch_up(market, persons)
    market.benefit_roll.remove(columns, persons, week)
    state = market.exit_codes[kind]
    columns.state[persons], columns.since[persons] = state, week
    columns.refresh_week[persons] = NEVER
    started = persons[columns.service_start[persons] < NEVER]
    columns.first_exit[started] = np.minimum(columns.first_exit[started], week)
    columns.job_kind[persons], columns.hours_share[persons] = 0, 1.0
    columns.job_of_provider[persons] = False
    columns.term_end[persons] = np.minimum(week + market.length_of_spell[state], NEVER)
    _begin_jobs(market, persons[kind == 0])
    decide_ends(market, persons)
    rows = market.spells.begin(
        week,
        persons,
        state=state,
        hours_share=columns.hours_share[persons],
        job_kind=columns.job_kind[persons],
        of_provider=columns.job_of_provider[persons],
    )
    close_service(market, persons[columns.stage[persons] == Stage.IN_SERVICE.value], Stage.ENDED)
    market.note_client_spells(rows[columns.service_start[persons] < NEVER])


def _begin_jobs(market: LabourMarket, persons: Ints) -> None:
    """Give people jobs, and say who found them."""
    columns, week = market.columns, market.week
    new = jobs.draw_jobs(market.setup.labour_market.jobs, market.draws, week, persons)
    columns.job_kind[persons], columns.hours_share[persons] = new.kind, new.hours_share
    columns.term_end[persons] = new.term_end
    market.job_hours.add(new.hours_share)
    _stretch(market, persons[columns.service_start[persons] < NEVER])
    helped = persons[columns.uplift[persons] > 0]
    uplift = columns.uplift[helped]
    luck = market.draws.uniform(Stream.FINDER, week, helped)
    in_all = _own_search(market, helped) + uplift
    columns.job_of_provider[helped] = luck * in_all < uplift


def _stretch(market: LabourMarket, persons: Ints) -> None:
    """Stretch fixed terms of clients' new jobs that would end just short of a paid milestone.

    A term that ends at most `stretch_weeks` before the next milestone that the job may earn is
    agreed to last until it, with `stretch_chance` (model.md, Jobs); whoever found the job.
    """
    columns, coaching = market.columns, market.setup.coaching
    persons = persons[columns.term_end[persons] < NEVER]
    if not (persons.size and len(market.milestones)):
        return
    pending, complete = market.milestones.pending(persons)
    pending &= market.milestones.euros(persons) > 0
    end = np.where(pending, complete + 1, NEVER)
    end[end <= columns.term_end[persons]] = NEVER
    end = end.min(axis=0)
    chance = coaching.stretch_chance * min(coaching.effect_scale, 1.0)
    agreed = market.draws.uniform(Stream.STRETCH, market.week, persons) < chance
    agreed &= end - columns.term_end[persons] <= coaching.stretch_weeks
    columns.term_end[persons[agreed]] = end[agreed]


# How long it lasts


def decide_ends(market: LabourMarket, persons: Ints) -> None:
    """Decide when the spells that people begin this week will end; see `jobs.weeks_until`.

    The chance of a job with factor f on its separation to outlast week w is
    ``exp(-f * cumulative[w])``: its budget is that of other jobs, divided by f.
    """
    columns = market.columns
    columns.planned_end[persons] = columns.term_end[persons]
    by_chance = persons[_ENDS_BY_CHANCE[columns.state[persons]]]
    factor = np.ones(by_chance.size)
    employed = columns.state[by_chance] == State.EMPLOYED.value
    workers = by_chance[employed]
    factor[employed] = market.separation_factor(workers, columns.job_of_provider[workers])
    luck = market.draws.uniform(Stream.SEPARATION, market.week, by_chance)
    columns.separation_budget[by_chance] = -np.log(luck) / factor
    _plan(market, by_chance)


def support_jobs(market: LabourMarket, persons: Ints, factor: Floats) -> None:
    """Multiply this week's separation hazard of people's jobs by a factor of at most 1.

    The hazard saved is added to the job's budget, so that the end moves away, never nearer; a fixed
    term still ends when it does. To be called before spells end. People without a job, or in the
    first week of one, are left alone: there is nothing to save.

    Parameters
    ----------
    factor : (n,)
        0 saves the whole week's hazard, 1 nothing.
    """
    columns = market.columns
    working = (columns.state[persons] == State.EMPLOYED.value) & (
        columns.since[persons] < market.week
    )
    persons, factor = persons[working], factor[working]
    tenure = market.week - columns.since[persons]
    hazard = market.ending_hazards[columns.job_kind[persons], tenure]
    columns.separation_budget[persons] += (1 - factor) * hazard
    _plan(market, persons)


def _plan(market: LabourMarket, persons: Ints) -> None:
    """Set the ends of spells from their budgets and terms."""
    columns = market.columns
    law = market.law_of_state[columns.state[persons]] + columns.job_kind[persons]
    weeks = jobs.weeks_until(market.cumulative_hazards, law, columns.separation_budget[persons])
    end = np.minimum(columns.since[persons] + weeks, columns.term_end[persons])
    columns.planned_end[persons] = np.minimum(end, NEVER)


LAWS = {State.EMPLOYED: 0, State.ENTREPRENEUR: BUSINESS, State.OUTSIDE: ABSENCE}
"""First law of a state in `jobs.ending_hazards`; the kind of job is added."""


# Coming back


def _support(market: LabourMarket) -> None:
    """Let providers' support in work take a part off the hazard of losing the jobs supported."""
    coaching = market.setup.coaching
    full = min(coaching.effect_scale * coaching.support_effect, 1.0)
    for provider in market.providers:
        dose = -np.expm1(-provider.support_hours / coaching.support_saturation_hours)
        support_jobs(market, provider.supported, 1 - full * dose)


def spells_end(market: LabourMarket) -> None:
    """Those come back whose jobs, studies, businesses or absence end this week."""
    _support(market)
    columns = market.columns
    over = np.flatnonzero(columns.planned_end[: market.arrived] <= market.week)
    market.count("jobs_ended", int((columns.state[over] == State.EMPLOYED.value).sum()))
    _return(market, over)


def _return(market: LabourMarket, persons: Ints) -> None:
    """Bring people back to unemployment; part of their time out of work is made good."""
    columns, week = market.columns, market.week
    state, weeks_away = columns.state[persons], week - columns.since[persons]
    worked = persons[state == State.EMPLOYED.value]
    drift.recover(market, worked)
    market.job_hours.remove(columns.hours_share[worked])
    recovery = market.setup.labour_market.duration_recovery_per_13_weeks * weeks_away / 13
    recovery *= _IS_WORK[state]
    columns.months_before[persons] *= np.maximum(1 - recovery, 0.0)
    long_enough = week - columns.since[worked] >= market.work_condition_weeks
    _renew_benefits(market, worked[long_enough])
    market.spells.finish(week, persons)
    columns.state[persons], columns.since[persons] = State.UNEMPLOYED, week
    columns.refresh_week[persons] = week + 1
    columns.hours_share[persons] = 0.0
    columns.term_end[persons] = columns.planned_end[persons] = NEVER
    columns.separation_budget[persons] = 0.0
    market.benefit_roll.add(columns, persons, week)


def _renew_benefits(market: LabourMarket, persons: Ints) -> None:
    """Give people who met the working condition a new right to an allowance."""
    columns = market.columns
    insured = columns.scheme_at_entry[persons] == EARNINGS_RELATED
    columns.scheme[persons] = np.where(insured, EARNINGS_RELATED, BASIC_ALLOWANCE)
    columns.benefit_days[persons] = 0
    columns.clock_days[persons] = 0
