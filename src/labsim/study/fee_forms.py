"""One sentence for each form of fee, and one for each key that limits it."""

from __future__ import annotations

from collections.abc import Iterator

from labsim.market.outcomes import Terms
from labsim.market.units import LOWEST, unit_weeks
from labsim.scenario.schema import Scenario
from labsim.scenario.sections.fee import Fee
from labsim.words import Words


def form(fee: Fee, scenario: Scenario, words: Words, values: dict[str, str]) -> str:
    """Return what a fee is paid for, if it is not for outcomes met or coaches.

    Parameters
    ----------
    values
        The fee's name, and its euros in words.
    """
    key, more = str(fee.on), dict[str, str]()
    if fee.on == "unit":
        weeks = [week + 1 for week in unit_weeks(fee, scenario.contract.service_weeks_max)]
        key = "unit" if len(weeks) > 1 else "unit_once"
        shown = words.every(words.number(week) for week in weeks)
        more = {"unit": words.meaning(fee.unit or ""), "weeks": shown}
    elif fee.on == "feedback":
        key = "feedback_firms" if fee.instrument == "firms" else "feedback"
        more = {"least": words.number(fee.least_score or LOWEST, 1)}
    elif fee.on == "progress":
        key = "progress" if fee.target_change is None else "progress_target"
        more = {"instrument": words(f"explain.instrument.{fee.instrument}")}
        if fee.target_change is not None:
            more["target"] = words.number(fee.target_change, 1)
    elif fee.on in ("group-change", "impact"):
        named = [words(f"explain.count.{name}") for name in fee.counts or ()]
        more = {"counts": words.either(named)}
        more["weeks"] = words.number(fee.before_weeks or 0)
        more["share"] = words.percent(fee.share or 0)
        key = "impact_money" if fee.share is not None else fee.on
    elif fee.on == "outcome":
        key = "support_days"
    return words(f"explain.fee.{key}", **values, **more)


def adding_up(fee: Fee, terms: Terms, kinds: str, words: Words, values: dict[str, str]) -> str:
    """Return what is paid for outcomes that add up over several spells."""
    window = "during" if terms.start_grace == 0 else "after"
    return words(
        f"explain.fee.adds_up.{window}.{'job' if fee.accumulated_days is None else 'days'}",
        grace=words.count("explain.weeks", terms.start_grace),
        kinds=kinds,
        days=words.number(fee.accumulated_days or 0),
        weeks=words.number(terms.weeks),
        **values,
    )


def further_limits(fee: Fee, scenario: Scenario, words: Words) -> Iterator[str]:
    """Say how often an outcome is paid, what it stops, and where caps lie."""
    contract = scenario.contract
    if (fee.times or 1) > 1 and fee.on == "outcome":
        values = {"times": words.number(fee.times or 1), "every": words.number(fee.every_days or 0)}
        yield words("explain.fee.limit.again", **values)
    if fee.once is False:
        most = words.number(fee.max_per_client or 1)
        yield words("explain.fee.limit.each_time", most=most)
    if fee.needs_service_in_work:
        hours = words.number(contract.minimum_hours, 2)
        yield words("explain.fee.limit.supported", hours=hours)
    ended = [other.name for other in contract.ended_by(fee)]
    if ended:
        yield words("explain.fee.limit.stops", names=words("explain.comma").join(ended))
    if fee.on == "outcome" and not fee.is_event and fee.max_per_client is not None:
        yield words("explain.fee.limit.most_days", most=words.number(fee.max_per_client))
    if fee.eur_max_per_client is not None:
        key = "most_eur_mean" if fee.on in ("group-change", "impact") else "most_eur"
        yield words(f"explain.fee.limit.{key}", most=words.number(fee.eur_max_per_client, 2))
