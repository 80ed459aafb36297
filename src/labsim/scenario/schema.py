"""The whole scenario: every section in one object."""

from __future__ import annotations

from pydantic import Field

from labsim.scenario.parameter import Section, table
from labsim.scenario.sections.coaching import Coaching
from labsim.scenario.sections.contract import Contract
from labsim.scenario.sections.employers import Employers
from labsim.scenario.sections.finance import Finance
from labsim.scenario.sections.labour_market import LabourMarket
from labsim.scenario.sections.office import Office
from labsim.scenario.sections.partnership import Partnership
from labsim.scenario.sections.population import Population
from labsim.scenario.sections.procurement import Procurement
from labsim.scenario.sections.providers import Provider
from labsim.scenario.sections.referral import Referral
from labsim.scenario.sections.run import Run
from labsim.scenario.text import Text

DESIGN_SECTIONS = (
    "referral", "procurement", "contract", "providers", "office", "partnership", "employers",
)  # fmt: skip
"""Sections that a design may change (with title, description and sources)."""


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
    partnership: Partnership = table(Partnership, "How office and providers work together")
    employers: Employers = table(Employers, "Services to firms, and firms as clients")
    finance: Finance = table(Finance, "Benefits, taxes, and who pays them")
    sources: dict[str, str] = Field(
        default_factory=dict,
        description='Key = "verified: ...", "derived: ...", "memory: ..." or "assumption: ..."',
    )
