"""Facts about outcomes: OUT."""

from __future__ import annotations

from labsim.market.arrays import Floats
from labsim.study.validation.checks.pilots import EMPLOYMENT, PURCHASED
from labsim.study.validation.registry import POSITIVE, check
from labsim.study.validation.runs import Runs, correlations
from labsim.study.validation.verdict import Across, Limits


@check("OUT-01", worlds=("focus-tyopolut",))
def outcome_rate_of_focus(runs: Runs) -> Floats:
    """Starters of whom an outcome is paid, %."""
    return 100 * runs.of("outcome_rate", "focus-tyopolut")


@check("OUT-03", worlds=("focus-tyopolut",))
def jobs_after_the_service(runs: Runs) -> Floats:
    """People whose outcome would have counted, but began after the service."""
    return runs.of("outcomes_after_service", "focus-tyopolut")


@check("OUT-04", worlds=("length",), limits=POSITIVE)
def shorter_service_counts_less(runs: Runs) -> Floats:
    """Outcomes per start, a service of twelve months less one of eight."""
    return runs.difference("outcome_rate", "length", "twelve months", "eight months")


@check("OUT-07", worlds=PURCHASED, tolerance=0.3)
def satisfied_is_not_employed(runs: Runs) -> Floats:
    """Correlation over pilots of mean satisfaction with weeks in work per start; within 0.3."""
    answers = runs.across("satisfaction_mean", PURCHASED).values
    work = runs.across("employed_weeks_per_start", PURCHASED).values
    return correlations(answers, work)


@check("OUT-14", worlds=("skill",))
def tailoring_helps(runs: Runs) -> Floats:
    """Outcomes per start, an hour of coaching worth half as much again less half as much."""
    return runs.difference("outcome_rate", "skill", "skilled", "plain")


@check("OUT-15", worlds=EMPLOYMENT, limits=Limits(0, 10))
def business_is_minor(runs: Runs) -> Across:
    """Own businesses among clients' exits to work or study, %, by pilot; minor: under 10."""
    return runs.across("business_of_exits", EMPLOYMENT)


@check("SAT-08", worlds=EMPLOYMENT, limits=Limits(0, 50))
def own_activity_finds_most_jobs(runs: Runs) -> Across:
    """Jobs during the service that coaching found, not own search, %, by pilot; under 50."""
    return runs.across("jobs_of_provider", EMPLOYMENT)


@check("PRC-10", worlds=("contracts",))
def long_contracts_learn(runs: Runs) -> Floats:
    """Weeks in work gained per start, referral for a quarter less for two years."""
    return runs.difference("net_employed_weeks_per_start", "contracts", "short", "long")
