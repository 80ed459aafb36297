"""``[labour_market]``: leaving unemployment, jobs, and competition for them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from labsim.scenario.parameter import Fault, Section, param, refuse, shares_fault, table
from labsim.scenario.sections.shocks import Shock, Spring2020
from labsim.scenario.sections.vacancies import Vacancies

MODEL = "model.md starting value"
LEVEL = "times 0.46: half of new jobs last a year, fixed terms and the factors of kinds included"


class AgeFactors(Section):
    """Job hazard by age, relative to people of 25-34."""

    under_25: float = param(1.1, "Age 18-24", gt=0, le=10, status="assumption", source="")
    from_25_to_34: float = param(1.0, "Age 25-34 (reference)", gt=0, le=10)
    from_35_to_49: float = param(0.85, "Age 35-49", gt=0, le=10, status="assumption", source="")
    from_50: float = param(
        0.5, "Age 50-64", gt=0, le=10, plausible=(0.4, 0.6), status="memory", source="P 1.4"
    )


class EducationFactors(Section):
    """Job hazard by education, relative to upper secondary."""

    basic: float = param(
        0.8, "Compulsory school only", gt=0, le=10, status="memory", source="P 1.4"
    )
    secondary: float = param(1.0, "Upper secondary (reference)", gt=0, le=10)
    tertiary: float = param(
        1.25, "Tertiary (1.3-1.8 times compulsory)", gt=0, le=10, status="memory", source="P 1.4"
    )


class Setting(Section):
    """What differs between the two labour markets that the evidence describes."""

    cycle: float = param(1.0, "Factor on every exit hazard", gt=0, le=10)
    vacancies_per_unemployed: float = param(0.43, "Vacancies per unemployed person", gt=0, le=10)


class ExitShares(Section):
    """Where people go who leave unemployment without a service."""

    employment: float = param(
        0.55,
        "Open-market jobs",
        gt=0,
        le=1,
        plausible=(0.4, 0.65),
        status="assumption",
        source="model.md starting value; P 1.2 would start from 0.4-0.5",
    )
    education: float = param(0.12, "Education", ge=0, le=1, status="assumption", source="")
    subsidised: float = param(0.13, "Subsidised work", ge=0, le=1, status="assumption", source="")
    entrepreneurship: float = param(
        0.03, "Own business", ge=0, le=1, status="assumption", source=""
    )
    inactivity: float = param(
        0.17, "Outside the labour force", ge=0, le=1, status="assumption", source=""
    )

    @model_validator(mode="after")
    def _add_up(self) -> ExitShares:
        refuse(shares_fault(self))
        return self


class Jobs(Section):
    """Jobs: type, hours, how long they last."""

    permanent_full_time: float = param(
        0.343,
        "Share of new jobs",
        ge=0,
        le=1,
        status="verified",
        source="P 2, stat.fi tyti 2021_06",
    )
    permanent_part_time: float = param(
        0.111,
        "Share of new jobs",
        ge=0,
        le=1,
        status="verified",
        source="P 2, stat.fi tyti 2021_06",
    )
    temporary_full_time: float = param(
        0.381,
        "Share of new jobs",
        ge=0,
        le=1,
        status="verified",
        source="P 2, stat.fi tyti 2021_06",
    )
    temporary_part_time: float = param(
        0.165,
        "Share of new jobs",
        ge=0,
        le=1,
        status="verified",
        source="P 2, stat.fi tyti 2021_06",
    )
    part_time_hours_min: float = param(
        0.4,
        "Shortest part-time job, share of full time",
        gt=0,
        le=1,
        status="assumption",
        source="",
    )
    part_time_hours_max: float = param(
        0.85,
        "Longest part-time job, share of full time",
        gt=0,
        le=1,
        status="assumption",
        source="",
    )
    fixed_term_share: float = param(
        0.6, "Temporary jobs with a fixed end", ge=0, le=1, status="assumption", source=MODEL
    )
    fixed_term_weeks_min: int = param(
        4, "Shortest fixed term", unit="weeks", ge=1, le=520, status="assumption", source=MODEL
    )
    fixed_term_weeks_max: int = param(
        52, "Longest fixed term", unit="weeks", ge=1, le=520, status="assumption", source=MODEL
    )
    separation_week_1: float = param(
        0.00552, "Chance a week that a new job ends", ge=0, le=1, status="derived",
        source=f"0.012 (P 2) {LEVEL}",
    )  # fmt: skip
    separation_week_13: float = param(
        0.0092, "Chance a week that a job of 13 weeks ends", ge=0, le=1, status="derived",
        source=f"0.020 (P 2) {LEVEL}",
    )  # fmt: skip
    separation_week_52: float = param(
        0.00276, "Chance a week that a job of a year ends", ge=0, le=1, status="derived",
        source=f"0.006 (P 2) {LEVEL}",
    )  # fmt: skip
    separation_later: float = param(
        0.002, "Chance a week that an older job ends", ge=0, le=1, plausible=(0.0015, 0.0025),
        status="memory", source="P 2",
    )  # fmt: skip
    temporary_factor: float = param(
        1.5,
        "Factor on the separation of temporary jobs",
        ge=0,
        le=10,
        status="memory",
        source="P 2",
    )
    permanent_factor: float = param(
        0.7,
        "Factor on the separation of permanent jobs",
        ge=0,
        le=10,
        status="memory",
        source="P 2",
    )

    @model_validator(mode="after")
    def _consistent(self) -> Jobs:
        kinds = (
            "permanent_full_time",
            "permanent_part_time",
            "temporary_full_time",
            "temporary_part_time",
        )
        faults = shares_fault({kind: getattr(self, kind) for kind in kinds})
        if self.part_time_hours_min > self.part_time_hours_max:
            faults.append(Fault("part_time_hours_min", "not_above", other="part_time_hours_max"))
        if self.fixed_term_weeks_min > self.fixed_term_weeks_max:
            faults.append(Fault("fixed_term_weeks_min", "not_above", other="fixed_term_weeks_max"))
        refuse(faults)
        return self


class OtherSpells(Section):
    """How long people stay in states that are neither unemployment nor an open-market job."""

    education_weeks: int = param(
        40, "Length of a study spell", unit="weeks", ge=1, le=520, status="assumption", source=""
    )
    subsidised_weeks: int = param(
        26, "Length of subsidised work", unit="weeks", ge=1, le=520, status="assumption", source=""
    )
    business_end_per_week: float = param(
        0.005, "Chance a week that an own business ends", ge=0, le=1, status="assumption", source=""
    )
    inactivity_end_per_week: float = param(
        0.012, "Chance a week of coming back from outside the labour force", ge=0, le=1,
        status="assumption", source="",
    )  # fmt: skip


class Businesses(Section):
    """Kinds of own business: firms, light entrepreneurship (an invoicing service), gig work.

    What is neither is a business of its own: full time, and over with `business_end_per_week`.
    """

    light_share: float = param(
        0.0, "Share of light entrepreneurship among people who start an own business", ge=0, le=1,
        plausible=(0, 0.6), status="assumption",
        source="none set apart: the evidence names it (M-PRO-24) without a number",
    )  # fmt: skip
    gig_share: float = param(
        0.0, "Share of gig work among people who start an own business", ge=0, le=1,
        plausible=(0, 0.4), status="assumption",
        source="none set apart: new forms of work are named (M-PRO-24) without a number",
    )  # fmt: skip
    light_end_per_week: float = param(
        0.02, "Chance a week that light entrepreneurship ends", ge=0, le=1, plausible=(0.01, 0.05),
        status="assumption", source="between an own business and gig work",
    )  # fmt: skip
    light_hours_min: float = param(
        0.3, "Least hours of light entrepreneurship, share of full time", gt=0, le=1,
        status="assumption", source="",
    )  # fmt: skip
    light_hours_max: float = param(
        1.0, "Most hours of light entrepreneurship, share of full time", gt=0, le=1,
        status="assumption", source="",
    )  # fmt: skip
    gig_end_per_week: float = param(
        0.2, "Chance a week that a spell of gig work ends", ge=0, le=1, plausible=(0.05, 0.5),
        status="assumption", source="spells of some weeks",
    )  # fmt: skip
    gig_hours_min: float = param(
        0.1, "Least hours of gig work, share of full time", gt=0, le=1, status="assumption",
        source="",
    )  # fmt: skip
    gig_hours_max: float = param(
        0.6, "Most hours of gig work, share of full time", gt=0, le=1, status="assumption",
        source="",
    )  # fmt: skip

    @model_validator(mode="after")
    def _consistent(self) -> Businesses:
        faults = []
        for kind in ("light", "gig"):
            low, high = f"{kind}_hours_min", f"{kind}_hours_max"
            if getattr(self, low) > getattr(self, high):
                faults.append(Fault(low, "not_above", other=high))
        if self.light_share + self.gig_share > 1 + 1e-9:
            faults.append(Fault("light_share", "shares_above_one", other="gig_share"))
        refuse(faults)
        return self


class LabourMarket(Section):
    """The market for jobs outside the service."""

    setting: Literal["2019", "2025"] = param(
        "2019", "Which labour market: 2019 (tight) or 2025 (slack)"
    )
    setting_2019: Setting = param(
        Setting(cycle=1.0, vacancies_per_unemployed=0.43),
        "The labour market of 2019", status="derived", source="P 1.2, P 4",
    )  # fmt: skip
    setting_2025: Setting = param(
        Setting(cycle=0.6, vacancies_per_unemployed=0.19),
        "The labour market of 2025", status="derived", source="P 1.2, P 4",
    )  # fmt: skip
    job_hazard_per_week: float = param(
        0.053, "Job hazard of a person of 25-34, secondary, ability and motivation 8, week 0",
        unit="per week", gt=0, le=1, plausible=(0.02, 0.15), status="derived",
        source="fitted to P 1.2: in simulated runs 44 % still out of work after 3 months, 25 % "
        "out for a year without a break, 5.6 months mean (2019); 59 %, 39 %, 9.5 months at the "
        "2025 cycle",
    )  # fmt: skip
    age: AgeFactors = table(AgeFactors, "Job hazard by age")
    education: EducationFactors = table(EducationFactors, "Job hazard by education")
    ability_exponent: float = param(
        0.8, "How strongly work ability drives finding work", ge=0, le=5, plausible=(0.8, 1.6),
        status="assumption", source="low end of model.md's range, which fits P 1.2 best",
    )  # fmt: skip
    motivation_exponent: float = param(
        0.5, "How strongly motivation drives finding work", ge=0, le=5, plausible=(0.3, 0.8),
        status="assumption", source=MODEL,
    )  # fmt: skip
    unseen_sd: float = param(
        0.5, "Spread of unseen employability", unit="SD of log hazard", ge=0, le=3,
        plausible=(0.4, 1.3), status="assumption", source=MODEL,
    )  # fmt: skip
    duration_decay_per_month: float = param(
        0.04, "Fall of the hazard per month out of work, for eight months", unit="per month",
        ge=0, le=1, plausible=(0.04, 0.08), status="memory", source="P 1.3",
    )  # fmt: skip
    duration_decay_months: float = param(
        8.0, "Months over which the hazard falls", unit="months", gt=0, le=60, status="verified",
        source="P 1.3, Kroft, Lange & Notowidigdo",
    )  # fmt: skip
    duration_recovery_per_13_weeks: float = param(
        1 / 3, "Part of the time out of work that 13 weeks in work make good", ge=0, le=1,
        status="assumption", source=MODEL,
    )  # fmt: skip
    exit_shares: ExitShares = table(ExitShares, "Where leavers go without a service")
    jobs: Jobs = table(Jobs, "Jobs")
    other_spells: OtherSpells = table(OtherSpells, "Other states")
    businesses: Businesses = table(Businesses, "Kinds of own business")
    matching_elasticity: float = param(
        0.6, "Part of a better search not at others' cost, at 2019 tightness (1: none displaced)",
        ge=0, le=1, plausible=(0.5, 0.7), status="memory",
        source="P 4, Petrongolo & Pissarides 2001",
    )  # fmt: skip
    tightness_exponent: float = param(
        1.27, "How much more displacement there is in a slack market (0: none)", ge=0, le=5,
        plausible=(0, 2), status="assumption", source=MODEL,
    )  # fmt: skip
    spring_2020: Spring2020 = table(Spring2020, "The effects of a shock like spring 2020")
    shocks: list[Shock] = Field(
        default_factory=list, description="What comes over the market from outside", max_length=50
    )

    vacancies: Vacancies = table(Vacancies, "Vacancies by area and sector")

    @property
    def current(self) -> Setting:
        """The setting in force."""
        return self.setting_2019 if self.setting == "2019" else self.setting_2025
