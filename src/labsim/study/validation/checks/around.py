"""Facts about what is around a contract: COV, PTN, coordination, one roof, firms, sectors."""

from __future__ import annotations

from labsim.market.arrays import Floats
from labsim.study.validation.registry import NEGATIVE, POSITIVE, check
from labsim.study.validation.runs import Runs


@check("COV-01", worlds=("spring 2020",))
def fewer_are_hired(runs: Runs) -> Floats:
    """Jobs that begin in the whole market while the shock of spring 2020 lasts, less without it."""
    return runs.difference("jobs_in_spring", "spring 2020", "shock", "usual")


@check("COV-02", worlds=("spring 2020",))
def services_slow(runs: Runs) -> Floats:
    """Outcomes per start, with the shock less without."""
    return runs.difference("outcome_rate", "spring 2020", "shock", "usual")


@check("COV-05", worlds=("spring 2020",))
def targets_out_of_reach(runs: Runs) -> Floats:
    """Outcomes paid with the shock, as a share of those without it, for which it was planned."""
    return runs.of("outcomes_paid", "spring 2020", "shock") / runs.of(
        "outcomes_paid", "spring 2020", "usual"
    )


@check("REF-26", worlds=("spring 2020",))
def referral_weakens(runs: Runs) -> Floats:
    """People referred, with the shock less without."""
    return runs.difference("referred", "spring 2020", "shock", "usual")


@check("REF-25", worlds=("sectors",))
def one_sector_is_hard_to_fill(runs: Runs) -> Floats:
    """Referrals as a share of plan, one sector of a twentieth of jobseekers less all of them."""
    return runs.difference("fill", "sectors", "one", "all")


@check("OUT-12", worlds=("together",))
def a_back_office_adds(runs: Runs) -> Floats:
    """Outcomes that the service adds, with a back office less without."""
    return runs.difference("additional_outcomes", "together", "back office", "apart")


@check("OUT-16", worlds=("together",), limits=NEGATIVE)
def one_roof_is_faster(runs: Runs) -> Floats:
    """Weeks from referral to start, under one roof less apart."""
    return runs.difference("wait_weeks_mean", "together", "one roof", "apart")


@check("OUT-17", worlds=("needs",))
def a_coordinator_adds(runs: Runs) -> Floats:
    """Weeks in work gained per start by people of several needs, coordinated less alone."""
    return runs.difference("net_employed_weeks_per_start", "needs", "coordinated", "alone")


@check("PTN-05", worlds=("together",))
def meetings_bring_outcomes(runs: Runs) -> Floats:
    """Outcomes paid, with two meetings a week less without."""
    return runs.difference("outcomes_paid", "together", "meetings", "apart")


@check("FEE-15", worlds=("firms",), limits=POSITIVE)
def feedback_pays_for_satisfaction(runs: Runs) -> Floats:
    """What firms think, paid by their feedback less paid by the firm served."""
    return runs.difference("firms_score", "firms", "feedback", "fixed")


@check("REF-19", worlds=("yritysmagneetti-lappi",))
def firms_take_part(runs: Runs) -> Floats:
    """Firms served."""
    return runs.of("firms_served", "yritysmagneetti-lappi")
