"""``[employers]``: services to firms, and firms as clients."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from labsim.scenario.parameter import Fault, Section, param, refuse
from labsim.scenario.sections.referral import Education

LEAST_SCORE, MOST_SCORE = 1.0, 5.0


class Employers(Section):
    """Firms that choose among the providers, and what these do for them; by default there are none.

    What is done for firms makes vacancies known that jobseekers would not have heard of.
    """

    firms: int = param(0, "Firms that take part", unit="firms", ge=0, le=1_000_000)
    start_week: int = param(0, "First week of the service to firms", unit="week", ge=0, le=1560)
    weeks: int = param(52, "Weeks of the service to firms", unit="weeks", ge=1, le=1560)
    join_weeks: int = param(
        1, "Weeks over which the firms join, evenly", unit="weeks", ge=1, le=1560
    )
    areas: list[str] | None = param(None, "Only firms of these areas", min_length=1)
    sectors: list[str] | None = param(None, "Only firms of these sectors", min_length=1)
    education: list[Education] | None = param(
        None, "Only firms whose vacancies are for these levels of education", min_length=1
    )
    vacancies_per_firm: float = param(
        2.0, "Vacancies of a typical firm at a time", unit="vacancies", gt=0, le=10_000,
        plausible=(0.5, 5), status="assumption", source="small and medium-sized firms",
    )  # fmt: skip
    vacancies_spread: float = param(
        0.7, "Spread of firms' vacancies", unit="SD of log", ge=0, le=3, status="assumption",
        source="",
    )  # fmt: skip
    vacancy_gain: float = param(
        0.3, "Vacancies of a fully served firm that jobseekers would not have heard of, per known "
        "one", ge=0, le=10, plausible=(0.05, 0.8), status="assumption",
        source="employer contacts reach hidden jobs (M-LAB-01); no number",
    )  # fmt: skip
    saturation_hours_per_week: float = param(
        0.5, "Hours a week for a firm that give 63 % of what service can do", unit="hours/week",
        gt=0, le=40, plausible=(0.2, 2), status="assumption", source="",
    )  # fmt: skip
    hours_min: float = param(
        0.2, "Least hours a week that a firm gets", unit="hours/week", ge=0, le=40,
        plausible=(0.05, 1), status="assumption", source="",
    )  # fmt: skip
    hours_max: float = param(
        4.0, "Most hours a week that a firm gets", unit="hours/week", ge=0, le=40,
        status="assumption", source="",
    )  # fmt: skip
    usual_score: float = param(
        3.3, "What a firm thinks of a service that does nothing for it", unit="points 1-5",
        ge=LEAST_SCORE, le=MOST_SCORE, plausible=(2.5, 4), status="assumption", source="",
    )  # fmt: skip
    score_gain: float = param(
        1.0, "Points that full service adds", unit="points", ge=0, le=4, plausible=(0.5, 1.5),
        status="assumption", source="the sign is M-PRO-18",
    )  # fmt: skip
    score_noise_sd: float = param(
        0.8, "Spread of firms' answers about the same service", unit="points", ge=0, le=4,
        status="assumption", source="",
    )  # fmt: skip
    round_weeks: int = param(
        4, "Weeks between a firm's answers, after each of which the service is paid", unit="weeks",
        ge=1, le=104, status="assumption", source="a real-time feedback application (M-PRO-23)",
    )  # fmt: skip
    payment: Literal["fixed", "feedback", "voucher"] = param(
        "fixed", "What is paid for: a firm served (fixed), also what it thinks (feedback), or the "
        "hours that its voucher buys (voucher)",
    )  # fmt: skip
    eur_per_round: float = param(
        60.0, "Euros for a firm served, each round (voucher: what its voucher is worth)",
        unit="EUR", ge=0, le=1_000_000, status="assumption",
        source="covers the least hours; no fee of the business pilots is published",
    )  # fmt: skip
    eur_per_point: float = param(
        0.0, "Euros for each point of a firm's answer above score_from, each round (feedback)",
        unit="EUR", ge=0, le=1_000_000,
    )  # fmt: skip
    score_from: float = param(
        3.0, "Answer from which points are paid (feedback)", unit="points 1-5", ge=LEAST_SCORE,
        le=MOST_SCORE,
    )  # fmt: skip
    per_reputation_point: float = param(
        0.2, "What a point of a provider's reputation weighs with a firm", ge=-10, le=10,
        plausible=(0, 0.5), status="assumption", source="as with clients (referral.choice)",
    )  # fmt: skip
    per_marketing_point: float = param(
        0.1, "What a point of a provider's marketing weighs with a firm", ge=-10, le=10,
        plausible=(0, 0.5), status="assumption", source="as with clients (referral.choice)",
    )  # fmt: skip
    per_feedback_point: float = param(
        1.0, "What a point of other firms' answers so far weighs with a firm", ge=-10, le=10,
        plausible=(0, 2), status="assumption",
        source="providers were compared during the service (M-PRO-23)",
    )  # fmt: skip

    @model_validator(mode="after")
    def _consistent(self) -> Employers:
        faults = []
        if self.hours_min > self.hours_max:
            faults.append(Fault("hours_min", "not_above", other="hours_max"))
        if self.payment == "feedback" and self.eur_per_point == 0:
            faults.append(Fault("eur_per_point", "feedback_unpaid"))
        if self.payment != "feedback" and self.eur_per_point > 0:
            faults.append(Fault("eur_per_point", "only_with_feedback"))
        refuse(faults)
        return self
