"""A tiny labour market with a script instead of luck, paid by the real purchaser.

The lives of a few clients are written beforehand; what they earn a provider is then settled, week
by week, by the same `Purchaser` that pays in a simulation. So an explanation of a contract cannot
say anything that a simulation would not do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from labsim.market.agentset import release
from labsim.market.arrays import Bools, Floats, Ints
from labsim.market.claims import Claims
from labsim.market.draws import Draws, Stream
from labsim.market.jobs import NEVER
from labsim.market.model import LabourMarket
from labsim.market.outcomes import ClientSpells, Windows, late_week, qualifying, service_end
from labsim.market.people import People
from labsim.market.service import Arrivals, resume_service
from labsim.market.states import Stage, State
from labsim.market.verification import VERIFICATIONS
from labsim.scenario.schema import Scenario
from labsim.scenario.sections.contract import Contract
from labsim.scenario.sections.fee import Fee

POINTS = 1.0
"""How far every scripted client comes on, in motivation and work ability."""
_EVEN = 0.5
"""The luck of everything but notice: what is likelier than not happens."""


@dataclass(frozen=True)
class Life:
    """What happens to one scripted client.

    Attributes
    ----------
    start
        Week of the run in which the service starts.
    leaves
        Weeks after the start in which the client leaves unemployment; `NEVER` for not at all.
    state
        Where to.
    lasts
        Weeks until the client is unemployed again; `NEVER` for the whole time looked at.
    group
        Number of the client's group.
    notifies
        Whether the client gives notice of what was found, where there is any chance of it.
    """

    start: int
    leaves: int = NEVER
    state: State = State.EMPLOYED
    lasts: int = NEVER
    group: int = 0
    notifies: bool = True


@dataclass(frozen=True)
class Paid:
    """Money of one fee for one client in one week."""

    week: int
    fee: str
    cents: int


@dataclass(frozen=True)
class Verdict:
    """What became of one outcome fee for one client.

    Attributes
    ----------
    fee
        Name of the fee.
    met, paid
        Weeks in which the terms were met and the fee paid; `NEVER` if they were not.
    due
        Week in which the claim would be looked at next, or was last; `NEVER` without a claim.
    disputed
        Week in which the claim was sent back; `NEVER` if it was not.
    proved
        Whether the outcome was proved: by notice, not all are.
    priced
        Whether the contract pays anything for it at all.
    late, long_enough
        Whether the spell began after the window; whether it was of the right kind, and long enough.
    """

    fee: str
    met: int
    paid: int
    due: int
    disputed: int
    proved: bool
    priced: bool
    late: bool
    long_enough: bool


@dataclass(frozen=True)
class Account:
    """What the purchaser paid for one scripted client, and why.

    Attributes
    ----------
    life
        The script.
    service_end
        First week after the service.
    payments
        In order of weeks.
    verdicts
        One for each outcome fee that counts what the client found.
    """

    life: Life
    service_end: int
    payments: tuple[Paid, ...]
    verdicts: tuple[Verdict, ...]

    @property
    def cents(self) -> int:
        """Everything paid for the client."""
        return sum(payment.cents for payment in self.payments)


class _Script(Draws):
    """Luck that is written beforehand: notice as the lives say, all else even."""

    def __init__(self, lives: Sequence[Life]) -> None:
        super().__init__(seed=0, replication=0)
        self._notice: Floats = np.array([0.0 if life.notifies else 1.0 for life in lives])

    def uniform(self, stream: Stream, week: int, persons: Ints) -> Floats:  # noqa: ARG002
        """Return what is written for each person."""
        if stream == Stream.NOTICE:
            return self._notice[persons]
        return np.full(persons.size, _EVEN)


class ScriptedMarket(LabourMarket):
    """A labour market in which the given lives happen, and nothing else.

    Parameters
    ----------
    setup
        The scenario, whose contract pays.
    lives
        One per client.
    hours
        Hours with a coach in every week of service.
    """

    def __init__(self, setup: Scenario, lives: Sequence[Life], hours: float) -> None:
        self.lives, self.hours = tuple(lives), hours
        super().__init__(setup=_long_enough(setup, lives), people=_anybody(len(lives)))
        self.draws = _Script(lives)
        self.starts = np.array([life.start for life in lives], dtype=np.int64)
        self.leaves = self.starts + np.array([life.leaves for life in lives], dtype=np.int64)
        self.returns = self.leaves + np.array([life.lasts for life in lives], dtype=np.int64)
        self.columns.group[:] = [life.group for life in lives]
        self.columns.provider[:] = 0
        self.referred = np.arange(len(lives))

    def step(self) -> None:
        """Let a week of the script happen, in the order of a simulated week, and settle it."""
        self.week += 1
        columns, week = self.columns, self.week
        self._ended = []
        self._end(np.flatnonzero((columns.service_limit <= week) | self._away_too_long()))
        self._start(np.flatnonzero(self.starts == week))
        self.served = columns.in_stage(Stage.IN_SERVICE)
        columns.hours[:] = 0.0
        columns.hours[self.served] = self.hours
        at_work = columns.in_state(State.EMPLOYED)
        columns.support_total[at_work] += self.setup.contract.minimum_hours
        self._happen()
        self.purchaser.settle()
        self.running = week + 1 < self.weeks

    def _happen(self) -> None:
        """Let clients leave unemployment, and come back to it."""
        for person in np.flatnonzero(self.leaves == self.week):
            self._leave(np.array([person]), self.lives[person].state)
        self._return(np.flatnonzero(self.returns == self.week))

    def _end(self, persons: Ints) -> None:
        """End the service of clients, who think of it as is usual and have come on by a point."""
        columns = self.columns
        open_ended = np.isin(columns.stage[persons], (Stage.IN_SERVICE, Stage.PAUSED))
        persons = persons[open_ended]
        columns.stage[persons] = Stage.ENDED
        columns.satisfaction[persons] = self.setup.coaching.satisfaction.usual
        columns.motivation_at_end[persons] = columns.motivation_at_start[persons] + POINTS
        columns.ability_at_end[persons] = columns.ability_at_start[persons] + POINTS
        self.note_end(persons)

    def _away_too_long(self) -> Bools:
        columns = self.columns
        away = columns.stage == Stage.PAUSED.value
        long: Bools = away & (self.week - columns.since > self.setup.contract.short_spell_weeks)
        return long

    def _return(self, persons: Ints) -> None:
        self.spells.finish(self.week, persons)
        resume_service(self, persons)
        self.columns.state[persons] = State.UNEMPLOYED

    def _start(self, persons: Ints) -> None:
        limit = min(self.week + self.setup.contract.service_weeks_max, self.contract_end)
        self.columns.stage[persons] = Stage.IN_SERVICE
        self.columns.service_start[persons] = self.week
        self.columns.service_limit[persons] = limit
        self.columns.motivation_at_start[persons] = self.columns.motivation[persons]
        self.columns.ability_at_start[persons] = self.columns.ability[persons]
        self.arrivals = Arrivals(persons, np.zeros(persons.size, dtype=np.int64))
        self.started = persons

    def _leave(self, persons: Ints, state: State) -> None:
        columns = self.columns
        if self.setup.contract.short_spell_weeks:
            served = persons[columns.stage[persons] == Stage.IN_SERVICE.value]
            columns.stage[served] = Stage.PAUSED
        else:
            self._end(persons)
        columns.state[persons], columns.since[persons] = int(state), self.week
        columns.hours_share[persons], columns.support_total[persons] = 1.0, 0.0
        columns.first_exit[persons] = np.minimum(columns.first_exit[persons], self.week)
        rows = self.spells.begin(
            self.week, persons, state=int(state), hours_share=np.ones(persons.size)
        )
        self.note_client_spells(rows)


def play(setup: Scenario, lives: Sequence[Life], hours: float) -> list[Account]:
    """Let the lives happen and return what was paid for each."""
    market = ScriptedMarket(setup, lives, hours)
    payments: list[list[Paid]] = [[] for _ in lives]
    while market.running:
        market.step()
        for payment in market.purchaser.payments:
            for person, cents in zip(payment.persons, payment.cents, strict=False):
                if cents:
                    payments[person].append(Paid(market.week, payment.fee, int(cents)))
    accounts = [_account(market, person, payments[person]) for person in range(len(lives))]
    release(market)
    return accounts


def _account(market: ScriptedMarket, person: int, payments: list[Paid]) -> Account:
    life = market.lives[person]
    spells, windows = market.client_spells(), market.windows()
    end = int(service_end(spells, windows)[person])
    verdicts = [
        _verdict(claim, spells, windows, person)
        for claim in market.purchaser.claims
        if claim.stage == 0 and life.leaves < NEVER and life.state in claim.terms.states
    ]
    return Account(life, end, tuple(payments), tuple(verdicts))


def _verdict(claim: Claims, spells: ClientSpells, windows: Windows, person: int) -> Verdict:
    terms = claim.terms
    return Verdict(
        fee=claim.price.name,
        met=int(claim.met[person]),
        paid=int(claim.paid[person]),
        due=int(claim.due[person]),
        disputed=int(claim.disputed[person]),
        proved=bool(claim.proved[person]),
        priced=bool(claim.price.cents.any()),
        late=bool(late_week(spells, windows, terms)[person] < NEVER),
        long_enough=bool(qualifying(spells, terms)[spells.person == person].any()),
    )


def script_wait(contract: Contract) -> int:
    """Return the weeks from an outcome to its payment in a script, with the client's notice."""
    kind = VERIFICATIONS[contract.verification]
    even = np.array([_EVEN])
    proof = kind.prove(contract, lambda stream: 0 * even if stream == Stream.NOTICE else even, 1)
    disputed = proof.looked_at[0] and contract.dispute_chance > _EVEN
    return int(proof.weeks[0]) + (contract.dispute_weeks if disputed else 0)


def _days(fee: Fee) -> int:
    """Return the days that an outcome must last for the last payment of a fee."""
    longest = fee.accumulated_days or fee.sustained_days or 0
    return longest + (fee.every_days or 0) * ((fee.times or 1) - 1)


_OF_ALL: dict[str, None] = {"budget_eur": None, "minimum_volume": None}
"""What belongs to all clients of a contract together, and so to none of a few."""


def _long_enough(setup: Scenario, lives: Sequence[Life]) -> Scenario:
    """Return the scenario with a run that ends after everything that the script can lead to."""
    contract = setup.contract
    end = contract.start_week + contract.weeks + contract.tracking_weeks
    days = max((_days(fee) for fee in contract.fees), default=0)
    left = max((life.start + life.leaves for life in lives if life.leaves < NEVER), default=0)
    weeks = max(end, contract.last_payable_week or 0, left) + days // 7
    weeks += contract.verification_lag_weeks + contract.notice_weeks + contract.dispute_weeks + 3
    return setup.model_copy(
        update={
            "run": setup.run.model_copy(update={"weeks": weeks}),
            "contract": contract.model_copy(update=_OF_ALL),
        }
    )


def _anybody(number: int) -> People:
    """Return people of whom nothing matters but that they are there."""
    codes, scores = np.zeros(number, dtype=np.int8), np.full(number, 7.0)
    return People(
        entry_week=np.full(number, -1),
        age=np.full(number, 40, dtype=np.int16),
        education=codes,
        area=codes.astype(np.int16),
        scheme=codes,
        sector=codes.astype(np.int16),
        language=codes.astype(np.int16),
        needs=codes,
        change_after=np.full(number, NEVER, dtype=np.int32),
        ability=scores,
        motivation=scores,
        belief=scores,
        log_base=np.full(number, -4.0),
        months=np.zeros(number),
        hazard_at_entry=np.full(number, 0.01),
    )
