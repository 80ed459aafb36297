"""Fees by the day: days in work against before, against those not drawn, or off support."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from labsim.market.arrays import Bools, Floats, Ints, among
from labsim.market.benefits import DAYS_PER_WEEK, weekly_benefits
from labsim.market.draws import Stream
from labsim.market.fees.account import NOBODY, DayFee, Due, Fees
from labsim.market.jobs import NEVER, shares
from labsim.market.jobseekers import NO_GROUP
from labsim.market.outcomes import STATES
from labsim.market.pricing import Price
from labsim.market.sanctions import paid_among
from labsim.market.states import State
from labsim.market.units import DAYS
from labsim.market.weeks import WEEKS_PER_MONTH, weeks_of_days
from labsim.scenario.sections.fee import END_WINDOW, MONEY

if TYPE_CHECKING:
    from labsim.market.model import LabourMarket


class _ByDay(Fees):
    """Paid by the day that clients spend in some states."""

    def by_day(self, persons: Ints) -> DayFee:
        """What a week away brings, and for how many weeks."""
        longest = self.market.away.longest
        weeks = np.minimum(np.maximum(self.weeks_left(persons), 0), longest)
        per_week = self.week_euros(persons) * self.market.purchaser.funds.chance
        return DayFee(per_week, weeks)

    def week_euros(self, persons: Ints) -> Floats:
        """Return the euros of a week in each kind of exit, (kinds, n)."""
        raise NotImplementedError

    def weeks_left(self, persons: Ints) -> Ints:
        """Return the weeks that are still paid for, this one included, (n,)."""
        raise NotImplementedError

    def _counted(self, names: list[str]) -> Floats:
        """Return 1 for kinds of exit to states that count, (kinds, 1)."""
        states = {int(STATES[name]) for name in names}
        return np.array([[float(int(state) in states)] for state in self.market.exit_states])

    def _nobodys_euros(self, persons: Ints) -> Floats:
        """Return the euros of a unit that is paid for clients together, (n,)."""
        columns, none = self.market.columns, np.full(persons.size, NO_GROUP)
        key = columns.provider[persons], none, columns.contract[persons]
        euros: Floats = self.price.per_unit(*key) / 100
        return euros

    def _settles_now(self, last_payable: int) -> bool:
        """Whether what is paid until some week is settled now, or the run ends."""
        return self.market.week == min(last_payable, self.market.weeks - 1)

    def _shared(self, units: Floats, providers: Ints, period: int) -> Due:
        """Return what so many units come to for providers, at the prices of a contract period."""
        cents = np.rint(units * self.nobodys_cents(providers, period)).astype(np.int64)
        return Due(np.full(providers.size, NOBODY), providers, cents)


class GroupChange(_ByDay):
    """Paid for days in work or education after the start above those before it (FEE-17).

    For each provider's clients of a contract together, in that contract's last payable week and at
    its prices: those whose weeks after the start are over by then, a fall counting as none. Both
    times last `before_weeks`. A group that is met in a bad year does better in the next whatever is
    done for it: regression to the mean is paid for too.
    """

    def dues(self) -> Iterator[Due]:
        """Yield each provider's change when the contract of its clients no longer pays."""
        for period, last_payable in enumerate(self.market.periods.last_payable.tolist()):
            if self._settles_now(last_payable):
                yield self._change(period)

    def _change(self, period: int) -> Due:
        """Return what the clients of a contract period come to."""
        market, columns = self.market, self.market.columns
        everybody = market.referred[columns.service_start[market.referred] < NEVER]
        everybody = everybody[columns.contract[everybody] == period]
        everybody = everybody[columns.service_start[everybody] + self._weeks - 1 <= market.week]
        change, provider = self._days_after(everybody), columns.provider[everybody]
        change -= self._days_before(everybody)
        units = []
        numbers = [provider.number for provider in market.providers]
        for number in numbers:
            own = provider == number
            most = NEVER if self.fee.eur_max_per_client is None else self._most(everybody[own])
            units.append(min(max(int(change[own].sum()), 0), most))
        return self._shared(np.array(units, dtype=np.float64), np.array(numbers), period)

    @property
    def _weeks(self) -> int:
        return self.fee.before_weeks or 0

    def _most(self, own: Ints) -> float:
        """Return the most days that are paid for these clients."""
        cap, each = self.fee.eur_max_per_client, self._nobodys_euros(own[:1])
        return cap * own.size / each[0] if cap and own.size and each[0] else 0.0

    def _days_after(self, own: Ints) -> Ints:
        start = self.market.columns.service_start
        return self._days(own, start[own], start[own] + self._weeks)

    def _days_before(self, own: Ints) -> Ints:
        """Return the days before the start; of the time before the register, by what came before.

        Who was in work before is in work until then, and who was in education in education.
        """
        market, people = self.market, self.market.people
        start = market.columns.service_start[own].astype(np.int64)
        out = np.array([ceil(months * WEEKS_PER_MONTH) for months in people.months[own]], int)
        came = np.maximum(people.entry_week[own], 0) - out
        weeks = np.clip(came - (start - self._weeks), 0, self._weeks)
        shares_of = market.setup.population
        luck = market.draws.uniform(Stream.CAME_FROM, 0, own)
        worked = luck < shares_of.came_from_work_share
        both = shares_of.came_from_work_share + shares_of.came_from_education_share
        counts = self.fee.counts or []
        counted = worked * ("employment" in counts)
        counted = counted + (~worked & (luck < both)) * ("education" in counts)
        days: Ints = self._days(own, start - self._weeks, start) + DAYS * weeks * counted
        return days

    def _days(self, own: Ints, first: Ints, end: Ints) -> Ints:
        """Return the days in spells that count from some weeks on until before others, (n,)."""
        spells, days = self.market.spells, np.zeros(own.size, dtype=np.int64)
        rows = spells.of(own)
        states = [int(STATES[name]) for name in self.fee.counts or ()]
        rows = rows[among(spells.column("state")[rows], states)]
        place = np.searchsorted(own, spells.column("person")[rows])
        until = np.minimum(end[place], self.market.week + 1)
        np.add.at(days, place, DAYS * spells.weeks_within(rows, first[place], until))
        return days

    def week_euros(self, persons: Ints) -> Floats:
        """A week of days in states that count."""
        counted = self._counted([str(name) for name in self.fee.counts or ()])
        return counted * (DAYS * self._nobodys_euros(persons))

    def weeks_left(self, persons: Ints) -> Ints:
        """The rest of the client's weeks after the start, if they are over in time."""
        until = self.market.columns.service_start[persons] + self._weeks
        in_time = until - 1 <= self.market.last_payable(persons)
        weeks: Ints = (until - self.market.week) * in_time
        return weeks


class _Roll:
    """What the benefits of one arm of a lottery have cost so far.

    Attributes
    ----------
    cents
        Benefits of those in the target group, from the first week of each in it.
    """

    def __init__(self, market: LabourMarket) -> None:
        self._market, self.cents = market, 0
        self._members: Bools = np.zeros(len(market.columns), dtype=bool)
        self._roll = market.benefit_roll.part(self._members)

    def enter(self, persons: Ints) -> None:
        """Count people from this week on who are new in the target group."""
        self._members[persons] = True
        columns = self._market.columns
        out = persons[columns.state[persons] == State.UNEMPLOYED.value]
        self._roll.add(columns, paid_among(self._market, out), self._market.week)

    def add_week(self) -> None:
        """Add this week's benefits."""
        self.cents += sum(self._roll.cents(self._market.week))


class Impact(_ByDay):
    """Paid for what those drawn in a lottery do better than those not drawn, in the end.

    Everybody counts who has been in the target group, drawn or not, served or not, from the first
    week in it until the last payable week. The mean of those drawn less the mean of the others,
    times the number drawn, is what the service has brought: days in the states that count, or the
    money of `counts` (benefits not paid, taxes paid), of which `share` is the fee. Less than
    nothing pays nothing. Providers share by their clients; `eur_max_per_client` times its clients
    is the most that each gets. One lottery draws for all contracts that follow each other, and so
    all of them are settled at once, in the last payable week of the last and at its prices.
    """

    def __init__(self, market: LabourMarket, price: Price) -> None:
        super().__init__(market, price)
        self._rolls: dict[bool, _Roll] = {}
        if "benefits" in self._counts:
            self._rolls = {drawn: _Roll(market) for drawn in (True, False)}

    def dues(self) -> Iterator[Due]:
        """Add the week's benefits, and yield the difference of the arms when all is over."""
        self._add_benefits()
        if not self._settles_now(self.market.last_payable_week):
            return
        columns, referred = self.market.columns, self.market.referred
        clients = referred[columns.service_start[referred] < NEVER]
        numbers = np.array([provider.number for provider in self.market.providers])
        starts = np.bincount(columns.provider[clients], minlength=numbers.size)
        everybody = np.flatnonzero(columns.ever_eligible)
        drawn = int(np.count_nonzero(self.market.office.drawn(everybody)))
        others = everybody.size - drawn
        if not clients.size or not others:
            return
        worth = self._worth(everybody)
        gain = max(worth[True] - worth[False] * drawn / others, 0.0)
        units = gain * starts / clients.size
        if self.fee.share is None:
            due = self._shared(units, numbers, self.market.period)
        else:
            cents = np.rint(units * self.fee.share * self._bids(numbers)).astype(np.int64)
            due = Due(np.full(numbers.size, NOBODY), numbers, cents)
        cap = self.fee.eur_max_per_client
        if cap is not None:
            most = np.floor(cap * 100 * starts).astype(np.int64)
            due = Due(due.persons, due.providers, np.minimum(due.cents, most))
        yield due

    @property
    def _counts(self) -> list[str]:
        return [str(name) for name in self.fee.counts or ()]

    def _bids(self, numbers: Ints) -> Floats:
        """Return what bids make of the share, at this contract's prices, (n,)."""
        bids = self.price.bids
        return bids[self.market.period, numbers] if bids.size else np.ones(numbers.size)

    def _add_benefits(self) -> None:
        """Add the week's benefits of each arm, with those who are new in the target group."""
        if not self._rolls:
            return
        new = self.market.new_in_group
        drawn = self.market.office.drawn(new)
        for arm, roll in self._rolls.items():
            roll.enter(new[drawn == arm])
            roll.add_week()

    def _worth(self, everybody: Ints) -> dict[bool, int]:
        """Return the days, or the cents, of both arms since each person came into the group.

        By whether the lottery has drawn them.
        """
        spells, counts = self.market.spells, self._counts
        rows = spells.of(everybody)
        person, state = spells.column("person")[rows], spells.column("state")[rows]
        first = self.market.columns.eligible_week[person]
        weeks = spells.weeks_within(rows, first, self.market.week + 1)
        states = [int(STATES[name]) for name in counts if name not in MONEY]
        per_week: Ints = DAYS * among(state, states).astype(np.int64)
        if "taxes" in counts:
            jobs = state == State.EMPLOYED.value
            cents = np.rint(spells.column("hours_share")[rows[jobs]] * self._tax_of_full_time)
            per_week[jobs] += cents.astype(np.int64)
            per_week[state == State.SUBSIDISED.value] += round(self._tax_of_full_time)
        drawn, worth = self.market.office.drawn(person), per_week * weeks
        found = {arm: int(worth[drawn == arm].sum()) for arm in (True, False)}
        for arm, roll in self._rolls.items():
            found[arm] -= roll.cents
        return found

    def _benefits(self, persons: Ints) -> Ints:
        columns = self.market.columns
        return self.market.benefit_tables.total(
            columns.scheme[persons], columns.benefit_days[persons]
        )

    @property
    def _tax_of_full_time(self) -> float:
        """Cents of tax and contributions on a week of full-time work."""
        finance, rules = self.market.setup.finance, self.market.setup.finance.current
        rates = rules.tax_state_share + rules.tax_municipality_share + rules.tax_funds_share
        return finance.wage_month_eur / WEEKS_PER_MONTH * 100 * rates

    def week_euros(self, persons: Ints) -> Floats:
        """A week of days in states that count, or the money that a week away saves and brings."""
        counts = self._counts
        if self.fee.share is None:
            counted = self._counted(counts)
            return counted * (DAYS * self._nobodys_euros(persons))
        euros = np.zeros((len(self.market.exit_states), persons.size))
        if "benefits" in counts:
            euros += self._benefits(persons) / 100
        if "taxes" in counts:
            euros += self._tax_by_exit()[:, None] / 100
        return euros * self.fee.share * self._bids(self.market.columns.provider[persons])

    def _tax_by_exit(self) -> Floats:
        """Return the cents of tax of a week, by kind of exit: jobs have the hours of new ones."""
        jobs = self.market.setup.labour_market.jobs
        part = (jobs.part_time_hours_min + jobs.part_time_hours_max) / 2
        hours = float((shares(jobs) * [1.0, part, 1.0, part]).sum())
        by_state = {State.EMPLOYED: hours, State.SUBSIDISED: 1.0}
        return self._tax_of_full_time * np.array(
            [by_state.get(State(state), 0.0) for state in self.market.exit_states]
        )

    def weeks_left(self, persons: Ints) -> Ints:
        """The weeks until the last payable one."""
        return np.full(persons.size, self.market.last_payable_week - self.market.week + 1)


class SupportDays(_ByDay):
    """Paid for every day for which the municipality no longer pays a client's support (FEE-19).

    Clients of whose benefit the municipality pays a part when they start; each week in which it
    pays nothing for them, because they are out of unemployment or have a right in which it has no
    part, is five days saved against before. Why they are out does not matter. Paid month by month,
    until the window for completing closes.
    """

    def __init__(self, market: LabourMarket, price: Price) -> None:
        super().__init__(market, price)
        people = len(market.columns)
        self._supported: Bools = np.zeros(people, dtype=bool)
        self.since_bill, self.billed = np.zeros(people), np.zeros(people)
        end = END_WINDOW.fullmatch(self.fee.completed_within or "contract")
        assert end is not None
        within_service = end.group().startswith("service")
        self._grace = weeks_of_days(int(end.group(1) or 0)) if within_service else NEVER

    def dues(self) -> Iterator[Due]:
        """Count this week's days, and yield them when a month ends."""
        market = self.market
        self._supported[market.started] = self._municipality_pays(market.started)
        clients = market.referred[self._supported[market.referred]]
        clients = clients[self._last_week(clients) >= market.week]
        unemployed = market.columns.state[clients] == State.UNEMPLOYED.value
        saved = clients[~unemployed | ~self._municipality_pays(clients)]
        saved = saved[~market.purchaser.has_ended(self.price, saved)]
        self.since_bill[saved] += DAYS_PER_WEEK
        if market.purchaser.bills_now():
            persons = self._billed_next()
            units = self._due(persons)
            self.billed[persons] += units
            self.since_bill[persons] = 0.0
            yield self.of_clients(persons, units)

    def _municipality_pays(self, persons: Ints) -> Bools:
        """Whether the municipality has a part in each person's benefit, while there is one."""
        columns, tables = self.market.columns, self.market.benefit_tables
        cents = weekly_benefits(
            tables,
            columns.scheme[persons], columns.benefit_days[persons], columns.clock_days[persons],
        )  # fmt: skip
        pays: Bools = cents[1] > 0
        return pays

    def _due(self, persons: Ints) -> Floats:
        units, most = self.since_bill[persons], self.fee.max_per_client
        return units if most is None else np.clip(most - self.billed[persons], 0, units)

    def owed(self) -> Ints:
        """Return the cents of days since the last bill, (providers,)."""
        persons = self._billed_next()
        return self.by_provider(persons, self.of_clients(persons, self._due(persons)).cents)

    def _billed_next(self) -> Ints:
        """Return the clients with days since the last bill, in order."""
        clients = self.market.referred
        return clients[self.since_bill[clients] > 0]

    def _last_week(self, persons: Ints) -> Ints:
        limit = self.market.columns.service_limit[persons].astype(np.int64)
        return np.minimum(limit + self._grace - 1, self.market.last_payable(persons))

    def week_euros(self, persons: Ints) -> Floats:
        """Five days, whatever the exit, for clients of whose benefit the municipality pays."""
        pays = self._municipality_pays(persons)
        pays &= ~self.market.purchaser.has_ended(self.price, persons)
        euros = DAYS_PER_WEEK * self.unit_euros(persons) * pays
        return np.tile(euros, (len(self.market.exit_states), 1))

    def weeks_left(self, persons: Ints) -> Ints:
        """The weeks until the window closes, or the days that are paid for are used up."""
        left = self._last_week(persons) - self.market.week + 1
        if self.fee.max_per_client is None:
            return left
        days = self.fee.max_per_client - self.billed[persons] - self.since_bill[persons]
        return np.minimum(left, np.ceil(days / DAYS_PER_WEEK).astype(np.int64))
