"""How outcomes are proved: by a register, by the client's notice, or by checking a sample.

One class for each kind, registered by its name in `VERIFICATIONS`. A kind says what becomes of
claims of true outcomes; providers claim what the contract's terms are met for, and nothing else
(over-stated claims are not simulated: the evidence has no number for them). What checking finds
are papers that do not convince: the claim is disputed, and comes back (ADM-01).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from labsim.market.arrays import Bools, Floats, Ints
from labsim.market.draws import Stream
from labsim.scenario.sections.contract import Contract
from labsim.scenario.sections.fee import Fee

Luck = Callable[[Stream], Floats]
"""Draws one number in (0, 1) for each claim, of a stream; the same whenever it is asked."""


@dataclass(frozen=True)
class Proof:
    """What the proof of some claims comes to, one row per claim.

    Attributes
    ----------
    weeks : (n,)
        Weeks from the outcome until the claim is looked at: paid, disputed or refused.
    proved : (n,)
        Whether the outcome is proved; without, only what the fee pays without notice.
    by_hand : (n,)
        Whether proving takes both sides' time, on top of the claim.
    looked_at : (n,)
        Whether somebody looks at it, and so may dispute it.
    """

    weeks: Ints
    proved: Bools
    by_hand: Bools
    looked_at: Bools


class Verification(Protocol):
    """A kind of verification."""

    def prove(self, contract: Contract, luck: Luck, claims: int) -> Proof:
        """Return what becomes of so many claims."""

    def lag_weeks(self, contract: Contract) -> int:
        """Return the weeks that proving an outcome takes, at the longest, without a dispute."""

    def paid_share(self, contract: Contract, fee: Fee) -> float:
        """Return the expected share of a fee that a claim brings, if there were no disputes."""

    def looked_at_share(self, contract: Contract) -> float:
        """Return the share of claims that are looked at."""


class Register:
    """A complete register, which shows every outcome after a lag, at no cost."""

    def prove(self, contract: Contract, luck: Luck, claims: int) -> Proof:  # noqa: ARG002 - no luck
        """All are proved, after the lag."""
        yes = np.ones(claims, dtype=bool)
        return Proof(np.full(claims, contract.verification_lag_weeks), yes, ~yes, yes)

    def lag_weeks(self, contract: Contract) -> int:
        """The register's lag."""
        return contract.verification_lag_weeks

    def paid_share(self, contract: Contract, fee: Fee) -> float:  # noqa: ARG002 - all of every fee
        """All of it."""
        return 1.0

    def looked_at_share(self, contract: Contract) -> float:  # noqa: ARG002 - in every contract
        """All are compared with the register."""
        return 1.0


class Notice:
    """The client's own notice, which comes at once or not at all (FEE-01: 750 or 190 EUR).

    The purchaser waits `notice_weeks` for it; then the claim is settled without.
    """

    def prove(self, contract: Contract, luck: Luck, claims: int) -> Proof:
        """Proved for those whose clients give notice."""
        given = luck(Stream.NOTICE) < contract.notice_chance
        yes = np.ones(claims, dtype=bool)
        return Proof(np.where(given, 0, contract.notice_weeks), given, yes, yes)

    def lag_weeks(self, contract: Contract) -> int:  # noqa: ARG002 - in every contract
        """None: a notice that comes, comes at once."""
        return 0

    def paid_share(self, contract: Contract, fee: Fee) -> float:
        """All with a notice, the lower fee without."""
        lower = (fee.eur_unnotified or 0.0) / fee.eur if fee.eur else 0.0
        return contract.notice_chance + (1 - contract.notice_chance) * lower

    def looked_at_share(self, contract: Contract) -> float:  # noqa: ARG002 - in every contract
        """All are put beside the notices."""
        return 1.0


class Sample:
    """A share of claims is checked by hand, after a lag; the others are paid at once."""

    def prove(self, contract: Contract, luck: Luck, claims: int) -> Proof:
        """All are proved; only those checked wait, cost time, and may be disputed."""
        checked = luck(Stream.SAMPLE) < contract.sample_share
        weeks = np.where(checked, contract.verification_lag_weeks, 0)
        return Proof(weeks, np.ones(claims, dtype=bool), checked, checked)

    def lag_weeks(self, contract: Contract) -> int:
        """The lag of a check, if there are any."""
        return contract.verification_lag_weeks if contract.sample_share > 0 else 0

    def paid_share(self, contract: Contract, fee: Fee) -> float:  # noqa: ARG002 - all of every fee
        """All of it."""
        return 1.0

    def looked_at_share(self, contract: Contract) -> float:
        """Those checked."""
        return contract.sample_share


VERIFICATIONS: dict[str, Verification] = {
    "register": Register(),
    "notice": Notice(),
    "sample": Sample(),
}
"""Kinds of verification by `contract.verification`."""


def lag_weeks(contract: Contract) -> int:
    """Return the weeks from an outcome to its payment, as a provider plans with: no dispute."""
    return VERIFICATIONS[contract.verification].lag_weeks(contract)


def chance_paid(contract: Contract, fee: Fee) -> float:
    """Return the expected share of an outcome fee that meeting its terms in time brings.

    ``paid_share * (1 - looked_at * dispute_chance * dispute_lost_share)``: what the kind of proof
    leaves of the fee, less what is lost in disputes. Time lost in them is not in it.
    """
    kind = VERIFICATIONS[contract.verification]
    lost = kind.looked_at_share(contract) * contract.dispute_chance * contract.dispute_lost_share
    return kind.paid_share(contract, fee) * (1 - lost)
