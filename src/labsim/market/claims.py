"""The life of a claim: an outcome is met, claimed, looked at, perhaps disputed, and paid or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from zlib import crc32

import numpy as np

from labsim.market.arrays import Bools, Floats, Ints
from labsim.market.draws import Draws, Stream
from labsim.market.jobs import NEVER
from labsim.market.outcomes import Terms
from labsim.market.pricing import Price
from labsim.market.verification import VERIFICATIONS
from labsim.scenario.sections.contract import Contract


class Whose(Protocol):
    """Whose client everybody is: the columns of jobseekers that a claim asks for.

    Attributes
    ----------
    provider, group, contract : (people,)
    """

    @property
    def provider(self) -> Ints:
        """Number of the provider."""

    @property
    def group(self) -> Ints:
        """Number of the contract's group."""

    @property
    def contract(self) -> Ints:
        """Number of the contract period."""


def luck_of(fee: str, stage: int) -> int:
    """Return what keys the luck of the claims of a payment of a fee, by its name.

    The same in every contract that has the fee, wherever it stands: a client who gives notice under
    one design gives it under another. A checksum is the same in every run, too.
    """
    return crc32(f"{fee}#{stage}".encode())


@dataclass(frozen=True)
class Looked:
    """Whose claims were looked at in a week.

    Attributes
    ----------
    by_hand, disputed, settled : (n,)
        Ids of people whose claim was checked by hand, was sent back, and is to be paid; in order.
    """

    by_hand: Ints
    disputed: Ints
    settled: Ints


@dataclass
class Claims:
    """Outcomes of one payment of a fee, one row per person; weeks not come are `NEVER`.

    Attributes
    ----------
    price
        The fee.
    terms
        What the payment asks for.
    stage
        Number of the payment among those of its fee, from 0.
    number
        With the person, the key of a claim's luck; see `luck_of`.
    met, disputed, paid, unfunded : (people,)
        Weeks in which the terms were met, the claim was sent back, the fee was paid, and the fee
        would have been paid, had there been money left.
    cents : (people,)
        What was paid.
    unserved : (people,)
        Whether the terms were met in a job without the support that the fee asks for.
    proved : (people,)
        Whether the outcome can be proved.
    due : (people,)
        Week in which the claim is looked at next.
    pending : (n,)
        Ids of people whose claim is open.
    """

    price: Price
    terms: Terms
    stage: int
    number: int
    met: Ints
    disputed: Ints
    paid: Ints
    unfunded: Ints
    cents: Ints
    unserved: Bools
    proved: Bools
    due: Ints
    pending: Ints
    _by_hand: Bools
    _looked_at: Bools

    @classmethod
    def of(cls, price: Price, number: int, people: int, stage: int = 0) -> Claims:
        """Return the claims of a payment of a fee before there are any."""
        never, no = np.full(people, NEVER, dtype=np.int32), np.zeros(people, dtype=bool)
        nobody = np.zeros(0, dtype=np.int64)
        return cls(
            price, price.stages[stage], stage, number, met=never, disputed=never.copy(),
            paid=never.copy(), unfunded=never.copy(), cents=np.zeros(people, dtype=np.int64),
            unserved=no.copy(), proved=no, due=never.copy(), pending=nobody, _by_hand=no.copy(),
            _looked_at=no.copy(),
        )  # fmt: skip

    def claim(self, persons: Ints, met: Ints, contract: Contract, draws: Draws) -> None:
        """Open the claims of these people, whose terms were met in the given weeks."""
        kind = VERIFICATIONS[contract.verification]
        proof = kind.prove(
            contract, lambda stream: draws.uniform(stream, self.number, persons), persons.size
        )
        self.met[persons], self.due[persons] = met, met + proof.weeks
        self.proved[persons] = proof.proved
        self._by_hand[persons], self._looked_at[persons] = proof.by_hand, proof.looked_at
        self.pending = np.concatenate([self.pending, persons])

    def refuse(self, persons: Ints, met: Ints) -> None:
        """Note people who met the terms in the given weeks without the support asked for."""
        self.met[persons], self.unserved[persons] = met, True

    def expire(self, payable: Bools) -> None:
        """Drop open claims of people for whom the time to pay is over.

        Parameters
        ----------
        payable : (pending,)
            Whether the open claims, in their order, are still paid.
        """
        self.pending = self.pending[payable]

    def look(
        self,
        week: int,
        contract: Contract,
        draws: Draws,
        whose: Whose,
        left: Floats | None = None,
    ) -> Looked:
        """Look at what is due: pay it, or send it back once.

        Every claim is disputed at most once, with `dispute_chance` times what the partnership with
        its provider leaves of it (`left`, by provider); it comes back after
        `dispute_weeks`, and is lost then with `dispute_lost_share`. What nothing is paid for is
        neither checked nor disputed.
        """
        is_due = self.due[self.pending] <= week
        due, waiting = np.sort(self.pending[is_due]), self.pending[~is_due]
        if not due.size:
            return Looked(due, due, due)
        amount = self.amount(due, whose)
        back = self.disputed[due] < NEVER
        luck = draws.uniform(Stream.DISPUTE, self.number, due)
        chance: Floats | float = contract.dispute_chance
        if left is not None:
            chance = chance * left[whose.provider[due]]
        sent_back = ~back & self._looked_at[due] & (amount > 0) & (luck < chance)
        luck = draws.uniform(Stream.DISPUTE_LOST, self.number, due)
        lost = back & (luck < contract.dispute_lost_share)
        disputed = due[sent_back]
        self.disputed[disputed], self.due[disputed] = week, week + contract.dispute_weeks
        self.pending = np.concatenate([waiting, disputed])
        counts = self.proved[due] | (amount > 0)
        priced = self.price.per_unit(*_key(due, whose)) > 0
        return Looked(
            by_hand=due[~back & self._by_hand[due] & priced],
            disputed=disputed,
            settled=due[~sent_back & ~lost & counts],
        )

    def settle(self, persons: Ints, cents: Ints, funded: Bools, week: int) -> None:
        """Note who was paid this week and how much, and for whom no money was left."""
        self.paid[persons[funded]], self.cents[persons[funded]] = week, cents[funded]
        self.unfunded[persons[~funded]] = week

    def amount(self, persons: Ints, whose: Whose) -> Ints:
        """Return the cents that each person's claim would bring, (n,)."""
        key = _key(persons, whose)
        full, lower = self.price.per_unit(*key), self.price.per_unnotified(*key)
        return np.where(self.proved[persons], full, lower)


def _key(persons: Ints, whose: Whose) -> tuple[Ints, Ints, Ints]:
    """Return what prices depend on: provider, group and contract period of each person."""
    return whose.provider[persons], whose.group[persons], whose.contract[persons]
