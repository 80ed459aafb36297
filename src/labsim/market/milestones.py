"""Outcome fees as somebody sees them who hopes to earn them: what is still open, and how likely."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from labsim.market.arrays import Bools, Floats, Ints
from labsim.market.jobs import NEVER
from labsim.market.outcomes import EMPLOYMENT, Terms, counted_kind, enough_hours, in_window
from labsim.market.verification import chance_paid, lag_weeks

if TYPE_CHECKING:
    from labsim.market.model import LabourMarket

DURABILITIES: Floats = np.linspace(0.0, 1.0, 11)
"""The choices between speed (0) and durability (1) that a provider weighs."""


@dataclass(frozen=True)
class _Rows:
    """What each payment asks for, one below the other, (fees, 1); see `Terms`."""

    weeks: Ints
    start_grace: Ints
    completion_grace: Ints
    nth: Ints
    min_hours_share: Floats
    counts_jobs: Bools

    @classmethod
    def of(cls, terms: list[Terms]) -> _Rows:
        """Lay out the terms of payments."""

        def column(values: list[Any], kind: type) -> Any:
            return np.array(values, dtype=kind).reshape(-1, 1)

        return cls(
            column([each.weeks for each in terms], np.int64),
            column([each.start_grace for each in terms], np.int64),
            column([each.completion_grace for each in terms], np.int64),
            column([each.nth for each in terms], np.int64),
            column([each.min_hours_share for each in terms], np.float64),
            column([EMPLOYMENT in each.states for each in terms], np.bool_),
        )


class Milestones:
    """The contract's outcome fees, for clients one by one.

    Attributes
    ----------
    prices
        The payments of outcome fees, `fees` of them, each with its fee.
    stages
        Number of each payment among those of its fee.
    lasting : (durabilities, fees, kinds)
        Chance that a new spell of each kind of exit earns each fee, ``sigma``; 0 for kinds that do
        not count. Durability prolongs jobs only.
    """

    def __init__(self, market: LabourMarket) -> None:
        self.market = market
        payments = [
            (price, stage, terms)
            for price in market.prices
            for stage, terms in enumerate(price.stages)
        ]
        self._fees = [price for price in market.prices if price.stages]
        self.prices = [price for price, _, _ in payments]
        self.stages = [stage for _, stage, _ in payments]
        self.terms: list[Terms] = [terms for _, _, terms in payments]
        self._rows = _Rows.of(self.terms)
        gain = market.setup.coaching.durability_gain
        self.lasting: Floats = np.array(
            [
                [self._chances(terms, float(np.exp(-gain * choice))) for terms in self.terms]
                for choice in DURABILITIES
            ]
        ).reshape(DURABILITIES.size, len(self.terms), len(market.exit_states))

    def __len__(self) -> int:
        return len(self.prices)

    def _chances(self, terms: Terms, separation: float) -> list[float]:
        labour_market = self.market.setup.labour_market
        return [
            terms.chance_to_last(labour_market, state, separation) if state in terms.states else 0.0
            for state in self.market.exit_states
        ]

    def euros(self, persons: Ints) -> Floats:
        """Return what meeting the terms of each fee brings for each person, (fees, n).

        The fee, by the expected part of it that survives verification, and by the believed chance
        that money is left; nothing for fees that another has stopped.
        """
        contract, purchaser = self.market.setup.contract, self.market.purchaser
        of_fee = {
            price.name: purchaser.per_unit(price, persons)
            / 100
            * (chance_paid(contract, price.fee) * purchaser.funds.chance)
            * ~purchaser.has_ended(price, persons)
            for price in self._fees
        }
        euros = [of_fee[price.name] for price in self.prices]
        return np.array(euros).reshape(len(self.prices), persons.size)

    def weeks_to_begin(self, persons: Ints) -> Floats:
        """Return the weeks in which an outcome can still begin and be paid, (fees, n): ``T_im``.

        This week included; not positive when the time is over. It is the least of what is left of
        the window for beginning, of the window for completing, and of the time until the last week
        in which anything is paid.
        """
        market, rows = self.market, self._rows
        contract, week = market.setup.contract, market.week
        window = market.columns.service_limit[persons].astype(np.float64) - week
        payable = market.last_payable(persons) - lag_weeks(contract) - week
        left: Floats = np.minimum(window + rows.start_grace, payable - rows.weeks + 2)
        return np.minimum(left, window + rows.completion_grace - rows.weeks + 1, out=left)

    def open_fees(self, persons: Ints, weeks_to_begin: Floats) -> Floats:
        """Return the euros of each payment that a first spell beginning now could earn, (fees, n).

        Weeks that add up are hoped for in one spell, and nobody hopes for a second one.

        Parameters
        ----------
        weeks_to_begin : (fees, n)
            See `weeks_to_begin`.
        """
        first = self._rows.nth == 0
        fees: Floats = self.euros(persons) * (weeks_to_begin > 0) * first
        return fees

    def matured(self, persons: Ints) -> Bools:
        """Whether nothing more can be earned of each person who has started, (n,).

        The last window of any fee has closed, and the time to last and to be verified is over.
        """
        market, columns = self.market, self.market.columns
        lag = lag_weeks(market.setup.contract)
        open_ended = any(terms.accumulates or terms.nth for terms in self.terms)
        longest = max((terms.start_grace + terms.weeks for terms in self.terms), default=0) + lag
        longest += NEVER if open_ended else 0
        stay = market.setup.contract.service_weeks_max
        service_end = np.minimum(
            columns.service_start[persons] + stay, market.periods.end[columns.contract[persons]]
        )
        last = np.minimum(service_end.astype(np.int64) + longest, market.last_payable(persons) + 1)
        over: Bools = last <= market.week
        return over

    def pending(self, persons: Ints) -> tuple[Bools, Ints]:
        """Return which fees the present jobs of former clients may still earn, and when.

        Parameters
        ----------
        persons : (n,)
            Employed people who have been in the service.

        Returns
        -------
        pending : (fees, n)
            Whether the job is of the right kind and hours, began in its window, and the milestone
            lies ahead, in time to be paid.
        complete : (fees, n)
            Week in which the milestone is reached.
        """
        market, columns, rows = self.market, self.market.columns, self._rows
        begin, limit = columns.since[persons], columns.service_limit[persons]
        # The job ended the service, so that it began in its last week at the latest.
        service_end = np.minimum(limit, columns.first_exit[persons] + 1)
        last = market.last_payable(persons) - lag_weeks(market.setup.contract)
        complete: Ints = begin + rows.weeks - 1
        for row, weeks in self._worked_before(persons).items():
            complete[row] -= weeks
        pending: Bools = (begin < service_end + rows.start_grace) & rows.counts_jobs
        pending &= columns.hours_share[persons] >= rows.min_hours_share
        pending &= complete < limit + rows.completion_grace
        pending &= (complete >= market.week) & (complete <= last)
        claims = market.purchaser.claims
        for row, terms in enumerate(self.terms):
            pending[row] &= claims[row].met[persons] == NEVER
            if terms.nth:  # a further spell, after the one that earned the payment before
                pending[row] &= claims[row - 1].met[persons] < begin
        return pending, complete

    def _worked_before(self, persons: Ints) -> dict[int, Ints]:
        """Return the weeks of spells before the present one that add up to it, (n,).

        By number of payment, of those for which weeks add up.
        """
        market = self.market
        adding_up = [row for row, terms in enumerate(self.terms) if terms.accumulates]
        if not adding_up or not persons.size:
            return {}
        order = np.sort(persons)
        spells, windows = market.client_spells().of(order), market.windows().of(order)
        before = spells.begin < market.columns.since[order][spells.person]
        lasted, place = spells.end - spells.begin, np.searchsorted(order, persons)
        found: dict[int, Ints] = {}
        for row in adding_up:
            terms = self.terms[row]
            counted = before & counted_kind(spells, terms) & enough_hours(spells, terms)
            counted &= in_window(spells, windows, terms)
            weeks = np.bincount(spells.person, lasted * counted, minlength=order.size)
            found[row] = weeks.astype(np.int64)[place]
        return found
