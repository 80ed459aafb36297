"""Kinds of fees: one class each, registered by what they are paid on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labsim.market.fees.account import Account
from labsim.market.fees.days import GroupChange, Impact, SupportDays
from labsim.market.fees.outcomes import Outcomes
from labsim.market.fees.scores import Progress, feedback
from labsim.market.fees.service import CoachMonths, Metered, Referrals, Starts

if TYPE_CHECKING:
    from collections.abc import Callable

    from labsim.market.model import LabourMarket
    from labsim.market.pricing import Price

KINDS: dict[str, Callable[[LabourMarket, Price], Account]] = {
    "start": Starts,
    "referral": Referrals,
    "month": Metered,
    "hour": Metered,
    "unit": Metered,
    "coach-month": CoachMonths,
    "feedback": feedback,
    "progress": Progress,
    "group-change": GroupChange,
    "impact": Impact,
    "outcome": SupportDays,
}
"""Accounts by kind of fee; outcomes that are met and claimed are `Outcomes`, others by the day."""


def accounts(market: LabourMarket) -> list[Account]:
    """Return the accounts of the contract's fees, in their order."""
    kinds = [KINDS[price.fee.on] if price.terms is None else Outcomes for price in market.prices]
    return [kind(market, price) for kind, price in zip(kinds, market.prices, strict=True)]
