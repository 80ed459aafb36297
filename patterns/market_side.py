"""Patterns of places, volumes and competition for jobs: 5 and 6."""

from __future__ import annotations

import pandas as pd

from labsim.measure.pair import Pair
from patterns.core import Claim, Pattern, bars, of, simulate
from patterns.markets import BASE, HOURLY, MONTHLY
from patterns.measures import chosen, gain_and_loss

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


def empty_seats_cost(replications: int = 20) -> Pattern:
    """Half the referrals under promised staff cost a third more per start, or worse."""
    staff = {"providers": [{"promised_coaches": 16.0, "cash_weeks": 52.0}]}
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
        "A provider has promised its staff, and half as many people are referred.",
        [Claim("cost of a start with half the referrals / with all", ratio, 4 / 3)],
        lambda axes: bars(axes, cost, "provider's cost per start, EUR"),
    )
