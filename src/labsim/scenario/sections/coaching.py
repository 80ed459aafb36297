"""``[coaching]``: what an hour with a coach does to a client."""

from __future__ import annotations

from pydantic import model_validator

from labsim.scenario.parameter import Fault, Section, param, refuse, table
from labsim.scenario.sections.satisfaction import Satisfaction

MODEL = "model.md starting value"


class Coaching(Section):
    """Effects of the service on people; ``effect_scale`` multiplies every one of them."""

    effect_scale: float = param(
        1.0, "Multiplies every effect of the service on people (0: it changes nobody)", ge=0, le=10,
        plausible=(0, 2),
    )  # fmt: skip
    max_uplift: float = param(
        0.6, "Relative rise of the job hazard at full service, at the median hazard",
        ge=0, le=10, plausible=(0.3, 1.0), status="assumption",
        source=f"{MODEL}; +10-35 % at 40-60 clients per coach (P 1.5)",
    )  # fmt: skip
    saturation_hours_per_week: float = param(
        0.6, "Client hours a week that give 63 % of the effect", unit="hours/week", gt=0, le=40,
        plausible=(0.3, 1.2), status="assumption", source=MODEL,
    )  # fmt: skip
    prospects_exponent: float = param(
        0.5, "How fast the relative effect falls with a client's own prospects", ge=0, le=2,
        plausible=(0, 1), status="assumption", source=MODEL,
    )  # fmt: skip
    prospects_factor_min: float = param(
        0.4, "Smallest factor of own prospects", gt=0, le=1, status="assumption", source=MODEL
    )
    prospects_factor_max: float = param(
        2.5, "Largest factor of own prospects", ge=1, le=10, status="assumption", source=MODEL
    )
    ability_floor: float = param(
        3.0, "Work ability at and under which job coaching does nothing", unit="points 0-10",
        ge=0, le=10, status="assumption", source=MODEL,
    )  # fmt: skip
    ability_full: float = param(
        6.0, "Work ability from which job coaching does all it can", unit="points 0-10", ge=0,
        le=10, status="assumption", source=MODEL,
    )  # fmt: skip
    motivation_midpoint: float = param(
        4.0, "Motivation at which coaching has half its effect", unit="points 0-10", ge=0, le=10,
        status="assumption", source=MODEL,
    )  # fmt: skip
    motivation_width: float = param(
        0.8, "Width of that rise", unit="points", gt=0, le=10, status="assumption", source=MODEL
    )
    startup_loss: float = param(
        0.4, "Part of its skill that a new service lacks at first", ge=0, le=1,
        plausible=(0, 0.6), status="assumption", source=MODEL,
    )  # fmt: skip
    startup_months: float = param(
        6.0, "Months in which two thirds of that are learnt", unit="months", gt=0, le=120,
        plausible=(3, 12), status="assumption", source=MODEL,
    )  # fmt: skip
    durability_cost: float = param(
        0.125, "Part of the uplift that looking only for lasting jobs costs", ge=0, le=1,
        plausible=(0.05, 0.3), status="assumption",
        source="makes the best choice 0/0/0.5 for fees at 13/26/52 weeks, as model.md has it",
    )  # fmt: skip
    durability_gain: float = param(
        0.6, "Fall of the log hazard of losing a job that was chosen to last", ge=0, le=5,
        plausible=(0.2, 1.0), status="assumption", source=MODEL,
    )  # fmt: skip
    support_effect: float = param(
        0.2, "Part of the hazard of losing a job that full support in work takes off", ge=0, le=1,
        plausible=(0, 0.4), status="assumption", source=MODEL,
    )  # fmt: skip
    support_saturation_hours: float = param(
        0.1, "Hours a week of support in work that give 63 % of its effect", unit="hours/week",
        gt=0, le=40, plausible=(0.05, 0.3), status="assumption", source=MODEL,
    )  # fmt: skip
    stretch_chance: float = param(
        0.5, "Chance that a fixed term ending just short of a paid milestone is stretched to it",
        ge=0, le=1, plausible=(0, 0.8), status="assumption", source=MODEL,
    )  # fmt: skip
    stretch_weeks: int = param(
        6, "Most weeks by which a fixed term is stretched", unit="weeks", ge=0, le=52,
        status="assumption", source=MODEL,
    )  # fmt: skip
    education_response: float = param(
        0.5,
        "Effect on going to education, relative to jobs",
        ge=0,
        le=2,
        status="assumption",
        source=MODEL,
    )
    subsidised_response: float = param(
        0.5,
        "Effect on subsidised work, relative to jobs",
        ge=0,
        le=2,
        status="assumption",
        source=MODEL,
    )
    business_response: float = param(
        0.5, "Effect on own business, relative to jobs", ge=0, le=2, status="assumption", source=""
    )
    inactivity_response: float = param(
        0.3, "Effect on leaving the labour force, relative to jobs", ge=0, le=2,
        status="assumption", source=f"{MODEL}; two thirds of the effect in T DE-INHOUSE",
    )  # fmt: skip
    search_during_service: float = param(
        0.97, "Own search during service, relative to before", gt=0, le=1, plausible=(0.9, 1.0),
        status="assumption", source="P 3",
    )  # fmt: skip
    motivation_gain_sd: float = param(
        0.35, "Largest gain in motivation from full contact", unit="SD", ge=0, le=2,
        status="assumption", source="P 10; the 0.35 of Paul & Moser 2009 is mental health",
    )  # fmt: skip
    motivation_gain_weeks: float = param(
        26.0, "Weeks of full contact that give that gain", unit="weeks", gt=0, le=520,
        status="assumption", source="",
    )  # fmt: skip
    motivation_loss_sd_first_year: float = param(
        0.3, "Loss of motivation over the first year out of work", unit="SD", ge=0, le=2,
        plausible=(0.25, 0.35), status="memory", source="P 10",
    )  # fmt: skip
    motivation_recovery_per_week: float = param(
        0.05, "Part of lost motivation that a week in work gives back", ge=0, le=1,
        status="assumption", source="",
    )  # fmt: skip
    ability_gain: float = param(
        0.4, "Largest gain in work ability from full contact", unit="points", ge=0, le=5,
        status="assumption", source="shape from WA-02 and WA-03, size assumed",
    )  # fmt: skip
    ability_gain_weeks: float = param(
        26.0, "Weeks of full contact that give that gain", unit="weeks", gt=0, le=520,
        status="assumption", source="",
    )  # fmt: skip
    remote_effect: float = param(
        1.0, "What an hour does when all contact is remote, relative to one face to face", ge=0,
        le=2, plausible=(0.8, 1.1), status="assumption",
        source="the great majority found that remote service worked well (REM-02)",
    )  # fmt: skip
    remote_effect_difficult: float = param(
        0.7, "The same for people who find remote service difficult", ge=0, le=2,
        plausible=(0.3, 1), status="assumption", source="the sign is REM-01",
    )  # fmt: skip
    handover_loss: float = param(
        0.15, "Part of its effect that a service loses each time a client with several needs is "
        "handed over to another service, if nobody pulls them together", ge=0, le=1,
        plausible=(0.05, 0.3), status="assumption", source="the sign is M-WA-03, M-TRU-06",
    )  # fmt: skip
    dropout_per_week: float = param(
        0.004, "Chance a week that a client drops out of the service", ge=0, le=1,
        plausible=(0, 0.02), status="assumption", source="",
    )  # fmt: skip
    satisfaction: Satisfaction = table(Satisfaction, "What clients think of it")

    @model_validator(mode="after")
    def _gate_opens(self) -> Coaching:
        if self.ability_floor >= self.ability_full:
            refuse([Fault("ability_floor", "above_full")])
        return self
