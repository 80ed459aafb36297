"""What became of each client's outcome: paid, or one reason why not."""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from labsim.market.arrays import Ints
from labsim.market.claims import Claims
from labsim.market.jobs import NEVER
from labsim.market.outcomes import ClientSpells, Reached, Windows, reached


class Fate(IntEnum):
    """What became of a person's outcome, the farther it came the higher.

    A person with several spells, or under several fees, is under the one that came farthest. So
    everybody with a spell of a kind that any fee counts, begun since the start of the service, is
    in exactly one of these but `NOTHING`.

    Attributes
    ----------
    NOTHING
        No spell of a kind that counts.
    LATE_SHORT
        Began after the window, and would not have counted (yet) even in it.
    SHORT_HOURS
        Began in the window, with too few hours.
    NOT_SUSTAINED
        Began in the window with enough hours, and ended too early.
    RUNNING
        The same, but still running at the end of the run.
    COMPLETED_LATE
        Began in the window and lasted, but was complete too late for the fee's own window.
    AFTER_SERVICE
        Would have counted, but began after the window.
    AFTER_CONTRACT
        Terms met, after the last payable week.
    UNSERVED
        Met in time in a job, without the support in work that the fee asks for.
    PROOF_LATE
        Met in time, but proved or settled too late: after the last payable week, or the run's end.
    UNNOTIFIED
        Met in time, without the client's notice, and nothing paid.
    DISPUTED
        Met in time, but the claim was lost in a dispute, or did not come back in time.
    UNFUNDED
        Met and to be paid, but no money was left.
    PAID
        Paid (or counted, where the fee is 0).
    """

    NOTHING = Reached.NOTHING
    LATE_SHORT = Reached.LATE_SHORT
    SHORT_HOURS = Reached.SHORT_HOURS
    NOT_SUSTAINED = Reached.NOT_SUSTAINED
    RUNNING = Reached.RUNNING
    COMPLETED_LATE = Reached.COMPLETED_LATE
    AFTER_SERVICE = Reached.AFTER_SERVICE
    AFTER_CONTRACT = 7
    UNSERVED = 8
    PROOF_LATE = 9
    UNNOTIFIED = 10
    DISPUTED = 11
    UNFUNDED = 12
    PAID = 13


def fates(
    claims: list[Claims],
    spells: ClientSpells,
    windows: Windows,
    last_payable: Ints | int,
    weeks: int,
) -> Ints:
    """Return what became of each person's outcome, in codes of `Fate`, (people,).

    Parameters
    ----------
    spells
        The clients' spells, those still open ending at `weeks`.
    last_payable : (people,)
        Last week in which anything is paid for each.
    weeks
        Weeks of the run.
    """
    best = np.full(windows.start.size, int(Fate.NOTHING), dtype=np.int64)
    for claim in claims:
        # Of payments that follow upon the first, only what became of those met says something new.
        unmet: Ints = np.zeros(best.size, dtype=np.int64)
        if claim.stage == 0:
            unmet = reached(spells, windows, claim.terms, weeks)
        code = np.where(claim.met < NEVER, _met(claim, last_payable), unmet)
        best = np.maximum(best, code)
    return best


def _met(claim: Claims, last_payable: Ints | int) -> Ints:
    """Return what became of outcomes of one fee, if they were met."""
    return np.select(
        [
            claim.paid < NEVER,
            claim.unfunded < NEVER,
            claim.met > last_payable,
            claim.unserved,
            claim.disputed < NEVER,
            ~claim.proved,
        ],
        [
            Fate.PAID,
            Fate.UNFUNDED,
            Fate.AFTER_CONTRACT,
            Fate.UNSERVED,
            Fate.DISPUTED,
            Fate.UNNOTIFIED,
        ],
        Fate.PROOF_LATE,
    )
