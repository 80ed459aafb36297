"""Hours of the office: what must be done, and what is left for referring people."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from labsim.market.arrays import Ints
from labsim.market.jobseekers import Jobseekers
from labsim.market.states import State
from labsim.scenario.sections.office import Office

_SLACK = 1e-9
"""Of a referral: what rounding may have left short of a whole one."""


@dataclass(frozen=True)
class Workload:
    """Hours of one week, in the order in which they are given out.

    First interviews and claims cannot wait. Follow-up comes next, and referring people to services
    gets what is left, as in spring 2020, when lay-offs took the offices' time (REF-26): too much
    work crowds out referral first, and then follow-up. An office that falls behind with follow-up
    refers nobody, so that its fewer meetings need no rule of their own.

    Attributes
    ----------
    capacity
        Hours of all caseworkers.
    due
        Hours of first interviews, of claims, and of what a shock brings.
    follow_up
        Hours that following up everybody on the register would take.
    """

    capacity: float
    due: float
    follow_up: float

    @property
    def follow_up_done(self) -> float:
        """Share of follow-up that is done."""
        free = max(self.capacity - self.due, 0.0)
        return min(free / self.follow_up, 1.0) if self.follow_up > 0 else float(free > 0)

    @property
    def left(self) -> float:
        """Hours left for referring people."""
        return max(self.capacity - self.due - self.follow_up, 0.0)


def caseworkers(office: Office, registered: int) -> float:
    """Return the caseworkers: those given, or as many as the register at the start calls for."""
    if office.caseworkers is not None:
        return office.caseworkers
    return registered / office.jobseekers_per_caseworker


def workload(
    office: Office,
    registered: int,
    *,
    interviews: int,
    unemployed: int,
    claim_hours: float,
    load: float = 0.0,
    taken_over: float = 0.0,
) -> Workload:
    """Return the hours of a week.

    Parameters
    ----------
    registered
        People on the register at the start of the run.
    interviews
        People who have come to the register, or back to it, since last week.
    unemployed
        People on it now.
    claim_hours
        Hours that checking last week's claims took.
    load
        Part of all hours that a shock takes: lay-offs to be dealt with.
    taken_over
        Part of interviews and follow-up that a back office takes over.
    """
    own = 1 - taken_over
    capacity = caseworkers(office, registered) * office.hours_per_caseworker_week
    return Workload(
        capacity=capacity,
        due=interviews * office.hours_per_assessment * own + claim_hours + load * capacity,
        follow_up=unemployed * office.follow_up_hours_per_week * own,
    )


def referral_hours(office: Office, work: Workload, *, team: bool) -> float:
    """Return the hours for one service: a team's, or what advisers spare beside other services."""
    if team:
        return min(office.referral_team * office.hours_per_caseworker_week, work.left)
    return office.referral_time_share * work.left


def affordable(hours: float, hours_each: float) -> int:
    """Return how many referrals fit into the hours; what takes no time has no limit in some."""
    if hours <= 0:
        return 0
    most = np.iinfo(np.int32).max
    return int(min(hours / hours_each + _SLACK, most)) if hours_each > 0 else int(most)


def to_interview(columns: Jobseekers, came: Ints) -> int:
    """Return how many first interviews those who came to the register, or back to it, take.

    Those of them who are unemployed and the office's own.

    Parameters
    ----------
    came : (n,)
        Ids of people who have come this week, or came back at the end of the last.
    """
    own = (columns.state[came] == State.UNEMPLOYED.value) & ~columns.handed_over[came]
    return int(np.count_nonzero(own))
