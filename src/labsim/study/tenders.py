"""How providers are chosen and prices come about, in plain words."""

from __future__ import annotations

from collections.abc import Iterator

from labsim.market.procurement.award import reckoned
from labsim.market.procurement.bids import bid_factor, markup
from labsim.market.procurement.procedures import PROCEDURES
from labsim.scenario.schema import Scenario
from labsim.words import Words


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
        gap = "gap" if terms.gap else "no_gap"
        yield words(
            f"explain.procurement.rounds.{gap}",
            rounds=words.number(terms.rounds), gap=words.count("explain.weeks", terms.gap),
            bridge=words.count("explain.weeks", terms.bridge),
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
        winners=words.number(bids if winners is None else winners),
        price=words.percent(terms.price_weight), quality=words.percent(terms.quality_weight),
        share=words.percent(terms.alliance_share),
    )  # fmt: skip
    given = "given" if terms.incumbents else "pattern"
    yield words(
        f"explain.procurement.bidders_{given}",
        names=words("explain.comma").join(each.name for each in names), first=names[0].name,
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
            rounds=words.number(terms.dialogues),
            left=words.percent(terms.dialogue_narrows**terms.dialogues),
        )
    if not procedure.fixed_price:
        yield from _bid(scenario, words)


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
