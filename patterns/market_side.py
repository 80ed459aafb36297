"""Patterns of referral, places and competition for jobs, and of clients' opinions: 5, 6, 7, 12."""

from __future__ import annotations

import numpy as np
import pandas as pd

from labsim.market.pricing import expectations, planned_coaches
from labsim.measure.pair import Pair
from labsim.scenario.schema import Scenario
from patterns.core import Claim, Pattern, bars, of, simulate
from patterns.markets import BASE, HOURLY, MONTHLY, OUTCOME
from patterns.measures import chosen, employed_after, gain_and_loss
from patterns.trees import merged

_SHARES = (0.25, 0.5, 0.75)


def the_untreated_lose(replications: int = 12) -> Pattern:
    """The more are served, the more the others lose; in slack markets a larger share."""
    strong = {
        "coaching": {"max_uplift": 1.0, "startup_loss": 0.0},
        "providers": [{"planned_caseload": 25.0}],
        "office": {"referral_team": 1_000.0, "caseworkers": 1_000.0},
    }
    everybody = {"volume": 100_000, "regime": "lottery", "weeks": 4, "target": {}}

    def design(share: float, setting: str) -> dict:
        referral = everybody | {"drawn_share": share}
        return {"referral": referral, "labour_market": {"setting": setting}, **strong, **HOURLY}

    designs = {
        f"{share:.0%} drawn, {setting}": design(share, setting)
        for setting in ("2019", "2025")
        for share in _SHARES
    }

    def measure(pair: Pair) -> dict[str, float]:
        gain, loss = gain_and_loss(pair)
        others = int((pair.run.columns.ever_eligible & ~pair.referred).sum())
        return {"loss": loss / max(others, 1), "share": 100 * loss / gain, "gain": gain}

    found = simulate(BASE, designs, measure, replications)
    loss = of(found, "loss")
    share = of(found, "share")
    claims = [
        *(Claim(f"weeks in work that each other person loses, {name}", loss[name].to_numpy(), 0.0)
          for name in designs),
        Claim(
            "loss at 75 % less loss at 25 %, 2019, weeks",
            (loss["75% drawn, 2019"] - loss["25% drawn, 2019"]).to_numpy(), 0.0,
        ),
        Claim(
            "part of the gain that others lose at 50 %, slack less tight, pp",
            (share["50% drawn, 2025"] - share["50% drawn, 2019"]).to_numpy(), 0.0,
        ),
    ]  # fmt: skip
    return Pattern(
        5,
        "The untreated lose as more are served, and in a slack market they lose more of the gain",
        "A lottery draws a quarter, half or three quarters of the register for an intensive service"
        " in the tight market of 2019 and the slack one of 2025.",
        claims,
        lambda axes: bars(axes, loss, "weeks in work that each person not drawn loses"),
    )


def empty_seats_cost(replications: int = 6) -> Pattern:
    """Half the referrals under promised staff cost a third more per start, or worse."""
    plan = Scenario.model_validate(merged(BASE, MONTHLY))
    coaches = planned_coaches(plan.providers[0], expectations(plan), 1)
    staff = {"providers": [{"promised_coaches": coaches, "cash_weeks": 52.0}]}
    designs = {
        "all referrals": {**MONTHLY, **staff},
        "half of them": {**MONTHLY, **staff, "referral": {"volume": 1_000}},
    }
    found = simulate(BASE, designs, chosen("provider_cost_per_start_eur"), replications)
    cost: pd.DataFrame = of(found, "provider_cost_per_start_eur")
    ratio = (cost["half of them"] / cost["all referrals"]).to_numpy()
    return Pattern(
        6,
        "Half the referrals make a start a third dearer, or worse",
        "A provider has promised the staff that its planned caseload needs for all referrals, and"
        " half as many people are referred.",
        [Claim("cost of a start with half the referrals / with all", ratio, 4 / 3)],
        lambda axes: bars(axes, cost, "provider's cost per start, EUR"),
    )


def central_referral_fills(replications: int = 8) -> Pattern:
    """Centralised, systematic referral fills a pilot; advisor by advisor it starves at first."""
    weeks = (8, 26, 52)
    pilot = {
        "run": {"weeks": 60},
        "population": {"register": 22_000},
        "referral": {"volume": 1_670, "weeks": 52},
    }

    def measure(pair: Pair) -> dict[str, float]:
        referred = np.cumsum(pair.run.flows["referred"])
        first, volume = pair.run.setup.referral.start_week, pair.run.setup.referral.volume
        share = {f"week {n}": float(referred[first + n - 1]) / (volume * n / 52) for n in weeks}
        return {name: 100 * value for name, value in share.items()}

    designs = {
        regime: {**MONTHLY, "referral": {"regime": regime}} for regime in ("central", "advisor")
    }
    found = simulate(merged(BASE, pilot), designs, measure, replications)
    early = (found["central", "week 8"] - found["advisor", "week 8"]).to_numpy()
    claims = [
        Claim(
            "people referred centrally in eight weeks, % of plan",
            found["central", "week 8"].to_numpy(), 95.0,
        ),
        Claim("lead over advisers after eight weeks, pp", early, 25.0),
        Claim(
            "advisers' referrals in the second half year, % of plan",
            (2 * found["advisor", "week 52"] - found["advisor", "week 26"]).to_numpy(), 90.0,
        ),
    ]  # fmt: skip
    table = found.copy()
    table.columns = [f"{regime}, {when}" for regime, when in found.columns]
    return Pattern(
        7,
        "Centralised, systematic referral fills a pilot; advisor by advisor starves it at first",
        "A pilot of the size of Focus: its places offered from a central list, or by each adviser"
        " to his or her own clients, who must first learn that the service exists.",
        claims,
        lambda axes: bars(axes, table, "people referred, % of what was planned by then"),
    )


def satisfied_is_not_employed(replications: int = 12) -> Pattern:
    """Satisfied clients are not the employed clients."""

    def measure(pair: Pair) -> dict[str, float]:
        columns = pair.run.columns
        who = np.flatnonzero(pair.started & ~np.isnan(columns.satisfaction))
        opinion = columns.satisfaction[who]
        employed = employed_after(pair.run, pair.windows.start, 52)[who]
        weekly = columns.hours_total[who] / np.maximum(pair.service_weeks[who], 1)
        return {
            "a job after a year": float(np.corrcoef(opinion, employed)[0, 1]),
            "hours a week": float(np.corrcoef(opinion, weekly)[0, 1]),
        }

    found = simulate(BASE, {"outcomes": OUTCOME}, measure, replications)["outcomes"]
    job, hours = (found[name].to_numpy() for name in ("a job after a year", "hours a week"))
    return Pattern(
        12,
        "Satisfied clients are not the employed clients",
        "Clients' opinions at the end of the service, their hours, and who is in work a year after"
        " starting it.",
        [
            Claim("correlation of satisfaction with being in work after a year", job, -0.1, 0.1),
            Claim("correlation of satisfaction with hours", hours, 0.05),
            Claim("how much closer opinions follow hours than jobs", hours - np.abs(job), 0.0),
        ],
        lambda axes: bars(axes, found, "correlation with satisfaction"),
    )
