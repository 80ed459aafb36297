"""``[[labour_market.shocks]]``: what comes over the market from outside, and passes."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from labsim.scenario.parameter import Fault, Name, Section, param, refuse

NEUTRAL: dict[str, float] = {
    "hiring": 1.0,
    "vacancies": 1.0,
    "inflow": 1.0,
    "office_load": 0.0,
    "remote": 0.0,
    "service_pace": 1.0,
}
"""Effects of a shock, and the value at which each of them is none."""


class Spring2020(Section):
    """What a shock ``like = "spring-2020"`` does where it does not say otherwise.

    The signs are what evaluators and providers report; no size is published.
    """

    hiring: float = param(
        0.6, "Factor on job hazards", ge=0, le=10, plausible=(0.3, 0.9), status="assumption",
        source="firms froze recruitments (COV-01)",
    )  # fmt: skip
    vacancies: float = param(
        0.6, "Factor on vacancies", ge=0, le=10, plausible=(0.3, 0.9), status="assumption",
        source="vacancy inflow falls (COV-01, M-COV-02)",
    )  # fmt: skip
    inflow: float = param(
        2.0, "Factor on weekly arrivals", ge=0, le=20, plausible=(1.5, 4), status="assumption",
        source="lay-offs and dismissals (REF-26)",
    )  # fmt: skip
    office_load: float = param(
        0.3, "Part of the office's hours that lay-offs take", ge=0, le=10, plausible=(0.1, 0.6),
        status="assumption", source="their resources went to lay-offs and dismissals (REF-26)",
    )  # fmt: skip
    remote: float = param(
        1.0, "Share of every provider's contact that is remote", ge=0, le=1, status="verified",
        source="REM-05: all interviewed providers",
    )  # fmt: skip
    service_pace: float = param(
        0.8, "Factor on what an hour of service does", ge=0, le=10, plausible=(0.6, 1),
        status="assumption", source="services slowed (COV-02)",
    )  # fmt: skip


class Shock(Section):
    """A shock: full for some weeks, then fading in equal steps; keys left out do nothing."""

    name: Name = param(..., "Name of the shock", min_length=1, max_length=80)
    like: Literal["spring-2020"] | None = param(
        None, "Take the effects that are left out from labour_market.spring_2020"
    )
    start_week: int = param(..., "First week", unit="week", ge=0, le=1560)
    weeks: int = param(..., "Weeks in full strength", unit="weeks", ge=1, le=1560)
    fading_weeks: int = param(
        0, "Weeks after that in which it fades, in equal steps", unit="weeks", ge=0, le=1560
    )
    hiring: float | None = param(
        None, "Factor on job hazards, in vacancies of every kind (1: none)", ge=0, le=10
    )
    vacancies: float | None = param(
        None, "Factor on vacancies, for which people compete (1: none)", ge=0, le=10
    )
    inflow: float | None = param(
        None, "Factor on weekly arrivals on the register: lay-offs (1: none)", ge=0, le=20
    )
    office_load: float | None = param(
        None, "Part of the office's hours that it takes before all else (0: none)", ge=0, le=10
    )
    remote: float | None = param(
        None, "Least share of every provider's contact that is remote (0: none)", ge=0, le=1
    )
    service_pace: float | None = param(
        None, "Factor on what an hour of service does to people (1: none)", ge=0, le=10
    )

    @model_validator(mode="after")
    def _does_something(self) -> Shock:
        if self.like is None and all(getattr(self, name) is None for name in NEUTRAL):
            refuse([Fault("", "shock_does_nothing", keys=", ".join(NEUTRAL))])
        return self

    def effect(self, name: str, preset: Spring2020) -> float:
        """Return an effect in full strength: its own, the preset's, or none."""
        own: float | None = getattr(self, name)
        if own is not None:
            return own
        return NEUTRAL[name] if self.like is None else float(getattr(preset, name))
