"""``[finance]``: benefits, taxes, and who pays or saves them."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

from pydantic import Field, model_validator

from labsim.scenario.parameter import Fault, Section, param, refuse


class Step(Section):
    """A value that holds from a day on."""

    from_day: int = param(..., "First day", unit="days", ge=0, le=10_000)
    share: float = param(..., "Share from that day on", ge=0, le=1)


def _steps(
    pairs: list[tuple[int, float]], description: str, status: str, source: str
) -> list[Step]:
    return Field(
        default_factory=lambda: [Step(from_day=day, share=share) for day, share in pairs],
        description=description,
        min_length=1,
        max_length=20,
        json_schema_extra={"status": status, "source": source},
    )


class Rules2019(Section):
    """Who paid before 2025."""

    municipal_share: list[Step] = _steps(
        [(0, 0.0), (300, 0.5), (1000, 0.7)],
        "Municipality's share of labour-market support, by days of that support",
        "verified",
        "P 8, te-palvelut.fi",
    )
    municipal_share_of: Literal["labour-market-support", "basic-part"] = param(
        "labour-market-support", "What the municipality shares in"
    )
    earnings_related_level: list[Step] = _steps(
        [(0, 1.0)],
        "Level of earnings-related allowance by days paid",
        "derived",
        "P 8: the steps came on 2 September 2024",
    )
    work_condition_weeks: int = param(
        26, "Weeks in an open-market job that renew the right to an allowance", unit="weeks",
        ge=1, le=520, status="memory", source="working condition of six months before 2024",
    )  # fmt: skip
    purchaser: Literal["state", "municipality"] = param("state", "Who pays for the service")
    tax_state_share: float = param(
        0.10,
        "Taxes and contributions on pay that reach the state",
        ge=0,
        le=1,
        status="assumption",
        source="",
    )
    tax_municipality_share: float = param(
        0.15, "Taxes on pay that reach municipalities", ge=0, le=1, status="assumption", source=""
    )
    tax_funds_share: float = param(
        0.03,
        "Unemployment insurance contributions on pay",
        ge=0,
        le=1,
        status="assumption",
        source="",
    )

    @model_validator(mode="after")
    def _consistent(self) -> Rules2019:
        faults = []
        for key in ("municipal_share", "earnings_related_level"):
            days = [step.from_day for step in getattr(self, key)]
            if days[0] != 0 or any(b <= a for a, b in pairwise(days)):
                faults.append(Fault(key, "days_not_rising"))
        if self.tax_state_share + self.tax_municipality_share + self.tax_funds_share > 1:
            faults.append(Fault("tax_state_share", "taxes_sum"))
        refuse(faults)
        return self


class Rules2025(Rules2019):
    """Who pays since services moved to municipalities on 1 January 2025."""

    municipal_share: list[Step] = _steps(
        [(0, 0.0), (100, 0.1), (200, 0.2), (300, 0.3), (400, 0.4), (700, 0.5)],
        "Municipality's share of the basic part of every benefit, by days paid",
        "memory",
        "P 8, HE 207/2022",
    )
    municipal_share_of: Literal["labour-market-support", "basic-part"] = param(
        "basic-part", "What the municipality shares in"
    )
    earnings_related_level: list[Step] = _steps(
        [(0, 1.0), (40, 0.8), (170, 0.75)],
        "Level of earnings-related allowance by days paid",
        "verified",
        "P 8, HE 13/2024",
    )
    work_condition_weeks: int = param(
        52, "Weeks in an open-market job that renew the right to an allowance", unit="weeks",
        ge=1, le=520, status="memory", source="working condition of twelve months since 2024",
    )  # fmt: skip
    purchaser: Literal["state", "municipality"] = param("municipality", "Who pays for the service")
    tax_state_share: float = param(
        0.18,
        "Taxes and contributions on pay that reach the state",
        ge=0,
        le=1,
        status="assumption",
        source="",
    )
    tax_municipality_share: float = param(
        0.07, "Taxes on pay that reach municipalities", ge=0, le=1, status="assumption", source=""
    )


class Finance(Section):
    """Money outside the contract."""

    rules: Literal["2019", "2025"] = param("2019", "Which rules share out benefits and taxes")
    rules_2019: Rules2019 = Field(default_factory=Rules2019, description="Rules before 2025")
    rules_2025: Rules2025 = Field(default_factory=Rules2025, description="Rules from 2025")
    basic_daily_eur: float = param(
        37.21, "Labour-market support and basic allowance per day, five days a week",
        unit="EUR/day", ge=0, le=1000, status="verified",
        source="P 8, sotekassa.fi: the level of 2024-2027, used for every year",
    )  # fmt: skip
    earnings_related_daily_eur: float = param(
        75.0, "Average earnings-related allowance per day at the full level", unit="EUR/day",
        ge=0, le=1000, status="derived", source="P 8",
    )  # fmt: skip
    earnings_related_days_max: int = param(
        400, "Longest earnings-related allowance", unit="days", ge=0, le=5000, status="memory",
        source="300-500 days by age and work history",
    )  # fmt: skip
    wage_month_eur: float = param(
        2_600.0, "Pay of a full-time job that a client finds", unit="EUR/month", ge=0, le=100_000,
        plausible=(2200, 3000), status="assumption", source="",
    )  # fmt: skip
    wage_subsidy_share: float = param(
        0.5,
        "Part of pay in subsidised work that the state pays",
        ge=0,
        le=1,
        status="assumption",
        source="",
    )
    office_hour_eur: float = param(
        40.0, "Cost of an hour of office or administrative work", unit="EUR/hour", ge=0, le=1000,
        plausible=(36, 45), status="memory", source="P 7",
    )  # fmt: skip

    @property
    def current(self) -> Rules2019:
        """The rules in force."""
        return self.rules_2019 if self.rules == "2019" else self.rules_2025
