"""Facts about fees, proof, administration and who pays: FEE, ADM, and MOT-04."""

from __future__ import annotations

from labsim.market.arrays import Floats
from labsim.study.validation.registry import NEGATIVE, POSITIVE, check
from labsim.study.validation.runs import Runs
from labsim.study.validation.verdict import Limits


@check("MOT-04", worlds=("hard group",))
def unmotivated_cost_margin(runs: Runs) -> Floats:
    """Provider's margin under outcome pay, mean motivation 5 less 7.5."""
    return runs.difference("provider_margin_share", "hard group", "unmotivated", "usual")


@check("FEE-10", worlds=("proof",), limits=POSITIVE)
def silence_costs_outcomes(runs: Runs) -> Floats:
    """Outcomes unpaid for want of the client's notice, notice chance 0.4 less 0.7."""
    return runs.difference("outcomes_unnotified", "proof", "silent", "notice")


@check("FEE-11", worlds=("window",), limits=Limits(high=18))
def late_jobs_cannot_earn(runs: Runs) -> Floats:
    """Latest week of service in which a job began that earned, eight months of twelve; 18 or less.

    Four months are 18 weeks.
    """
    return runs.of("last_paid_begin_week", "window", "eight of twelve")


@check("FEE-13", worlds=("pay",), limits=NEGATIVE)
def dearer_far_less_creaming(runs: Runs) -> Floats:
    """Employability weighted by hours less unweighted, SD: prices by distance less one price."""
    return runs.difference("selection_caseload", "pay", "by group", "mixed")


@check("FEE-18", worlds=("focus-tyopolut",))
def others_save(runs: Runs) -> Floats:
    """What purses that do not pay for the service gain from it per start, EUR."""
    return runs.of("others_gain_per_start_eur", "focus-tyopolut")


@check("FEE-21", worlds=("hard group",), limits=NEGATIVE)
def outcome_pay_fails_hard_groups(runs: Runs) -> Floats:
    """Provider's margin under pure outcome pay, mean motivation and work ability 5."""
    return runs.of("provider_margin_share", "hard group", "hard")


@check("ADM-02", worlds=("pay", "proof"))
def disputes_eat_the_budget(runs: Runs) -> Floats:
    """Administration in its sum with fees, %: nearly every claim disputed less monthly pay."""
    disputed = runs.of("admin_share", "proof", "disputed")
    monthly = runs.of("admin_share", "pay", "monthly")
    rows = min(disputed.size, monthly.size)
    return disputed[:rows] - monthly[:rows]


@check("ADM-03", worlds=("proof",))
def proof_by_hand_costs(runs: Runs) -> Floats:
    """Purchaser's administration per outcome paid, EUR: by clients' notice less by register."""
    return runs.difference("admin_per_outcome_eur", "proof", "notice", "register")


@check("ADM-04", worlds=("proof",))
def agreed_data_costs_less(runs: Runs) -> Floats:
    """Purchaser's administration per outcome paid, EUR: few claims disputed less nearly all."""
    return runs.difference("admin_per_outcome_eur", "proof", "few disputes", "disputed")


@check("ADM-05", worlds=("proof",), limits=POSITIVE)
def a_register_pays_more_outcomes(runs: Runs) -> Floats:
    """Outcomes met in time and left unproved, by clients' notice less by register."""
    return runs.difference("outcomes_unverified", "proof", "notice", "register")


@check("ADM-06", worlds=("proof",))
def control_takes_hours(runs: Runs) -> Floats:
    """Client hours per start lost to control: no claim disputed less nearly every one."""
    return runs.difference("hours_per_start", "proof", "register", "disputed")


@check("ADM-07", worlds=("focus-tyopolut",))
def both_sides_pay(runs: Runs) -> Floats:
    """Cost of administration of the purchaser or of the providers, whichever is less, EUR."""
    return runs.of("admin_least_side_eur", "focus-tyopolut")


@check("FEE-17", worlds=("placebo",), limits=POSITIVE)
def days_pay_without_effect(runs: Runs) -> Floats:
    """What before-and-after days pay in that pilot if its service changed nobody, EUR."""
    return runs.of("group_change_eur", "placebo", "days")


@check("SAT-14", worlds=("answers",), limits=Limits(high=0.02))
def feedback_finds_no_jobs(runs: Runs) -> Floats:
    """Outcomes per start, paid by feedback less by the month; no more than 2 points better."""
    return runs.difference("outcome_rate", "answers", "feedback", "flat")
