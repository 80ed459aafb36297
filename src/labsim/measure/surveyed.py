"""What people did some months after they were referred: the answers to a survey."""

from __future__ import annotations

from math import nan

import numpy as np

from labsim.market.arrays import Floats, Ints
from labsim.market.jobs import NEVER
from labsim.market.states import State
from labsim.market.weeks import MONTHS_PER_WEEK
from labsim.measure.pair import Pair

WEEKS_LATER = 26
"""From referral to the survey: "some months" in the evaluation, half a year here."""
_STATES = {
    "employed": State.EMPLOYED,
    "subsidised": State.SUBSIDISED,
    "entrepreneur": State.ENTREPRENEUR,
    "studying": State.STUDYING,
    "outside": State.OUTSIDE,
}
_WORK = (State.EMPLOYED, State.SUBSIDISED, State.ENTREPRENEUR)
BANDS = {"lt1m": 1, "1_3m": 4, "4_6m": 7, "7_12m": 13, "13_23m": 24, "gt24m": np.inf}
"""Bands of months since the last work, by the first month beyond each."""


def surveyed(pair: Pair) -> dict[str, float]:
    """Return shares of referred people by what they do, and by time since their last work, %."""
    week = pair.run.columns.referred_week.astype(np.int64) + WEEKS_LATER
    asked = np.flatnonzero(pair.referred & (week < pair.weeks))
    names = [f"later_{name}" for name in (*_STATES, "in_service", "unemployed")]
    names += [f"since_{name}" for name in ("now", "outside", *BANDS)]
    if not asked.size:
        return dict.fromkeys(names, nan)
    when = np.where(pair.referred, week, -1)
    states = _state_at(pair, when)[asked]
    in_service = (states == State.UNEMPLOYED) & _served_at(pair, when)[asked]
    shares = {f"later_{name}": states == code for name, code in _STATES.items()}
    shares["later_in_service"] = in_service
    shares["later_unemployed"] = (states == State.UNEMPLOYED) & ~in_service
    now, outside = np.isin(states, _WORK), states == State.OUTSIDE
    shares |= {"since_now": now, "since_outside": outside}
    months, below = _months_since_work(pair, when)[asked], -np.inf
    for name, beyond in BANDS.items():
        shares[f"since_{name}"] = ~now & ~outside & (months >= below) & (months < beyond)
        below = beyond
    return {name: 100 * float(rows.mean()) for name, rows in shares.items()}


def _state_at(pair: Pair, when: Ints) -> Ints:
    """Return each person's state in a week of their own, (people,)."""
    column = pair.run.spells.column
    person = column("person")
    there = (column("begin") <= when[person]) & (when[person] < column("end"))
    state = np.full(when.size, int(State.UNEMPLOYED), dtype=np.int64)
    state[person[there]] = column("state")[there]
    return state


def _served_at(pair: Pair, when: Ints) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    start = pair.windows.start
    return (start <= when) & (when < np.where(start < NEVER, start + pair.service_weeks, start))


def _months_since_work(pair: Pair, when: Ints) -> Floats:
    """Return months since the last work before a week; since before the register without any."""
    people, column = pair.run.people, pair.run.spells.column
    person = column("person")
    over = np.isin(column("state"), _WORK) & (column("end") <= when[person])
    last = np.full(when.size, -1, dtype=np.int64)
    np.maximum.at(last, person[over], column("end")[over])
    since_entry = people.months + (when - np.maximum(people.entry_week, 0)) * MONTHS_PER_WEEK
    months: Floats = np.where(last >= 0, (when - last) * MONTHS_PER_WEEK, since_entry)
    return months
