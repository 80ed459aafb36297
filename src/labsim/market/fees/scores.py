"""Fees by scores: what clients answer, and how much they are measured to have come on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr

from labsim.market.arrays import Floats, Ints
from labsim.market.draws import Stream
from labsim.market.fees.account import NOBODY, Account, Due, Fees
from labsim.market.pricing import Price
from labsim.market.units import (
    LOWEST,
    expected_units,
    full_gain,
    measured_sd,
)
from labsim.market.weeks import weeks_in_month

if TYPE_CHECKING:
    from labsim.market.jobseekers import Jobseekers
    from labsim.market.model import LabourMarket

_LEAST_SD = 0.25
"""Points by which a provider's aim at a target is never sharper."""


class _AtEnd(Fees):
    """Paid for each client when the service ends."""

    def __init__(self, market: LabourMarket, price: Price) -> None:
        super().__init__(market, price)
        self._usual = expected_units(price.fee, market.tender, market.expectations)

    def at_end(self, persons: Ints) -> Floats:
        """What is usual."""
        return self.unit_euros(persons) * self._usual

    def dues(self) -> Iterator[Due]:
        """Yield what clients whose service has ended this week bring."""
        ended = self.payable(self.market.ended())
        ended = ended[~self.market.purchaser.has_ended(self.price, ended)]
        yield self.of_clients(ended, self.units(ended))

    def units(self, ended: Ints) -> Floats:
        """Return the points paid for."""
        raise NotImplementedError


class Feedback(_AtEnd):
    """Paid by the points that a client's answer lies above the least score (M-PRO-18).

    The answer is that of `satisfaction`: hours, fit, honesty and contact move it, a job does not.
    """

    @property
    def _least(self) -> float:
        return self.fee.least_score or LOWEST

    def units(self, ended: Ints) -> Floats:
        """Return the points above the least."""
        return np.maximum(self.market.columns.satisfaction[ended] - self._least, 0.0)

    def experience(self, persons: Ints, stay: Floats) -> Floats:
        """What hours do to the answer, by the slope of worth at no hours.

        An hour more this week raises the mean of all weeks, and so the answer by ``per_hours /
        usual_hours / weeks``; worth saturates with kappa, so that the first hour is worth as much.
        Nothing for clients whose mean is so high that more does not please.
        """
        market, columns = self.market, self.market.columns
        weights = market.setup.coaching.satisfaction
        before = market.week - columns.service_start[persons]
        weeks = before + np.maximum(stay, 1.0)
        pleased = columns.hours_total[persons] >= 2 * weights.usual_hours * np.maximum(before, 1)
        slope = weights.per_hours / weights.usual_hours / weeks
        kappa = market.setup.coaching.saturation_hours_per_week
        worth: Floats = self.unit_euros(persons) * slope * kappa * ~(pleased & (before > 0))
        return worth


class FirmFeedback(Fees):
    """Paid every month by the points that firms' answers lie above the least score.

    For each provider the mean of its firms' last answers, above the least, times the firms that
    have answered, for the part of the month since the last bill in which firms were served and the
    contract paid. Hours for firms are given by the rule of `employers`, whatever this fee pays.
    """

    def __init__(self, market: LabourMarket, price: Price) -> None:
        super().__init__(market, price)
        self._weeks_since_bill = 0

    def dues(self) -> Iterator[Due]:
        """Count the week, and yield each provider's points when a bill is due."""
        market, firms = self.market, self.market.employers
        self._weeks_since_bill += int(firms.running and market.pays_now())
        if not (market.purchaser.bills_now() and self._weeks_since_bill):
            return
        months = self._weeks_since_bill / weeks_in_month(market.setup.run.start_date, market.week)
        self._weeks_since_bill = 0
        numbers = np.array([provider.number for provider in self.market.providers])
        asked = firms.provider[~np.isnan(firms.score) & (firms.provider >= 0)]
        answers = np.bincount(asked, minlength=numbers.size)
        least = self.fee.least_score or LOWEST
        points = np.maximum(np.nan_to_num(firms.feedback(), nan=least) - least, 0.0) * answers
        cents = np.rint(points * months * self.nobodys_cents(numbers)).astype(np.int64)
        yield Due(np.full(numbers.size, NOBODY), numbers, cents)


def feedback(market: LabourMarket, price: Price) -> Account:
    """Return the account of a feedback fee: of clients' answers, or of firms'."""
    of_firms = price.fee.instrument == "firms"
    return FirmFeedback(market, price) if of_firms else Feedback(market, price)


class Progress(_AtEnd):
    """Paid for a score measured to have risen between start and end, each time with an error.

    By the point, falls counting as none; or once, where the change is measured to have reached
    `target_change`. What is paid for nothing but errors is the instrument's price.
    """

    def __init__(self, market: LabourMarket, price: Price) -> None:
        super().__init__(market, price)
        self._instrument = price.fee.instrument or ""
        self._number = list(INSTRUMENTS).index(self._instrument)

    def units(self, ended: Ints) -> Floats:
        """Return the points, or whether the target was reached."""
        columns, read = self.market.columns, INSTRUMENTS[self._instrument]
        change = self._measured(ended, read(columns, ended, "end"), Stream.MEASURED_AFTER)
        change -= self._measured(ended, read(columns, ended, "start"), Stream.MEASURED_BEFORE)
        if self.fee.target_change is None:
            return np.maximum(change, 0.0)
        reached: Floats = (change >= self.fee.target_change).astype(np.float64)
        return reached

    def _measured(self, persons: Ints, score: Floats, stream: Stream) -> Floats:
        luck = self.market.draws.normal(stream, self._number, persons)
        noise_sd = self.market.setup.contract.measurement_noise_sd
        measured: Floats = np.clip(score + noise_sd * luck, 0, 10)
        return measured

    def experience(self, persons: Ints, stay: Floats) -> Floats:  # noqa: ARG002 - whole stay
        """What full hours add to the score this week, by what a point more is worth.

        With a target that is the density of the measured change at the target, around the change
        so far; without one, the chance that the change is measured to be above nothing.
        """
        columns, setup = self.market.columns, self.market.setup
        read = INSTRUMENTS[self._instrument]
        far = read(columns, persons, "now") - read(columns, persons, "start")
        sd = max(measured_sd(setup), _LEAST_SD)
        target = self.fee.target_change
        if target is None:
            per_point: Floats = ndtr(far / sd)
        else:
            z = (target - far) / sd
            per_point = np.exp(-z * z / 2) / (sd * np.sqrt(2 * np.pi))
        worth: Floats = self.unit_euros(persons) * per_point * full_gain(setup, self._instrument)
        return worth


def _motivation(columns: Jobseekers, persons: Ints, when: str) -> Floats:
    if when == "now":
        return columns.motivation[persons]
    return (
        columns.motivation_at_start[persons]
        if when == "start"
        else columns.motivation_at_end[persons]
    )


def _ability(columns: Jobseekers, persons: Ints, when: str) -> Floats:
    if when == "now":
        return columns.ability[persons]
    return columns.ability_at_start[persons] if when == "start" else columns.ability_at_end[persons]


def _radar(columns: Jobseekers, persons: Ints, when: str) -> Floats:
    both = _motivation(columns, persons, when) + _ability(columns, persons, when)
    half: Floats = both / 2
    return half


INSTRUMENTS: dict[str, Callable[[Jobseekers, Ints, str], Floats]] = {
    "work_ability": _ability,
    "motivation": _motivation,
    "radar": _radar,
}
"""Scores, 0-10, by what measures them; the radar is the client's own view, a mean of both."""
