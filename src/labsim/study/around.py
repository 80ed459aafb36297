"""What is around a contract, in plain words: joint work, shocks; nothing where there is none."""

from __future__ import annotations

from collections.abc import Iterator

from labsim.market.partnership import meetings_per_month, months_to_trust
from labsim.scenario.schema import Scenario
from labsim.scenario.sections.shocks import NEUTRAL, Shock
from labsim.study.block import Block
from labsim.study.dates import Calendar
from labsim.words import Words


def around_blocks(scenario: Scenario, words: Words) -> Iterator[Block]:
    """Yield the blocks of what a scenario has around its contract."""
    for name, lines in (
        ("partnership", _partnership),
        ("employers", employer_lines),
        ("shocks", _shocks),
    ):
        found = tuple(lines(scenario, words))
        if found:
            yield Block(words(f"explain.heading.{name}"), found)


def serves_firms_alone(scenario: Scenario) -> bool:
    """Whether firms are the only clients: nobody is referred, and nobody comes."""
    return scenario.employers.firms > 0 and scenario.referral.volume == 0


def _partnership(scenario: Scenario, words: Words) -> Iterator[str]:
    """Say how office and providers work together."""
    terms = scenario.partnership
    meetings = meetings_per_month(terms)
    if meetings > 0:
        yield words(
            "explain.partnership.meetings",
            meetings=words.number(meetings, 0 if meetings % 1 == 0 else 1),
            months=words.number(months_to_trust(scenario)),
        )
    if terms.joint_definition > 0:
        yield words("explain.partnership.joint_definition")
    if terms.sector_team:
        yield words("explain.partnership.sector_team")
    if terms.data_transfer > 0:
        saved = words.percent(terms.data_transfer * terms.data_transfer_effect)
        yield words("explain.partnership.data_transfer", saved=saved)
    if terms.coordinator_share > 0:
        everybody = terms.coordinator_needs_min == 0
        yield words(
            f"explain.partnership.coordinators{'_all' if everybody else ''}",
            share=words.percent(terms.coordinator_share),
            needs=words.number(terms.coordinator_needs_min),
            eur=words.number(terms.coordinator_week_eur / terms.coordinator_caseload, 2),
        )
    if terms.shared_premises:
        eur = words.number(terms.premises_week_eur, 2)
        weeks = words.count("explain.weeks", terms.premises_wait_saved_weeks)
        yield words("explain.partnership.premises", eur=eur, weeks=weeks)
    if terms.back_office:
        part = words.percent(terms.back_office_effect)
        yield words("explain.partnership.back_office", part=part)


def employer_lines(scenario: Scenario, words: Words) -> Iterator[str]:
    """Say which firms are served, and what is paid for it."""
    terms = scenario.employers
    if terms.firms == 0:
        return
    yield words(
        "explain.employers.firms", firms=words.number(terms.firms),
        first=Calendar(scenario, words.language).day(terms.start_week),
        weeks=words.count("explain.weeks", terms.weeks),
        providers=words.number(len(scenario.providers)),
    )  # fmt: skip
    yield words(
        f"explain.employers.{terms.payment}",
        eur=words.number(terms.eur_per_round, 2),
        weeks=words.count("explain.weeks", terms.round_weeks),
        point=words.number(terms.eur_per_point, 2),
        least=words.number(terms.score_from, 1),
    )
    yield words("explain.employers.effect", share=words.percent(terms.vacancy_gain))


def _shocks(scenario: Scenario, words: Words) -> Iterator[str]:
    """Say what comes from outside, and when."""
    day = Calendar(scenario, words.language).day
    for shock in scenario.labour_market.shocks:
        effects = ", ".join(_effects(scenario, shock, words))
        yield words(
            "explain.shock.is", name=shock.name, first=day(shock.start_week),
            weeks=words.count("explain.weeks", shock.weeks), effects=effects,
            fading=words.count("explain.weeks", shock.fading_weeks),
        )  # fmt: skip


def _effects(scenario: Scenario, shock: Shock, words: Words) -> Iterator[str]:
    for name, neutral in NEUTRAL.items():
        value = shock.effect(name, scenario.labour_market.spring_2020)
        if value != neutral:
            yield words(f"explain.shock.{name}", share=words.percent(value))
