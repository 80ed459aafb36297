"""``[[providers]]``: who delivers the service, and what they want."""

from __future__ import annotations

from pydantic import Field, model_validator

from labsim.scenario.parameter import Fault, Name, Section, param, refuse
from labsim.scenario.text import Text

MODEL = "model.md starting value"
PARTIES = (
    "state", "municipality", "funds", "purchaser", "employers", "workers", "jobseekers", "coaches",
    "suppliers", "office staff", "provider staff",
)  # fmt: skip
"""Names that the ledger gives to others."""


class Provider(Section):
    """A provider of the service."""

    name: Name = param("provider", "Name of the provider", min_length=1, max_length=80)
    title: Text = Field(default_factory=dict, description="What people read instead of the name")
    planned_caseload: float = param(
        50.0, "Clients per coach that the provider staffs for", unit="clients", ge=1, le=1000,
        plausible=(25, 100), status="assumption", source="P 6",
    )  # fmt: skip
    promised_coaches: float | None = param(
        None, "Coaches promised; left out: what the planned caseload needs for expected clients",
        ge=0, le=100_000,
    )  # fmt: skip
    promise_share: float = param(
        0.7, "Part of the promised coaches that is there from the first day, clients or not",
        ge=0, le=1, plausible=(0.5, 1.0), status="assumption", source=MODEL,
    )  # fmt: skip
    promise_weeks: int = param(
        26, "Weeks for which it keeps to that", unit="weeks", ge=0, le=520, status="assumption",
        source=MODEL,
    )  # fmt: skip
    hiring_per_week: float = param(
        0.15, "Part of the missing coaches that is hired in a week", gt=0, le=1,
        plausible=(0.05, 0.3), status="assumption", source=MODEL,
    )  # fmt: skip
    cutting_per_week: float = param(
        0.08, "Part of the needless coaches that leaves in a week", gt=0, le=1,
        plausible=(0.04, 0.2), status="assumption", source=MODEL,
    )  # fmt: skip
    target_margin: float = param(
        0.06, "Part of its fees that a provider means to keep", ge=0, lt=1, plausible=(0, 0.15),
        status="assumption", source=MODEL,
    )  # fmt: skip
    optimism: float = param(
        1.3, "Outcome fees that it counts on at first, relative to its clients' own prospects",
        ge=0, le=10, plausible=(1.0, 1.6), status="assumption", source=MODEL,
    )  # fmt: skip
    optimism_prior_clients: float = param(
        50.0, "Clients whose results weigh as much as that first view", unit="clients", gt=0,
        le=100_000, plausible=(20, 200), status="assumption", source=MODEL,
    )  # fmt: skip
    cash_weeks: float = param(
        26.0, "Money at the start, in weeks of the promised coaches' cost", unit="weeks", ge=0,
        le=520, plausible=(8, 60), status="assumption",
        source="with credit it carries a fee for 12 months in work, as was paid in 2017-18 (P 11)",
    )  # fmt: skip
    credit_share: float = param(
        0.8, "Part of the fees it believes to be coming that a bank lends on", ge=0, le=1,
        plausible=(0.5, 1.0), status="assumption", source=MODEL,
    )  # fmt: skip
    client_hours_per_coach_week: float = param(
        21.0, "Client hours that a coach gives a week", unit="hours/week", gt=0, le=60,
        plausible=(18, 25), status="assumption", source=MODEL,
    )  # fmt: skip
    coach_week_eur: float = param(
        1_250.0, "Full cost of a coach for a week, premises and management included",
        unit="EUR", ge=0, le=100_000, plausible=(1050, 1450),
        status="memory", source="P 7, 60,000-75,000 EUR a year in full",
    )  # fmt: skip
    fixed_cost_share: float = param(
        0.25, "Part of the promised coaches' full cost that stays, whatever their number",
        ge=0, le=1,        status="assumption", source=MODEL,
    )  # fmt: skip
    skill: float = param(
        1.0, "Factor on what an hour of coaching does", ge=0, le=5, status="assumption", source=""
    )
    mission_eur: float = param(
        5.0, "What helping is worth to the provider in itself", unit="EUR per uplift-week", ge=0,
        le=10_000, plausible=(1, 20), status="assumption", source=MODEL,
    )  # fmt: skip
    keeps_clients: float = param(
        0.0, "How far what a client's staying brings (fees less cost) weighs against a placement",
        ge=0, le=1, plausible=(0, 1), status="assumption",
        source="in Refino hourly pay, under which staying pays, brought as many into work (T)",
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
    honesty: float = param(
        1.0, "How openly clients can speak with the staff, and rely on it; 1 is usual", ge=0, le=2,
        status="assumption", source="mechanism M-PAR-06; the scale is labsim's own",
    )  # fmt: skip
    remote_share: float = param(
        0.0, "Share of the contact that is remote", ge=0, le=1, status="assumption",
        source="REM-05: all of it from spring 2020",
    )  # fmt: skip

    office_picture_weight: float = param(
        0.3, "Part of the office's error about a client that a first picture takes over",
        ge=0, le=1, plausible=(0, 1), status="assumption", source="",
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

    marketing_eur_per_week: float = param(
        0.0, "What that costs it while people may come by themselves", unit="EUR/week", ge=0,
        le=1_000_000, status="assumption", source="no amount is published (M-REF-14)",
    )  # fmt: skip
    places: int | None = param(
        None, "Clients whom it serves at once, at most; others wait. Left out: no limit",
        unit="clients", ge=0, le=10_000_000,
    )  # fmt: skip

    @model_validator(mode="after")
    def _nobody_else(self) -> Provider:
        if self.name in PARTIES:
            refuse([Fault("name", "party_name", name=self.name)])
        return self
