"""``[office]``: the TE office that assesses and refers."""

from __future__ import annotations

from labsim.scenario.parameter import Section, param

MODEL = "model.md starting value"


class Office(Section):
    """What the office sees of a client, what its work takes, and what it learns."""

    ability_bias: float = param(
        0.7, "What the office over-estimates work ability by", unit="points", ge=-10, le=10,
        plausible=(0, 1.5), status="assumption", source=f"{MODEL}; the sign is REF-28",
    )  # fmt: skip
    ability_noise_sd: float = param(
        1.3, "Error of the work ability that the office sees", unit="points", ge=0, le=10,
        plausible=(0.5, 2), status="assumption", source=MODEL,
    )  # fmt: skip
    motivation_bias: float = param(
        0.7, "What the office over-estimates motivation by", unit="points", ge=-10, le=10,
        plausible=(0, 1.5), status="assumption", source=f"{MODEL}; the sign is MOT-06",
    )  # fmt: skip
    motivation_noise_sd: float = param(
        1.3, "Error of the motivation that the office sees", unit="points", ge=0, le=10,
        plausible=(0.5, 2), status="assumption", source=MODEL,
    )  # fmt: skip
    register_gap_share: float = param(
        0.2, "Share of people of whose work ability and motivation the register says nothing",
        ge=0, le=1, plausible=(0, 0.5), status="assumption", source="often deficient (REF-29)",
    )  # fmt: skip
    assessment_noise_sd: float = param(
        1.0, "Error of the assessed distance from work, beside those of the scores",
        unit="SD of log hazard", ge=0, le=5, plausible=(0.5, 1.5), status="assumption",
        source=MODEL,
    )  # fmt: skip
    caseworkers: float | None = param(
        None, "Caseworkers of the office; left out: the register at the start divided by "
        "jobseekers_per_caseworker", unit="caseworkers", ge=0, le=1_000_000,
    )  # fmt: skip
    jobseekers_per_caseworker: float = param(
        150.0, "People on the register per caseworker", unit="persons", ge=1, le=100_000,
        plausible=(100, 250), status="verified", source="P 6, mean of spring 2025: 149",
    )  # fmt: skip
    hours_per_caseworker_week: float = param(
        25.0, "Hours with or for clients that a caseworker has in a week", unit="hours/week", ge=0,
        le=60, plausible=(18, 30), status="assumption",
        source="leaves a seventh of the time free for referral in a steady year",
    )  # fmt: skip
    hours_per_assessment: float = param(
        1.0, "Office time per first interview, with its assessment", unit="hours", ge=0, le=40,
        status="assumption", source=MODEL,
    )  # fmt: skip
    follow_up_hours_per_week: float = param(
        0.1, "Office time to follow up a person on the register", unit="hours/week", ge=0, le=10,
        plausible=(0.05, 0.15), status="assumption",
        source="an interview and some statements each quarter",
    )  # fmt: skip
    weeks_between_meetings: float = param(
        13.0, "Weeks between a client's meetings with an adviser, on average",
        unit="weeks", ge=1, le=520, plausible=(4, 26), status="memory",
        source="interviews every three months from 2017",
    )  # fmt: skip
    hours_per_referral: float = param(
        0.4, "Office time per referral", unit="hours", ge=0, le=40, status="assumption",
        source=MODEL,
    )  # fmt: skip
    hours_per_letter: float = param(
        0.05, "Office time per person who is referred by letter", unit="hours", ge=0, le=40,
        status="assumption", source="less screening per person (M-REF-03)",
    )  # fmt: skip
    hours_per_application: float = param(
        0.2, "Office time to let in a person who comes by himself or herself", unit="hours", ge=0,
        le=40, status="assumption", source="less than a referral: nobody is to be found or told",
    )  # fmt: skip
    hours_per_invitation: float = param(
        0.1, "Office time per person who is invited to an information session, with its part of it",
        unit="hours", ge=0, le=40, status="assumption", source="between a letter and a referral",
    )  # fmt: skip
    referral_team: float = param(
        3.0, "Caseworkers who see to referral where it is run centrally, if other work leaves the "
        "time", unit="caseworkers", ge=0, le=1_000_000, plausible=(1, 10), status="assumption",
        source="enough people were resourced (REF-30); how many is not said",
    )  # fmt: skip
    referral_time_share: float = param(
        0.1, "Share of the time left after other work that advisers have for this one service",
        ge=0, le=1, plausible=(0.03, 0.3), status="assumption", source="one of many services",
    )  # fmt: skip
    advice_share: float = param(
        0.15, "Chance that an adviser who knows and trusts the service refers a client of the "
        "target group, fully motivated, when they meet", ge=0, le=1, plausible=(0.05, 0.5),
        status="assumption", source="fills a year's volume some months late (REF-21, REF-31)",
    )  # fmt: skip
    hold_back: float = param(
        0.0, "Share of the target group, the hardest as assessed, whom advisers do not refer", ge=0,
        le=1, plausible=(0, 0.3), status="assumption", source="",
    )  # fmt: skip
    knowledge_at_start: float = param(
        0.0, "How well advisers know the service in week 0 (0: it is new)", ge=0, le=1,
        status="assumption", source="a wholly new service (REF-31)",
    )  # fmt: skip
    learning_per_week: float = param(
        0.10, "Part of what is still unknown that advisers learn in a week of a running service",
        ge=0, le=1, plausible=(0.04, 0.2), status="assumption", source=MODEL,
    )  # fmt: skip
    forgetting_per_week: float = param(
        0.03, "Part of what is known that is forgotten in a week without the service", ge=0, le=1,
        plausible=(0.01, 0.1), status="assumption", source=MODEL,
    )  # fmt: skip
    trust_at_start: float = param(
        0.5, "Trust in a provider in week 0", ge=0, le=1, status="assumption", source=""
    )
    trust_gain_per_week: float = param(
        0.04, "Part of missing trust that a week of undisputed contact gives", ge=0, le=1,
        plausible=(0.02, 0.1), status="derived", source="nine tenths of it in a year (TIM-03)",
    )  # fmt: skip
    trust_loss_per_week: float = param(
        0.08, "Part of trust that a week of nothing but disputes takes", ge=0, le=1,
        plausible=(0.02, 0.3), status="assumption", source="the sign is M-TRU-01",
    )  # fmt: skip
    minutes_per_claim: float = param(
        15.0, "Purchaser's time per claimed outcome", unit="minutes", ge=0, le=600,
        status="assumption", source="",
    )  # fmt: skip
    provider_minutes_per_claim: float = param(
        20.0, "Provider's time per claimed outcome", unit="minutes", ge=0, le=600,
        status="assumption", source="",
    )  # fmt: skip
    minutes_per_check: float = param(
        30.0, "Purchaser's time per claim checked by hand: by notice all, by sample a share",
        unit="minutes", ge=0, le=600, status="assumption", source="sign from ADM-03",
    )  # fmt: skip
    provider_minutes_per_check: float = param(
        30.0, "Provider's time per claim checked by hand", unit="minutes", ge=0, le=600,
        status="assumption", source="sign from ADM-03 and ADM-07",
    )  # fmt: skip
    minutes_per_dispute: float = param(
        60.0, "Purchaser's time per disputed claim", unit="minutes", ge=0, le=6000,
        status="assumption", source="sign from ADM-01 and ADM-07",
    )  # fmt: skip
    provider_minutes_per_dispute: float = param(
        60.0, "Provider's time per disputed claim", unit="minutes", ge=0, le=6000,
        status="assumption", source="sign from ADM-01 and ADM-07",
    )  # fmt: skip
