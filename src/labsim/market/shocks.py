"""Shocks: what comes over the market from outside, week by week, the same in every design."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from labsim.market.arrays import Floats
from labsim.scenario.sections.labour_market import LabourMarket
from labsim.scenario.sections.shocks import NEUTRAL, Shock


@dataclass(frozen=True)
class Shocks:
    """All shocks together, one value a week.

    Shocks that overlap multiply where they are factors and add where they are loads; of remote
    contact the most counts.

    Attributes
    ----------
    hiring : (weeks,)
        Factor on job hazards: firms that hire nobody, whoever applies (COV-01).
    vacancies : (weeks,)
        Factor on vacancies: fewer places for the same search, so that people crowd each other.
    inflow : (weeks,)
        Factor on new arrivals on the register: lay-offs.
    office_load : (weeks,)
        Part of the office's hours that is taken before all other work (REF-26).
    remote : (weeks,)
        Least share of every provider's contact that is remote (REM-05).
    service_pace : (weeks,)
        Factor on what an hour of service does to people (COV-02).
    """

    hiring: Floats
    vacancies: Floats
    inflow: Floats
    office_load: Floats
    remote: Floats
    service_pace: Floats

    @classmethod
    def of(cls, market: LabourMarket, weeks: int) -> Shocks:
        """Lay a labour market's shocks over each other."""
        found = {name: np.full(weeks, neutral) for name, neutral in NEUTRAL.items()}
        for shock in market.shocks:
            full = strength(shock, weeks)
            for name, neutral in NEUTRAL.items():
                part = full * (shock.effect(name, market.spring_2020) - neutral)
                if name == "remote":
                    found[name] = np.maximum(found[name], part)
                elif name == "office_load":
                    found[name] += part
                else:
                    found[name] *= 1 + part
        return cls(**found)


def strength(shock: Shock, weeks: int) -> Floats:
    """Return how strong a shock is in each week, 0-1, (weeks,).

    Full for its weeks; then it falls by equal steps, of which the last would reach 0 in the week
    after `fading_weeks`.
    """
    over = np.arange(weeks) - shock.start_week - shock.weeks + 1
    left: Floats = np.clip(1 - over / (shock.fading_weeks + 1), 0.0, 1.0)
    left[: shock.start_week] = 0.0
    return left
