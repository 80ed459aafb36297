"""An award: from bidders' beliefs to winners, prices and promises."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np

from labsim.market.arrays import Bools, Floats
from labsim.market.draws import Draws, Stream
from labsim.market.pricing import expectations, price_list
from labsim.market.procurement.bidders import bidders, view_of
from labsim.market.procurement.bids import Income, bid_factor, cost_per_start, income, markup
from labsim.market.procurement.procedures import PROCEDURES, Offers
from labsim.scenario.schema import Scenario
from labsim.scenario.sections.procurement import Procurement
from labsim.scenario.sections.providers import Provider

_LOTS = 64
"""More lots than there can be: keeps the luck of lots and rounds apart."""


@dataclass(frozen=True)
class Award:
    """What a procedure decided.

    Attributes
    ----------
    lots
        Numbers of the winners in each lot, the best first; one lot where there are none.
    factor : (bidders,)
        Factor on the fees bid on, at which each bidder would serve.
    promised : (bidders,)
        Share of starts that each would bring to an outcome, as it believes and promises.
    feasible
        The same share at the target group's true prospects.
    failed
        Whether no bid of some lot was good enough, and the purchaser took the nearest.
    """

    lots: tuple[tuple[int, ...], ...]
    factor: Floats
    promised: Floats
    feasible: float
    failed: bool = False

    @property
    def winners(self) -> tuple[int, ...]:
        """Numbers of all winners, in the order of lots and ranks."""
        return tuple(dict.fromkeys(number for lot in self.lots for number in lot))


def award(
    setup: Scenario,
    draws: Draws,
    *,
    number: int = 0,
    field: list[Provider] | None = None,
    optimism: Floats | None = None,
    in_business: Bools | None = None,
) -> Award:
    """Hold a procedure, and return what comes of it.

    Parameters
    ----------
    setup
        The scenario: its contract and prices are what is asked for.
    draws
        The replication's luck.
    number
        How many awards there have been before.
    field
        Who bids; left out: as drawn.
    optimism : (bidders,)
        Optimism about outcomes now, ``theta``: what has been learnt since the first award.
    in_business : (bidders,)
        Who may still win.
    """
    terms, field = setup.procurement, bidders(setup, draws) if field is None else field
    if optimism is None:
        optimism = np.array([each.optimism for each in field])
    if in_business is None:
        in_business = np.ones(len(field), dtype=bool)
    views = np.array([view_of(theta, setup.providers[0], terms) for theta in optimism.tolist()])
    procedure, asked = PROCEDURES[terms.procedure], _factors(setup, field, views, number)
    lots, factor, failed = [], asked["asked"], False
    for lot in range(max(len(terms.lots), 1)):
        offers = _offers(field, terms, draws, asked, in_business, number * _LOTS + lot)
        picked = procedure.pick(offers, terms)
        lots.append(picked.winners)
        factor, failed = picked.factor, failed or picked.failed
    expected = expectations(_as_it_is(setup))
    feasible = min(expected.leaving * expected.stay_weeks * expected.counts, 1.0)
    return Award(tuple(lots), factor, np.minimum(feasible * views, 1.0), feasible, failed)


def _as_it_is(setup: Scenario) -> Scenario:
    """Return the scenario without the outcome rate that the purchaser expects.

    What is expected of a typical person of the target group then follows from the labour market.
    """
    contract = setup.contract.model_copy(update={"expected_outcome_rate": None})
    return setup.model_copy(update={"contract": contract})


def reckoned(setup: Scenario, bidder: Provider) -> tuple[Income, float]:
    """Return what a start brings a bidder at true prospects and list prices, and what it costs."""
    prices, setup = price_list(setup), _as_it_is(setup)
    expected = expectations(setup)
    return (
        income(setup, prices, expected, bidder),
        cost_per_start(setup, prices, expected, bidder),
    )


def _factors(
    setup: Scenario, field: list[Provider], views: Floats, number: int
) -> dict[str, Floats]:
    """Return the factors that bidders ask, ask at last, and need, (bidders,) each."""
    terms = setup.procurement
    asked = markup(terms, len(field), number)
    sums = [reckoned(setup, each) for each in field]
    markups = {"asked": asked, "final": min(asked, terms.final_markup * asked), "needed": 0.0}
    return {
        name: np.array(
            [
                bid_factor(brings, cost, view, share)
                for (brings, cost), view in zip(sums, views.tolist(), strict=True)
            ]
        )
        for name, share in markups.items()
    }


def _offers(
    field: list[Provider],
    terms: Procurement,
    draws: Draws,
    asked: dict[str, Floats],
    in_business: Bools,
    key: int,
) -> Offers:
    """Return the offers with their noisy scores."""
    numbers = np.arange(len(field))
    caseload = np.array([each.planned_caseload for each in field])
    skill = np.array([each.skill for each in field])

    def seen(stream: Stream) -> Floats:
        noise: Floats = np.exp(terms.quality_noise_sd * draws.normal(stream, key, numbers))
        return noise

    noise = seen(Stream.BID_QUALITY)
    return Offers(
        **asked,
        quality=noise * caseload.min() / caseload,
        concept=skill * noise,
        idea=skill * seen(Stream.BID_IDEA),
        admitted=in_business,
        ceiling=_ceiling(terms),
    )


def _ceiling(terms: Procurement) -> float:
    """Return the highest factor that is admitted: that of the list where one fee is bid on."""
    if terms.ceiling is not None:
        return terms.ceiling
    named = terms.bid_on != "all" or PROCEDURES[terms.procedure].fixed_price
    return 1.0 if named else inf
