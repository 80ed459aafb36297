"""A run beside its twin: the same people and luck, with and without the service."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from labsim.market.arrays import Bools, Floats, Ints
from labsim.market.jobs import NEVER
from labsim.market.model import LabourMarket
from labsim.market.outcomes import ClientSpells, met_week, service_end
from labsim.measure.fates import fates
from labsim.measure.lives import weeks_in_work

THIRDS = ("far", "middle", "near")


class Pair:
    """A finished run and its finished twin.

    Parameters
    ----------
    run
        The market under a design.
    twin
        The same replication without a service.
    """

    def __init__(self, run: LabourMarket, twin: LabourMarket) -> None:
        self.run, self.twin = run, twin
        self.weeks = run.weeks
        self.windows = run.windows()
        self.started: Bools = run.columns.service_start < NEVER
        self.referred: Bools = run.columns.referred_week < NEVER

    @cached_property
    def third(self) -> Ints:
        """Third of the target group by job hazard at entry, (people,): 0 far, 1 middle, 2 near.

        Cut on those who are in the target group at some time in the twin, so that it is the same in
        every design.
        """
        hazard = self.twin.people.hazard_at_entry
        group = hazard[self.twin.columns.ever_eligible]
        if group.size == 0:
            return np.zeros(hazard.size, dtype=np.int64)
        return np.searchsorted(np.quantile(group, [1 / 3, 2 / 3]), hazard, side="right")

    @cached_property
    def employability(self) -> Floats:
        """Log job hazard at entry, standardised over the target group of the twin, (people,)."""
        log_hazard = np.log(self.twin.people.hazard_at_entry)
        group = log_hazard[self.twin.columns.ever_eligible]
        spread = float(group.std()) if group.size else 0.0
        return (log_hazard - (group.mean() if group.size else 0.0)) / (spread or 1.0)

    @cached_property
    def met(self) -> Bools:
        """Whether each person meets the terms of any outcome fee under the design, (people,)."""
        return self._any_claim("met")

    @cached_property
    def paid(self) -> Bools:
        """Whether any outcome of each person has been paid, (people,)."""
        return self._any_claim("paid")

    def _any_claim(self, column: str) -> Bools:
        found = np.zeros(self.started.size, dtype=bool)
        for claim in self.run.purchaser.claims:
            found |= getattr(claim, column) < NEVER
        return found

    @cached_property
    def met_anyway(self) -> Bools:
        """Whether each starter's twin meets the same terms in the same windows, (people,)."""
        spells = self._spells_of(self.twin)
        found = np.zeros(self.started.size, dtype=bool)
        for claim in self.run.purchaser.claims:
            found |= met_week(spells, self.windows, claim.terms) < NEVER
        return found

    @cached_property
    def fate(self) -> Ints:
        """What became of each person's outcome, in codes of `Fate`, (people,)."""
        run = self.run
        spells, claims = self._spells_of(run), run.purchaser.claims
        last = run.last_payable(np.arange(self.started.size))
        return fates(claims, spells, self.windows, last, self.weeks)

    @cached_property
    def paid_in_full(self) -> Bools:
        """Whether any outcome of each person has been proved and paid, (people,)."""
        found = np.zeros(self.started.size, dtype=bool)
        for claim in self.run.purchaser.claims:
            found |= (claim.paid < NEVER) & claim.proved
        return found

    def _spells_of(self, market: LabourMarket) -> ClientSpells:
        column = market.spells.column
        end = np.minimum(column("end"), self.weeks)
        return self.windows.client_spells(
            column("person"),
            column("begin"),
            end,
            column("state"),
            column("hours_share"),
            column("job_kind"),
        )

    @cached_property
    def service_weeks(self) -> Ints:
        """Weeks that each starter was in the service, (people,); 0 for the others."""
        end = np.minimum(service_end(self._spells_of(self.run), self.windows), self.weeks)
        return np.where(self.started, end - self.windows.start, 0)

    @cached_property
    def weeks_in_work(self) -> tuple[Floats, Floats]:
        """Weeks in work since the start of the service, with it and in the twin, (people,) each."""
        since = self.windows.start
        return (
            weeks_in_work(self.run.spells, since, self.weeks),
            weeks_in_work(self.twin.spells, since, self.weeks),
        )

    @cached_property
    def weeks_in_work_ever(self) -> tuple[Floats, Floats]:
        """Weeks in work over the whole run, with the service and in the twin, (people,) each."""
        since = np.zeros(self.started.size, dtype=np.int64)
        return (
            weeks_in_work(self.run.spells, since, self.weeks),
            weeks_in_work(self.twin.spells, since, self.weeks),
        )
