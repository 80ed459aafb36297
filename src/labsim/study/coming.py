"""How people come to a service, beside the way that the office chooses them: in words."""

from __future__ import annotations

from collections.abc import Iterator

from labsim.market.regimes import REGIMES
from labsim.market.units import providers_sharing
from labsim.scenario.schema import Scenario
from labsim.study.target import target_line
from labsim.words import Words


def coming_lines(scenario: Scenario, words: Words) -> Iterator[str]:
    """Say who comes by themselves, what declining costs, and where people wait for a place."""
    referral = scenario.referral
    if referral.also_self and not REGIMES[referral.regime].by_self:
        yield words("explain.coming.also_self")
    if referral.also_self or REGIMES[referral.regime].by_self:
        yield from _marketing(scenario, words)
    if referral.participation == "mandatory":
        yield words(
            "explain.coming.mandatory",
            share=words.percent(referral.sanction_share),
            weeks=words.count("explain.weeks", referral.sanction_weeks),
        )
    for provider in providers_sharing(scenario):
        if provider.places is not None:
            places = words.number(provider.places)
            yield words("explain.coming.places", name=provider.name, places=places)


def _marketing(scenario: Scenario, words: Words) -> Iterator[str]:
    """Say what providers do to be known, what it costs them, and whom they aim at."""
    terms = scenario.referral.marketing
    yield words("explain.coming.asks", share=words.percent(terms.inquiries_per_month))
    for provider in providers_sharing(scenario):
        yield words(
            "explain.coming.marketing",
            name=provider.name,
            points=words.number(provider.marketing, 1),
            eur=words.number(provider.marketing_eur_per_week, 2),
        )
    if terms.aimed_factor != 1:
        yield words(
            "explain.coming.aimed_at",
            conditions=target_line(terms.aimed_at, words),
            factor=words.number(terms.aimed_factor, 1),
        )
