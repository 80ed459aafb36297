"""When the terms of an outcome fee are met: one pure function, for payment and for measurement.

The purchaser pays by it week by week; the measurement applies it to the twin's spells, in the
design's own windows. Because it is the same function, additional and would-have-happened-anyway
outcomes are counted by the same ruler.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from labsim.market.arrays import Bools, Floats, Ints, among
from labsim.market.jobs import GIG, LIGHT, NEVER, OWN, chance_to_last_as
from labsim.market.states import State
from labsim.market.weeks import weeks_of_days
from labsim.scenario.sections.fee import END_WINDOW, START_WINDOW, Fee
from labsim.scenario.sections.labour_market import LabourMarket

EMPLOYMENT, SUBSIDISED, EDUCATION, ENTREPRENEURSHIP = (
    State.EMPLOYED,
    State.SUBSIDISED,
    State.STUDYING,
    State.ENTREPRENEUR,
)
_STATES = {
    "employment": EMPLOYMENT,
    "subsidised": SUBSIDISED,
    "education": EDUCATION,
    "entrepreneurship": ENTREPRENEURSHIP,
    "work-condition": EMPLOYMENT,
}
STATES = {name: _STATES[name] for name in ("employment", "subsidised", "education")} | {
    "entrepreneurship": ENTREPRENEURSHIP
}
"""States by what contracts call them."""
BUSINESS_KINDS = ("business", "light-entrepreneurship", "gig-work")
"""What contracts call the kinds of own business, in the order of `jobs.OWN`, `LIGHT`, `GIG`."""


@dataclass(frozen=True)
class Terms:
    """What an outcome fee asks for, in weeks.

    Attributes
    ----------
    states
        Codes of states that count.
    weeks
        Weeks that the spell must last, at least 1.
    min_hours_share
        Smallest job or business that counts; says nothing about other outcomes.
    start_grace
        Weeks after the end of the service in which the spell may still begin.
    completion_grace
        Weeks after the longest possible service by which it must be complete; `NEVER` when only the
        contract's last payable week limits it.
    business_kinds
        Kinds of own business that count, where `states` has own business.
    accumulates
        Whether weeks of several spells that begin in the window add up.
    nth
        Which of the spells that meet the terms counts, from 0.
    in_work
        Whether a job counts only if the client was supported in it (a matter of payment: who has
        no service can meet the other terms all the same).
    """

    states: tuple[int, ...]
    weeks: int
    min_hours_share: float
    start_grace: int
    completion_grace: int
    business_kinds: tuple[int, ...] = (OWN, LIGHT, GIG)
    accumulates: bool = False
    nth: int = 0
    in_work: bool = False

    @classmethod
    def all_of(cls, fee: Fee, work_condition_weeks: int) -> tuple[Terms, ...]:
        """Return the terms of each payment of an outcome fee: of most fees there is one.

        A fee that is paid again while the outcome lasts asks for `every_days` more each time; one
        that is not for once only asks for one more spell each time.
        """
        if not fee.is_event:
            return ()
        stages = int(fee.max_per_client or 1) if fee.once is False else fee.times or 1
        return tuple(cls.of(fee, work_condition_weeks, stage) for stage in range(stages))

    @classmethod
    def of(cls, fee: Fee, work_condition_weeks: int = 26, stage: int = 0) -> Terms:
        """Read the terms of an outcome fee, of its first or a later payment.

        Parameters
        ----------
        work_condition_weeks
            Weeks in work, added up, that give a right to an allowance.
        stage
            Number of the payment, from 0.
        """
        start = START_WINDOW.fullmatch(fee.starts_within or "service")
        end = END_WINDOW.fullmatch(fee.completed_within or "contract")
        if start is None or end is None:
            raise ValueError(f"fee {fee.name}: a window that the schema should have refused")
        within_service = (fee.completed_within or "contract").startswith("service")
        return cls(
            states=tuple(_STATES[name] for name in fee.outcome or ()),
            weeks=_weeks(fee, work_condition_weeks, stage),
            min_hours_share=fee.min_hours_share or 0.0,
            start_grace=weeks_of_days(int(start.group(1) or 0)),
            completion_grace=weeks_of_days(int(end.group(1) or 0)) if within_service else NEVER,
            business_kinds=tuple(
                sorted(BUSINESS_KINDS.index(name) for name in fee.business_kinds or BUSINESS_KINDS)
            ),
            accumulates=fee.accumulated_days is not None or "work-condition" in (fee.outcome or ()),
            nth=stage if fee.once is False else 0,
            in_work=bool(fee.needs_service_in_work),
        )

    def chance_to_last(self, market: LabourMarket, state: int, factor: float = 1.0) -> float:
        """Return the chance that a new spell in a state that counts meets the terms, ``sigma``.

        `factor` is on the hazard of losing a job.
        """
        hours, kinds = self.min_hours_share, self.business_kinds
        return chance_to_last_as(market, state, self.weeks, hours, factor, kinds)


def _weeks(fee: Fee, work_condition_weeks: int, stage: int) -> int:
    """Return the weeks that a payment of an outcome fee asks for."""
    days = fee.accumulated_days or fee.sustained_days or 0
    later = 0 if fee.once is False else stage * (fee.every_days or 0)
    if "work-condition" in (fee.outcome or ()):
        return work_condition_weeks + weeks_of_days(later)
    return max(weeks_of_days(days + later), 1)


@dataclass(frozen=True)
class ClientSpells:
    """Spells out of unemployment that began in or after the client's first week of service.

    Attributes
    ----------
    person, begin, end, state : (spells,)
        Person; first week; first week no longer in it (for spells still open: the week after the
        last one observed); state code.
    hours_share : (spells,)
        Hours as a share of full time.
    kind : (spells,)
        Kind of job or own business.
    """

    person: Ints
    begin: Ints
    end: Ints
    state: Ints
    hours_share: Floats
    kind: Ints

    def __len__(self) -> int:
        return self.person.size

    def of(self, persons: Ints) -> ClientSpells:
        """Return the spells of some people, in whose list each person becomes a place.

        Parameters
        ----------
        persons : (n,)
            Ids, rising.
        """
        place = np.searchsorted(persons, self.person)
        rows = np.flatnonzero(np.append(persons, -1)[place] == self.person)
        return ClientSpells(
            place[rows],
            self.begin[rows],
            self.end[rows],
            self.state[rows],
            self.hours_share[rows],
            self.kind[rows],
        )


@dataclass(frozen=True)
class Windows:
    """The windows of each person's service, indexed by person.

    Attributes
    ----------
    start : (people,)
        Week of starting the service, `NEVER` for people who did not.
    limit : (people,)
        First week after the longest service that the contract (or a drop-out) leaves.
    short
        Weeks of the longest spell that does not end the service; 0 for none.
    """

    start: Ints
    limit: Ints
    short: int = 0

    def of(self, persons: Ints) -> Windows:
        """Return the windows of some people."""
        return Windows(self.start[persons], self.limit[persons], self.short)

    def client_spells(
        self, person: Ints, begin: Ints, end: Ints, state: Ints, hours_share: Floats, kind: Ints
    ) -> ClientSpells:
        """Keep the spells that began in or after the person's week of starting."""
        kept = begin >= self.start[person]
        return ClientSpells(
            person[kept], begin[kept], end[kept], state[kept], hours_share[kept], kind[kept]
        )


def service_end(spells: ClientSpells, windows: Windows) -> Ints:
    """Return, for each person, the first week after the service: its limit, or the first exit.

    The week of the exit itself still belongs to the service. Spells that the contract calls short,
    and that are over while there is time left, end nothing; of one that still goes on it is not
    known, and does not matter: nothing can begin before it is over.
    """
    end = windows.limit.copy()
    ends = spells.end - spells.begin > windows.short
    ends |= spells.end >= windows.limit[spells.person]
    np.minimum.at(end, spells.person[ends], spells.begin[ends] + 1)
    return end


def qualifying(spells: ClientSpells, terms: Terms) -> Bools:
    """Whether each spell is of the right kind, with enough hours, and long enough."""
    found = counted_kind(spells, terms) & enough_hours(spells, terms)
    found &= spells.end - spells.begin >= terms.weeks
    return found


def counted_kind(spells: ClientSpells, terms: Terms) -> Bools:
    """Whether each spell is of a kind that counts, (spells,)."""
    found: Bools = among(spells.state, terms.states)
    if len(terms.business_kinds) < len(BUSINESS_KINDS):
        found &= (spells.state != ENTREPRENEURSHIP) | among(spells.kind, terms.business_kinds)
    return found


def enough_hours(spells: ClientSpells, terms: Terms) -> Bools:
    """Whether each spell that is a job or a business has the hours asked for, (spells,)."""
    of_hours = among(spells.state, (EMPLOYMENT, ENTREPRENEURSHIP))
    found: Bools = ~of_hours | (spells.hours_share >= terms.min_hours_share)
    return found


def weeks_before(spells: ClientSpells, counted: Bools) -> Ints:
    """Return the weeks of each person's earlier spells, of those that count, (spells,)."""
    order = np.lexsort((spells.begin, spells.person))
    person = spells.person[order]
    lasted = np.where(counted, spells.end - spells.begin, 0)[order]
    so_far = np.cumsum(lasted) - lasted
    first = np.searchsorted(person, person, side="left")
    before = np.empty_like(so_far)
    before[order] = so_far - so_far[first]
    return before


def completed(spells: ClientSpells, counted: Bools, terms: Terms) -> Ints:
    """Return the week in which each spell that counts has lasted as long as asked, or `NEVER`.

    Where weeks add up, the spell that brings them to the number asked is the one.
    """
    lasted = spells.end - spells.begin
    before = weeks_before(spells, counted) if terms.accumulates else np.zeros_like(lasted)
    enough = counted & (before < terms.weeks) & (before + lasted >= terms.weeks)
    return np.where(enough, spells.begin + terms.weeks - before - 1, NEVER)


def in_window(spells: ClientSpells, windows: Windows, terms: Terms) -> Bools:
    """Whether each spell began in its person's window."""
    begins_before = service_end(spells, windows) + terms.start_grace
    within: Bools = spells.begin < begins_before[spells.person]
    return within


def met_week(spells: ClientSpells, windows: Windows, terms: Terms) -> Ints:
    """Return the week in which each person meets the terms, `NEVER` for the others.

    Returns
    -------
    (people,)
        Week in which the first spell has lasted long enough; or the next, by `Terms.nth`.
    """
    counted = counted_kind(spells, terms) & enough_hours(spells, terms)
    counted &= in_window(spells, windows, terms)
    complete = completed(spells, counted, terms)
    ok = complete < NEVER
    if terms.completion_grace < NEVER:
        ok &= complete < windows.limit[spells.person] + terms.completion_grace
    return _nth_week(spells.person[ok], complete[ok], windows.start.size, terms.nth)


def late_week(spells: ClientSpells, windows: Windows, terms: Terms) -> Ints:
    """Return when each person first has a qualifying spell that began after its window."""
    begins_before = service_end(spells, windows) + terms.start_grace
    ok = qualifying(spells, terms) & (spells.begin >= begins_before[spells.person])
    return _first_week(spells.person[ok], (spells.begin + terms.weeks - 1)[ok], windows.start.size)


class Reached(IntEnum):
    """How far a spell came towards an outcome; the first thing it lacks, the farthest last.

    A spell that lacks several things is under the first of them in this order, but for spells that
    began after the window: if they would have counted otherwise `AFTER_SERVICE`, else `LATE_SHORT`.
    """

    NOTHING = 0
    LATE_SHORT = 1
    SHORT_HOURS = 2
    NOT_SUSTAINED = 3
    RUNNING = 4
    COMPLETED_LATE = 5
    AFTER_SERVICE = 6
    MET = 7


def reached(spells: ClientSpells, windows: Windows, terms: Terms, now: int) -> Ints:
    """Return how far each person's best spell came, in codes of `Reached`, (people,).

    Parameters
    ----------
    now
        First week after those observed; spells that end then are still running.
    """
    kind, hours = counted_kind(spells, terms), enough_hours(spells, terms)
    in_time = in_window(spells, windows, terms)
    complete = completed(spells, kind & hours & in_time, terms)
    counts = qualifying(spells, terms) if not terms.accumulates else complete < NEVER
    counts |= qualifying(spells, terms) & ~in_time
    complete_in_time = np.full(len(spells), True)
    if terms.completion_grace < NEVER:
        complete_in_time = complete < windows.limit[spells.person] + terms.completion_grace
    codes = np.select(
        [
            ~kind,
            counts & in_time & complete_in_time,
            counts & ~in_time,
            counts,
            ~in_time,
            ~hours,
            spells.end >= now,
        ],
        [
            Reached.NOTHING,
            Reached.MET,
            Reached.AFTER_SERVICE,
            Reached.COMPLETED_LATE,
            Reached.LATE_SHORT,
            Reached.SHORT_HOURS,
            Reached.RUNNING,
        ],
        Reached.NOT_SUSTAINED,
    )
    best = np.full(windows.start.size, int(Reached.NOTHING), dtype=np.int64)
    np.maximum.at(best, spells.person, codes)
    return best


def _nth_week(person: Ints, week: Ints, people: int, nth: int) -> Ints:
    """Return each person's first week, or the next by `nth`; `NEVER` without so many."""
    if nth == 0:
        return _first_week(person, week, people)
    found = np.full(people, NEVER, dtype=np.int64)
    order = np.lexsort((week, person))
    person, week = person[order], week[order]
    rank = np.arange(person.size) - np.searchsorted(person, person, side="left")
    found[person[rank == nth]] = week[rank == nth]
    return found


def _first_week(person: Ints, week: Ints, people: int) -> Ints:
    first = np.full(people, NEVER, dtype=np.int64)
    np.minimum.at(first, person, week)
    return first
