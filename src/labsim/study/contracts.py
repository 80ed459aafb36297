"""A contract in short sentences, with the euros that are really paid."""

from __future__ import annotations

from collections.abc import Iterator

from labsim.market.arrays import Ints
from labsim.market.outcomes import Terms
from labsim.market.pricing import Price, group_names, price_list
from labsim.market.weeks import weeks_of_days
from labsim.scenario.schema import Scenario
from labsim.scenario.sections.contract import Contract
from labsim.scenario.sections.fee import Fee
from labsim.study.around import employer_lines, serves_firms_alone
from labsim.study.fee_forms import adding_up, form, further_limits
from labsim.words import Words


def contract_lines(scenario: Scenario, words: Words) -> list[str]:
    """Return one line per fee and one on the windows; of services to firms alone, their pay."""
    if serves_firms_alone(scenario):
        return [*fee_lines(scenario, words), *employer_lines(scenario, words)]
    return [*fee_lines(scenario, words), windows_line(scenario, words)]


def fee_lines(scenario: Scenario, words: Words) -> list[str]:
    """Return one line per fee."""
    return [" ".join(_fee_sentences(price, scenario, words)) for price in price_list(scenario)]


def windows_line(scenario: Scenario, words: Words) -> str:
    """Say how long clients are served and outcomes followed."""
    contract = scenario.contract
    return words(
        "explain.windows",
        longest=words.number(contract.service_weeks_max),
        weeks=words.number(contract.weeks),
        tracking=words.number(contract.tracking_weeks),
        proof=words(
            f"explain.windows_proof.{contract.verification}", **proof_values(contract, words)
        ),
    )


def proof_values(contract: Contract, words: Words) -> dict[str, str]:
    """Return what sentences on the proof of outcomes speak of."""
    return {
        "lag": words.count("explain.weeks", contract.verification_lag_weeks),
        "chance": words.percent(contract.notice_chance),
        "wait": words.count("explain.weeks", contract.notice_weeks),
        "share": words.percent(contract.sample_share),
    }


def _fee_sentences(price: Price, scenario: Scenario, words: Words) -> Iterator[str]:
    fee, terms = price.fee, price.terms
    values = {"name": fee.name, "eur": euros(price, scenario, words)}
    if terms is not None:
        yield from _outcome_sentences(price, terms, words, values)
        if scenario.contract.verification == "notice" and price.unnotified.any():
            lower = euros(price, scenario, words, price.unnotified)
            yield words("explain.fee.limit.unnotified", eur=lower)
    elif fee.on == "coach-month":
        yield words("explain.fee.coach_month", coaches=words.number(price.coaches, 1), **values)
    else:
        yield form(fee, scenario, words, values)
        yield from _limits(fee, words)
    yield from further_limits(fee, scenario, words)


def _limits(fee: Fee, words: Words) -> Iterator[str]:
    """Say which weeks of service a month or hour fee covers, and how much of it."""
    if fee.on not in ("month", "hour", "unit"):
        return
    first, last = (fee.from_service_week or 0) + 1, fee.to_service_week
    if fee.on == "unit":
        first = 1
    if last is not None:
        weeks = {"first": words.number(first), "last": words.number(last + 1)}
        yield words("explain.fee.limit.between", **weeks)
    elif first > 1:
        yield words("explain.fee.limit.from", first=words.number(first))
    if fee.max_per_client is not None:
        most = words.number(fee.max_per_client, 0 if fee.max_per_client % 1 == 0 else 1)
        yield words(f"explain.fee.limit.most_{fee.on}s", most=most)


def _outcome_sentences(
    price: Price, terms: Terms, words: Words, values: dict[str, str]
) -> Iterator[str]:
    fee = price.fee
    paid = "outcome" if price.cents.any() else "outcome_unpaid"
    window = "during" if terms.start_grace == 0 else "after"
    lasts = "lasting" if terms.weeks > 1 else "at_once"
    if terms.accumulates:
        yield adding_up(fee, terms, outcome_kinds(fee, words), words, values)
    else:
        yield words(
            f"explain.fee.{paid}.{window}.{lasts}",
            kinds=outcome_kinds(fee, words),
            weeks=words.number(terms.weeks),
            days=words.number(fee.sustained_days or 0),
            grace=words.count("explain.weeks", terms.start_grace),
            **values,
        )
    if terms.min_hours_share > 0 and "employment" in (fee.outcome or ()):
        yield words("explain.fee.limit.hours", share=words.percent(terms.min_hours_share))
    if fee.business_kinds:
        kinds = [words(f"explain.business.{kind}") for kind in fee.business_kinds]
        yield words("explain.fee.limit.businesses", kinds=words.either(kinds))
    completed = fee.completed_within or "contract"
    if completed != "contract":
        days = int("".join(letter for letter in completed if letter.isdigit()) or 0)
        key = "complete_after" if days else "complete_during"
        grace = words.count("explain.weeks", weeks_of_days(days))
        yield words(f"explain.fee.limit.{key}", grace=grace)


def outcome_kinds(fee: Fee, words: Words) -> str:
    """Return what an outcome fee counts, as "a job or a study place"."""
    return words.either(words(f"explain.outcome.{kind}") for kind in fee.outcome or ())


def euros(price: Price, scenario: Scenario, words: Words, cents: Ints | None = None) -> str:
    """Return the euros of a fee, or other cents of it, by group where they differ."""
    cents = price.cents if cents is None else cents
    if price.fee.by_group is None:
        return words.number(cents[0] / 100, 2)
    return words("explain.comma").join(
        words("explain.by_group", group=name, eur=words.number(cents[number] / 100, 2))
        for number, name in enumerate(group_titles(scenario, words))
    )


def group_titles(scenario: Scenario, words: Words) -> list[str]:
    """Return the contract's groups, or the words for the thirds by distance."""
    names = group_names(scenario)
    if scenario.contract.groups:
        return list(names)
    return [words(f"explain.distance.{name}") for name in names]
