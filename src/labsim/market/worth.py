"""What a client is worth to a provider: in service, in a job, and before the start."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from labsim.market.arrays import Floats
from labsim.market.fees.account import DayFee

_LEAST_NEED = 0.25


@dataclass(frozen=True)
class ByDay:
    """What a fee paid by the day makes of leaving unemployment now, for clients one by one.

    Attributes
    ----------
    euros, anyway : (kinds, n)
        Euros that an exit of each kind brings by the days in it that are still paid for; jobs as
        lasting as the provider's own, and as those found alone.
    weeks : (n,)
        Weeks in which days are still paid for, this one included.
    """

    euros: Floats
    anyway: Floats
    weeks: Floats

    @classmethod
    def of(cls, fee: DayFee, lasting: Floats, anyway: Floats) -> ByDay:
        """Count expected weeks away, (kinds, weeks): of jobs of the provider's own, and others."""
        return cls(
            fee.per_week * lasting[:, fee.weeks],
            fee.per_week * anyway[:, fee.weeks],
            fee.weeks.astype(np.float64),
        )


@dataclass(frozen=True)
class Prospects:
    """What a provider believes of its clients, and what it can still earn of them.

    Attributes
    ----------
    rates : (kinds, n)
        Weekly hazards of leaving by kind of exit, without coaching.
    responses : (kinds,)
        How each kind answers to coaching, relative to jobs.
    fees : (kinds, n)
        Euros that an exit to each kind this week brings in the end, by its chance to last, ``F``:
        fees whose windows are open now; jobs as lasting as the provider's own.
    fees_anyway : (kinds, n)
        The same of exits without its doing: jobs as lasting as those found alone.
    weeks_left : (n,)
        Weeks until the last window of any outcome fee closes, ``T`` (of fees that pay nothing for
        the client's group, too); not negative.
    stay : (n,)
        Euros a week that a client's staying brings, fees less cost, as far as it weighs.
    service_left : (n,)
        Weeks of service that the client still has, this one included.
    by_day
        What fees by the day make of exits; the euros with its own jobs are in `fees`, too.
    """

    rates: Floats
    responses: Floats
    fees: Floats
    fees_anyway: Floats
    weeks_left: Floats
    stay: Floats
    service_left: Floats
    by_day: tuple[ByDay, ...] = ()

    @property
    def leaving(self) -> Floats:
        """Hazard of leaving in any way, (n,): ``H``."""
        total: Floats = self.rates.sum(axis=0)
        return total

    def hoped(self, weeks: Floats) -> Floats:
        """Return the fees that hang on exits, expected from so many weeks without coaching, (n,).

        Of outcomes, and by the day.
        """
        euros = self.of_outcomes(weeks)
        for fee in self.by_day:
            euros = euros + self._of_days(fee, np.minimum(weeks, fee.weeks))
        return euros

    def all_hoped(self) -> Floats:
        """Return the same of all the weeks that are left, (n,)."""
        return self._later(0)

    def _later(self, weeks: int) -> Floats:
        """Return what is hoped for after so many weeks, until the end, (n,)."""
        euros = self.of_outcomes(self.weeks_left - weeks)
        for fee in self.by_day:
            euros = euros + self._of_days(fee, np.maximum(fee.weeks - weeks, 0))
        return euros

    def of_outcomes(self, weeks: Floats) -> Floats:
        """Return the outcome fees expected from so many weeks without coaching, (n,).

        ``sum_k h_k*F_k/H * (1 - exp(-H*weeks))``.
        """
        leaving = self.leaving
        per_exit = np.divide(
            (self.rates * self.fees_anyway).sum(axis=0),
            leaving,
            out=np.zeros_like(leaving),
            where=leaving > 0,
        )
        euros: Floats = per_exit * -np.expm1(-leaving * np.maximum(weeks, 0))
        return euros

    def _of_days(self, fee: ByDay, weeks: Floats) -> Floats:
        """Return what a fee by the day is expected to bring in so many weeks, (n,).

        An exit brings less the later it comes, and nothing after the L weeks of the fee: in week t
        F counts as ``F*(1 - t/L)``, so that the sum is ``sum_k h_k*F_k`` times the integral of
        ``exp(-H*t) * (1 - t/L)``.
        """
        leaving = np.maximum(self.leaving, 1e-12)
        gone = -np.expm1(-leaving * weeks) / leaving
        ramp = (gone - weeks * np.exp(-leaving * weeks)) / leaving
        lost = np.divide(ramp, fee.weeks, out=np.zeros_like(ramp), where=fee.weeks > 0)
        euros: Floats = (self.rates * fee.anyway).sum(axis=0) * (gone - lost)
        return euros

    def staying(self, weeks: Floats) -> Floats:
        """Return the weeks that a client is expected to stay of so many, (n,)."""
        leaving, weeks = self.leaving, np.maximum(weeks, 0)
        mean: Floats = np.divide(
            -np.expm1(-leaving * weeks), leaving, out=weeks.astype(np.float64), where=leaving > 0
        )
        return mean

    def forfeited(self) -> Floats:
        """Return what placing a client now forfeits, (n,): ``W``.

        The fees that would come anyway later on (model.md), and what staying brings until the
        service ends: fees of the months to come less the cost of serving them. Where a client costs
        more than he or she brings, leaving is a gain. The second part weighs `keeps_clients`.
        """
        return self._later(1) + self.stay * self.staying(self.service_left - 1)


def in_service(
    prospects: Prospects,
    response: Floats,
    gain: Floats,
    mission: float,
    experience: Floats | float = 0.0,
) -> Floats:
    """Return what a fully served week of each client is worth, in euros: ``V``.

    ``V = [sum_k r_k*h_k*(F_k - W) + mission*need] * g + experience`` over the exits k that coaching
    moves by r_k (model.md, extended from jobs to all exits). ``need = 1/max(response, 0.25)`` with
    mean 1 is an equal-service norm.

    Parameters
    ----------
    response : (n,)
        What coaching can do for each client, relative to a client at the reference hazard.
    gain : (n,)
        Relative rise of the job hazard at full service, ``g``.
    mission
        Euros per unit of relative uplift for a week that helping is worth in itself.
    experience : (n,)
        Euros that full hours bring apart from exits: by feedback and progress.
    """
    if response.size == 0:
        return np.zeros(0)
    placed = prospects.responses[:, None] * prospects.rates
    fees = (placed * (prospects.fees - prospects.forfeited())).sum(axis=0)
    need = 1 / np.maximum(response, _LEAST_NEED)
    value: Floats = (fees + mission * need / max(float(need.mean()), 1e-9)) * gain
    return value + experience


def in_work(separation: Floats, effect: float, fees: Floats, lasts: Floats) -> Floats:
    """Return what a fully supported week of each job is worth, in euros: ``V``.

    ``V = s_i * R * sum_pending fee_m * Pr(last to m)``: support takes the part R off this week's
    hazard s of losing the job, and with the job go the milestones that lie ahead (model.md).

    Parameters
    ----------
    separation : (n,)
        This week's hazard of losing the job.
    effect
        Part of it that full support takes off, ``R``.
    fees, lasts : (fees, n)
        Euros of pending milestones (0 for others), and the chance to last to each.
    """
    value: Floats = separation * effect * (fees * lasts).sum(axis=0)
    return value


def best_durability(choices: Floats, cost: float, expected_fees: Floats) -> float:
    """Return the choice between speed and durability that pays best, ``q``.

    Durability costs a part of the uplift and makes the jobs found last: ``(1 - cost*q) * fees(q)``
    is largest. Equal pay is decided for speed.

    Parameters
    ----------
    choices : (choices,)
        Choices, rising.
    expected_fees : (choices,)
        Fees that the clients' jobs are expected to bring under each.
    """
    pay = (1 - cost * choices) * expected_fees
    if not pay.any():
        return 0.0
    # Rounding is not a reason to choose.
    return float(choices[int(np.argmax(pay >= pay.max() * (1 - 1e-12)))])
