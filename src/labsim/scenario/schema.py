"""The whole scenario: every section in one object."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, PlainSerializer, PlainValidator, WithJsonSchema

from labsim.scenario.parameter import Fault, Section, refuse, table
from labsim.scenario.sections.coaching import Coaching
from labsim.scenario.sections.contract import Contract
from labsim.scenario.sections.finance import Finance
from labsim.scenario.sections.labour_market import LabourMarket
from labsim.scenario.sections.office import Office
from labsim.scenario.sections.population import Population
from labsim.scenario.sections.procurement import Procurement
from labsim.scenario.sections.providers import Provider
from labsim.scenario.sections.referral import Referral
from labsim.scenario.sections.run import Run

LANGUAGES = ("en", "fi", "sv")
LONGEST_TEXT = 2000
DESIGN_SECTIONS = ("referral", "procurement", "contract", "providers", "office")
"""Sections that a design may change (with title, description and sources)."""


def _text(value: Any) -> dict[str, str]:
    """Accept ``"text"`` or ``{ fi = "...", sv = "..." }``; printable characters only."""
    texts = {"": value} if isinstance(value, str) else value
    if not isinstance(texts, dict) or not all(isinstance(text, str) for text in texts.values()):
        refuse([Fault("", "text_or_texts")])
    if not isinstance(value, str) and not set(texts) <= set(LANGUAGES):
        refuse([Fault("", "text_languages", languages=", ".join(LANGUAGES))])
    if any(
        len(text) > LONGEST_TEXT or not text.replace("\n", " ").isprintable()
        for text in texts.values()
    ):
        refuse([Fault("", "text_form", limit=f"{LONGEST_TEXT:,}")])
    return texts


def _written(texts: dict[str, str]) -> str | dict[str, str]:
    """Return a text as files have it."""
    return texts[""] if set(texts) == {""} else texts


Text = Annotated[
    dict[str, str],
    PlainValidator(_text),
    PlainSerializer(_written),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {
                    "type": "object",
                    "properties": {language: {"type": "string"} for language in LANGUAGES},
                    "additionalProperties": False,
                },
            ]
        }
    ),
]
"""Words for people, by language; the key ``""`` holds a text given without a language."""


def in_language(text: dict[str, str], language: str) -> str:
    """Return a text in the language asked for, else in the first one there is."""
    for key in ("", language, *LANGUAGES):
        if key in text:
            return text[key]
    return ""


class Scenario(Section):
    """A scenario as a planner writes it, complete with defaults."""

    title: Text = Field(default_factory=dict, description="Title for charts and reports")
    description: Text = Field(default_factory=dict, description="What the scenario is about")
    run: Run = table(Run, "When, how long, how often")
    population: Population = table(Population, "Jobseekers")
    labour_market: LabourMarket = table(LabourMarket, "Leaving unemployment, and jobs")
    coaching: Coaching = table(Coaching, "What the service does to people")
    office: Office = table(Office, "The TE office")
    referral: Referral = table(Referral, "How people come to the service")
    procurement: Procurement = table(Procurement, "How providers and prices come about")
    contract: Contract = table(Contract, "What is bought, and what is paid")
    providers: list[Provider] = Field(
        default_factory=lambda: [Provider()],
        description="Who delivers",
        min_length=1,
        max_length=500,
    )
    finance: Finance = table(Finance, "Benefits, taxes, and who pays them")
    sources: dict[str, str] = Field(
        default_factory=dict,
        description='Key = "verified: ...", "derived: ...", "memory: ..." or "assumption: ..."',
    )
