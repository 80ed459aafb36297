"""The indicators of a run: one number each, computed from the run and its twin.

Counts are totals of a run; `*_per_start` divides by `started`. Where a number has no meaning (no
starts, no fees, not simulated in this version) it is NaN, never 0.
"""

from __future__ import annotations

from math import nan

import numpy as np

from labsim.market.arrays import Bools, Floats
from labsim.market.states import Stage, State
from labsim.market.weeks import weeks_of_days
from labsim.measure.fates import Fate
from labsim.measure.lives import has_spell
from labsim.measure.pair import THIRDS, Pair

Values = dict[str, float]


def indicators(pair: Pair) -> Values:
    """Return every indicator of interface.md, in its order."""
    values: Values = {}
    for family in (_volumes, _outcomes, _unpaid, _impact, _money, _fairness, _people, _promises):
        values |= family(pair)
    return values


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else nan


def _mean(values: Floats, rows: Bools) -> float:
    return float(values[rows].mean()) if rows.any() else nan


def _volumes(pair: Pair) -> Values:
    columns, flows = pair.run.columns, pair.run.flows
    referred, started = int(pair.referred.sum()), int(pair.started.sum())
    waits = (columns.service_start - columns.referred_week).astype(float)
    staffed = (flows["in_service"] > 0) & (flows["coaches"] > 0)
    caseload = flows["in_service"][staffed] / flows["coaches"][staffed]
    return {
        "referred": referred,
        "started": started,
        "start_rate": _ratio(started, referred),
        "wait_weeks_mean": _mean(waits, pair.started),
        "caseload_mean": float(caseload.mean()) if caseload.size else nan,
        "caseload_max": float(caseload.max()) if caseload.size else nan,
        "dropouts": int((columns.stage == Stage.DROPPED_OUT).sum()),
    }


def _lasting(pair: Pair, twin: bool, days: int) -> Bools:
    """Whether each starter began a job after starting that lasted so many days."""
    market = pair.twin if twin else pair.run
    since = pair.windows.start
    return has_spell(market.spells, since, pair.weeks, State.EMPLOYED, max(weeks_of_days(days), 1))


def _started_spells(pair: Pair, state: State) -> int:
    return int(has_spell(pair.run.spells, pair.windows.start, pair.weeks, state).sum())


def _outcomes(pair: Pair) -> Values:
    started, paid = int(pair.started.sum()), int(pair.paid.sum())
    return {
        "outcomes_met": int(pair.met.sum()),
        "outcomes_paid": paid,
        "outcome_rate": _ratio(paid, started),
        "jobs_started": int(_lasting(pair, twin=False, days=0).sum()),
        "jobs_90d": int(_lasting(pair, twin=False, days=90).sum()),
        "jobs_180d": int(_lasting(pair, twin=False, days=180).sum()),
        "employed_weeks_per_start": _mean(pair.weeks_in_work[0], pair.started),
        "education_starts": _started_spells(pair, State.STUDYING),
        "business_starts": _started_spells(pair, State.ENTREPRENEUR),
        "left_labour_force": _started_spells(pair, State.OUTSIDE),
    }


def _unpaid(pair: Pair) -> Values:
    """Return who was not paid for, each person once, by how far their outcome came (`Fate`)."""
    people = np.bincount(pair.fate, minlength=len(Fate))
    unverified = (Fate.PROOF_LATE, Fate.UNNOTIFIED, Fate.DISPUTED)
    return {
        "outcomes_after_service": int(people[Fate.AFTER_SERVICE]),
        "outcomes_after_contract": int(people[Fate.AFTER_CONTRACT]),
        "outcomes_unverified": int(sum(people[fate] for fate in unverified)),
        "outcomes_disputed": int(people[Fate.DISPUTED]),
        "outcomes_unnotified": int(people[Fate.UNNOTIFIED]),
        "outcomes_proof_late": int(people[Fate.PROOF_LATE]),
        "outcomes_completed_late": int(people[Fate.COMPLETED_LATE]),
        "outcomes_running": int(people[Fate.RUNNING]),
        "outcomes_not_sustained": int(people[Fate.NOT_SUSTAINED]),
        "outcomes_short_hours": int(people[Fate.SHORT_HOURS]),
        "outcomes_late_short": int(people[Fate.LATE_SHORT]),
        "outcomes_lower_fee": int((pair.paid & ~pair.paid_in_full).sum()),
        "outcomes_unfunded": int(people[Fate.UNFUNDED]),
        "clients_sent_back": int((pair.run.columns.stage == Stage.SENT_BACK).sum()),
        "clients_returned": int((pair.run.columns.stage == Stage.RETURNED).sum()),
    }


def _impact(pair: Pair) -> Values:
    started, met = int(pair.started.sum()), int(pair.met.sum())
    anyway = int(pair.met_anyway.sum())
    work, work_anyway = pair.weeks_in_work
    jobs = int(_lasting(pair, twin=False, days=90).sum())
    jobs_anyway = int(_lasting(pair, twin=True, days=90).sum())
    ever, ever_anyway = pair.weeks_in_work_ever
    bystanders = ~pair.referred
    return {
        "additional_outcomes": met - anyway,
        "deadweight_outcomes": anyway,
        "deadweight_share": _ratio(anyway, met),
        "net_employed_weeks_per_start": _mean(work - work_anyway, pair.started),
        "net_jobs_90d": _ratio(100 * (jobs - jobs_anyway), started),
        "displaced_employed_weeks": float((ever_anyway - ever)[bystanders].sum()),
    }


def _money(pair: Pair) -> Values:
    ledger, started = pair.run.ledger, int(pair.started.sum())
    fees = ledger.total(kind="fee") / 100
    admin = ledger.total(kind="admin", payer="purchaser") / 100
    names = [provider.name for provider in pair.run.providers]
    costs = sum(ledger.total(payer=name) for name in names) / 100
    provider_admin = sum(ledger.total(kind="admin", payer=name) for name in names) / 100
    additional = int(pair.met.sum()) - int(pair.met_anyway.sum())
    net_jobs = int(_lasting(pair, False, 90).sum()) - int(_lasting(pair, True, 90).sum())
    return {
        "fees_eur": fees,
        "fees_per_start_eur": _ratio(fees, started),
        "fees_per_outcome_eur": _ratio(fees, int(pair.paid.sum())),
        "fees_per_additional_outcome_eur": _ratio(fees, additional) if additional > 0 else nan,
        "purchaser_cost_per_net_job_eur": _ratio(fees + admin, net_jobs) if net_jobs > 0 else nan,
        "admin_cost_purchaser_eur": admin,
        "admin_cost_providers_eur": provider_admin,
        "provider_cost_per_start_eur": _ratio(costs, started),
        "provider_margin_share": _ratio(fees - costs, fees),
        "providers_insolvent": sum(not provider.solvent for provider in pair.run.providers),
        **_net_by_payer(pair),
    }


def _net_by_payer(pair: Pair) -> Values:
    """Return what each public purse gains or loses against the twin; positive is better off."""
    buyer = pair.run.setup.finance.current.purchaser
    nets: Values = {}
    for purse in ("state", "municipality", "funds"):
        parties = [purse, "purchaser"] if purse == buyer else [purse]
        cents = sum(pair.run.ledger.balance(p) - pair.twin.ledger.balance(p) for p in parties)
        nets[f"net_{purse}_eur"] = cents / 100
    return nets | {"net_public_eur": round(sum(nets.values()), 2)}


def _fairness(pair: Pair) -> Values:
    hours = pair.run.columns.hours_total
    work, work_anyway = pair.weeks_in_work
    values: Values = {}
    for number, third in reversed(list(enumerate(THIRDS))):
        rows = pair.started & (pair.third == number)
        values[f"hours_{third}"] = _mean(hours, rows)
        values[f"net_weeks_{third}"] = _mean(work - work_anyway, rows)
        values[f"deadweight_share_{third}"] = _ratio(
            int((pair.met_anyway & rows).sum()), int((pair.met & rows).sum())
        )
    order = [
        f"{stem}_{third}"
        for stem in ("hours", "net_weeks", "deadweight_share")
        for third in reversed(THIRDS)
    ]
    values = {name: values[name] for name in order}
    return values | {"parked_share": _parked_share(pair)} | _selection(pair)


def _parked_share(pair: Pair) -> float:
    """Return the share with fewer weekly hours than promised, or than a quarter of the mean."""
    if not pair.started.any():
        return nan
    weekly = pair.run.columns.hours_total[pair.started] / np.maximum(
        pair.service_weeks[pair.started], 1
    )
    least = max(pair.run.setup.contract.minimum_hours * (1 - 1e-9), float(weekly.mean()) / 4)
    return float((weekly < least).mean())


def _selection(pair: Pair) -> Values:
    """Return, at three doors, mean employability of those let through less those before."""
    score, eligible = pair.employability, pair.run.columns.ever_eligible
    hours = pair.run.columns.hours_total[pair.started]
    weighted = nan
    if hours.sum() > 0:
        weighted = float(np.average(score[pair.started], weights=hours))
    return {
        "selection_officer": _mean(score, pair.referred) - _mean(score, eligible),
        "selection_intake": _mean(score, pair.started) - _mean(score, pair.referred),
        "selection_caseload": weighted - _mean(score, pair.started),
    }


def _people(pair: Pair) -> Values:
    columns = pair.run.columns
    ended = pair.started & ~np.isnan(columns.motivation_at_end)
    return {
        "satisfaction_mean": _mean(columns.satisfaction, ended),
        "motivation_change": _mean(columns.motivation_at_end - columns.motivation_at_start, ended),
        "work_ability_change": _mean(columns.ability_at_end - columns.ability_at_start, ended),
    }


def _promises(pair: Pair) -> Values:
    """Return what winning bids promised, against what is feasible and what came of it.

    Every client counts by the contract under which the service started.
    """
    awards, columns = pair.run.places.awards, pair.run.columns
    who = np.flatnonzero(pair.started) if awards else np.zeros(0, dtype=np.int64)
    promised = feasible = nan
    if who.size:
        table = np.array([found.promised for found in awards])
        promised = float(table[columns.contract[who], columns.provider[who]].mean())
        rates = np.array([found.feasible for found in awards])
        feasible = float(rates[columns.contract[who]].mean())
    delivered = _ratio(int(pair.met.sum()), int(pair.started.sum()))
    return {
        "promised_outcome_rate": promised,
        "promise_kept": delivered / promised if promised else nan,
        "winners_curse": promised / feasible - 1 if feasible else nan,
        "providers_withdrawn": sum(provider.withdrawn for provider in pair.run.providers),
    }
