"""What evaluations of pilots reported, measured in a run: for comparison with the facts.

Beside the indicators: how referral filled, who came, what the office believed of them, what they
answered, why others declined, and what people did some months later.
"""

from __future__ import annotations

from math import nan

import numpy as np

from labsim.market.arrays import Bools, Floats
from labsim.market.claims import Claims
from labsim.market.jobs import NEVER
from labsim.market.jobseekers import Jobseekers
from labsim.market.outcomes import Terms
from labsim.market.referral import belonging
from labsim.market.states import Stage, State
from labsim.measure.indicators import Values, indicators
from labsim.measure.pair import Pair
from labsim.measure.surveyed import surveyed

LOW = 5.0
"""Points of motivation under which a person counts as unmotivated (MOT-01)."""
FIRST_WEEKS = 8
HALF_YEAR = 26
SPRING = slice(17, 30)
"""Weeks of a run in which a shock is looked for, where there is one."""
_STEPS = ("poor", "passable", "satisfactory", "good", "excellent")


def reported(pair: Pair) -> Values:
    """Return the indicators and everything else that facts are about."""
    values = indicators(pair)
    for family in (
        _referral,
        _people,
        _believed,
        _answers,
        _jobs,
        _declined,
        _abilities,
        _money,
        _firms,
        _tenders,
    ):
        values |= family(pair)
    return values | surveyed(pair)


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else nan


def _mean(values: Floats | Bools, rows: Bools) -> float:
    return float(values[rows].mean()) if rows.any() else nan


def _referral(pair: Pair) -> Values:
    """Return how far referral came: in all, at first and later, against what was planned."""
    referral, flow = pair.run.setup.referral, pair.run.flows["referred"]
    planned = referral.volume / referral.weeks
    first = flow[referral.start_week :][:FIRST_WEEKS]
    half = flow[referral.start_week :][: max(referral.weeks // 2, 1)]
    late = flow[referral.start_week :][referral.weeks - FIRST_WEEKS : referral.weeks]
    started = pair.run.flows["started"][referral.start_week :][: 2 * FIRST_WEEKS]
    return {
        "fill": _ratio(float(flow.sum()), referral.volume),
        "fill_half": _ratio(float(half.sum()), planned * half.size),
        "fill_at_first": _ratio(float(first.sum()), planned * first.size),
        "fill_late": _ratio(float(late.sum()), planned * late.size),
        "starts_at_first": float(started.sum()),
        "stock_in_target": _stock_in_target(pair),
    }


def _stock_in_target(pair: Pair) -> float:
    """Return the share of the register of week 0 that belongs to the target group, %."""
    run = pair.run
    stock = np.flatnonzero(run.people.entry_week < 0)
    fits = belonging(
        run.setup.referral.target,
        Jobseekers.of(run.people, run.setup.finance),
        stock,
        0,
        names=run.names,
        seen=run.office.assessment,
    )
    return 100 * fits.size / stock.size


def _people(pair: Pair) -> Values:
    """Return who the jobseekers are, and who starts."""
    people, columns, started = pair.run.people, pair.run.columns, pair.started
    low = 100 * float((people.motivation < LOW).mean())
    at_start = 100 * _mean(columns.motivation_at_start < LOW, started)
    together = np.corrcoef(people.motivation, people.ability)[0, 1]
    return {
        "unmotivated": low,
        "unmotivated_starters": at_start,
        "unmotivated_more": at_start - low,
        "motivation_with_ability": float(together),
        "far_starters": 100 * _mean(pair.third == 0, started),
        "ability_starters": _mean(columns.ability_at_start, started),
    }


def _believed(pair: Pair) -> Values:
    """Return what the office over-estimates of those whom it refers, and how widely it errs."""
    run = pair.run
    rows = np.flatnonzero(pair.referred)
    if not rows.size:
        return dict.fromkeys(("ability_bias", "motivation_bias", "prospects_bias", "error_sd"), nan)
    seen = run.office.assessment
    error = run.columns.office_error[pair.started]
    return {
        "ability_bias": float((seen.ability(rows) - run.people.ability[rows]).mean()),
        "motivation_bias": float((seen.motivation(rows) - run.people.motivation[rows]).mean()),
        "prospects_bias": float(error.mean()) if error.size else nan,
        "error_sd": float(error.std()) if error.size else nan,
    }


def _answers(pair: Pair) -> Values:
    """Return what clients answer on the survey's five steps, %."""
    answers = pair.run.columns.satisfaction
    answers = np.rint(answers[pair.started & ~np.isnan(answers)])
    shares = {
        f"answer_{name}": 100 * _ratio(float((answers == step).sum()), answers.size)
        for step, name in enumerate(_STEPS, start=1)
    }
    return shares | {
        "satisfied": shares["answer_good"] + shares["answer_excellent"],
        "dissatisfied": shares["answer_poor"] + shares["answer_passable"],
    }


def _jobs(pair: Pair) -> Values:
    """Return whose the clients' jobs are, and what part of their exits is an own business."""
    column = pair.run.spells.column
    person = column("person")
    during = column("begin") >= pair.windows.start[person]
    during &= column("begin") < pair.windows.limit[person]
    jobs = during & (column("state") == State.EMPLOYED)
    business = during & (column("state") == State.ENTREPRENEUR)
    counted = during & (column("state") != State.OUTSIDE)
    return {
        "jobs_of_provider": 100 * _ratio(float((jobs & column("of_provider")).sum()), jobs.sum()),
        "business_of_exits": 100 * _ratio(float(business.sum()), float(counted.sum())),
    }


def _declined(pair: Pair) -> Values:
    """Return why people decline, and what the service changes for them.

    A person's main reason is the largest of what takes from the chance to accept: belief in finding
    work alone above the mean of all, motivation under it, weeks of waiting.
    """
    columns, people = pair.run.columns, pair.run.people
    terms = pair.run.setup.referral.acceptance
    declined = columns.stage == Stage.DECLINED.value
    reasons = np.stack(
        [
            terms.per_belief_point * (people.belief - people.belief.mean()),
            terms.per_motivation_point * (people.motivation - people.motivation.mean()),
            np.full(len(people), terms.per_week_waited * pair.run.setup.referral.wait_weeks),
        ]
    )[:, declined]
    shares = np.bincount(reasons.argmin(axis=0), minlength=3) / max(declined.sum(), 1)
    work, anyway = pair.weeks_in_work_ever
    return {
        "declined_for_belief": 100 * float(shares[0]) if declined.any() else nan,
        "belief_before_others": 100 * float(shares[0] - shares[1:].max())
        if declined.any()
        else nan,
        "weeks_gained_declined": _mean(work - anyway, declined),
    }


def _abilities(pair: Pair) -> Values:
    """Return gains in work ability by what it was when the service began, in points."""
    columns = pair.run.columns
    gain = columns.ability_at_end - columns.ability_at_start
    known = pair.started & ~np.isnan(gain)
    bands = {"low": (0, 3), "middle": (3, 6), "high": (6, 9), "top": (9, 10.1)}
    return {
        f"ability_gain_{name}": _mean(gain, known & _between(columns.ability_at_start, low, high))
        for name, (low, high) in bands.items()
    }


def _between(values: Floats, low: float, high: float) -> Bools:
    return (values >= low) & (values < high)


def _money(pair: Pair) -> Values:
    """Return administration against fees, and what purses gain that do not pay for the service."""
    run, started = pair.run, int(pair.started.sum())
    paid = int(pair.paid.sum())
    fees = run.ledger.total(kind="fee") / 100
    admin = run.ledger.total(kind="admin", payer="purchaser") / 100
    theirs = sum(run.ledger.total(kind="admin", payer=each.name) for each in run.providers) / 100
    buyer = run.setup.finance.current.purchaser
    gain = sum(
        run.ledger.balance(purse) - pair.twin.ledger.balance(purse)
        for purse in ("state", "municipality", "funds")
        if purse != buyer
    )
    days = [price.name for price in run.prices if price.fee.on == "group-change"]
    return {
        "group_change_eur": sum(run.ledger.total(kind="fee", item=name) for name in days) / 100,
        "admin_share": 100 * _ratio(admin, fees + admin),
        "admin_per_outcome_eur": _ratio(admin, paid),
        "admin_least_side_eur": min(admin, theirs),
        "others_gain_per_start_eur": _ratio(gain / 100, started),
        "hours_per_start": _mean(run.columns.hours_total, pair.started),
        "last_paid_begin_week": _last_paid_begin(pair),
    }


def _firms(pair: Pair) -> Values:
    """Return firms that were served, what they thought last, and all jobs that began."""
    employers = pair.run.employers
    scores = employers.score[~np.isnan(employers.score)]
    return {
        "jobs_in_spring": float(pair.run.flows["jobs_started"][SPRING].sum()),
        "firms_served": float(pair.run.flows["firms_served"].max(initial=0)),
        "firms_score": float(scores.mean()) if scores.size else nan,
    }


def _tenders(pair: Pair) -> Values:
    """Return the first winner's price and skill, and coaches early in the first and last."""
    run = pair.run
    awards = run.places.awards
    first = awards[0].winners[0] if awards and awards[0].winners else None
    coaches, starts = run.flows["coaches"], run.periods.start
    begun = [coaches[start : start + HALF_YEAR] for start in (starts[0], starts[-1])]
    early = [float(weeks.mean()) if weeks.size else nan for weeks in begun]
    return {
        "winning_factor": nan if first is None else float(awards[0].factor[first]),
        "winning_skill": nan if first is None else run.providers[first].terms.skill,
        "coaches_early": early[0],
        "coaches_last": early[1],
    }


def _last_paid_begin(pair: Pair) -> float:
    """Return the latest week of service in which a job began that was paid for, from 1; or NaN.

    Of the fee for the longest job, where there are several.
    """
    claims = [claim for claim in pair.run.purchaser.claims if claim.price.terms is not None]
    jobs = [claim for claim in claims if State.EMPLOYED in _terms(claim).states]
    if not jobs:
        return nan
    longest = max(jobs, key=lambda claim: _terms(claim).weeks)
    paid = np.flatnonzero(longest.paid < NEVER)
    begun = longest.met[paid] - _terms(longest).weeks + 1 - pair.windows.start[paid]
    return float(begun.max()) + 1 if paid.size else nan


def _terms(claim: Claims) -> Terms:
    assert claim.price.terms is not None
    return claim.price.terms
