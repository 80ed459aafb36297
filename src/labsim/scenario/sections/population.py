"""``[population]``: who is on the register, and who comes to it."""

from __future__ import annotations

from itertools import pairwise

from pydantic import Field, model_validator

from labsim.scenario.parameter import Fault, Section, param, refuse, shares_fault, table
from labsim.scenario.paths import dotted
from labsim.scenario.sections.transfers import Transfer


class AgeShares(Section):
    """Shares of age bands among people entering unemployment."""

    under_25: float = param(
        0.18,
        "Share aged 18-24",
        ge=0,
        le=1,
        status="assumption",
        source="set with the three others",
    )
    from_25_to_34: float = param(
        0.26,
        "Share aged 25-34",
        ge=0,
        le=1,
        status="assumption",
        source="set with the three others",
    )
    from_35_to_49: float = param(
        0.30,
        "Share aged 35-49",
        ge=0,
        le=1,
        status="assumption",
        source="set with the three others",
    )
    from_50: float = param(
        0.26,
        "Share aged 50-64",
        ge=0,
        le=1,
        status="assumption",
        source="gives 41 % of the stock, as older people stay longer; P 1.4 has 35 %",
    )

    @model_validator(mode="after")
    def _add_up(self) -> AgeShares:
        refuse(shares_fault(self))
        return self


class EducationShares(Section):
    """Shares of education levels among people entering unemployment."""

    basic: float = param(0.25, "Compulsory school only", ge=0, le=1, status="assumption", source="")
    secondary: float = param(0.48, "Upper secondary", ge=0, le=1, status="assumption", source="")
    tertiary: float = param(0.27, "Tertiary", ge=0, le=1, status="assumption", source="")

    @model_validator(mode="after")
    def _add_up(self) -> EducationShares:
        refuse(shares_fault(self))
        return self


class BenefitShares(Section):
    """Benefit schemes of people entering unemployment."""

    earnings_related: float = param(
        0.58,
        "Entitled to earnings-related allowance",
        ge=0,
        le=1,
        status="assumption",
        source="towards 37 % of recipients in 2024 (P 8); gives 42-49 % of the stock",
    )
    basic_allowance: float = param(
        0.14, "Entitled to basic allowance", ge=0, le=1, status="assumption", source="as above"
    )
    labour_market_support: float = param(
        0.28,
        "On labour-market support from the start",
        ge=0,
        le=1,
        status="assumption",
        source="as above",
    )

    @model_validator(mode="after")
    def _add_up(self) -> BenefitShares:
        refuse(shares_fault(self))
        return self


class NeedShares(Section):
    """Simultaneous service needs among people entering unemployment."""

    none: float = param(
        1.0, "No need beside finding work", ge=0, le=1, status="assumption",
        source="needs change nothing unless a target or a coordinator asks for them",
    )  # fmt: skip
    one: float = param(
        0.0, "One need: debts, health, language, skills, housing", ge=0, le=1, status="assumption",
        source="a large part of customers has some (WA-05); how many is not said",
    )  # fmt: skip
    two: float = param(0.0, "Two needs", ge=0, le=1, status="assumption", source="as above")
    three_or_more: float = param(
        0.0, "Three needs or more", ge=0, le=1, status="assumption", source="as above"
    )

    @model_validator(mode="after")
    def _add_up(self) -> NeedShares:
        refuse(shares_fault(self))
        return self


NAMED_SHARES = ("areas", "sectors", "languages")


class Population(Section):
    """Jobseekers: how many, and who they are."""

    registered: int = param(
        20_000, "People unemployed when the simulation starts", unit="persons", ge=1, le=10_000_000,
        alias="register",
        status="assumption", source="size of a large Finnish TE office area",
    )  # fmt: skip
    inflow_per_week: float | None = param(
        None, "People entering unemployment each week, from work or anew; left out: what keeps the "
        "register about level without a service",
        unit="persons/week", ge=0, le=1_000_000,
    )  # fmt: skip
    age: AgeShares = table(AgeShares, "Age bands at entry")
    education: EducationShares = table(EducationShares, "Education at entry")
    benefit: BenefitShares = table(BenefitShares, "Benefit scheme at entry")
    areas: dict[str, float] = Field(
        default_factory=lambda: {"region": 1.0},
        description="Share of people in each area; people compete for jobs inside their area",
        min_length=1,
        max_length=200,
    )
    sectors: dict[str, float] = Field(
        default_factory=lambda: {"any": 1.0},
        description="Share of people in each sector; people compete for jobs inside their sector",
        min_length=1,
        max_length=50,
    )
    languages: dict[str, float] = Field(
        default_factory=lambda: {"any": 1.0},
        description="Share of people of each language",
        min_length=1,
        max_length=50,
    )
    needs: NeedShares = table(NeedShares, "Simultaneous service needs at entry")
    needs_correlation: float = param(
        0.5, "How far needs go with low work ability", ge=0, lt=1, plausible=(0, 0.8),
        status="assumption", source="sign only (M-PAR-04)",
    )  # fmt: skip
    remote_difficult_share: float = param(
        0.1, "Share of people who find remote service difficult", ge=0, le=1, status="verified",
        source="REM-01",
    )  # fmt: skip
    remote_liked_share: float = param(
        0.5, "Share of people who would rather be served remotely", ge=0, le=1, status="derived",
        source="opinions divide rather evenly (REM-03)",
    )  # fmt: skip
    known_change_share: float = param(
        0.0, "Share of people who have a change agreed when they come: a job, studies, a pension",
        ge=0, le=1, plausible=(0, 0.2), status="assumption",
        source="nobody, unless a scenario says so (REF-16 asks for them)",
    )  # fmt: skip
    known_change_weeks_max: int = param(
        26, "Weeks until the last of these changes; they come evenly", unit="weeks", ge=1, le=520,
        status="assumption", source="",
    )  # fmt: skip
    ability_mean: float = param(
        7.0, "Mean work ability", unit="points 0-10", ge=0, le=10, plausible=(6.0, 8.3),
        status="assumption", source="between 6.1 (Abilitator) and 8.0-8.3 (employed), P 10",
    )  # fmt: skip
    ability_sd: float = param(
        1.8, "Spread of work ability", unit="points", ge=0, le=5, plausible=(1.6, 2.6),
        status="assumption", source="between 2.55 (Abilitator) and 1.6 (employed), P 10",
    )  # fmt: skip
    motivation_mean: float = param(
        7.5, "Mean motivation", unit="points 0-10", ge=0, le=10, plausible=(7.0, 8.0),
        status="derived", source="with its spread gives 10 % under 5 (MOT-01)",
    )  # fmt: skip
    motivation_sd: float = param(
        2.0, "Spread of motivation", unit="points", ge=0, le=5, plausible=(1.5, 2.5),
        status="derived", source="with its mean gives 10 % under 5 (MOT-01)",
    )  # fmt: skip
    belief_mean: float = param(
        5.5, "Mean belief in finding work alone", unit="points 0-10", ge=0, le=10,
        plausible=(4.5, 6.5), status="assumption", source="model.md defaults",
    )  # fmt: skip
    belief_sd: float = param(
        2.2, "Spread of belief in finding work alone", unit="points", ge=0, le=5,
        plausible=(1.5, 2.8), status="assumption", source="model.md defaults",
    )  # fmt: skip
    correlation: float = param(
        0.3, "Correlation of work ability, motivation and belief with each other",
        ge=0, lt=1, plausible=(0.0, 0.6), status="assumption", source="sign only (MOT-08)",
    )  # fmt: skip
    came_from_work_share: float = param(
        0.6, "Share of people who were in work before they came to the register (known from the "
        "time before only where group-change pay counts days)", ge=0, le=1, plausible=(0.4, 0.8),
        status="assumption", source="no figure in the evidence",
    )  # fmt: skip
    came_from_education_share: float = param(
        0.15, "Share of people who were in education before", ge=0, le=1, plausible=(0.05, 0.3),
        status="assumption", source="no figure in the evidence",
    )  # fmt: skip
    unemployed_months_edges: list[float] | None = param(
        None, "Ends of bands of months out of work at the start; left out: what the hazards imply",
        unit="months", min_length=2, max_length=50,
    )  # fmt: skip
    unemployed_months_shares: list[float] | None = param(
        None, "Share of the register in each of those bands", min_length=1, max_length=49
    )
    transfers: list[Transfer] = Field(
        default_factory=list, description="Who leaves the purchaser's register", max_length=20
    )

    @model_validator(mode="after")
    def _consistent(self) -> Population:
        faults = [fault for stem in NAMED_SHARES for fault in _named_faults(self, stem)]
        if self.remote_difficult_share + self.remote_liked_share > 1:
            faults.append(Fault("remote_liked_share", "remote_shares"))
        if self.came_from_work_share + self.came_from_education_share > 1:
            faults.append(Fault("came_from_education_share", "came_from_too_much"))
        edges, shares = self.unemployed_months_edges, self.unemployed_months_shares
        if (edges is None) != (shares is None):
            stems = ("unemployed_months_edges", "unemployed_months_shares")
            given, missing = stems if shares is None else stems[::-1]
            faults.append(Fault(given, "needs", keys=missing))
        if edges is not None and shares is not None:
            faults += _band_faults(edges, shares)
        refuse(faults)
        return self


def _named_faults(population: Population, stem: str) -> list[Fault]:
    """Find faults of shares whose names the user gives."""
    shares = getattr(population, stem)
    faults = [Fault(stem, fault.code, **fault.values) for fault in shares_fault(shares)]
    for name, share in shares.items():
        key = dotted((stem, name))
        if share < 0:
            faults.append(Fault(key, "too_small", limit=0, got=share))
        if not name.strip() or not name.isprintable():
            faults.append(Fault(key, "name_form"))
    return faults


def _band_faults(edges: list[float], shares: list[float]) -> list[Fault]:
    faults = []
    if any(b <= a for a, b in pairwise(edges)) or edges[0] < 0:
        faults.append(Fault("unemployed_months_edges", "edges_not_rising"))
    if len(shares) != len(edges) - 1:
        faults.append(Fault("unemployed_months_shares", "bands", bands=len(edges) - 1))
    elif any(share < 0 for share in shares) or abs(sum(shares) - 1) > 1e-6:
        faults.append(Fault("unemployed_months_shares", "band_shares"))
    return faults
