"""A scenario's contract in plain words, block by block."""

from __future__ import annotations

from collections.abc import Iterator

from labsim.market.outcomes import Terms
from labsim.market.partnership import wait_weeks
from labsim.market.periods import Periods
from labsim.market.phases import SCHEDULE
from labsim.market.pricing import (
    Price,
    expectations,
    missing_start_eur,
    planned_coaches,
    price_list,
)
from labsim.market.procurement.procedures import PROCEDURES
from labsim.market.units import planned_hours, providers_sharing
from labsim.scenario.schema import Scenario
from labsim.scenario.sections.contract import Contract
from labsim.scenario.sections.finance import Step
from labsim.scenario.text import in_language
from labsim.study.around import around_blocks, serves_firms_alone
from labsim.study.block import Block
from labsim.study.budget import budget_lines
from labsim.study.coming import coming_lines
from labsim.study.contracts import fee_lines, proof_values
from labsim.study.dates import Calendar
from labsim.study.generosity import generosity_lines
from labsim.study.reach import people_within_reach
from labsim.study.target import target_line
from labsim.study.tenders import procurement_lines
from labsim.words import Words

_BLOCKS = (
    "target", "referral", "procurement", "time", "fees", "proof", "unpaid", "payer", "generosity",
)  # fmt: skip
_FIRMS_ALONE = ("procurement", "payer")


def head(scenario: Scenario, design: Scenario | None, words: Words) -> list[str]:
    """Return the title and description of a scenario, and of the design that is laid over it."""
    lines = [title_of(scenario, words), in_language(scenario.description, words.language)]
    if design is not None:
        description = in_language(design.description, words.language)
        title = title_of(design, words)
        lines.append(words("explain.design", title=title, description=description).rstrip())
    return [line for line in lines if line]


def title_of(scenario: Scenario, words: Words) -> str:
    """Return the scenario's title, or the words for a scenario without one."""
    return in_language(scenario.title, words.language) or words("explain.untitled")


def explain(scenario: Scenario, words: Words) -> list[Block]:
    """Return the contract in plain words."""
    told, around = _Told(scenario, words), list(around_blocks(scenario, words))
    if serves_firms_alone(scenario):
        names = ("procurement", "fees", "payer") if scenario.contract.fees else _FIRMS_ALONE
        return around + [told.block(name) for name in names]
    return [told.block(name) for name in _BLOCKS] + around


def has_examples(scenario: Scenario) -> bool:
    """Whether there is anything to show that is paid for a client."""
    return bool(scenario.contract.fees) and not serves_firms_alone(scenario)


def schedule(words: Words) -> list[tuple[str, str]]:
    """Return the phases of the week in order: name and meaning."""
    return [(words.meaning(phase.name), words(f"explain.phase.{phase.name}")) for phase in SCHEDULE]


def example_lines(scenario: Scenario, words: Words) -> list[str]:
    """Say what the worked examples take for granted."""
    fees = {fee.on for fee in scenario.contract.fees}
    calendar = Calendar(scenario, words.language)
    lines = [words("explain.examples.intro", week=calendar.day(scenario.contract.start_week))]
    if "hour" in fees:
        hours = words.number(planned_hours(scenario), 2)
        lines.append(words("explain.examples.hours", hours=hours))
    if "coach-month" in fees:
        lines.append(words("explain.examples.coaches"))
    terms = scenario.procurement
    if terms.procedure == "alliance":
        lines.append(words("explain.examples.alliance", kept=words.percent(terms.alliance_share)))
    elif terms.tendered and not PROCEDURES[terms.procedure].fixed_price:
        lines.append(words("explain.examples.bids"))
    return [*lines, *_luck_lines(scenario.contract, words)]


def _luck_lines(contract: Contract, words: Words) -> Iterator[str]:
    """Say what the examples take for granted where luck decides about claims."""
    if contract.verification == "notice":
        yield words("explain.examples.notice")
    if contract.verification == "sample":
        checked = "checked" if contract.sample_share > 0.5 else "unchecked"
        yield words(f"explain.examples.{checked}")
    if contract.dispute_chance > 0:
        disputed = "disputed" if contract.dispute_chance > 0.5 else "undisputed"
        yield words(f"explain.examples.{disputed}")


def _shortest_wait(contract: Contract) -> int:
    """Return the weeks from an outcome to its payment when all goes well."""
    checks_all = contract.verification == "sample" and contract.sample_share >= 1
    return (
        contract.verification_lag_weeks if contract.verification == "register" or checks_all else 0
    )


class _Told:
    """The blocks of an explanation; each method is one of them."""

    def __init__(self, scenario: Scenario, words: Words) -> None:
        self.scenario, self.words = scenario, words
        self.calendar = Calendar(scenario, words.language)
        self.prices, self.periods = price_list(scenario), Periods.of(scenario)
        self.outcomes = [(price, price.terms) for price in self.prices if price.terms is not None]

    def block(self, name: str) -> Block:
        """Return the block of that name, under its heading."""
        return Block(self.words(f"explain.heading.{name}"), tuple(getattr(self, name)()))

    def _paid_outcomes(self) -> list[tuple[Price, Terms]]:
        return [(price, terms) for price, terms in self.outcomes if price.cents.any()]

    def target(self) -> Iterator[str]:
        """Who may come."""
        conditions = target_line(self.scenario.referral.target, self.words)
        yield self.words("explain.target.who", conditions=conditions)

    def referral(self) -> Iterator[str]:
        """How they are referred, accept and wait."""
        referral, words, day = self.scenario.referral, self.words, self.calendar.day
        last = referral.start_week + referral.weeks - 1
        profiling = referral.regime == "profiling"
        yield words(
            f"explain.referral.{referral.regime}"
            + (f"-{referral.profiling_first}" if profiling else ""),
            volume=words.number(referral.volume), weeks=words.number(referral.weeks),
            first=day(referral.start_week), last=self.calendar.last_day(last),
            share=words.percent(referral.drawn_share),
        )  # fmt: skip
        rounds = self.scenario.procurement.rounds
        if rounds > 1:
            total = words.number(rounds * referral.volume)
            yield words("explain.referral.rounds", rounds=words.number(rounds), total=total)
        yield from coming_lines(self.scenario, words)
        yield from self._acceptance()
        yield self._choice()
        if self.scenario.contract.may_send_back:
            yield words("explain.referral.send_back")

    def _acceptance(self) -> Iterator[str]:
        """How many start, and whether there are people enough."""
        words, volume = self.words, self.scenario.referral.volume
        expected, people = expectations(self.scenario), people_within_reach(self.scenario)
        if people < volume:
            values = {"people": words.number(people), "volume": words.number(volume)}
            yield words("explain.referral.reach", **values)
        yield words(
            "explain.referral.acceptance",
            wait=words.count("explain.weeks", wait_weeks(self.scenario)),
            rate=words.percent(expected.start_rate),
            starts=words.number(min(people, volume) * expected.start_rate),
        )  # fmt: skip

    def _choice(self) -> str:
        """Which provider serves a client."""
        words, choice = self.words, self.scenario.referral.provider_choice
        key = "by-lot" if choice == "lottery" else choice
        if self.scenario.procurement.tendered:
            return words(f"explain.referral.won.{key}")
        names = [provider.name for provider in providers_sharing(self.scenario)]
        key = "single" if len(names) == 1 else key
        return words(f"explain.referral.{key}", names=words("explain.comma").join(names))

    def procurement(self) -> Iterator[str]:
        """How providers and prices come about."""
        return procurement_lines(self.scenario, self.words)

    def time(self) -> Iterator[str]:
        """When the contract runs."""
        words, calendar = self.words, self.calendar
        yield from self._contracts()
        longest = words.count("explain.weeks", self.scenario.contract.service_weeks_max)
        yield words("explain.time.client", longest=longest)
        if short := self.scenario.contract.short_spell_weeks:
            yield words("explain.time.short", longest=words.count("explain.weeks", short))
        last = self.periods.last_week_paid
        yield words("explain.time.last", last=calendar.last_day(last), week=words.number(last))
        yield from self._staff()

    def _contracts(self) -> Iterator[str]:
        """When each contract begins and ends."""
        words, periods = self.words, self.periods
        for number, (start, end) in enumerate(
            zip(periods.start.tolist(), periods.end.tolist(), strict=True), start=1
        ):
            dates = {"first": self.calendar.day(start), "last": self.calendar.last_day(end - 1)}
            values = {"start": words.number(start), **dates}
            if len(periods) == 1:
                weeks = words.number(end - start)
                yield words("explain.time.contract", weeks=weeks, **values)
                return
            weeks = words.count("explain.weeks", end - start)
            yield words(
                "explain.time.contract_each", number=words.number(number), weeks=weeks, **values
            )

    def _staff(self) -> Iterator[str]:
        """How many coaches providers or winners promise, where coaches are not what is bought."""
        if any(price.fee.on == "coach-month" for price in self.prices):
            return
        expected, terms = expectations(self.scenario), self.scenario.procurement
        sharing = providers_sharing(self.scenario)
        key, n = "staff", len(sharing)
        if terms.tendered:
            single = self.scenario.referral.provider_choice == "single"
            winners = 1 if single else PROCEDURES[terms.procedure].number(terms)
            winners = terms.entrants // terms.consortium_size if winners is None else winners
            sharing, key, n = sharing[:1], "staff_won", winners * max(len(terms.lots), 1)
        for each in sharing:
            planned = planned_coaches(each, expected, n)
            given = planned if each.promised_coaches is None else each.promised_coaches
            yield self.words(
                f"explain.time.{key}",
                name=each.name, caseload=self.words.number(each.planned_caseload),
                coaches=self.words.number(planned if terms.tendered else given, 1),
                share=self.words.percent(each.promise_share),
                weeks=self.words.count("explain.weeks", each.promise_weeks),
            )  # fmt: skip

    def fees(self) -> Iterator[str]:
        """What is paid."""
        yield from fee_lines(self.scenario, self.words)
        if not self.prices:
            yield self.words("explain.fee.none")
        paid = self._paid_outcomes()
        if paid and all(len(price.stages) == 1 for price, _ in paid):
            yield self.words("explain.fee.once")
        yield from self._purchase()
        yield from self._groups()

    def _purchase(self) -> Iterator[str]:
        """What the contract says beside its fees: guarantees, purses, errors of measurement."""
        contract, words = self.scenario.contract, self.words
        yield from self._bids()
        if contract.client_budget_eur is not None:
            yield words("explain.purchase.purse", eur=words.number(contract.client_budget_eur, 2))
        if contract.minimum_volume is not None:
            each = contract.minimum_volume_eur
            euros = missing_start_eur(self.scenario) if each is None else each
            starts = words.number(contract.minimum_volume)
            yield words("explain.purchase.minimum", starts=starts, eur=words.number(euros, 2))
        if any(fee.on == "progress" for fee in contract.fees):
            sd = words.number(contract.measurement_noise_sd, 1)
            yield words("explain.purchase.error", sd=sd)

    def _bids(self) -> Iterator[str]:
        """What becomes of the prices as written."""
        terms, words = self.scenario.procurement, self.words
        if terms.procedure == "alliance":
            kept, paid = terms.alliance_share, 1 - terms.alliance_share
            values = {"kept": words.percent(kept), "paid": words.percent(paid)}
            yield words("explain.purchase.alliance", **values)
        elif terms.tendered and not PROCEDURES[terms.procedure].fixed_price:
            yield words("explain.purchase.bids")

    def _groups(self) -> Iterator[str]:
        words, groups = self.words, self.scenario.contract.groups
        if not any(price.fee.by_group for price in self.prices):
            return
        if not groups:
            yield words("explain.groups.thirds")
            return
        everybody = groups[-1].holds_all
        yield words(f"explain.groups.own{'_all' if everybody else ''}")
        for group in groups:
            if group.holds_all:
                yield words("explain.groups.rest", name=group.name)
                continue
            conditions = target_line(group.when, words)
            yield words("explain.groups.one", name=group.name, conditions=conditions)

    def proof(self) -> Iterator[str]:
        """How outcomes are proved."""
        contract, office, words = self.scenario.contract, self.scenario.office, self.words
        values = proof_values(contract, words)
        yield words(f"explain.proof.{contract.verification}", **values)
        if not self._paid_outcomes():
            return
        yield words(f"explain.proof.paid.{contract.verification}", **values)
        yield words(
            "explain.proof.time",
            office=words.number(office.minutes_per_claim),
            provider=words.number(office.provider_minutes_per_claim),
        )
        if contract.verification != "register":
            yield words(
                f"explain.proof.check.{contract.verification}",
                office=words.number(office.minutes_per_check),
                provider=words.number(office.provider_minutes_per_check),
            )
        if contract.dispute_chance > 0:
            yield words(
                "explain.proof.dispute",
                chance=words.percent(contract.dispute_chance),
                weeks=words.count("explain.weeks", contract.dispute_weeks),
                lost=words.percent(contract.dispute_lost_share),
                office=words.number(office.minutes_per_dispute),
                provider=words.number(office.provider_minutes_per_dispute),
            )  # fmt: skip

    def unpaid(self) -> Iterator[str]:
        """What is not paid."""
        words = self.words
        paid = self._paid_outcomes()
        late = [line for price, terms in paid if (line := self._last_chance(price, terms))]
        yield from late
        if paid and not late:
            yield words("explain.unpaid.in_time")
        yield from self._after_service()
        if self.scenario.contract.verification == "notice":
            for price, _ in paid:
                if not price.unnotified.any():
                    yield words("explain.unpaid.without_notice", name=price.name)
        yield words("explain.unpaid.decliners")
        if any(price.fee.on in ("month", "hour") for price in self.prices):
            yield words("explain.unpaid.leavers")
        if self.outcomes and not paid:
            yield words("explain.unpaid.no_outcome")
        yield from budget_lines(self.scenario, words)

    def _after_service(self) -> Iterator[str]:
        strict = [price for price, terms in self.outcomes if terms.start_grace == 0]
        if strict and len(strict) == len(self.outcomes):
            yield self.words("explain.unpaid.after_service")
            return
        for price in strict:
            yield self.words("explain.unpaid.after_service_fee", name=price.name)

    def _last_chance(self, price: Price, terms: Terms) -> str:
        """Say when an outcome must begin to be paid at all; nothing if every one in time can be."""
        contract, calendar = self.scenario.contract, self.calendar
        last = calendar.last_payable - _shortest_wait(contract) - terms.weeks + 1
        end = calendar.contract_end
        served = min(end - 1 + terms.start_grace, end + terms.completion_grace - terms.weeks)
        if last >= served:
            return ""
        key = "last_chance" if len(self.periods) == 1 else "last_chance_each"
        day = calendar.last_day(last)
        return self.words(f"explain.unpaid.{key}", name=price.name, last=day)

    def payer(self) -> Iterator[str]:
        """Who pays, and who saves."""
        finance, words = self.scenario.finance, self.words
        rules = finance.current
        yield words(f"explain.payer.{rules.purchaser}", rules=finance.rules)
        shares = words("explain.comma").join(self._shares(rules.municipal_share))
        yield words(f"explain.payer.{rules.municipal_share_of}", shares=shares)
        yield words(f"explain.payer.saves_{rules.purchaser}")

    def _shares(self, steps: list[Step]) -> Iterator[str]:
        for step in steps:
            yield self.words(
                "explain.payer.step",
                share=self.words.percent(step.share),
                day=self.words.number(step.from_day),
            )

    def generosity(self) -> Iterator[str]:
        """How the euros follow from what the contract is meant to cost."""
        yield from generosity_lines(self.scenario, self.words)
