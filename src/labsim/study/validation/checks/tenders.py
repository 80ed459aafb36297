"""Facts about procurement: PRC, CC, and promises that are not kept."""

from __future__ import annotations

from labsim.market.arrays import Floats
from labsim.study.validation.registry import NEGATIVE, POSITIVE, check
from labsim.study.validation.runs import Runs


@check("PRC-01", "PRC-02", worlds=("tender",))
def tendering_presses_prices(runs: Runs) -> Floats:
    """Winning bid as a factor on the fees, after eight earlier price competitions less none."""
    return runs.difference("winning_factor", "tender", "tradition", "open")


@check("PRC-04", worlds=("tender",))
def a_high_bar_finds_nobody(runs: Runs) -> Floats:
    """Coaches in the first half-year, a bar of 0.9 on qualifications less none."""
    return runs.difference("coaches_early", "tender", "high bar", "open")


@check("PRC-05", worlds=("tender",), limits=POSITIVE)
def a_high_bar_costs(runs: Runs) -> Floats:
    """Winning bid as a factor on the fees, a bar of 0.9 less 0.4, which is all that helps."""
    return runs.difference("winning_factor", "tender", "high bar", "useful bar")


@check("PRC-06", worlds=("two contracts",), limits=NEGATIVE)
def rebuilding_takes_long(runs: Runs) -> Floats:
    """Coaches in the first half-year of a second contract, after a gap of half a year less none."""
    return runs.difference("coaches_last", "two contracts", "gap", "no gap")


@check("OUT-09", worlds=("tender",))
def promises_are_not_kept(runs: Runs) -> Floats:
    """Outcomes as a share of what the winner promised, decided mostly by price."""
    return runs.of("promise_kept", "tender", "price")


@check("CC-08", worlds=("tender",))
def competitions_find_better_concepts(runs: Runs) -> Floats:
    """Skill of the winner, of a challenge competition less of an open tender."""
    return runs.difference("winning_skill", "tender", "challenge", "open")
