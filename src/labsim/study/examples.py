"""Five typical clients of a contract, and what a provider is paid for each, week by week."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from labsim.market.jobs import NEVER
from labsim.market.pricing import Price, group_names, price_list
from labsim.market.states import State
from labsim.market.units import planned_hours
from labsim.market.weeks import weeks_of_days
from labsim.scenario.schema import Scenario
from labsim.study.contracts import group_titles
from labsim.study.dates import Calendar
from labsim.study.scripted import Account, Life, Paid, Verdict, play, script_wait
from labsim.words import Words

STATES = {
    "employment": State.EMPLOYED,
    "subsidised": State.SUBSIDISED,
    "education": State.STUDYING,
    "entrepreneurship": State.ENTREPRENEUR,
}
"""States by the names that contracts use."""
_SECOND = ("education", "entrepreneurship", "subsidised")
_AFTER = 2


@dataclass(frozen=True)
class Row:
    """A line of an example: weeks of service, date, words, cents (``None``: nothing is paid)."""

    weeks: str
    date: str
    text: str
    cents: int | None = None


@dataclass(frozen=True)
class Example:
    """What a provider is paid for one client.

    Attributes
    ----------
    title
        Who the client is, one sentence.
    rows
        Weeks in which something happens or is paid.
    cents
        Everything paid.
    notes
        Why something is not paid, one sentence each.
    """

    title: str
    rows: tuple[Row, ...]
    cents: int
    notes: tuple[str, ...]


def examples(scenario: Scenario, words: Words) -> list[Example]:
    """Return the five examples of a contract; the purchaser of the simulations pays them."""
    told = _Told(scenario, words)
    lives = dict(_lives(scenario))
    accounts = play(scenario, list(lives.values()), planned_hours(scenario))
    return [
        told.example(number, key, account)
        for number, (key, account) in enumerate(zip(lives, accounts, strict=True), start=1)
    ]


def _lives(scenario: Scenario) -> Iterator[tuple[str, Life]]:
    """Yield the key of each example's title with its script."""
    contract, groups = scenario.contract, len(group_names(scenario))
    start, longest = contract.start_week, min(contract.service_weeks_max, contract.weeks)

    def week(number: int) -> int:
        return min(number, longest) - 1

    yield "lasting_job", Life(start, week(6))
    yield "short_job", Life(start, week(10), lasts=8, group=1 % groups)
    second = second_outcome(scenario)
    yield second, Life(start, week(20), STATES[second], group=2 % groups)
    if contract.verification == "notice":
        yield "no_notice", Life(start, week(6), group=3 % groups, notifies=False)
    else:
        yield "nothing", Life(start, group=3 % groups)
    if _last_day_is_too_late(scenario):
        calendar = Calendar(scenario)
        start += calendar.contract_end - calendar.contract_start - longest
        yield "last_day", Life(start, longest - 1, group=4 % groups)
    else:
        yield "after_service", Life(start, longest - 1 + _AFTER, group=4 % groups)


def second_outcome(scenario: Scenario) -> str:
    """Return what else than a job the contract counts; without anything else, a study place."""
    counted = {kind for fee in scenario.contract.fees for kind in fee.outcome or ()}
    return next((kind for kind in _SECOND if kind in counted), "education")


def _last_day_is_too_late(scenario: Scenario) -> bool:
    """Whether a job found in the contract's last week can no longer be paid."""
    calendar, lag = Calendar(scenario), script_wait(scenario.contract)
    waits = [
        max(weeks_of_days(fee.sustained_days or 0), 1)
        for fee in scenario.contract.fees
        if "employment" in (fee.outcome or ()) and fee.eur > 0
    ]
    return any(calendar.contract_end - 2 + wait + lag > calendar.last_payable for wait in waits)


class _Told:
    """Puts accounts into words."""

    def __init__(self, scenario: Scenario, words: Words) -> None:
        self.scenario, self.words = scenario, words
        self.calendar = Calendar(scenario, words.language)
        self.prices = {price.name: price for price in price_list(scenario)}
        self.by_group = any(price.fee.by_group for price in self.prices.values())

    def example(self, number: int, key: str, account: Account) -> Example:
        """Tell one client's story."""
        life = account.life
        week = self.words.number(life.leaves + 1 if life.leaves < NEVER else 0)
        title = self.words(
            f"explain.example.{key}", number=self.words.number(number), week=week,
            lasts=self.words.number(life.lasts),
        )  # fmt: skip
        if self.by_group:
            group = group_titles(self.scenario, self.words)[life.group]
            title = self.words("explain.example.in_group", title=title, group=group)
        rows = sorted(self._rows(account), key=lambda item: item[0])
        notes = tuple(self._note(account, verdict) for verdict in account.verdicts)
        return Example(
            title,
            tuple(row for _, row in rows),
            account.cents,
            (*(note for note in notes if note), *self._uncounted(account)),
        )

    def _rows(self, account: Account) -> Iterator[tuple[tuple[int, int], Row]]:
        """Yield rows with what they are sorted by: the week, and events before money."""
        life = account.life
        yield self._event(account, life.start, "starts")
        leaves = life.start + life.leaves
        if leaves > account.service_end:
            yield self._event(account, account.service_end - 1, "service_ends")
        if life.leaves < NEVER:
            ends = "leaves_service" if leaves < account.service_end else "leaves"
            yield self._event(account, leaves, f"{ends}.{_name(life.state)}")
            if life.lasts < NEVER:
                yield self._event(account, leaves + life.lasts, f"ends.{_name(life.state)}")
        for verdict in account.verdicts:
            if verdict.met < NEVER and self._lasting(verdict.fee):
                yield self._event(account, verdict.met, "complete", name=verdict.fee)
            if verdict.disputed < NEVER:
                yield self._event(account, verdict.disputed, "disputed", name=verdict.fee)
        for run in _runs(account.payments):
            yield (run[0].week, 1), self._money(account, run)

    def _lasting(self, fee: str) -> bool:
        terms = self.prices[fee].terms
        return terms is not None and terms.weeks > 1

    def _event(
        self, account: Account, week: int, key: str, **values: str
    ) -> tuple[tuple[int, int], Row]:
        text = self.words(f"explain.event.{key}", **values)
        number = self.words.number(week - account.life.start + 1)
        return (week, 0), Row(number, self.calendar.day(week), text)

    def _money(self, account: Account, run: Sequence[Paid]) -> Row:
        first, last = run[0].week - account.life.start + 1, run[-1].week - account.life.start + 1
        weeks, text = self.words.number(first), self._named(account, run[0])
        if len(run) > 1:
            weeks = self.words("explain.event.weeks", first=weeks, last=self.words.number(last))
            text = self.words(
                "explain.event.weekly", name=run[0].fee, n=self.words.number(len(run)),
                eur=self.words.number(run[0].cents / 100, 2),
            )  # fmt: skip
        return Row(weeks, self.calendar.day(run[0].week), text, sum(paid.cents for paid in run))

    def _named(self, account: Account, paid: Paid) -> str:
        """Return the fee's name, and whether it is for a part of a month."""
        price = self.prices[paid.fee]
        if price.fee.on == "month" and paid.cents < price.cents[account.life.group]:
            return self.words("explain.event.part_month", name=paid.fee)
        return paid.fee

    def _note(self, account: Account, verdict: Verdict) -> str:
        """Say why an outcome that counts is not paid; nothing if it is."""
        if verdict.paid < NEVER and verdict.priced and verdict.proved:
            return ""
        key = _reason(verdict)
        price = self.prices[verdict.fee]
        return self.words(f"explain.why_not.{key}", **self._reasons(account, verdict, price))

    def _reasons(self, account: Account, verdict: Verdict, price: Price) -> dict[str, str]:
        assert price.terms is not None
        shown = verdict.due if verdict.due < NEVER else 0
        return {
            "name": verdict.fee,
            "needed": self.words.count("explain.weeks", price.terms.weeks),
            "lasted": self.words.count("explain.weeks", account.life.lasts),
            "shown": self.calendar.day(shown),
            "last": self.calendar.day(self.calendar.last_payable),
        }

    def _uncounted(self, account: Account) -> Iterator[str]:
        if account.verdicts or account.life.leaves == NEVER:
            return
        yield self.words(f"explain.why_not.not_an_outcome.{_name(account.life.state)}")


def _reason(verdict: Verdict) -> str:
    if not verdict.long_enough:
        return "too_short"
    if verdict.met < NEVER:
        return _reason_of_claim(verdict) if verdict.priced else "unpriced"
    return "after_window" if verdict.late else "incomplete"


def _reason_of_claim(verdict: Verdict) -> str:
    """Return why a claim of a met outcome is not paid, or not in full."""
    if verdict.paid < NEVER:
        return "lower_fee"
    if verdict.disputed < NEVER:
        return "lost_in_dispute"
    return "too_late_to_pay" if verdict.proved else "unnotified"


def _name(state: State) -> str:
    return next(name for name, code in STATES.items() if code == state)


def _runs(payments: Sequence[Paid]) -> list[list[Paid]]:
    """Put payments of one fee and amount in consecutive weeks together."""
    open_runs: dict[str, list[Paid]] = {}
    runs: list[list[Paid]] = []
    for paid in payments:
        run = open_runs.get(paid.fee)
        if run and run[-1].week == paid.week - 1 and run[-1].cents == paid.cents:
            run.append(paid)
            continue
        open_runs[paid.fee] = [paid]
        runs.append(open_runs[paid.fee])
    return runs
