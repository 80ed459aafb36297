"""What a traced life came to: who the person is, weeks in work and euros, with and without."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from labsim.market.arrays import Ints
from labsim.market.benefits import PAYERS
from labsim.market.jobs import NEVER
from labsim.market.people import EDUCATION, SCHEMES
from labsim.market.states import Stage, State
from labsim.measure.trace import Lives
from labsim.scenario.schema import Scenario
from labsim.study.tracing import Traced
from labsim.words import Words


def who(scenario: Scenario, traced: Traced, words: Words) -> list[str]:
    """Say who the person is, in two sentences."""
    people, person = traced.people, traced.person
    entry = int(people.entry_week[person])
    came = "trace.who.stock" if entry < 0 else "trace.who.inflow"
    return [
        words(
            "trace.who.person",
            person=str(person), age=words.number(int(people.age[person])),
            education=words(f"explain.target.education_name.{EDUCATION[people.education[person]]}"),
            area=list(scenario.population.areas)[int(people.area[person])],
            benefit=words(f"explain.target.benefit_name.{SCHEMES[people.scheme[person]]}"),
        ),
        words(
            "trace.who.scores",
            ability=words.number(float(people.ability[person]), 1),
            motivation=words.number(float(people.motivation[person]), 1),
            belief=words.number(float(people.belief[person]), 1),
        ),
        words(
            came, months=words.number(float(people.months[person]), 1), week=words.number(entry)
        ),
    ]  # fmt: skip


def summary(scenario: Scenario, traced: Traced, words: Words) -> list[str]:
    """Return the final sentences."""
    told = _Balance(scenario, traced, words)
    return [
        *told.work(), *told.service(), *told.outcomes(), *told.fees(), *told.benefits(),
        *told.pay(), *told.public(), words("trace.summary.caution"),
    ]  # fmt: skip


class _Balance:
    """The sentences; each method is one matter."""

    def __init__(self, scenario: Scenario, traced: Traced, words: Words) -> None:
        self.scenario, self.traced, self.words = scenario, traced, words
        self.mine, self.twin = traced.lives, traced.twin

    def _eur(self, cents: int) -> str:
        return self.words.number(cents / 100, 2)

    def work(self) -> Iterator[str]:
        """Weeks in work."""
        worked = [int((life.state == State.EMPLOYED).sum()) for life in (self.mine, self.twin)]
        arrival = max(int(self.traced.people.entry_week[self.traced.person]), 0)
        difference = worked[0] - worked[1]
        form = "same" if difference == 0 else "more" if difference > 0 else "fewer"
        yield self.words(
            f"trace.summary.work.{form}",
            mine=self.words.number(worked[0]), twin=self.words.number(worked[1]),
            weeks=self.words.number(self.mine.state.shape[0] - arrival),
            difference=self.words.count("explain.weeks", abs(difference)),
        )  # fmt: skip

    def service(self) -> Iterator[str]:
        """The service, or why there was none and whom to look at instead."""
        words, traced = self.words, self.traced
        if traced.started:
            weeks = words.count("explain.weeks", traced.service_weeks)
            hours = words.number(float(self.mine.coach_hours.sum()), 1)
            yield words("trace.summary.service", weeks=weeks, hours=hours)
            return
        stage = Stage(int(self.mine.stage[-1, 0])).name.lower()
        yield words(f"trace.summary.never.{stage}", person=str(traced.person))
        if traced.starters:
            ids = words("explain.comma").join(str(row) for row in traced.starters)
            yield words("trace.summary.starters", ids=ids)
        else:
            yield words("trace.summary.no_starters")

    def outcomes(self) -> Iterator[str]:
        """Outcomes by the contract's terms, and whether they would have come anyway."""
        traced = self.traced
        if not traced.started or not traced.met:
            return
        met = [name for name, week in traced.met.items() if week < NEVER]
        anyway = "anyway" if traced.met_anyway else "not_anyway"
        names = self.words("explain.comma").join(met)
        yield self.words(f"trace.summary.outcome.{'met' if met else 'none'}.{anyway}", names=names)

    def fees(self) -> Iterator[str]:
        """Fees by name."""
        fees, cents = self.scenario.contract.fees, self.mine.fees[:, :, 0].sum(axis=0)
        parts = [
            self.words("trace.summary.part", name=fee.name, eur=self._eur(int(part)))
            for fee, part in zip(fees, cents, strict=True)
            if part
        ]
        if parts:
            joined = self.words("explain.comma").join(parts)
            yield self.words("trace.summary.fees", eur=self._eur(int(cents.sum())), parts=joined)
        else:
            yield self.words("trace.summary.no_fees")
        if self.traced.started and any(fee.on == "coach-month" for fee in fees):
            yield self.words("trace.summary.coaches")

    def benefits(self) -> Iterator[str]:
        """Benefits with and without, and who saves."""
        mine, twin = (life.benefits[:, :, 0].sum(axis=0) for life in (self.mine, self.twin))
        yield self._compared("benefits", int(mine.sum()), int(twin.sum()))
        if np.any(mine != twin):
            yield self.words("trace.summary.benefit_parts", parts=self._by_payer(mine - twin))

    def pay(self) -> Iterator[str]:
        """Pay and the taxes on it."""
        for name, parts in (("pay", ("wage",)), ("taxes", ("taxes",))):
            mine, twin = (
                sum(int(getattr(life, part).sum()) for part in parts)
                for life in (self.mine, self.twin)
            )
            yield self._compared(name, mine, twin)

    def public(self) -> Iterator[str]:
        """What all public payers together gain or lose by this person's service."""
        gain = _public(self.mine) - _public(self.twin)
        form = "gain" if gain > 0 else "loss" if gain < 0 else "even"
        yield self.words(f"trace.summary.public.{form}", eur=self._eur(abs(gain)))

    def _compared(self, name: str, mine: int, twin: int) -> str:
        form = "same" if mine == twin else "more" if mine > twin else "less"
        return self.words(
            f"trace.summary.{name}.{form}",
            mine=self._eur(mine), twin=self._eur(twin), difference=self._eur(abs(mine - twin)),
        )  # fmt: skip

    def _by_payer(self, cents: Ints) -> str:
        parts = [
            self.words(f"trace.payer.{payer}", eur=self.words.signed(int(part) / 100, 2))
            for payer, part in zip(PAYERS, cents, strict=True)
            if part
        ]
        return self.words("explain.comma").join(parts)


def _public(life: Lives) -> int:
    """Return what public payers get less what they pay for a person, in cents."""
    paid = life.benefits.sum() + life.subsidy.sum() + life.fees.sum()
    return int(life.taxes.sum()) - int(paid)
