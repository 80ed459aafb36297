"""A traced life in words: the weeks in which something changes, and totals so far."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from labsim.market.benefits import PAYERS
from labsim.market.jobs import PERMANENT_FULL, PERMANENT_PART, TEMPORARY_FULL
from labsim.market.pricing import Price, price_list
from labsim.market.procurement.bidders import bidder_names
from labsim.market.states import Stage, State
from labsim.measure.trace import Lives
from labsim.scenario.schema import Scenario
from labsim.study.dates import Calendar
from labsim.study.tracing import Traced
from labsim.words import Words

_STATES = {
    State.EMPLOYED: "employment",
    State.SUBSIDISED: "subsidised",
    State.STUDYING: "education",
    State.ENTREPRENEUR: "entrepreneurship",
    State.OUTSIDE: "outside",
}
_KINDS = {
    PERMANENT_FULL: "permanent_full",
    PERMANENT_PART: "permanent_part",
    TEMPORARY_FULL: "temporary_full",
}


@dataclass(frozen=True)
class Week:
    """A week in which something changes, on either side.

    Attributes
    ----------
    number, date
        The week, and its first day.
    with_service, without
        What happens, one sentence each, and the totals so far as the last.
    """

    number: str
    date: str
    with_service: tuple[str, ...]
    without: tuple[str, ...]


def story(scenario: Scenario, traced: Traced, words: Words) -> list[Week]:
    """Return the weeks of a person's two lives in which something changes."""
    calendar = Calendar(scenario, words.language)
    arrival = max(int(traced.people.entry_week[traced.person]), 0)
    mine = Side(scenario, traced.lives, words, traced)
    twin = Side(scenario, traced.twin, words)
    weeks = []
    for week in range(arrival, traced.lives.state.shape[0]):
        here, there = mine.events(week, arrival), twin.events(week, arrival)
        if not here and not there:
            continue
        same = [words("trace.same")] if here == there else there
        weeks.append(
            Week(
                words.number(week), calendar.day(week),
                (*here, mine.so_far(week)), (*same, twin.so_far(week)),
            )
        )  # fmt: skip
    return weeks


class Side:
    """One of the two lives, in words.

    Parameters
    ----------
    scenario
        The scenario.
    lives
        What was seen; the first column is the person.
    words
        The catalogue.
    judged
        What was judged about outcomes; nothing on the side without the service.
    """

    def __init__(
        self, scenario: Scenario, lives: Lives, words: Words, judged: Traced | None = None
    ) -> None:
        self.lives, self.judged, self.words = lives, judged, words
        self.prices = price_list(scenario)
        self.providers = bidder_names(scenario)
        self._unsaid = dict.fromkeys((price.name for price in self.prices), 0)

    def events(self, week: int, arrival: int) -> list[str]:
        """Return what changes in a week; fees by the hour wait for a week with something else."""
        first = week == arrival
        texts = [self.words("trace.event.arrives")] if first else []
        texts += [*self._service_begins(week), *self._state(week, first=first)]
        texts += [*self._service_ends(week, first=first), *self._benefit(week, first=first)]
        texts += [*self._met(week), *self._fees(week)]
        last = week == self.lives.state.shape[0] - 1
        texts += self._weekly_fees(week, say=last or bool(texts))
        return [*texts, self.words("trace.event.run_ends")] if last else texts

    def so_far(self, week: int) -> str:
        """Return the totals up to and with a week."""
        until = slice(0, week + 1)
        return self.words(
            "trace.so_far",
            benefit=self._whole(self.lives.benefits[until].sum()),
            pay=self._whole(self.lives.wage[until].sum()),
            fees=self._whole(self.lives.fees[until].sum()),
        )

    def _whole(self, cents: int) -> str:
        return self.words.number(cents / 100)

    def _eur(self, cents: int) -> str:
        return self.words.number(cents / 100, 2)

    def _service_begins(self, week: int) -> Iterator[str]:
        if self.lives.referred_week[week, 0] == week:
            yield self.words("trace.event.referred")
        if self.lives.service_start[week, 0] == week:
            provider = self.providers[int(self.lives.provider[week, 0])]
            yield self.words("trace.event.starts", provider=provider)
            yield self._scores(max(week - 1, 0))

    def _service_ends(self, week: int, *, first: bool) -> Iterator[str]:
        """Yield how the service, or the way to it, comes to an end."""
        now = Stage(int(self.lives.stage[week, 0]))
        before = Stage.NONE if first else Stage(int(self.lives.stage[week - 1, 0]))
        if (before, now) == (Stage.PAUSED, Stage.IN_SERVICE):
            yield self.words("trace.event.resumed")
        if before == now or now in (Stage.REFERRED, Stage.IN_SERVICE):
            return
        yield self.words(f"trace.event.{now.name.lower()}")
        if before == Stage.IN_SERVICE:
            hours = self.words.number(float(self.lives.coach_hours[: week + 1].sum()), 1)
            yield self.words("trace.event.hours", hours=hours)
            yield self._scores(week)
            opinion = self.words.number(float(self.lives.satisfaction[week, 0]), 1)
            yield self.words("trace.event.satisfaction", points=opinion)

    def _scores(self, week: int) -> str:
        return self.words(
            "trace.event.scores",
            motivation=self.words.number(float(self.lives.motivation[week, 0]), 1),
            ability=self.words.number(float(self.lives.ability[week, 0]), 1),
        )

    def _state(self, week: int, *, first: bool) -> Iterator[str]:
        now = State(int(self.lives.state[week, 0]))
        before = State.UNEMPLOYED if first else State(int(self.lives.state[week - 1, 0]))
        if before == now:
            return
        if now == State.UNEMPLOYED:
            yield self.words(f"trace.event.returns.{_STATES[before]}")
        else:
            yield from self._leaves(week, now)

    def _leaves(self, week: int, state: State) -> Iterator[str]:
        if state == State.EMPLOYED:
            found = "with_provider" if self.lives.job_of_provider[week, 0] else "alone"
            kind = _KINDS.get(int(self.lives.job_kind[week, 0]), "temporary_part")
            share = self.words.percent(float(self.lives.hours_share[week, 0]))
            job = self.words(f"trace.job.{kind}", share=share)
            yield self.words(f"trace.event.finds.{found}", kind=job)
        else:
            yield self.words(f"trace.event.leaves.{_STATES[state]}")
        pay = int(self.lives.wage[week, 0])
        if pay:
            yield self.words("trace.event.pay", eur=self._eur(pay))

    def _benefit(self, week: int, *, first: bool) -> Iterator[str]:
        """Yield the weekly benefit where it begins or changes."""
        now = self.lives.benefits[week, :, 0]
        if not now.any() or (
            not first and np.array_equal(now, self.lives.benefits[week - 1, :, 0])
        ):
            return
        parts = [
            self.words(f"trace.payer.{payer}", eur=self._eur(int(cents)))
            for payer, cents in zip(PAYERS, now, strict=True)
            if cents
        ]
        yield self.words(
            "trace.event.benefit",
            eur=self._eur(int(now.sum())),
            parts=self.words("explain.comma").join(parts),
        )

    def _met(self, week: int) -> Iterator[str]:
        if self.judged is None:
            return
        for name, met in self.judged.met.items():
            if met == week:
                yield self.words("trace.event.met", name=name)
                if name in self.judged.unproved:
                    yield self.words("trace.event.no_notice", name=name)
            if self.judged.disputed[name] == week:
                yield self.words("trace.event.disputed", name=name)
            if self.judged.unfunded[name] == week:
                yield self.words("trace.event.unfunded", name=name)

    def _fees(self, week: int) -> Iterator[str]:
        for number, price in enumerate(self.prices):
            cents = int(self.lives.fees[week, number, 0])
            if cents and not _is_weekly(price):
                yield self.words("trace.event.fee", name=price.name, eur=self._eur(cents))

    def _weekly_fees(self, week: int, *, say: bool) -> Iterator[str]:
        """Add up fees that are paid every week, and tell them where a week is shown."""
        for number, price in enumerate(self.prices):
            if not _is_weekly(price):
                continue
            self._unsaid[price.name] += int(self.lives.fees[week, number, 0])
            cents = self._unsaid[price.name]
            if cents and say:
                yield self.words("trace.event.fee_since", name=price.name, eur=self._eur(cents))
                self._unsaid[price.name] = 0


def _is_weekly(price: Price) -> bool:
    return price.fee.on == "hour"
