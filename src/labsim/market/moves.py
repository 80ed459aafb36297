"""Phases of the labour market: leaving unemployment, and coming back to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from labsim.market import drift, jobs, search
from labsim.market.arrays import Bools, Floats, Ints
from labsim.market.benefits import BASIC_ALLOWANCE, EARNINGS_RELATED
from labsim.market.coaching import kept_hazard
from labsim.market.draws import BLOCK, Stream
from labsim.market.jobs import ABSENCE, BUSINESS, NEVER
from labsim.market.sanctions import paid_among
from labsim.market.service import leave_service, resume_service
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
    persons = market.unemployed = market.columns.in_state(State.UNEMPLOYED, market.arrived)
    own, segment = market.columns.own_hazard.take(persons), market.segment.take(persons)
    clients = _unemployed_clients(market)
    searching = market.sum_by_segment(segment, own)
    searching += market.sum_by_segment(market.segment[clients], _added_search(market, clients))
    factor = market.crowding(searching) * market.shocks.hiring[market.week]
    may_leave = _may_leave(market, own, segment, factor)
    if clients.size:
        may_leave = _merged(may_leave, clients)
    hazards = exit_hazards(market, may_leave, clients, factor)
    luck = market.draws.uniform(Stream.EXIT, market.week, may_leave)
    kind = search.competing_exits(hazards, luck)
    finders, kind = may_leave[kind >= 0], kind[kind >= 0]
    agreed, agreed_kind = _known_changes(market, finders)
    persons, kinds = np.concatenate([finders, agreed]), np.concatenate([kind, agreed_kind])
    _leave(market, persons, kinds, by_agreement=np.arange(persons.size) >= finders.size)
    market.count("jobs_started", int((kinds == 0).sum()))
    if market.employers.running:
        part = market.employers.part_of_jobs()
        market.measure("vacancies_filled", float(part[market.segment[finders[kind == 0]]].sum()))


def _known_changes(market: LabourMarket, finders: Ints) -> tuple[Ints, Ints]:
    """Return those still unemployed for whom it was agreed that they would leave now, and where to.

    What was agreed is drawn by the usual shares of exits, and no service has a part in it: they
    leave in this week in every design who have not found something earlier (REF-16, M-REF-24).

    Parameters
    ----------
    finders : (n,)
        Ids of people who leave this week without that.
    """
    if market.setup.population.known_change_share <= 0:
        return finders[:0], finders[:0]
    columns = market.columns
    persons = np.flatnonzero(columns.change_week[: market.arrived] == market.week)
    persons = persons[columns.state[persons] == State.UNEMPLOYED.value]
    persons = np.setdiff1d(persons, finders, assume_unique=True)
    luck = market.draws.uniform(Stream.KNOWN_CHANGE_KIND, 0, persons)
    reached = np.cumsum(market.exit_rates(np.ones(1)))
    return persons, (luck[:, None] * reached[-1] >= reached[:-1]).sum(axis=1)


def _unemployed_clients(market: LabourMarket) -> Ints:
    """Return the unemployed whom the service gives or takes something this week, in order."""
    columns = market.columns
    clients = market.in_stage(Stage.IN_SERVICE)
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


def _merged(some: Ints, others: Ints) -> Ints:
    """Return the rising ids in either of two rising lists: `numpy.union1d`, but fast."""
    both = np.sort(np.concatenate([some, others]), kind="stable")
    first = np.ones(both.size, dtype=bool)
    first[1:] = both[1:] != both[:-1]
    merged: Ints = both[first]
    return merged


def exit_hazards(market: LabourMarket, persons: Ints, clients: Ints, factor: Floats) -> Floats:
    """Return this week's hazards of unemployed people by kind of exit, (kinds, n); jobs first.

    Parameters
    ----------
    clients
        Those of the people, rising like them, whom the service gives or takes something.
    factor : (segments,)
        What crowding and frozen hiring leave of a job hazard.
    """
    columns = market.columns
    crowded = factor.take(market.segment[persons])
    hazards = market.exit_rates(columns.own_hazard[persons])
    if clients.size:
        place, uplift = np.searchsorted(persons, clients), columns.uplift[clients]
        hazards[1:, place] *= 1 + market.responses[1:, None] * uplift
        crowded[place] *= _own_search(market, clients) + uplift
    hazards[0] *= crowded
    return hazards


def _leave(market: LabourMarket, persons: Ints, kind: Ints, by_agreement: Bools) -> None:
    """Move people out of unemployment by their kinds of exit, and open their spells."""
    columns, week = market.columns, market.week
    started = np.flatnonzero(columns.service_start[persons] < NEVER)
    clients, workers = persons[started], started[kind[started] == 0]
    columns.months_before[persons] = drift.catch_up(market, persons)
    market.benefit_roll.remove(columns, paid_among(market, persons), week)
    state = market.exit_codes.take(kind)
    columns.state[persons], columns.since[persons] = state, week
    columns.refresh_week[persons] = NEVER
    if market.setup.population.known_change_share > 0:
        columns.change_week[persons] = NEVER
    columns.support_total[clients] = 0.0
    columns.first_exit[clients] = np.minimum(columns.first_exit[clients], week)
    job_kind, hours_share = _begin(market, persons, state)
    of_provider = np.zeros(persons.size, dtype=bool)
    found = workers[~by_agreement[workers]]
    of_provider[found] = _found_by_provider(market, persons[found])
    columns.job_of_provider[clients] = of_provider[started]
    _stretch(market, persons[workers])
    _decide_ends(market, persons, state, job_kind, of_provider)
    rows = market.spells.begin(
        week,
        persons,
        state=state,
        hours_share=hours_share,
        job_kind=job_kind,
        of_provider=of_provider,
    )
    served = columns.stage[clients] == Stage.IN_SERVICE.value
    leave_service(market, clients[served])
    market.note_client_spells(rows[started])


def _begin(market: LabourMarket, persons: Ints, state: Ints) -> tuple[Ints, Floats]:
    """Begin jobs and other spells; return kinds of job or business (else 0) and hours."""
    columns, week = market.columns, market.week
    workers = np.flatnonzero(state == State.EMPLOYED.value)
    new = jobs.draw_jobs(market.setup.labour_market.jobs, market.draws, week, persons[workers])
    kind, hours_share = np.zeros(persons.size, dtype=np.int8), np.ones(persons.size)
    kind[workers], hours_share[workers] = new.kind, new.hours_share
    owners = np.flatnonzero(state == State.ENTREPRENEUR.value)
    kind[owners], hours_share[owners] = jobs.draw_businesses(
        market.setup.labour_market, market.draws, week, persons[owners]
    )
    term_end = np.minimum(week + market.length_of_spell[state], NEVER)
    term_end[workers] = new.term_end
    columns.job_kind[persons], columns.hours_share[persons] = kind, hours_share
    columns.term_end[persons] = term_end
    market.job_hours.add(new.hours_share)
    return kind, hours_share


def _found_by_provider(market: LabourMarket, persons: Ints) -> Bools:
    """Whether the provider found the job that each client begins, and not the client."""
    found = np.zeros(persons.size, dtype=bool)
    helped = np.flatnonzero(market.columns.uplift[persons] > 0)
    uplift = market.columns.uplift[persons[helped]]
    luck = market.draws.uniform(Stream.FINDER, market.week, persons[helped])
    in_all = _own_search(market, persons[helped]) + uplift
    found[helped] = luck * in_all < uplift
    return found


def _stretch(market: LabourMarket, persons: Ints) -> None:
    """Stretch fixed terms of clients' new jobs that would end just short of a paid milestone.

    A term that ends at most `stretch_weeks` before the next milestone that the job may earn is
    agreed to last until it, with `stretch_chance` (model.md, Jobs); whoever found the job. It takes
    a provider that is in business to agree on it.
    """
    columns, coaching = market.columns, market.setup.coaching
    in_business = np.array([provider.in_business for provider in market.providers])
    persons = persons[(columns.term_end[persons] < NEVER) & in_business[columns.provider[persons]]]
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


def _decide_ends(
    market: LabourMarket, persons: Ints, state: Ints, job_kind: Ints, of_provider: Bools
) -> None:
    """Decide when the spells that people begin this week will end; see `jobs.weeks_until`.

    The chance of a job with factor f on its separation to outlast week w is
    ``exp(-f * cumulative[w])``: its budget is that of other jobs, divided by f.
    """
    columns, week = market.columns, market.week
    end = columns.term_end[persons]
    by_chance = np.flatnonzero(_ENDS_BY_CHANCE[state])
    budget = -np.log(market.draws.uniform(Stream.SEPARATION, week, persons[by_chance]))
    budget /= market.separation_factor(persons[by_chance], of_provider[by_chance])
    columns.separation_budget[persons[by_chance]] = budget
    law = market.law_of_state[state[by_chance]] + job_kind[by_chance]
    end[by_chance] = _ends(market, law, budget, week, end[by_chance])
    columns.planned_end[persons] = end


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
    budget, since = columns.separation_budget[persons], columns.since[persons]
    columns.planned_end[persons] = _ends(market, law, budget, since, columns.term_end[persons])


def _ends(
    market: LabourMarket, law: Ints, budget: Floats, since: Ints | int, term_end: Ints
) -> Ints:
    """Return the weeks in which spells end, by chance or by their terms."""
    weeks = jobs.weeks_until(market.cumulative_hazards, law, budget)
    ends: Ints = np.minimum(np.minimum(since + weeks, term_end), NEVER)
    return ends


LAWS = {State.EMPLOYED: 0, State.ENTREPRENEUR: BUSINESS, State.OUTSIDE: ABSENCE}
"""First law of a state in `jobs.ending_hazards`; the kind of job or business is added."""


# Coming back


def _support(market: LabourMarket) -> None:
    """Let providers' support in work take a part off the hazard of losing the jobs supported."""
    for provider in market.providers:
        kept = kept_hazard(market.setup.coaching, provider.support_hours)
        support_jobs(market, provider.supported, kept)


def spells_end(market: LabourMarket) -> None:
    """Those come back whose jobs, studies, businesses or absence end this week."""
    _support(market)
    columns = market.columns
    over = np.flatnonzero(columns.planned_end[: market.arrived] <= market.week)
    market.count("jobs_ended", int((columns.state[over] == State.EMPLOYED.value).sum()))
    _return(market, over)
    market.came_back = over


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
    if market.setup.contract.short_spell_weeks:
        resume_service(market, persons)
    columns.state[persons], columns.since[persons] = State.UNEMPLOYED, week
    columns.refresh_week[persons] = week + 1
    columns.hours_share[persons] = 0.0
    columns.term_end[persons] = columns.planned_end[persons] = NEVER
    columns.separation_budget[persons] = 0.0
    market.benefit_roll.add(columns, paid_among(market, persons), week)


def _renew_benefits(market: LabourMarket, persons: Ints) -> None:
    """Give people who met the working condition a new right to an allowance."""
    columns = market.columns
    insured = columns.scheme_at_entry[persons] == EARNINGS_RELATED
    columns.scheme[persons] = np.where(insured, EARNINGS_RELATED, BASIC_ALLOWANCE)
    columns.benefit_days[persons] = 0
    columns.clock_days[persons] = 0
