"""``[[providers]]``: who delivers the service, and what they want."""

from __future__ import annotations

from pydantic import model_validator

from labsim.scenario.parameter import Fault, Name, Section, param, refuse

MODEL = "model.md starting value"
PARTIES = (
    "state", "municipality", "funds", "purchaser", "employers", "workers", "jobseekers", "coaches",
    "suppliers", "office staff", "provider staff",
)  # fmt: skip
"""Names that the ledger gives to others."""


class Provider(Section):
    """A provider of the service."""

    name: Name = param("provider", "Name of the provider", min_length=1, max_length=80)
    planned_caseload: float = param(
        50.0, "Clients per coach that the provider staffs for", unit="clients", ge=1, le=1000,
        plausible=(25, 100), status="assumption", source="P 6",
    )  # fmt: skip
    client_hours_per_coach_week: float = param(
        21.0, "Client hours that a coach gives a week", unit="hours/week", gt=0, le=60,
        plausible=(18, 25), status="assumption", source=MODEL,
    )  # fmt: skip
    coach_week_eur: float = param(
        1_250.0, "Cost of a coach for a week", unit="EUR", ge=0, le=100_000, plausible=(1050, 1450),
        status="memory", source="P 7, 60,000-75,000 EUR a year in full",
    )  # fmt: skip
    fixed_cost_share: float = param(
        0.25, "Overhead on top of coaches, as a share of their cost", ge=0, le=5,
        status="assumption", source=MODEL,
    )  # fmt: skip
    skill: float = param(
        1.0, "Factor on what an hour of coaching does", ge=0, le=5, status="assumption", source=""
    )
    mission_eur: float = param(
        5.0, "What helping is worth to the provider in itself", unit="EUR per uplift-week", ge=0,
        le=10_000, plausible=(1, 20), status="assumption", source=MODEL,
    )  # fmt: skip
    hours_min: float = param(
        0.08, "Least service a client gets", unit="hours/week", ge=0, le=40, plausible=(0.04, 0.25),
        status="assumption", source=MODEL,
    )  # fmt: skip
    hours_max: float = param(
        4.0, "Most service a client gets", unit="hours/week", gt=0, le=40, plausible=(2, 8),
        status="assumption", source=MODEL,
    )  # fmt: skip
    belief_noise_sd: float = param(
        0.5, "Error of a first picture of a client's prospects; halves with 12 hours of contact",
        unit="SD of log hazard", ge=0, le=5, status="assumption", source=MODEL,
    )  # fmt: skip
    areas: list[str] | None = param(
        None, "Areas that it is near to; left out: near everywhere", min_length=1
    )
    reputation: float = param(
        5.0, "What people say of it", unit="points 0-10", ge=0, le=10, status="assumption",
        source="",
    )  # fmt: skip
    marketing: float = param(
        0.0, "How much it makes itself known to clients", unit="points 0-10", ge=0, le=10,
        status="assumption", source="",
    )  # fmt: skip

    @model_validator(mode="after")
    def _nobody_else(self) -> Provider:
        if self.name in PARTIES:
            refuse([Fault("name", "party_name", name=self.name)])
        return self
