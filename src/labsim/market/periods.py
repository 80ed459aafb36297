"""Contract periods: one contract after another, with gaps between them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from labsim.market.arrays import Ints
from labsim.scenario.schema import Scenario


@dataclass(frozen=True)
class Periods:
    """When contracts begin and end, and until when they pay; one row each.

    A client belongs to the contract in which the service started: it ends with that contract at
    the latest, and is paid for until that contract's last payable week.

    Attributes
    ----------
    start : (periods,)
        First week of service.
    end : (periods,)
        First week after the service.
    last_payable : (periods,)
        Last week in which anything is paid for its clients.
    gap
        Weeks without a contract before each but the first.
    """

    start: Ints
    end: Ints
    last_payable: Ints
    gap: int

    @classmethod
    def of(cls, setup: Scenario) -> Periods:
        """Lay the contracts of a scenario one after another.

        A contract lasts `contract.weeks`; all but the last go on by the option weeks that bridge
        what the next procedure takes beyond its notice, and what options do not bridge is a gap.
        """
        contract, terms = setup.contract, setup.procurement
        every = contract.weeks + terms.bridge + terms.gap
        start = contract.start_week + every * np.arange(terms.rounds)
        end = start + contract.weeks
        end[:-1] += terms.bridge
        tracking = contract.last_week_paid - contract.end_week
        return cls(start, end, end + tracking, terms.gap)

    def __len__(self) -> int:
        return self.start.size

    def at(self, week: int) -> int:
        """Return the number of the contract that is on, or comes next; at last the last one."""
        return min(int(np.searchsorted(self.end, week, side="right")), len(self) - 1)

    def begun(self, weeks: Ints) -> Ints:
        """Return the number of the contract in which each week lies, or after which, (n,)."""
        numbers: Ints = np.searchsorted(self.start, weeks, side="right") - 1
        return np.maximum(numbers, 0)

    def offset(self, number: int) -> int:
        """Return by how many weeks a contract begins later than the first."""
        return int(self.start[number] - self.start[0])

    @property
    def last_week_paid(self) -> int:
        """Last week in which anything at all is paid."""
        return int(self.last_payable.max())
