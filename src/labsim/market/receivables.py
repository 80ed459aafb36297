"""What a provider believes it will still be paid for outcomes: what a bank lends on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from labsim.market.arrays import Floats, Ints
from labsim.market.claims import Claims


class Receivables:
    """Outcome fees to come, by client and by job.

    Attributes
    ----------
    euros
        Their sum.
    """

    def __init__(self, fees: int) -> None:
        self.euros = 0.0
        self._clients: Ints = np.zeros(0, dtype=np.int64)
        self._working: Ints = self._clients
        self._hoped, self._hoped_in_work = np.zeros(0), np.zeros((fees, 0))

    def expect(self, clients: Ints, hoped: Floats, working: Ints, in_work: Floats) -> None:
        """Believe in what clients and former clients will still bring.

        Parameters
        ----------
        clients, hoped : (n,)
            Clients in service, and what they would bring without coaching until their last window
            closes.
        working, in_work : (m,), (fees, m)
            Former clients in jobs, and what pending milestones bring by their chances.
        """
        self._clients, self._hoped = clients, hoped
        self._working, self._hoped_in_work = working, in_work
        self.euros = float(hoped.sum()) + float(in_work.sum())

    def drop_met(self, claims: Sequence[Claims], week: int) -> None:
        """Leave out what outcomes met this week stand for: they are owed, or lost, and no hope.

        A job's other milestones stay; a client who has met one in the very week of leaving counts
        in what is owed alone, until next week's picture of the job.
        """
        met = np.zeros(self._clients.size, dtype=bool)
        total = 0.0
        for row, claim in zip(self._hoped_in_work, claims, strict=True):
            met |= claim.met[self._clients] == week
            total += float(row[claim.met[self._working] != week].sum())
        self.euros = total + float(self._hoped[~met].sum())
