"""How people are chosen for referral: one function per regime, registered by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from labsim.market.arrays import Bools, Floats, Ints
from labsim.market.draws import Draws, Stream
from labsim.scenario.sections.referral import Referral


@dataclass(frozen=True)
class Desk:
    """What lies before the office when it refers.

    Attributes
    ----------
    referral
        The scenario's section.
    draws
        The replication's luck.
    week
        This week.
    places
        How many may be referred now.
    eligible : (n,)
        People of the target group who have not been referred.
    motivation, log_hazard
        What the office sees of given people: points 0-10, and assessed log job hazards.
    drawn
        Whether a lottery draws each of given people.
    wishes
        Chance that given people ask for the service by themselves this week.
    most_wishes
        A chance that nobody's passes.
    meets
        Chance that an adviser meets a client this week.
    readiness
        Chance that an adviser offers the service to a client who seems fully motivated.
    held_back
        Assessed log job hazard under which an adviser does not.
    """

    referral: Referral
    draws: Draws
    week: int
    places: int
    eligible: Ints
    motivation: Callable[[Ints], Floats] = field(repr=False)
    log_hazard: Callable[[Ints], Floats] = field(repr=False)
    drawn: Callable[[Ints], Bools] = field(repr=False)
    wishes: Callable[[Ints], Floats] = field(repr=False)
    most_wishes: float = 1.0
    meets: float = 1.0
    readiness: float = 1.0
    held_back: float = -np.inf


Choose = Callable[[Desk], Ints]
"""The people to refer, in order; no more than there are places."""


def central(desk: Desk) -> Ints:
    """Work through the office's list of the whole target group; a person's place on it is fixed."""
    return _first(desk, desk.eligible)


def lottery(desk: Desk) -> Ints:
    """Draw by lot who may be offered the service; the others stay apart as a comparison group."""
    return _first(desk, desk.eligible[desk.drawn(desk.eligible)])


def advisor(desk: Desk) -> Ints:
    """Leave it to advisers, who refer some of those they meet.

    An adviser offers the service with a chance of readiness times the motivation that he or she
    sees, from 0 to 1; readiness grows as the service becomes known and trusted. Clients assessed to
    be among the hardest may be held back.
    """
    meets = desk.draws.uniform(Stream.MEETING, desk.week, desk.eligible) < desk.meets
    met = desk.eligible[meets]
    if desk.held_back > -np.inf:
        met = met[desk.log_hazard(met) >= desk.held_back]
    chance = desk.readiness * desk.motivation(met) / 10
    return _first(desk, met[desk.draws.uniform(Stream.ADVICE, desk.week, met) < chance])


def profiling(desk: Desk) -> Ints:
    """Take people in the order of their assessed distance from work, the farthest first or last."""
    prospects = desk.log_hazard(desk.eligible)
    order = prospects if desk.referral.profiling_first == "far" else -prospects
    place = desk.draws.uniform(Stream.PRIORITY, 0, desk.eligible)
    return desk.eligible[np.lexsort((place, order))[: desk.places]]


def own_wish(desk: Desk) -> Ints:
    """Let people come by themselves who have heard of the service; the office lets them in."""
    luck = desk.draws.uniform(Stream.INQUIRY, desk.week, desk.eligible)
    may = np.flatnonzero(luck < desk.most_wishes)
    people = desk.eligible[may]
    return _first(desk, people[luck[may] < desk.wishes(people)])


def _first(desk: Desk, people: Ints) -> Ints:
    """Return those who come first on the list, in order."""
    place = desk.draws.uniform(Stream.PRIORITY, 0, people)
    if desk.places < people.size:
        first = np.flatnonzero(place <= np.partition(place, desk.places)[desk.places])
        people, place = people[first], place[first]
    return people[np.argsort(place, kind="stable")[: desk.places]]


@dataclass(frozen=True)
class Regime:
    """How people come to a service.

    Attributes
    ----------
    choose
        Who is referred this week.
    by_team
        Whether a team sees to it; else advisers do, beside their other work.
    hours
        The office's key that says what a person takes of its time.
    persuades
        The key of acceptance that says how much more readily people accept, who come like this.
    by_session
        Whether those chosen are invited to a session first, where only some come.
    by_self
        Whether people come by themselves.
    at_once
        Whether the whole volume is open from the first week; else it opens evenly.
    """

    choose: Choose
    by_team: bool = True
    hours: str = "hours_per_referral"
    persuades: str = ""
    by_session: bool = False
    by_self: bool = False
    at_once: bool = False


REGIMES: dict[str, Regime] = {
    "central": Regime(central),
    "lottery": Regime(lottery),
    "advisor": Regime(advisor, by_team=False),
    "bulk": Regime(central, hours="hours_per_letter", persuades="by_letter", at_once=True),
    "profiling": Regime(profiling),
    "self": Regime(
        own_wish,
        hours="hours_per_application",
        persuades="by_own_wish",
        by_self=True,
        at_once=True,
    ),
    "info-session": Regime(
        central, hours="hours_per_invitation", persuades="after_session", by_session=True
    ),
}


def quota(referral: Referral, week: int) -> int:
    """Return how many people may have been referred by the end of this week."""
    elapsed = np.clip(week - referral.start_week + 1, 0, referral.weeks)
    if REGIMES[referral.regime].at_once and elapsed > 0:
        return referral.volume
    return int(np.floor(referral.volume * elapsed / referral.weeks))


def usual_shift(referral: Referral) -> float:
    """Return the shift of the logit for a person who comes the regime's way to a near service."""
    regime = REGIMES[referral.regime]
    shift: float = getattr(referral.acceptance, regime.persuades) if regime.persuades else 0.0
    if referral.participation == "mandatory" and not regime.by_self:
        shift += referral.acceptance.mandatory
    return shift
