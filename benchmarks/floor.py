"""The least that a week can cost with these columns: its draws and its traffic, and no rules."""

from __future__ import annotations

import numpy as np

from labsim.market.draws import Stream
from labsim.market.drift import REFRESH_WEEKS
from labsim.market.model import LabourMarket
from labsim.market.states import State

SCANNED = ("state", "planned_end", "refresh_week", "scheme", "benefit_days", "clock_days")
"""Read for everybody who has arrived."""
REFRESHED = ("log_base", "ability", "motivation", "months_before", "since")
"""Read for those whose hazard is worked out anew."""


class Floor:
    """Weeks of a market that does nothing: one draw for each of the unemployed, and the columns.

    Parameters
    ----------
    market
        A market that has run for some weeks; it is read and written with the same values.
    """

    def __init__(self, market: LabourMarket) -> None:
        self.market, self.out = market, market.columns.in_state(State.UNEMPLOYED)
        self.due = self.out[::REFRESH_WEEKS]
        moving = market.flows["jobs_started"] + market.flows["jobs_ended"]
        self.moving = self.out[: int(moving.mean())]

    def week(self, number: int) -> float:
        """Draw and stream what a week draws and streams; what is returned means nothing."""
        market, columns = self.market, self.market.columns
        luck = market.draws.uniform(Stream.EXIT, number, self.out)
        total = float(luck @ columns.own_hazard[self.out]) + int(market.segment[self.out].max())
        for name in SCANNED:
            total += int(getattr(columns, name)[: market.arrived].max())
        for name in ("benefit_days", "clock_days"):
            column = getattr(columns, name)
            column += np.int32(0)
        for name in REFRESHED:
            total += float(getattr(columns, name)[self.due].max())
        for name in ("own_hazard", "motivation", "refresh_week"):
            column = getattr(columns, name)
            column[self.due] = column[self.due]
        for stream in (Stream.JOB_TYPE, Stream.JOB_HOURS, Stream.FIXED_TERM, Stream.SEPARATION):
            total += float(market.draws.uniform(stream, number, self.moving).max())
        return total
