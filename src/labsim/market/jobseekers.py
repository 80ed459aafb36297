"""The state of every jobseeker, one column per attribute, and the log of their spells."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, ClassVar

import numpy as np

from labsim.market.arrays import Bools, Floats, Ints
from labsim.market.benefits import entitlement
from labsim.market.jobs import NEVER
from labsim.market.people import People, benefit_days
from labsim.market.states import Stage, State
from labsim.market.weeks import MONTHS_PER_WEEK
from labsim.scenario.sections.finance import Finance

NO_GROUP = -1
NO_PROVIDER = -1


@dataclass
class Jobseekers:
    """Columns of the simulated state; row number = person id, rows as in `People`.

    Attributes
    ----------
    age, education, area, sector, language, needs : (people,)
        As drawn, like the next; never changed.
    scheme_at_entry, belief, log_base, entry_week : (people,)
        As drawn; never changed.
    change_week : (people,)
        Week in which a person leaves unemployment at the latest, because it is agreed, and known to
        all; `NEVER` if nothing is.
    ability, motivation : (people,)
        Points 0-10. What a week changes by itself is brought up to date when something happens:
        out of work when `own_hazard` is, in work on return.
    own_hazard, refresh_week : (people,)
        True weekly job hazard of the unemployed, without service and crowding, and the week in
        which it is next worked out; see `labsim.market.drift`.
    state, since : (people,)
        State code, and the week it began.
    term_end : (people,)
        Week in which a spell of fixed length ends, known to all; `NEVER` without one.
    planned_end : (people,)
        Week in which the spell really ends (`NEVER`: not in this run). Nature's secret: no agent
        may use it.
    separation_budget : (people,)
        Hazard that the job, business or absence can take before it ends.
    months_before : (people,)
        Months out of work that counted when the present state began.
    job_kind, hours_share : (people,)
        Kind and hours of the job or own business, where there is one.
    job_of_provider : (people,)
        Whether the provider found the job.
    scheme, benefit_days, clock_days : (people,)
        Benefit scheme, days used in it, days on the municipality's clock.
    stage, referred_week, service_start, service_limit, provider, contract : (people,)
        Service: stage, weeks (`NEVER` before they come), numbers of the provider and of the
        contract period in which it began.
    assessed_log_hazard, group : (people,)
        What the office thinks, and the contract's group that follows, frozen at the start.
    office_error, expected_fees : (people,)
        Error of the office's picture at the start (in log hazard), and the outcome fees that the
        provider then expected, in euros.
    first_exit : (people,)
        Week in which the person first left unemployment since starting the service, or `NEVER`.
    hours, hours_total : (people,)
        Client hours this week and so far.
    handed_over : (people,)
        Whether somebody else looks after the person now; see `population.transfers`.
    support_total : (people,)
        Hours of support so far in the present job.
    coordinated : (people,)
        Whether one coordinator pulls the client's services together.
    uplift : (people,)
        Relative rise of the job hazard from this week's hours.
    applied : (people,)
        Whether the person came to the service by himself or herself.
    suspended_until : (people,)
        Week from which benefits are paid again after a sanction; 0 without one.
    eligible_week : (people,)
        Week in which the person was first in the target group during referral, or `NEVER`.
    motivation_at_start, ability_at_start, motivation_at_end, ability_at_end : (people,)
        Scores when the service began and ended; NaN before.
    satisfaction : (people,)
        What the client thought of the service at its end, 1-5; NaN before.
    """

    age: Ints
    education: Ints
    area: Ints
    sector: Ints
    language: Ints
    needs: Ints
    change_week: Ints
    scheme_at_entry: Ints
    belief: Floats
    log_base: Floats
    entry_week: Ints
    ability: Floats
    motivation: Floats
    own_hazard: Floats
    refresh_week: Ints
    state: Ints
    since: Ints
    term_end: Ints
    planned_end: Ints
    separation_budget: Floats
    months_before: Floats
    job_kind: Ints
    hours_share: Floats
    job_of_provider: Bools
    scheme: Ints
    benefit_days: Ints
    clock_days: Ints
    stage: Ints
    referred_week: Ints
    service_start: Ints
    service_limit: Ints
    provider: Ints
    contract: Ints
    assessed_log_hazard: Floats
    group: Ints
    office_error: Floats
    expected_fees: Floats
    first_exit: Ints
    hours: Floats
    hours_total: Floats
    handed_over: Bools
    support_total: Floats
    coordinated: Bools
    uplift: Floats
    applied: Bools
    suspended_until: Ints
    eligible_week: Ints
    motivation_at_start: Floats
    ability_at_start: Floats
    motivation_at_end: Floats
    ability_at_end: Floats
    satisfaction: Floats

    @classmethod
    def of(cls, people: People, finance: Finance) -> Jobseekers:
        """Put everybody in their first state: the stock unemployed, the others still to arrive."""
        n = len(people)
        scheme, days, clock = entitlement(finance, people.scheme, benefit_days(people.months))
        return cls(
            age=people.age.copy(),
            education=people.education.copy(),
            area=people.area.copy(),
            sector=people.sector.copy(),
            language=people.language.copy(),
            needs=people.needs.copy(),
            change_week=np.minimum(np.maximum(people.entry_week, 0) + people.change_after, NEVER),
            scheme_at_entry=people.scheme.copy(),
            belief=people.belief.copy(),
            log_base=people.log_base.copy(),
            entry_week=people.entry_week.astype(np.int32),
            ability=people.ability.copy(),
            motivation=people.motivation.copy(),
            own_hazard=people.hazard_at_entry.copy(),
            refresh_week=np.maximum(people.entry_week, 0).astype(np.int32),
            state=np.where(people.entry_week < 0, State.UNEMPLOYED, State.ARRIVING).astype(np.int8),
            since=np.maximum(people.entry_week, 0).astype(np.int32),
            term_end=np.full(n, NEVER, dtype=np.int32),
            planned_end=np.full(n, NEVER, dtype=np.int32),
            separation_budget=np.zeros(n),
            months_before=people.months.copy(),
            job_kind=np.zeros(n, dtype=np.int8),
            hours_share=np.zeros(n),
            job_of_provider=np.zeros(n, dtype=bool),
            scheme=scheme,
            benefit_days=days,
            clock_days=clock,
            stage=np.full(n, Stage.NONE, dtype=np.int8),
            referred_week=np.full(n, NEVER, dtype=np.int32),
            service_start=np.full(n, NEVER, dtype=np.int32),
            service_limit=np.full(n, NEVER, dtype=np.int32),
            provider=np.full(n, NO_PROVIDER, dtype=np.int16),
            contract=np.zeros(n, dtype=np.int16),
            assessed_log_hazard=np.full(n, np.nan),
            group=np.full(n, NO_GROUP, dtype=np.int16),
            office_error=np.zeros(n),
            expected_fees=np.zeros(n),
            first_exit=np.full(n, NEVER, dtype=np.int32),
            hours=np.zeros(n),
            hours_total=np.zeros(n),
            handed_over=np.zeros(n, dtype=bool),
            support_total=np.zeros(n),
            coordinated=np.zeros(n, dtype=bool),
            uplift=np.zeros(n),
            applied=np.zeros(n, dtype=bool),
            suspended_until=np.zeros(n, dtype=np.int32),
            eligible_week=np.full(n, NEVER, dtype=np.int32),
            motivation_at_start=np.full(n, np.nan),
            ability_at_start=np.full(n, np.nan),
            motivation_at_end=np.full(n, np.nan),
            ability_at_end=np.full(n, np.nan),
            satisfaction=np.full(n, np.nan),
        )

    def __len__(self) -> int:
        return self.state.size

    @classmethod
    def column_names(cls) -> tuple[str, ...]:
        """Return the names of all columns."""
        return tuple(field.name for field in fields(cls))

    @property
    def ever_eligible(self) -> Bools:
        """Whether each person has been in the target group during referral, (people,)."""
        eligible: Bools = self.eligible_week < NEVER
        return eligible

    def number_in(self, state: State, arrived: int) -> int:
        """Return how many of the first so many people are in a state."""
        return int(np.count_nonzero(self.state[:arrived] == state.value))

    def in_state(self, state: State, arrived: int | None = None) -> Ints:
        """Return the ids of those of everybody, or of the first so many, in a state, in order."""
        return np.flatnonzero(self.state[:arrived] == state.value)

    def in_stage(self, stage: Stage) -> Ints:
        """Return the ids of people at a stage of the service, in order."""
        return np.flatnonzero(self.stage == stage.value)

    def months_out(self, persons: Ints, week: int | Ints) -> Floats:
        """Return how many months unemployed people have been out of work by a week."""
        weeks = week - self.since[persons]
        months: Floats = np.multiply(weeks, MONTHS_PER_WEEK, dtype=np.float64)
        months += self.months_before[persons]
        return months


class Spells:
    """Log of spells out of unemployment: who, from when to when, in which state.

    Attributes
    ----------
    changes
        How often spells have begun or ended: what has been read off the log holds until the next.
    """

    _DTYPES: ClassVar[dict[str, type]] = {
        "person": np.int32,
        "begin": np.int32,
        "end": np.int32,
        "state": np.int8,
        "hours_share": np.float64,
        "job_kind": np.int8,
        "of_provider": np.bool_,
    }

    def __init__(self, people: int) -> None:
        self._columns: dict[str, Any] = {
            name: np.zeros(1024, dtype=kind) for name, kind in self._DTYPES.items()
        }
        self._size = self.changes = 0
        self._open_row = np.full(people, -1, dtype=np.int64)

    def __len__(self) -> int:
        return self._size

    def begin(self, week: int, persons: Ints, **columns: Ints | Floats | Bools | int) -> Ints:
        """Open a spell for each person and return the rows."""
        rows = np.arange(self._size, self._size + persons.size)
        self._reserve(self._size + persons.size)
        values = {"person": persons, "begin": week, "end": NEVER, **columns}
        for name, value in values.items():
            self._columns[name][self._size : self._size + persons.size] = value
        self._open_row[persons] = rows
        self._size += persons.size
        self.changes += 1
        return rows

    def finish(self, week: int, persons: Ints) -> None:
        """Close the open spell of each person; `week` is the first one no longer in it."""
        self._columns["end"][self._open_row[persons]] = week
        self._open_row[persons] = -1
        self.changes += 1

    def column(self, name: str) -> Any:
        """Return one column, a view of the rows so far."""
        return self._columns[name][: self._size]

    def of(self, persons: Ints) -> Ints:
        """Return the rows of some people's spells, in the order in which they began."""
        wanted: Bools = np.zeros(self._open_row.size, dtype=bool)
        wanted[persons] = True
        return np.flatnonzero(wanted[self.column("person")])

    def weeks_within(self, rows: Ints, first: Ints, until: Ints | int) -> Ints:
        """Return the weeks of spells from some weeks on until before others, (n,)."""
        begin = np.maximum(self.column("begin")[rows], first)
        weeks: Ints = np.maximum(np.minimum(self.column("end")[rows], until) - begin, 0)
        return weeks.astype(np.int64)

    def _reserve(self, size: int) -> None:
        capacity = self._columns["person"].size
        if size > capacity:
            for name, column in self._columns.items():
                self._columns[name] = np.resize(column, max(2 * capacity, size))
