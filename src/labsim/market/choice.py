"""Which provider serves a client: one function per way of choosing, registered by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from labsim.market.arrays import Bools, Floats, Ints
from labsim.market.draws import Draws, Stream
from labsim.scenario.sections.providers import Provider
from labsim.scenario.sections.referral import Choice


@dataclass(frozen=True)
class Counter:
    """Clients who start this week, and the providers that they may go to.

    Attributes
    ----------
    draws
        The replication's luck.
    persons : (n,)
        Clients who start, in the order of their ids.
    turn
        How many have started before.
    near : (providers, n)
        Whether each provider is near each client.
    providers
        What the scenario says about them.
    numbers : (providers,)
        Their numbers, which stay when one of them goes out of business.
    trust : (providers,)
        The office's trust, 0-1.
    weights
        What weighs in the choice.
    """

    draws: Draws
    persons: Ints
    turn: int
    near: Bools
    providers: list[Provider]
    numbers: Ints
    trust: Floats
    weights: Choice


Choosing = Callable[[Counter], Ints]
"""The place in the list of each client's provider, (n,)."""


def single(counter: Counter) -> Ints:
    """Send everybody to the first."""
    return np.zeros(counter.persons.size, dtype=np.int64)


def rotation(counter: Counter) -> Ints:
    """Send clients to each in turn."""
    turns: Ints = (counter.turn + np.arange(counter.persons.size)) % len(counter.providers)
    return turns


def by_lot(counter: Counter) -> Ints:
    """Draw lots: each provider has the same chance."""
    return _best(counter, np.zeros_like(counter.near, dtype=np.float64))


def by_office(counter: Counter) -> Ints:
    """Let the officer choose: a multinomial logit in trust."""
    worth = counter.weights.per_trust * counter.trust
    return _best(counter, np.broadcast_to(worth[:, None], counter.near.shape))


def by_client(counter: Counter) -> Ints:
    """Let the client choose: a multinomial logit in distance, reputation and marketing.

    A short distance is among what people value most in a service (PREF-22). Some go where they
    would go anyway, to the first of the near ones (or the first of all, if none is near).
    """
    weights, providers = counter.weights, counter.providers
    reputation = np.array([each.reputation for each in providers])
    marketing = np.array([each.marketing for each in providers])
    known = weights.per_reputation_point * reputation + weights.per_marketing_point * marketing
    usual = np.argmax(counter.near, axis=0) == np.arange(len(providers))[:, None]
    worth = known[:, None] + weights.far * ~counter.near + weights.usual * usual
    return _best(counter, worth)


def _best(counter: Counter, worth: Floats) -> Ints:
    """Return the provider of the greatest worth, (n,), with an error of taste for each pair.

    Gumbel errors make this a multinomial logit (McFadden 1974). They are keyed by person and
    provider, so that a provider that becomes more attractive draws clients to itself and moves
    nobody between others.

    Parameters
    ----------
    worth : (providers, n)
    """
    draw = counter.draws.uniform
    luck = [
        draw(Stream.PROVIDER_CHOICE, number, counter.persons) for number in counter.numbers.tolist()
    ]
    taste = -np.log(-np.log(np.array(luck)))
    best: Ints = np.argmax(worth + taste, axis=0)
    return best


CHOICES: dict[str, Choosing] = {
    "single": single,
    "rotation": rotation,
    "office": by_office,
    "client": by_client,
    "lottery": by_lot,
}


def near(providers: list[Provider], areas: list[str], area: Ints) -> Bools:
    """Return whether each provider is near people of these areas, (providers, n).

    A provider without `areas` is near everywhere.
    """
    covers = [[each.areas is None or name in each.areas for name in areas] for each in providers]
    found: Bools = np.array(covers, dtype=bool)[:, area]
    return found
