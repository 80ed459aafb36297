"""Synthetic but coherent frames: what the lead's study room hands to the present room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from labsim.present import Results
from labsim.present.indicators import INDICATORS

EFFECT = {"hourly": 6.0, "monthly": 5.8, "no-cure-no-pay": 5.6, "mixed": 6.9, "capacity": 4.2}
FAR_HOURS = {"hourly": 14.0, "monthly": 12.5, "no-cure-no-pay": 9.6, "mixed": 12.0}
MARGIN = {"hourly": 0.04, "no-cure-no-pay": -0.05, "mixed": 0.02, "capacity": 0.06}
OUTCOME_SHARE = {"hourly": 0.0, "monthly": 0.0, "no-cure-no-pay": 1.0, "capacity": 0.0}
TWELVE = (
    "hourly", "monthly", "no-cure-no-pay", "mixed", "mixed-by-group", "capacity", "own",
    "ladder", "voucher", "alliance", "impact", "a-design-with-quite-a-long-name-indeed",
)  # fmt: skip
RATIOS = {
    "fees_per_outcome_eur": ("fees_eur", "outcomes_paid"),
    "fees_per_additional_outcome_eur": ("fees_eur", "additional_outcomes"),
    "deadweight_share": ("deadweight_outcomes", "outcomes_met"),
}


def make_results(
    designs: Sequence[str] = TWELVE[:6],
    replications: int = 20,
    weeks: int = 104,
    title: Any = None,
    planned: int | None = None,
    interrupted: bool = False,
) -> Results:
    """Build one coherent set of frames; the same arguments give the same numbers."""
    runs = make_runs(designs, replications)
    return Results(
        runs=runs,
        weekly=make_weekly([*designs, "no-service"], replications, weeks),
        ledger=make_ledger(runs, weeks),
        summary=summarise(runs, designs),
        manifest=make_manifest(designs, replications, title)
        | {"interrupted": interrupted, "replications": planned or replications},
        assumptions=make_assumptions(),
        contracts={d: [f"{d}: 500 EUR at the start.", "1,500 EUR for a job."] for d in designs},
    )


def make_runs(designs: Sequence[str], replications: int) -> pd.DataFrame:
    """One row per design and replication; replications share their luck across designs."""
    luck = np.random.default_rng(7).normal(size=(replications, 4))
    rows = [
        {"scenario": "focus-tyopolut", "design": d, "replication": r, "seed": 1000 + r}
        | _run(d, luck[r], np.random.default_rng([sum(d.encode()), r]))
        for d in designs
        for r in range(replications)
    ]
    return pd.DataFrame(rows)


def _run(design: str, luck: np.ndarray, rng: np.random.Generator) -> dict[str, float]:
    noise = rng.normal(size=8)
    effect = EFFECT.get(design, 5.0 + sum(design.encode()) % 7 / 3)
    started = 640 + round(10 * luck[0])
    met = round(started * (0.58 + 0.02 * luck[1] + 0.003 * noise[0]))
    additional = round(started * (effect / 100 * 1.9 + 0.008 * luck[2] + 0.004 * noise[1]))
    paid = round(met * 0.86)
    fees = started * (1100 + 20 * luck[0] + 10 * noise[2])
    jobs = effect + 1.6 * luck[2] + 0.8 * noise[3]
    far = FAR_HOURS.get(design, 11.0) + 0.4 * luck[3] + 0.3 * noise[4]
    values: dict[str, float] = dict.fromkeys(INDICATORS, np.nan)
    values |= {
        "referred": round(started / 0.65), "started": started, "start_rate": 0.65,
        "wait_weeks_mean": 3.2 + 0.2 * noise[5], "caseload_mean": 55 + noise[5],
        "caseload_max": 71 + round(noise[5]), "dropouts": round(40 + 4 * noise[5]),
        "outcomes_met": met, "outcomes_paid": paid, "outcome_rate": paid / started,
        "jobs_started": round(met * 1.2), "jobs_90d": round(met * 0.7),
        "jobs_180d": round(met * 0.5),
        "employed_weeks_per_start": 21 + luck[2],
        "education_starts": 40, "business_starts": 9,
        "left_labour_force": 52, "outcomes_after_service": round(met * 0.09),
        "outcomes_after_contract": round(met * 0.04), "outcomes_unverified": round(met * 0.01),
        "outcomes_disputed": 0, "outcomes_unnotified": 0, "outcomes_proof_late": round(met * 0.01),
        "outcomes_completed_late": 0, "outcomes_running": round(met * 0.02),
        "outcomes_not_sustained": round(met * 0.3), "outcomes_short_hours": round(met * 0.1),
        "outcomes_late_short": round(met * 0.05), "outcomes_lower_fee": 0,
        "outcomes_unfunded": 0, "clients_sent_back": 0, "clients_returned": 0,
        "additional_outcomes": additional, "deadweight_outcomes": met - additional,
        "deadweight_share": (met - additional) / met,
        "net_employed_weeks_per_start": 2.2 + 0.5 * luck[2], "net_jobs_90d": jobs,
        "displaced_employed_weeks": 310 + 60 * luck[2] + 20 * noise[6],
        "fees_eur": round(fees, 2), "fees_per_start_eur": fees / started,
        "fees_per_outcome_eur": fees / paid,
        "fees_per_additional_outcome_eur": fees / additional if additional else np.nan,
        "purchaser_cost_per_net_job_eur": (fees + 90_000) / (jobs * started / 100),
        "admin_cost_purchaser_eur": 90_000 + 500 * noise[5],
        "admin_cost_providers_eur": 45_000 + 500 * noise[5],
        "provider_cost_per_start_eur": 1080 + 10 * noise[2],
        "provider_margin_share": MARGIN.get(design, 0.03) + 0.01 * noise[2],
        "providers_insolvent": float(design == "no-cure-no-pay" and noise[7] > 0.8),
        "providers_withdrawn": float(design == "no-cure-no-pay" and noise[7] < -0.8),
        "net_state_eur": -520_000 + 2.2e5 * luck[2] + 3e4 * noise[3],
        "net_municipality_eur": 140_000 + 4e4 * luck[2] + 1e4 * noise[3],
        "net_funds_eur": 210_000 + 5e4 * luck[2] + 1e4 * noise[3],
        "hours_near": 30 - far, "hours_middle": 15 + 0.2 * noise[4], "hours_far": far,
        "net_weeks_near": 1.4 + 0.4 * luck[2], "net_weeks_middle": 2.7 + 0.5 * luck[2],
        "net_weeks_far": far / 6 + 0.3 * luck[2], "deadweight_share_near": 0.9,
        "deadweight_share_middle": 0.8, "deadweight_share_far": 0.65, "parked_share": 0.12,
        "selection_officer": 0.1 + 0.01 * noise[0], "selection_intake": 0.0,
        "selection_caseload": 0.2 * OUTCOME_SHARE.get(design, 0.5) + 0.02 * noise[0],
        "satisfaction_mean": 3.9 + 0.05 * noise[0], "motivation_change": 0.2,
        "work_ability_change": 0.1,
        "promised_outcome_rate": 0.42, "promise_kept": 0.64, "winners_curse": 0.46,
    }  # fmt: skip
    values["net_public_eur"] = (
        values["net_state_eur"] + values["net_municipality_eur"] + values["net_funds_eur"]
    )
    return values


def summarise(runs: pd.DataFrame, designs: Sequence[str]) -> pd.DataFrame:
    """Give mean, spread and paired difference for each design and indicator."""
    wide = {d: runs[runs["design"] == d].set_index("replication") for d in designs}
    names = [name for name in INDICATORS if name in runs]
    rows = [_summary_row(wide, designs[0], d, name) for d in designs for name in names]
    return pd.DataFrame(rows)


def _summary_row(
    wide: Mapping[str, pd.DataFrame], reference: str, design: str, name: str
) -> dict[str, Any]:
    values = wide[design][name].to_numpy(float)
    mean, low, high = _interval(values)
    gap = (np.nan, np.nan, np.nan)
    if design != reference:
        gap = _interval(values - wide[reference][name].to_numpy(float))
    p05, p50, p95 = np.quantile(values, [0.05, 0.5, 0.95])
    sd = float(values.std(ddof=1)) if len(values) > 1 else np.nan
    return {
        "design": design, "indicator": name, "n": len(values), "mean": mean, "sd": sd,
        "p05": p05, "p50": p50, "p95": p95, "mean_low": low, "mean_high": high,
        "difference": gap[0], "difference_low": gap[1], "difference_high": gap[2],
    }  # fmt: skip


def _interval(values: np.ndarray) -> tuple[float, float, float]:
    mean = float(values.mean())
    if len(values) < 2:
        return mean, np.nan, np.nan
    half = 2.09 * float(values.std(ddof=1)) / len(values) ** 0.5
    return mean, mean - half, mean + half


def make_weekly(designs: Sequence[str], replications: int, weeks: int) -> pd.DataFrame:
    """Stocks and flows by week; the twin has no service flows."""
    return pd.concat(
        [_weekly(d, r, weeks) for d in designs for r in range(replications)], ignore_index=True
    )


def _weekly(design: str, replication: int, weeks: int) -> pd.DataFrame:
    rng = np.random.default_rng([sum(design.encode()), replication, 5])
    week = np.arange(weeks)
    served = 0.0 if design == "no-service" else 1.0
    started = served * rng.poisson(13, weeks) * (week < 50)
    inside = np.convolve(started, np.ones(26))[:weeks]
    paid = rng.poisson(0.3 * inside / 10 + 1e-9) if served else np.zeros(weeks)
    hours = inside * (0.55 + 0.002 * (sum(design.encode()) % 90)) + served * rng.normal(0, 8, weeks)
    employed = 400 + 8 * week - 0.03 * week**2 + rng.normal(0, 10, weeks)
    return pd.DataFrame({
        "design": design, "replication": replication, "week": week, "unemployed": 1940 - employed,
        "employed": employed, "subsidised": 20.0, "studying": 60.0, "entrepreneurs": 15.0,
        "outside": 50.0,
        "referred": started * 1.5, "started": started, "in_service": inside,
        "client_hours": np.clip(hours, 0, None), "coaches": np.ceil(inside / 55),
        "jobs_started": rng.poisson(9, weeks), "jobs_ended": rng.poisson(5, weeks),
        "outcomes_met": paid * 1.1, "outcomes_paid": paid,
        "fees_eur": started * 400 + paid * 1500.0,
    })  # fmt: skip


def make_ledger(runs: pd.DataFrame, weeks: int) -> pd.DataFrame:
    """One fee line per run: the charts read totals from the summary, not from here."""
    return pd.DataFrame({
        "design": runs["design"], "replication": runs["replication"], "week": weeks - 1,
        "payer": "state", "payee": "provider", "kind": "fee", "item": "start", "group": "",
        "cents": (runs["fees_eur"] * 100).round().astype("int64"),
    })  # fmt: skip


def make_manifest(designs: Sequence[str], replications: int, title: Any) -> dict[str, Any]:
    """Say what the run was."""
    return {
        "scenario": {"run": {"weeks": 104}},
        "title": {"": "Focus Työpolut, Pirkanmaa"} if title is None else title,
        "designs": [{"id": d, "title": f"{d.replace('-', ' ').capitalize()} pay"} for d in designs],
        "replications": replications, "completed": replications, "interrupted": False,
        "seed": 20261101, "version": "0.1.0", "packages": {"mesa": "3.3.1", "numpy": "2.3.4"},
        "platform": "Linux x86_64, Python 3.11.7", "wall_seconds": 41.3, "people": 1940,
        "row_counts": {"runs": len(designs) * replications},
        "started_mean": dict.fromkeys(designs, 640.0),
    }  # fmt: skip


def make_assumptions() -> list[dict[str, Any]]:
    """A few values, two of them assumed."""
    keys = ("path", "value", "unit", "description", "status", "source", "origin")
    rows = [
        ("coaching.max_uplift", 0.6, "", "Largest uplift", "assumption", "T DE-INHOUSE", "finland"),
        ("contract.weeks", 86, "weeks", "Length", "verified", "Focus 3.6.1", "focus-tyopolut"),
        ("office.hours", 1.0, "hours", "Time of one assessment", "assumption", "", "finland"),
    ]
    return [dict(zip(keys, row, strict=True)) for row in rows]
