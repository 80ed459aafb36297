"""``[office]``: the TE office that assesses and refers."""

from __future__ import annotations

from labsim.scenario.parameter import Section, param

MODEL = "model.md starting value"


class Office(Section):
    """What the office sees of a client, and what its work takes."""

    assessment_noise_sd: float = param(
        1.0, "Error of the assessed distance from work", unit="SD of log hazard", ge=0, le=5,
        plausible=(0.5, 1.5), status="assumption", source=MODEL,
    )  # fmt: skip
    hours_per_assessment: float = param(
        1.0,
        "Office time per assessed client",
        unit="hours",
        ge=0,
        le=40,
        status="assumption",
        source=MODEL,
    )
    hours_per_referral: float = param(
        0.4,
        "Office time per referral",
        unit="hours",
        ge=0,
        le=40,
        status="assumption",
        source=MODEL,
    )
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
