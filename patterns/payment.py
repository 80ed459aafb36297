"""Patterns of how providers answer to the form of payment: 2, 3, 4, 8 and 11."""

from __future__ import annotations

from typing import Any

from labsim.measure.indicators import indicators
from labsim.measure.pair import Pair
from patterns.core import Claim, Pattern, bars, of, simulate
from patterns.markets import BASE, HOURLY, OUTCOME, fee, larger, outcome, paid
from patterns.measures import chosen, employed_after, hours_a_week, job_lengths
from patterns.trees import Tree, merged

REFINO = paid(
    0.8,
    fee("start", 20.0),
    outcome(0, 40.0, name="job", min_hours_share=0.5),
    outcome(182, 40.0, name="job that lasts", min_hours_share=0.5),
)


def same_jobs_under_either_pay(replications: int = 20) -> Pattern:
    """Outcome pay (20/40/40) against hourly pay at equal hours (Refino, Norway)."""

    def measure(pair: Pair) -> dict[str, float]:
        start, who = pair.windows.start, pair.started
        run, twin = (employed_after(m, start, 52)[who].mean() for m in (pair.run, pair.twin))
        hours = float(pair.run.columns.hours_total[who].mean())
        cost = float(indicators(pair)["fees_per_start_eur"])
        effect = 100 * (run - twin)
        return {"employed": 100 * run, "effect": effect, "hours": hours, "cost": cost}

    # Until nothing more is paid, so that late fees count in what the service costs.
    base = merged(merged(BASE, larger(5)), {"run": {"weeks": 97}})
    designs = {"hourly": HOURLY, "20/40/40": REFINO}
    found = simulate(base, designs, measure, replications)
    difference = (found["20/40/40", "employed"] - found["hourly", "employed"]).to_numpy()
    effect = found["hourly", "effect"].to_numpy()
    hours = (found["20/40/40", "hours"] / found["hourly", "hours"]).to_numpy()
    cost = (found["20/40/40", "cost"] / found["hourly", "cost"]).to_numpy()
    claims = [
        Claim("hours of outcome pay / hours of hourly pay", hours, 0.9, 1.1),
        Claim("difference in employment after 12 months, pp", difference, -2.0, 2.0),
        Claim("the service's own effect under hourly pay, pp", effect, 0.0),
        Claim("difference less a quarter of that effect, pp", difference - effect / 4, high=0.0),
        Claim("difference plus a quarter of that effect, pp", difference + effect / 4, 0.0),
        Claim("fees for a start of outcome pay / of hourly pay", cost, high=1.0),
    ]

    def draw(axes: Any) -> None:
        bars(
            axes,
            of(found, "effect"),
            "employed after 12 months because of the service, pp",
        )

    return Pattern(
        2,
        "Paying for outcomes instead of hours hardly changes who is in work, and costs less",
        "The same people under hourly pay and under 20 % at the start, 40 % for a job and 40 % for"
        " one that lasts, at equal hours.",
        claims,
        draw,
    )


def _by_group(middle: float, far: float) -> Tree:
    factors = {"near": 1.0, "middle": middle, "far": far}
    return paid(1.0, outcome(90, 100.0, by_group=factors))


_THIRDS = ("near", "middle", "far")


def the_far_lose_hours(replications: int = 12) -> Pattern:
    """From hourly pay to pure outcome pay, hours move from the far to the near."""
    names = [f"{stem}_{third}" for stem in ("hours", "deadweight_share") for third in _THIRDS]
    designs = {
        "hourly": HOURLY,
        "outcomes": OUTCOME,
        "outcomes, by group": _by_group(1.3, 2.0),
        "outcomes, dearer for the far": _by_group(1.6, 3.0),
    }
    found = simulate(merged(BASE, larger(2)), designs, chosen(*names), replications)
    hours = {third: of(found, f"hours_{third}") for third in _THIRDS}
    change = {
        third: (table["outcomes"] / table["hourly"] - 1).to_numpy()
        for third, table in hours.items()
    }
    waste = {third: found["outcomes", f"deadweight_share_{third}"].to_numpy() for third in _THIRDS}
    back = (hours["far"]["outcomes, by group"] - hours["far"]["outcomes"]).to_numpy()
    missing = (hours["far"]["hourly"] - hours["far"]["outcomes, by group"]).to_numpy()
    claims = [
        Claim("change of the far third's hours", change["far"], -0.5, -0.15),
        Claim("change of the middle third's hours", change["middle"], 0.0),
        Claim("change of the near third's hours", change["near"], 0.0),
        Claim("deadweight of the near less the middle", waste["near"] - waste["middle"], 0.0),
        Claim("deadweight of the near less the far", waste["near"] - waste["far"], 0.0),
        Claim("hours that prices by group give back to the far", back, 0.0),
        Claim("hours that the far still miss then", missing, 0.0),
    ]
    return Pattern(
        3,
        "Pure outcome pay takes hours from those far from work; prices by group give part back",
        "The same people under hourly pay, pure outcome pay, and outcome pay of 1 / 1.3 / 2 by"
        " assessed distance. The last bar has the factors of the shipped design mixed-by-group,"
        " 1 / 1.6 / 3, which give all of it back: how much comes back is a matter of the factors.",
        claims,
        lambda axes: bars(axes, hours["far"], "client hours per start, far third"),
    )


def early_milestones_buy_short_jobs(replications: int = 24) -> Pattern:
    """An early milestone brings more and shorter jobs, which end just behind it."""
    early, late = 91, 364
    base = merged(merged(BASE, larger(2)), {"contract": {"tracking_weeks": 60}})
    base = merged(base, {"run": {"weeks": 116}})

    def measure(pair: Pair) -> dict[str, float]:
        length, ended = job_lengths(pair)
        first = early // 7
        behind = ended & (length >= first) & (length < first + 4)
        jobs = max(length.size, 1)
        return {
            "jobs": 100 * length.size / int(pair.started.sum()),
            "lasting": 100 * float((length >= late // 7).sum()) / jobs,
            "behind": 100 * float(behind.sum()) / jobs,
        }

    designs = {
        "a quarter": paid(1.0, outcome(early, 100.0)),
        "a year": paid(1.0, outcome(late, 100.0)),
    }
    found = simulate(base, designs, measure, replications)
    more, longer, behind = (
        (found["a quarter", key] - found["a year", key]).to_numpy()
        for key in ("jobs", "lasting", "behind")
    )
    claims = [
        Claim("jobs per 100 clients, early less late", more, 0.0),
        Claim("jobs that last a year, early less late, pp", longer, high=0.0),
        Claim("jobs that end within four weeks behind the early milestone, pp", behind, 0.0),
    ]
    return Pattern(
        4,
        "An early milestone brings more, shorter jobs, and separations bunch behind it",
        "The same people and generosity, paid after a quarter or after a year in work.",
        claims,
        lambda axes: bars(
            axes, of(found, "behind"),
            "clients' jobs that end 13 to 16 weeks after they began, %",
        ),
    )  # fmt: skip


def service_sinks_at_the_end(replications: int = 8) -> Pattern:
    """Near the contract's end service sinks to the minimum and earned outcomes go unpaid."""
    base = merged(
        BASE,
        {
            "contract": {"weeks": 78, "tracking_weeks": 4},
            "referral": {"weeks": 77},
            "run": {"weeks": 112},
            "providers": [{"cash_weeks": 104.0}],
        },
    )
    end = base["contract"]["start_week"] + base["contract"]["weeks"]
    least = 0.08

    def measure(pair: Pair) -> dict[str, float]:
        values = indicators(pair)
        return {
            "early": hours_a_week(pair.run, 10, 25),
            "late": hours_a_week(pair.run, end - 4, end - 1),
            "unpaid": 100 * values["outcomes_after_contract"] / max(values["outcomes_met"], 1),
        }

    found = simulate(base, {"outcomes": paid(1.0, outcome(273, 100.0))}, measure, replications)
    early, late, unpaid = (found["outcomes", key].to_numpy() for key in ("early", "late", "unpaid"))
    claims = [
        Claim("hours a week in the last four weeks / promised minimum", late / least, 0.9, 1.25),
        Claim("hours a week early on / promised minimum", early / least, 2.0),
        Claim("outcomes met and never paid because the contract is over, %", unpaid, 5.0),
    ]
    hours = found["outcomes"][["early", "late"]].rename(
        columns={"early": "weeks 10 to 25", "late": "last four weeks"}
    )
    return Pattern(
        8,
        "Near the contract's end service sinks to the minimum and earned outcomes go unpaid",
        "Only jobs of nine months are paid, and nothing after four weeks beyond the contract.",
        claims,
        lambda axes: bars(axes, hours, "hours per client and week"),
    )


def gross_is_not_additional(replications: int = 8) -> Pattern:
    """Gross outcome rates lie far above additional ones, and later jobs are missed."""

    def measure(pair: Pair) -> dict[str, float]:
        values, started = indicators(pair), int(pair.started.sum())
        return {
            "met, gross": 100 * values["outcomes_met"] / started,
            "additional": 100 * values["additional_outcomes"] / started,
            "after the service": 100 * values["outcomes_after_service"] / started,
            "deadweight": 100 * values["deadweight_share"],
        }

    found = simulate(BASE, {"mixed": paid(0.4, fee("month", 100.0), outcome(90, 100.0))},
                     measure, replications)["mixed"]  # fmt: skip
    column = {name: found[name].to_numpy() for name in found}
    claims = [
        Claim("outcomes met less additional, per 100 clients", column["met, gross"]
              - column["additional"], 20.0),
        Claim("additional outcomes per 100 clients", column["additional"], 0.0),
        Claim("outcomes that would have come anyway, %", column["deadweight"], 75.0, 95.0),
        Claim("clients whose job came after the service, per 100", column["after the service"],
              5.0),
    ]  # fmt: skip
    return Pattern(
        11,
        "Gross outcome rates lie far above additional ones, and counting stops too early",
        "A mixed contract; the same people without the service show what would have come anyway. A"
        " rough sketch of the model had 82 to 88 % at 0.4 hours a week.",
        claims,
        lambda axes: bars(axes, found.drop(columns="deadweight"), "per 100 clients"),
    )
