"""Phases of the service: referral, acceptance, hours, and what hours do to people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from labsim.market import coaching
from labsim.market.arrays import Bools, Ints
from labsim.market.draws import Stream
from labsim.market.drift import work_out_hazards
from labsim.market.inquiries import pay_marketing
from labsim.market.jobs import NEVER
from labsim.market.jobseekers import NO_GROUP, NO_PROVIDER
from labsim.market.offer import JobsAhead, Offer
from labsim.market.partnership import (
    give_coordinators,
    joint_costs,
    kept_of_clients,
    wait_weeks,
)
from labsim.market.referral import acceptance_chance
from labsim.market.remote import effect_of_an_hour
from labsim.market.sanctions import impose, resume
from labsim.market.satisfaction import satisfaction
from labsim.market.states import Stage, State
from labsim.market.waiting import are_asked, free_places, queue
from labsim.market.willingness import shifts

if TYPE_CHECKING:
    from labsim.market.model import LabourMarket


@dataclass(frozen=True)
class Arrivals:
    """People who have come to a provider this week and answered, and the provider of each.

    Attributes
    ----------
    persons, providers : (n,)
        Ids in order; numbers of the providers that serve them, or would have.
    """

    persons: Ints
    providers: Ints

    @classmethod
    def none(cls) -> Arrivals:
        """Return nobody."""
        return cls(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))


def referral(market: LabourMarket) -> None:
    """The office refers people of the target group, and learns."""
    market.office.hand_over()
    referred = market.office.refer()
    market.referred_so_far += referred.size
    market.count("referred", referred.size)
    if market.service:
        market.office.learn()


def acceptance(market: LabourMarket) -> None:
    """Referred people accept or decline; clients drop out or reach the end of their service."""
    resume(market)
    pay_marketing(market)
    if not market.referred.size:
        return
    _end_services(market)
    columns, week = market.columns, market.week
    wait = wait_weeks(market.setup)
    due = market.in_stage(Stage.REFERRED)
    due = due[columns.referred_week[due] + wait <= week]
    due = due[(week >= market.contract_start) | (columns.state[due] != State.UNEMPLOYED)]
    here = (columns.state[due] == State.UNEMPLOYED) & (week < market.contract_end)
    columns.stage[due[~here]] = Stage.GONE_BEFORE_START
    asked = due[here]
    served = market.places.served(asked)
    columns.stage[asked[~served]] = Stage.RETURNED
    asked = asked[served]
    chance = acceptance_chance(
        market.setup.referral.acceptance,
        columns.motivation[asked],
        columns.belief[asked],
        week - columns.referred_week[asked],
        shifts(market, asked),
    )
    # Decided once, so keyed without the week: another wait does not mean other luck.
    accepts = market.draws.uniform(Stream.ACCEPT, 0, asked) < chance
    free = free_places(market)
    if free is not None:
        now = are_asked(queue(market, asked), accepts, sum(free.values()))
        market.count("waiting", int((~now).sum()))
        asked, accepts = asked[now], accepts[now]
    columns.stage[asked[~accepts]] = Stage.DECLINED
    impose(market, asked[~accepts])
    if any(price.fee.on == "referral" for price in market.prices):
        market.arrivals = _arrivals(market, asked, accepts)
    _start(market, asked[accepts])


def _arrivals(market: LabourMarket, asked: Ints, accepts: Bools) -> Arrivals:
    """Return to whom those asked are sent: who declines, by the rule that starters go by.

    Where clients go in turn, those who decline take the turns after those who accept, and use up
    none; they take no places either.
    """
    persons = np.concatenate([asked[accepts], asked[~accepts]])
    stay = market.office.choose_providers(asked[accepts])
    look = market.office.choose_providers(persons, to_stay=False)[stay.size :]
    order = np.argsort(persons)
    return Arrivals(persons[order], np.concatenate([stay, look])[order])


def _end_services(market: LabourMarket) -> None:
    columns = market.columns
    clients = market.in_stage(Stage.IN_SERVICE)
    ended = columns.service_limit[clients] <= market.week
    close_service(market, clients[ended], Stage.ENDED)
    clients = clients[~ended]
    in_business = np.array([provider.in_business for provider in market.providers])
    left = ~in_business[columns.provider[clients]]
    close_service(market, clients[left], Stage.RETURNED)
    columns.service_limit[clients[left]] = market.week
    clients = clients[~left]
    _end_pauses(market)
    chance = market.setup.coaching.dropout_per_week
    leaves = clients[market.draws.uniform(Stream.DROPOUT, market.week, clients) < chance]
    close_service(market, leaves, Stage.DROPPED_OUT)
    columns.service_limit[leaves] = market.week


def close_service(market: LabourMarket, persons: Ints, stage: Stage) -> None:
    """End the service of these people, keep their scores as they are, and ask what they think."""
    if not persons.size:
        return
    columns = market.columns
    columns.stage[persons] = stage
    columns.motivation_at_end[persons] = columns.motivation[persons]
    columns.ability_at_end[persons] = columns.ability[persons]
    columns.satisfaction[persons] = satisfaction(market, persons)
    if stage != Stage.PAUSED:
        market.note_end(persons)


def leave_service(market: LabourMarket, persons: Ints) -> None:
    """Let clients go who leave unemployment: for good, or until it is known for how long."""
    short = market.setup.contract.short_spell_weeks
    close_service(market, persons, Stage.PAUSED if short else Stage.ENDED)


def resume_service(market: LabourMarket, persons: Ints) -> None:
    """Take back clients who are unemployed again, if the spell was short and time is left."""
    columns, short = market.columns, market.setup.contract.short_spell_weeks
    persons = persons[columns.stage[persons] == Stage.PAUSED.value]
    in_time = market.week < columns.service_limit[persons]
    back = persons[in_time & (market.week - columns.since[persons] <= short)]
    columns.stage[back], columns.first_exit[back] = Stage.IN_SERVICE, NEVER


def _end_pauses(market: LabourMarket) -> None:
    """End the service of those who have been away too long, or whose time is over."""
    columns, short = market.columns, market.setup.contract.short_spell_weeks
    if not short:
        return
    away = market.in_stage(Stage.PAUSED)
    over = columns.service_limit[away] <= market.week
    ended = away[over | (market.week - columns.since[away] > short)]
    columns.stage[ended] = Stage.ENDED
    market.note_end(ended)


def _start(market: LabourMarket, persons: Ints) -> None:
    if not persons.size:
        return
    columns, contract = market.columns, market.setup.contract
    columns.stage[persons] = Stage.IN_SERVICE
    columns.service_start[persons] = market.week
    columns.contract[persons] = market.period
    limit = min(market.week + contract.service_weeks_max, market.contract_end)
    columns.service_limit[persons] = limit
    columns.motivation_at_start[persons] = columns.motivation[persons]
    columns.ability_at_start[persons] = columns.ability[persons]
    columns.provider[persons] = market.office.choose_providers(persons)
    market.office.assess(persons)
    persons = _intake(market, persons)
    market.office.meet(persons)
    give_coordinators(market, persons)
    market.started = persons
    market.started_so_far += persons.size
    market.count("started", persons.size)


def _intake(market: LabourMarket, persons: Ints) -> Ints:
    """Let providers send people back where the contract allows it; return those who start."""
    columns = market.columns
    sent_back = np.zeros(persons.size, dtype=bool)
    offer = Offer.of(market, persons, to_come=True)
    for provider in market.serving:
        own = np.flatnonzero(offer.providers == provider.number)
        sent_back[own] = ~provider.takes(offer.among(own))
    refused = persons[sent_back]
    columns.stage[refused], columns.provider[refused] = Stage.SENT_BACK, NO_PROVIDER
    columns.service_start[refused] = columns.service_limit[refused] = NEVER
    columns.group[refused] = NO_GROUP
    market.count("sent_back", refused.size)
    return persons[~sent_back]


def service_hours(market: LabourMarket) -> None:
    """Providers staff, and divide their hours among their clients."""
    if not market.service:
        return
    columns = market.columns
    columns.hours[market.served] = columns.uplift[market.served] = 0.0
    offer, jobs = Offer.of(market, market.in_stage(Stage.IN_SERVICE)), JobsAhead.of(market)
    parts = [provider.give_hours(offer, jobs) for provider in market.providers]
    market.count("breaches", sum(provider.in_breach for provider in market.providers))
    market.measure("idle_hours", sum(provider.idle_hours for provider in market.providers))
    joint_costs(market)
    market.served = np.sort(np.concatenate(parts))
    columns.hours_total[market.served] += columns.hours[market.served]
    market.count("in_service", market.served.size)
    market.measure("client_hours", float(columns.hours[market.served].sum()))
    market.measure("coaches", sum(provider.coaches for provider in market.providers))


def service_effects(market: LabourMarket) -> None:
    """Hours change the search, motivation and ability of those who get them."""
    columns, terms, served = market.columns, market.setup.coaching, market.served
    if not served.size:
        return
    _uplift(market)
    hours, sd = columns.hours[served], market.setup.population.motivation_sd
    pace = market.shocks.service_pace[market.week] * kept_of_clients(market, served)
    pace *= effect_of_an_hour(market, served)
    gain = coaching.motivation_gain(terms, sd, hours) * pace
    columns.motivation[served] = np.clip(columns.motivation[served] + gain, 0, 10)
    gain = coaching.ability_gain(terms, columns.ability[served], hours) * pace
    columns.ability[served] = np.clip(columns.ability[served] + gain, 0, 10)
    work_out_hazards(market, served)


def _uplift(market: LabourMarket) -> None:
    columns, terms, served = market.columns, market.setup.coaching, market.served
    response = market.responsiveness(served, market.own_hazard(served))
    skill = np.array([provider.skill for provider in market.providers])
    full = terms.effect_scale * terms.max_uplift * skill[columns.provider[served]] * response
    full *= market.shocks.service_pace[market.week] * effect_of_an_hour(market, served)
    columns.uplift[served] = full * coaching.dose(terms, columns.hours[served])
