"""Remote service: whom it suits, whether they come, and what an hour of it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from labsim.market.arrays import Floats, Ints
from labsim.market.draws import Draws, Stream
from labsim.scenario.sections.population import Population

if TYPE_CHECKING:
    from labsim.market.model import LabourMarket

DIFFICULT, DISLIKED, LIKED = range(3)


def tastes(population: Population, draws: Draws, persons: Ints) -> Ints:
    """Return what each person thinks of remote service, (n,): a lasting trait.

    One in ten finds it difficult (REM-01), and preferences are split evenly (REM-03): those who
    find it difficult are among the half who would rather meet.
    """
    luck = draws.uniform(Stream.REMOTE_TASTE, 0, persons)
    tastes = np.full(persons.size, DISLIKED, dtype=np.int64)
    tastes[luck < population.remote_difficult_share] = DIFFICULT
    tastes[luck >= 1 - population.remote_liked_share] = LIKED
    return tastes


def effect_of_an_hour(market: LabourMarket, clients: Ints) -> Floats:
    """Return what an hour does for each client, relative to one face to face, (n,).

    ``1 - r*(1 - e)`` for a provider whose contact is remote to the share r, with e
    `coaching.remote_effect`, or `remote_effect_difficult` for those who find it difficult (REM-01,
    REM-02, M-PAR-10).
    """
    effect = np.ones(clients.size)
    share = np.array([provider.remote_share for provider in market.providers])
    if not share.any():
        return effect
    terms = market.setup.coaching
    wholly = np.full(clients.size, terms.remote_effect)
    taste = tastes(market.setup.population, market.draws, clients)
    wholly[taste == DIFFICULT] = terms.remote_effect_difficult
    effect -= share[market.columns.provider[clients]] * (1 - wholly)
    return effect
