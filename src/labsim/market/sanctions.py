"""Benefit suspended (karenssi) for those who decline a service that they are obliged to take.

A suspended week is neither paid nor used up. It is an effect of the service on people, so that
`effect_scale` under 1 makes it as much rarer. Nothing else follows: no evidence here says what a
sanction does to a person's search.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labsim.market.arrays import Bools, Ints
from labsim.market.draws import Stream
from labsim.market.states import State

if TYPE_CHECKING:
    from labsim.market.model import LabourMarket


def impose(market: LabourMarket, decliners: Ints) -> None:
    """Suspend the benefits of a share of those who decline, from this week on."""
    referral, columns = market.setup.referral, market.columns
    if referral.participation != "mandatory" or not referral.sanction_weeks:
        return
    obliged = decliners[~columns.applied[decliners]]
    chance = referral.sanction_share * min(market.setup.coaching.effect_scale, 1.0)
    hit = obliged[market.draws.uniform(Stream.SANCTION, 0, obliged) < chance]
    market.benefit_roll.remove(columns, hit, market.week)
    columns.suspended_until[hit] = market.week + referral.sanction_weeks
    market.count("sanctioned", hit.size)


def resume(market: LabourMarket) -> None:
    """Pay again those whose suspension is over, if they are unemployed."""
    if market.setup.referral.participation != "mandatory":
        return
    columns = market.columns
    if not market.week:
        return
    over = market.referred[columns.suspended_until[market.referred] == market.week]
    over = over[columns.state[over] == State.UNEMPLOYED.value]
    market.benefit_roll.add(columns, over, market.week)


def is_paid(market: LabourMarket, persons: Ints) -> Bools:
    """Whether benefits of people, if they are unemployed, are paid this week, (n,)."""
    paid: Bools = market.columns.suspended_until[persons] <= market.week
    return paid


def suspended_now(market: LabourMarket) -> Ints:
    """Return those whose benefits are suspended this week, if they are unemployed, in order."""
    if market.setup.referral.participation != "mandatory":
        return market.referred[:0]
    referred = market.referred
    return referred[market.columns.suspended_until[referred] > market.week]


def paid_among(market: LabourMarket, persons: Ints) -> Ints:
    """Return those of people whose benefits, if they are unemployed, are paid this week."""
    if market.setup.referral.participation != "mandatory":
        return persons
    paid: Ints = persons[is_paid(market, persons)]
    return paid
