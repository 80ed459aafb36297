"""Waiting for a place: who is asked next, and where there is room."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from labsim.market.arrays import Bools, Ints
from labsim.market.draws import Stream

if TYPE_CHECKING:
    from labsim.market.model import LabourMarket


def free_places(market: LabourMarket) -> dict[int, int] | None:
    """Return the free places of each provider in business, or ``None`` where there is no limit.

    Places are those of one contract: where lots are awarded apart, a limit is refused.
    """
    if len(market.places.lots) > 1 or all(
        provider.terms.places is None for provider in market.serving
    ):
        return None
    free = {}
    for provider in market.serving:
        limit = provider.terms.places
        used = provider.clients().size
        free[provider.number] = len(market.people) if limit is None else max(limit - used, 0)
    return free


def queue(market: LabourMarket, persons: Ints) -> Ints:
    """Return the places in the list of these people in the order in which they wait, (n,).

    Those come first who were referred first; of those of one week, by their place on the office's
    list.
    """
    place = market.draws.uniform(Stream.PRIORITY, 0, persons)
    order: Ints = np.lexsort((place, market.columns.referred_week[persons]))
    return order


def are_asked(order: Ints, accepts: Bools, free: int) -> Bools:
    """Whether each of those who wait is asked now: in order, until the places are taken.

    Parameters
    ----------
    order, accepts : (n,)
        Places in the list in the order of the queue; whether each would accept.
    """
    asked = np.zeros(accepts.size, dtype=bool)
    taken_before: Ints = np.cumsum(accepts[order]) - accepts[order]
    asked[order] = taken_before < free
    return asked
