"""The patterns, by their number in the model's list."""

from __future__ import annotations

from collections.abc import Callable

from patterns import market_side, payment, tenders
from patterns.core import Pattern

PATTERNS: dict[int, Callable[..., Pattern]] = {
    2: payment.same_jobs_under_either_pay,
    3: payment.the_far_lose_hours,
    4: payment.early_milestones_buy_short_jobs,
    5: market_side.the_untreated_lose,
    6: market_side.empty_seats_cost,
    7: market_side.central_referral_fills,
    8: payment.service_sinks_at_the_end,
    9: tenders.price_competition_underbids,
    10: tenders.a_gap_costs_months,
    11: payment.gross_is_not_additional,
    12: market_side.satisfied_is_not_employed,
}
