"""Who bids: the scenario's own providers as written, and others drawn around the first of them."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log
from statistics import fmean

import numpy as np

from labsim.market.draws import Draws, Stream
from labsim.scenario.schema import Scenario
from labsim.scenario.sections.procurement import Procurement
from labsim.scenario.sections.providers import Provider

LEAST_VIEW, MOST_VIEW = 0.2, 5.0
"""Over-estimates of the target group that a bid is reckoned with at all."""


@dataclass(frozen=True)
class Traits:
    """How a firm differs from the first provider, in logs.

    Attributes
    ----------
    cost, skill, caseload
        Cost of a coach, skill, planned caseload.
    view
        Over-estimate of the target group, before dialogue.
    """

    cost: float
    skill: float
    caseload: float
    view: float


def bidder_names(setup: Scenario) -> list[str]:
    """Return the names of all who bid, or of the providers as written."""
    terms = setup.procurement
    if not terms.tendered:
        return [provider.name for provider in setup.providers]
    given = [provider.name for provider in setup.providers] if terms.incumbents else []
    bids = max(terms.entrants // terms.consortium_size, 1)
    kind = "consortium" if terms.consortium_size > 1 else "bidder"
    drawn = [f"{kind} {number + 1}" for number in range(len(given), bids)]
    taken = set(given)
    return given + [name if name not in taken else f"{name} (drawn)" for name in drawn]


def bidders(setup: Scenario, draws: Draws) -> list[Provider]:
    """Return the terms of all who bid: as they would serve, and as they see their clients.

    Traits of a firm depend on its number and the replication's luck only, so that the same firms
    stand ready in every design.
    """
    terms = setup.procurement
    names = bidder_names(setup)
    if not terms.tendered:
        return [_qualified(provider, terms) for provider in setup.providers]
    first = setup.providers[0]
    given = setup.providers if terms.incumbents else []
    found = []
    for number, name in enumerate(names):
        if number < len(given):
            made = _as_written(given[number], first, terms)
        else:
            made = _drawn(name, number, first, terms, draws)
        found.append(_qualified(made, terms))
    return found


def traits(number: int, terms: Procurement, draws: Draws) -> Traits:
    """Return how a firm of a given number differs."""

    def z(stream: Stream) -> float:
        return float(draws.normal(stream, 0, np.array([number]))[0])

    spread = terms.concept_spread if terms.procedure == "challenge" else 1.0
    return Traits(
        cost=terms.cost_sd * z(Stream.BIDDER_COST),
        skill=spread * terms.skill_sd * z(Stream.BIDDER_SKILL),
        caseload=terms.caseload_sd * z(Stream.BIDDER_CASELOAD),
        view=terms.optimism_bias + terms.optimism_sd * z(Stream.BIDDER_VIEW),
    )


def _drawn(name: str, number: int, first: Provider, terms: Procurement, draws: Draws) -> Provider:
    """Return a bidder, or a consortium whose members pool coaches, views and skills.

    A consortium's clients go to the member that suits them, so that the best skill counts, less
    what working together costs: more where the purchaser forced it (PRC-09).
    """
    size = terms.consortium_size
    firms = [traits(number * size + member, terms, draws) for member in range(size)]
    friction = terms.forced_friction if terms.consortium_forced else terms.voluntary_friction
    together = log(1 - min(friction, 1 - 1e-9)) if size > 1 else 0.0
    view = fmean(firm.view for firm in firms)
    return first.model_copy(
        update={
            "name": name,
            "promised_coaches": None,
            "coach_week_eur": first.coach_week_eur * exp(fmean(firm.cost for firm in firms)),
            "skill": first.skill * exp(max(firm.skill for firm in firms) + together),
            "planned_caseload": max(
                first.planned_caseload * exp(fmean(firm.caseload for firm in firms)), 1.0
            ),
            "optimism": _optimism(view, first, terms),
        }
    )


def _as_written(given: Provider, first: Provider, terms: Procurement) -> Provider:
    """Return one of the scenario's own providers: it views the target group as it is written."""
    if not (terms.dialogues and first.optimism and given.optimism):
        return given
    view = terms.optimism_bias + log(given.optimism / first.optimism)
    return given.model_copy(update={"optimism": _optimism(view, first, terms)})


def _optimism(view: float, first: Provider, terms: Procurement) -> float:
    """Return ``theta`` of a bidder: that of the first is the middle one's, its bias included.

    Dialogue narrows both the bias and what bidders differ by: ``narrows**rounds`` is left.
    """
    left = terms.dialogue_narrows**terms.dialogues
    return first.optimism * exp(left * view - terms.optimism_bias)


def view_of(optimism: float, first: Provider, terms: Procurement) -> float:
    """Return the factor by which somebody of this optimism over-estimates the target group."""
    if not first.optimism:
        return 1.0
    view = optimism / first.optimism * exp(terms.optimism_bias)
    return min(max(view, LEAST_VIEW), MOST_VIEW)


def _qualified(provider: Provider, terms: Procurement) -> Provider:
    """Return a provider whose coaches pass the bar.

    It raises skill up to a threshold only (PRC-05), makes coaches dearer and hard to find (PRC-04).
    """
    bar, useful = terms.coach_bar, terms.coach_bar_useful
    if not bar:
        return provider
    skilled = terms.coach_bar_skill * (min(bar / useful, 1.0) if useful else 0.0)
    return provider.model_copy(
        update={
            "skill": provider.skill * (1 + skilled),
            "coach_week_eur": provider.coach_week_eur * (1 + terms.coach_bar_cost * bar),
            "hiring_per_week": provider.hiring_per_week * (1 - terms.coach_bar_hiring * bar),
        }
    )
