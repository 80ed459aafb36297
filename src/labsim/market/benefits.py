"""Benefits: what an unemployed person gets in a week, and which public purse pays it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from labsim.market.arrays import Bools, Floats, Ints
from labsim.scenario.sections.finance import Finance, Step

EARNINGS_RELATED, BASIC_ALLOWANCE, LABOUR_MARKET_SUPPORT = range(3)
DAYS_PER_WEEK = 5
PAYERS = ("state", "municipality", "funds")
_DAYS = 10_002
"""Days that tables tell apart: one more than the last day that a step may begin on."""


@dataclass(frozen=True)
class BenefitTables:
    """Cents of a benefit week by scheme and day, made once per run.

    Attributes
    ----------
    weekly : (3, days)
        Cents of a week by scheme and benefit days used; days beyond the last count as the last.
    basic : int
        Cents of a week of the basic part.
    municipal_share : (days,)
        Municipality's share of the basic part by days on its clock.
    shared : (3,)
        Whether the municipality shares in a scheme.
    """

    weekly: Ints
    basic: int
    municipal_share: Ints
    shared: Ints

    def total(self, scheme: Ints, days: Ints) -> Ints:
        """Return the cents of a week of benefit, all purses together, (n,)."""
        cents: Ints = self.weekly[scheme, np.minimum(days, _DAYS - 1)]
        return cents


def benefit_tables(finance: Finance) -> BenefitTables:
    """Prepare the rules in force (2019 or 2025) for look-up by day."""
    rules = finance.current
    basic = round(finance.basic_daily_eur * DAYS_PER_WEEK * 100)
    earnings = (
        finance.earnings_related_daily_eur
        * DAYS_PER_WEEK
        * 100
        * _by_day(rules.earnings_related_level)
    )
    weekly = np.full((3, _DAYS), basic, dtype=np.int64)
    weekly[EARNINGS_RELATED] = np.maximum(np.rint(earnings), basic)
    shared = np.array([rules.municipal_share_of == "basic-part"] * 2 + [True])
    municipal = np.rint(_by_day(rules.municipal_share) * basic).astype(np.int64)
    return BenefitTables(weekly, basic, municipal, shared)


def _by_day(steps: list[Step]) -> Floats:
    days = [step.from_day for step in steps]
    values = np.array([step.share for step in steps])
    return values[np.searchsorted(days, np.arange(_DAYS), side="right") - 1]


def weekly_benefits(tables: BenefitTables, scheme: Ints, days: Ints, clock: Ints) -> Ints:
    """Return what each purse pays to each unemployed person in a week.

    The basic part of every benefit is the state's, less the municipality's share by its clock; the
    earnings-related part on top is the unemployment funds'.

    Parameters
    ----------
    scheme, days, clock : (n,)
        Scheme, benefit days used in it, days on the municipality's clock.

    Returns
    -------
    (3, n)
        Cents from state, municipality, funds.
    """
    total = tables.total(scheme, days)
    share = tables.municipal_share[np.minimum(clock, _DAYS - 1)]
    municipality = np.where(tables.shared[scheme], share, 0)
    return np.stack([tables.basic - municipality, municipality, total - tables.basic])


class BenefitRoll:
    """Counts of the unemployed by scheme and days used: what all their benefits cost in a week.

    A week out of work uses up `DAYS_PER_WEEK`, so that ``days - DAYS_PER_WEEK * week`` stays the
    same while a person is out of work: the roll counts people by it, and changes only when somebody
    comes, goes, or changes scheme. Sums are whole numbers and exact.

    Parameters
    ----------
    tables
        Cents by scheme and day.
    weeks
        Weeks of the run.
    """

    def __init__(self, tables: BenefitTables, weeks: int) -> None:
        self._tables, self._weeks = tables, weeks
        self._origin = DAYS_PER_WEEK * (weeks + 1)
        self._length = _DAYS + self._origin
        # By place and week: what is paid on the day that the people of a place have come to.
        day = np.clip(np.arange(self._length + self._origin) - self._origin, 0, _DAYS - 1)
        self._weekly, self._municipal_share = tables.weekly[:, day], tables.municipal_share[day]
        self._by_scheme = np.zeros((3, self._length), dtype=np.int64)
        self._by_clock = np.zeros(self._length, dtype=np.int64)
        self._parts: list[tuple[Bools, BenefitRoll]] = []

    def part(self, members: Bools) -> BenefitRoll:
        """Return an empty roll that from now on counts those of a group who come and go.

        Parameters
        ----------
        members : (people,)
            Whether each person belongs to the group; whoever is put into it later is added to the
            roll returned, too, if unemployed.
        """
        roll = BenefitRoll(self._tables, self._weeks)
        self._parts.append((members, roll))
        return roll

    def add(self, columns: BenefitColumns, persons: Ints, week: int) -> None:
        """Count people who have become unemployed before this week's benefits are paid."""
        self._change(columns, persons, week, 1)

    def remove(self, columns: BenefitColumns, persons: Ints, week: int) -> None:
        """Count people no longer, as their columns stand before this week's benefits."""
        self._change(columns, persons, week, -1)

    def _change(self, columns: BenefitColumns, persons: Ints, week: int, sign: int) -> None:
        scheme = columns.scheme[persons]
        days = self._places(columns.benefit_days[persons], week)
        np.add.at(self._by_scheme.reshape(-1), days + self._length * scheme.astype(np.int64), sign)
        clock = columns.clock_days[persons[self._tables.shared[scheme]]]
        np.add.at(self._by_clock, self._places(clock, week), sign)
        for members, roll in self._parts:
            roll._change(columns, persons[members[persons]], week, sign)

    def _places(self, days: Ints, week: int) -> Ints:
        shift = self._origin - DAYS_PER_WEEK * week
        places: Ints = np.minimum(days, _DAYS - 1).astype(np.int64) + shift
        return places

    def cents(self, week: int) -> tuple[int, int, int]:
        """Return what state, municipality and funds pay to all the unemployed in a week."""
        places = slice(DAYS_PER_WEEK * week, DAYS_PER_WEEK * week + self._length)
        total = sum(map(_dot, self._by_scheme, self._weekly[:, places]))
        basic = int(self._by_scheme.sum()) * self._tables.basic
        municipality = _dot(self._by_clock, self._municipal_share[places])
        return basic - municipality, municipality, total - basic


def _dot(counts: Ints, cents: Ints) -> int:
    return int(counts @ cents)


class BenefitColumns(Protocol):
    """Columns that say what benefit people get."""

    scheme: Ints
    benefit_days: Ints
    clock_days: Ints


def clock_runs(finance: Finance, scheme: Ints) -> Bools:
    """Whether a benefit week moves the municipality's clock: on support, or on any benefit."""
    runs: Bools = (scheme == LABOUR_MARKET_SUPPORT) | clock_always_runs(finance)
    return runs


def clock_always_runs(finance: Finance) -> bool:
    """Whether every benefit moves the municipality's clock."""
    return finance.current.municipal_share_of == "basic-part"


def entitlement(finance: Finance, scheme: Ints, days: Ints) -> tuple[Ints, Ints, Ints]:
    """Return scheme, days used in it, and days on the municipal clock after some benefit days.

    Allowances end at their longest and labour-market support follows. Where the municipality shares
    in that support only, its clock counts the days of support.

    Parameters
    ----------
    scheme, days : (n,)
        Scheme at entry, and benefit days used since.
    """
    longest = finance.earnings_related_days_max
    over = (scheme != LABOUR_MARKET_SUPPORT) & (days >= longest)
    now = np.where(over, LABOUR_MARKET_SUPPORT, scheme).astype(scheme.dtype)
    used = np.where(over, days - longest, days).astype(days.dtype)
    if finance.current.municipal_share_of == "basic-part":
        return now, used, days.copy()
    return now, used, np.where(now == LABOUR_MARKET_SUPPORT, used, 0).astype(days.dtype)
