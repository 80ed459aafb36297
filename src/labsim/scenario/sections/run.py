"""``[run]``: when, how long, how often."""

from __future__ import annotations

from datetime import date

from pydantic import model_validator

from labsim.scenario.parameter import Fault, Section, param, refuse


class Run(Section):
    """When the simulated time starts, how long it lasts, and how often it is repeated."""

    start_date: date = param(
        date(2019, 1, 7), "First day of week 0; monthly fees follow this calendar"
    )
    weeks: int = param(130, "Simulated weeks", unit="weeks", ge=1, le=1560)
    replications: int = param(
        30,
        "Repetitions with other people and other luck, each under every design",
        ge=1,
        le=100_000,
    )
    seed: int = param(
        1, "Start of all luck: the same seed gives the same results", ge=0, le=2**63 - 1
    )

    @model_validator(mode="after")
    def _in_this_age(self) -> Run:
        first, last = date(1900, 1, 1), date(2200, 1, 1)
        if not first <= self.start_date <= last:
            refuse(
                [Fault("start_date", "date_range", first=first, last=last, value=self.start_date)]
            )
        return self
