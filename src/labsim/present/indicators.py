"""How each indicator is written: its kind decides unit, decimals and scale.

Names and definitions are in the catalogue, topic ``indicators``.
"""

from __future__ import annotations

from typing import Literal

Kind = Literal["count", "number", "eur", "share"]
"""``count``: people or events; ``number``: one decimal; ``eur``: three digits; ``share``: in %."""

_BY_KIND: dict[Kind, str] = {
    "count": """
        referred started dropouts outcomes_met outcomes_paid jobs_started jobs_90d jobs_180d
        education_starts business_starts left_labour_force outcomes_after_service
        outcomes_after_contract outcomes_unverified outcomes_disputed outcomes_unnotified
        outcomes_proof_late outcomes_completed_late outcomes_running outcomes_not_sustained
        outcomes_short_hours outcomes_late_short outcomes_lower_fee outcomes_unfunded
        clients_sent_back clients_returned
        additional_outcomes deadweight_outcomes displaced_employed_weeks""",
    "number": """
        wait_weeks_mean caseload_mean caseload_max employed_weeks_per_start
        net_employed_weeks_per_start net_jobs_90d providers_insolvent hours_near hours_middle
        hours_far net_weeks_near net_weeks_middle net_weeks_far selection_officer
        selection_intake selection_caseload satisfaction_mean motivation_change
        work_ability_change providers_withdrawn""",
    "eur": """
        fees_eur fees_per_start_eur fees_per_outcome_eur fees_per_additional_outcome_eur
        purchaser_cost_per_net_job_eur admin_cost_purchaser_eur admin_cost_providers_eur
        provider_cost_per_start_eur net_state_eur net_municipality_eur net_funds_eur
        net_public_eur""",
    "share": """
        start_rate outcome_rate deadweight_share provider_margin_share deadweight_share_near
        deadweight_share_middle deadweight_share_far parked_share promised_outcome_rate
        promise_kept winners_curse""",
}

GROUPS: dict[str, tuple[str, ...]] = {
    "volumes": ("referred", "started", "start_rate", "wait_weeks_mean", "caseload_mean",
                "caseload_max", "dropouts", "clients_sent_back", "clients_returned"),
    "outcomes": ("outcomes_met", "outcomes_paid", "outcome_rate", "jobs_started", "jobs_90d",
                 "jobs_180d", "employed_weeks_per_start", "education_starts", "business_starts",
                 "left_labour_force"),
    "unpaid": ("outcomes_after_contract", "outcomes_unverified", "outcomes_disputed",
               "outcomes_unnotified", "outcomes_proof_late", "outcomes_after_service",
               "outcomes_completed_late", "outcomes_running", "outcomes_not_sustained",
               "outcomes_short_hours", "outcomes_late_short", "outcomes_lower_fee",
               "outcomes_unfunded"),
    "impact": ("net_jobs_90d", "net_employed_weeks_per_start", "additional_outcomes",
               "deadweight_outcomes", "deadweight_share", "displaced_employed_weeks"),
    "money": ("fees_eur", "fees_per_start_eur", "fees_per_outcome_eur",
              "fees_per_additional_outcome_eur", "purchaser_cost_per_net_job_eur",
              "admin_cost_purchaser_eur", "admin_cost_providers_eur",
              "provider_cost_per_start_eur", "provider_margin_share", "providers_insolvent",
              "net_state_eur", "net_municipality_eur", "net_funds_eur", "net_public_eur"),
    "fairness": ("hours_near", "hours_middle", "hours_far", "net_weeks_near",
                 "net_weeks_middle", "net_weeks_far", "deadweight_share_near",
                 "deadweight_share_middle", "deadweight_share_far", "parked_share",
                 "selection_officer", "selection_intake", "selection_caseload"),
    "people": ("satisfaction_mean", "motivation_change", "work_ability_change"),
    "promises": ("promised_outcome_rate", "promise_kept", "winners_curse", "providers_withdrawn"),
}  # fmt: skip
"""Order of the table of all indicators."""

INDICATORS: dict[str, Kind] = {
    name: kind for kind, names in _BY_KIND.items() for name in names.split()
}
"""Every indicator and its kind."""

# Small by nature: one decimal would hide all of it.
FINE = frozenset({
    "selection_officer", "selection_intake", "selection_caseload", "satisfaction_mean",
    "motivation_change", "work_ability_change", "providers_insolvent", "providers_withdrawn",
})  # fmt: skip
