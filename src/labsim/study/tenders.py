"""How providers are chosen and prices come about, in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import fmean

from labsim.market.draws import Draws
from labsim.market.procurement.award import award, reckoned
from labsim.market.procurement.bids import bid_factor, markup
from labsim.market.procurement.procedures import PROCEDURES, Procedure
from labsim.scenario.schema import Scenario
from labsim.scenario.sections.procurement import Procurement
from labsim.words import Words

_DRAWS = 10
"""Replications whose bidders are looked at."""


def procurement_lines(scenario: Scenario, words: Words) -> Iterator[str]:
    """Say how providers are chosen, what they bid, and how contracts follow each other."""
    terms = scenario.procurement
    if not terms.tendered:
        yield words("explain.procurement.direct")
    else:
        yield from _tender(scenario, words)
    if terms.coach_bar:
        yield words("explain.procurement.bar", bar=words.percent(terms.coach_bar))
    if terms.may_withdraw:
        yield words(
            "explain.procurement.withdrawal",
            patience=words.count("explain.weeks", terms.withdrawal_patience_weeks),
            cost=words.number(terms.withdrawal_cost_weeks),
        )
    if terms.rounds > 1:
        yield from _rounds(terms, words)


def _rounds(terms: Procurement, words: Words) -> Iterator[str]:
    """Say how contracts follow each other."""
    gap, weeks = "gap" if terms.gap else "no_gap", "explain.weeks"
    yield words(
        f"explain.procurement.rounds.{gap}",
        rounds=words.number(terms.rounds), gap=words.count(weeks, terms.gap),
    )  # fmt: skip
    if terms.tendered:
        yield words(
            "explain.procurement.rounds.lead",
            lead=words.count(weeks, terms.lead_weeks),
            notice=words.count(weeks, terms.notice_weeks),
        )  # fmt: skip
    if terms.option_weeks:
        yield words(
            f"explain.procurement.rounds.{'bridged' if terms.bridge else 'unused'}",
            option=words.count(weeks, terms.option_weeks), bridge=words.count(weeks, terms.bridge),
        )  # fmt: skip


def _tender(scenario: Scenario, words: Words) -> Iterator[str]:
    terms = scenario.procurement
    procedure = PROCEDURES[terms.procedure]
    bids, names = terms.entrants // terms.consortium_size, scenario.providers
    winners = procedure.number(terms)
    yield words(
        f"explain.procurement.{terms.procedure}",
        bids=words.number(bids), shortlist=words.number(terms.shortlist or 3),
        listed=words.number(terms.shortlist or 10),
        winners=_winners(procedure, bids if winners is None else winners, words),
        price=words.percent(terms.price_weight), quality=words.percent(terms.quality_weight),
        share=words.percent(terms.alliance_share),
    )  # fmt: skip
    given = f"given_{'one' if len(names) == 1 else 'many'}" if terms.incumbents else "pattern"
    yield words(
        f"explain.procurement.bidders_{given}",
        names=words.every(each.name for each in names), first=names[0].name,
    )  # fmt: skip
    yield words(
        "explain.procurement.effort",
        office=words.number(terms.tender_hours), bidder=words.number(terms.bid_hours),
    )  # fmt: skip
    if terms.lots:
        lots = words("explain.comma").join(lot.name for lot in terms.lots)
        yield words("explain.procurement.lots", lots=lots)
    if terms.consortium_size > 1:
        how = "forced" if terms.consortium_forced else "voluntary"
        yield words(
            f"explain.procurement.consortium_{how}", size=words.number(terms.consortium_size)
        )
    if terms.dialogues:
        yield words(
            "explain.procurement.dialogue",
            rounds=words.count("explain.dialogues", terms.dialogues),
            left=words.percent(terms.dialogue_narrows**terms.dialogues),
        )
        yield words(
            "explain.procurement.talks",
            weeks=words.count("explain.weeks", terms.dialogue_weeks),
            hours=words.number(terms.dialogue_hours),
        )
    if not procedure.fixed_price:
        yield from _bid(scenario, words)
        yield _usually_asked(scenario, words)
    if terms.ceiling is not None and not procedure.fixed_price:
        yield words("explain.procurement.ceiling", share=words.percent(terms.ceiling))


def _winners(procedure: Procedure, winners: int, words: Words) -> str:
    """Return that the best win; of vouchers, how many may."""
    if procedure.usual_winners is None:
        return words.number(winners)
    return words.count("explain.winners", winners)


def asked_by_winners(scenario: Scenario) -> list[float]:
    """Return what winners of the first award ask in the run's first replications, one each."""
    factors = []
    for replication in range(min(scenario.run.replications, _DRAWS)):
        found = award(scenario, Draws(scenario.run.seed, replication))
        factors += [float(found.factor[number]) for number in found.winners]
    return factors


def _usually_asked(scenario: Scenario, words: Words) -> str:
    """Say what winners ask, which is less than a bidder who sees the target group as it is."""
    factors = asked_by_winners(scenario)
    return words(
        "explain.procurement.asked",
        factor=words.percent(fmean(factors)), low=words.percent(min(factors)),
        high=words.percent(max(factors)),
        n=words.number(min(scenario.run.replications, _DRAWS)),
    )  # fmt: skip


def _bid(scenario: Scenario, words: Words) -> Iterator[str]:
    """Say what the first provider would bid if it saw the target group as it is."""
    terms, first = scenario.procurement, scenario.providers[0]
    brings, cost = reckoned(scenario, first)
    asked = markup(terms, terms.entrants // terms.consortium_size, 0)
    what = "all" if terms.bid_on == "all" else "fee"
    yield words(
        f"explain.procurement.bid_{what}",
        fee=terms.bid_on, name=first.name, markup=words.percent(asked, 1),
        factor=words.percent(bid_factor(brings, cost, 1.0, asked)), cost=words.number(cost),
    )  # fmt: skip
