"""What can not be procured is refused, in one line that says what to change."""

# ruff: noqa: ISC004 - lines as a user reads them

from __future__ import annotations

from collections.abc import Callable

import pytest

Faults = Callable[..., list[str]]

TWO_AREAS = '[population]\nareas = { "a" = 0.5, "b" = 0.5 }\n'
OPEN = '[procurement]\nprocedure = "open"\n'

EXAMPLES = [
    (
        OPEN + "price_weight = 0.8",
        "mine.toml:3: procurement.price_weight: price_weight and quality_weight must add up to 1"
        " (they make 1.2)",
    ),
    (
        OPEN + "winners = 9",
        "mine.toml:3: procurement.winners: cannot be more than the bids there are (8)",
    ),
    (
        OPEN + "bidders = 2\nconsortium_size = 3",
        "mine.toml:4: procurement.consortium_size: takes more firms than there are (2)",
    ),
    (
        '[procurement]\nprocedure = "challenge"\nbidders = 5\nshortlist = 8',
        "mine.toml:4: procurement.shortlist: cannot be more than the bids there are (5)",
    ),
    (
        '[procurement]\nprocedure = "negotiated"\nwinners = 3\nshortlist = 2',
        "mine.toml:4: procurement.shortlist: must be 3 or more: so many are to win",
    ),
    (
        '[procurement]\nprocedure = "challenge"\nshortlist = 2',
        "mine.toml:3: procurement.shortlist: must be 3 or more: so many are to win",
    ),
    (
        '[procurement]\nprocedure = "alliance"\nwinners = 2',
        "mine.toml:3: procurement.winners: must be 1: an alliance has one partner"
        " (consortium_size makes it of several firms)",
    ),
    (
        '[procurement]\nprocedure = "alliance"\nceiling = 0.9',
        "mine.toml:3: procurement.ceiling: has no meaning: prices are as written in this procedure"
        " (alliance)",
    ),
    (
        OPEN + 'bid_on = "joob"',
        "mine.toml:3: procurement.bid_on: no fee is called 'joob' (fees: ); or write 'all'",
    ),
    (
        '[procurement]\nprocedure = "voucher"',
        "mine.toml:2: procurement.procedure: vouchers are for clients who choose: set"
        ' referral.provider_choice = "client"',
    ),
    (
        OPEN + "winners = 2",
        'mine.toml:3: procurement.winners: 2 win, but referral.provider_choice = "single" sends'
        " everybody to one: choose another, or set winners = 1",
    ),
    (
        TWO_AREAS + OPEN + '[[procurement.lots]]\nname = "north"\nareas = ["a"]',
        "no lot holds area 'b', and its people may be referred: add it to a lot, or narrow"
        " referral.target.areas",
    ),
    (
        TWO_AREAS + OPEN + '[[procurement.lots]]\nname = "north"\nareas = ["a", "x"]',
        "'x' is not an area of the population (areas: a, b)",
    ),
    (
        OPEN + '[[procurement.lots]]\nname = "one"\nshare = 0.5',
        "the shares of lots must add up to 1 (they make 0.5)",
    ),
    (
        OPEN + '[[procurement.lots]]\nname = "one"',
        "lots must all have areas, or all have shares, and never both",
    ),
    (
        '[[procurement.lots]]\nname = "one"\nshare = 1.0',
        "lots are awarded by a procedure: choose one in procurement.procedure (it is 'direct')",
    ),
]


@pytest.mark.parametrize(("text", "line"), EXAMPLES)
def test_fault(faults: Faults, text: str, line: str) -> None:
    found = faults(text)
    assert [each for each in found if each.endswith(line)], found


def test_a_narrow_target_needs_no_other_lots(faults: Faults) -> None:
    lots = '[[procurement.lots]]\nname = "north"\nareas = ["a"]\n'
    assert faults(TWO_AREAS + OPEN + lots + '[referral.target]\nareas = ["a"]') == []
