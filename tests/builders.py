"""Small scenarios and finished markets for tests.

A scenario is laid together from plain dicts, the later ones winning key by key, over the defaults
and `SMALL`. What a test is about is thus the only thing that stands in it.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
from hypothesis import strategies as st

from labsim.market.jobseekers import Jobseekers
from labsim.market.model import LabourMarket
from labsim.measure.pair import Pair
from labsim.scenario.schema import Scenario
from patterns.trees import Tree, merged

SMALL: Tree = {
    "run": {"weeks": 40, "replications": 2, "seed": 7},
    "population": {"register": 200},
    "referral": {"volume": 120, "start_week": 2, "weeks": 10, "wait_weeks": 1},
    "contract": {"start_week": 3, "weeks": 24, "service_weeks_max": 12, "tracking_weeks": 10},
    "office": {"caseworkers": 1_000.0, "referral_team": 1_000.0},
}
"""A market that runs in well under a second, with an office that has time for everything."""

ALIKE: Tree = {
    "population": {
        "ability_mean": 8.0, "ability_sd": 0.0, "motivation_mean": 8.0, "motivation_sd": 0.0,
        "belief_sd": 0.0, "correlation": 0.0, "inflow_per_week": 0.0,
    },
    "labour_market": {
        "age": {"under_25": 1.0, "from_25_to_34": 1.0, "from_35_to_49": 1.0, "from_50": 1.0},
        "education": {"basic": 1.0, "secondary": 1.0, "tertiary": 1.0},
        "unseen_sd": 0.0, "duration_decay_per_month": 0.0, "matching_elasticity": 1.0,
    },
    "coaching": {"motivation_loss_sd_first_year": 0.0},
}  # fmt: skip
"""No spread, no decay, nobody in anybody's way: the weekly hazard is `job_hazard_per_week`."""

ONLY_JOBS: Tree = {
    "labour_market": {
        "exit_shares": {
            "employment": 1.0, "education": 0.0, "subsidised": 0.0, "entrepreneurship": 0.0,
            "inactivity": 0.0,
        }
    }
}  # fmt: skip

NO_EXITS: Tree = {"labour_market": {"job_hazard_per_week": 1e-12}}
"""Everybody stays unemployed."""

WORK_AT_ONCE: Tree = {
    "labour_market": {
        "job_hazard_per_week": 1.0,
        "setting_2019": {"cycle": 10.0, "vacancies_per_unemployed": 0.43},
    }
}
"""The hazard is 10 a week: one in 22,000 is still without work after a week."""

JOBS_FOR_EVER: Tree = {
    "labour_market": {
        "jobs": {
            "separation_week_1": 0.0, "separation_week_13": 0.0, "separation_week_52": 0.0,
            "separation_later": 0.0, "fixed_term_share": 0.0,
        }
    }
}  # fmt: skip


def staffed_at_once(clients: int) -> Tree:
    """Return a provider that plans for so many clients, and whose coaches follow what pays."""
    terms = {
        "name": "provider", "promised_coaches": clients / 50, "promise_weeks": 0,
        "hiring_per_week": 1.0, "cutting_per_week": 1.0,
    }  # fmt: skip
    return {"providers": [terms]}


ALL_START: Tree = {
    "referral": {
        "acceptance": {
            "intercept": 20.0, "per_motivation_point": 0.0, "per_belief_point": 0.0,
            "per_week_waited": 0.0,
        }
    },
    "coaching": {"dropout_per_week": 0.0},
}  # fmt: skip
"""One in 485 million declines, and nobody drops out."""

FROM_WEEK_0: Tree = {
    "referral": {"start_week": 0, "weeks": 1, "wait_weeks": 0, "volume": 1_000_000},
    "contract": {"start_week": 0},
}
"""The whole register starts the service in week 0."""


def scenario(*layers: Tree) -> Scenario:
    """Lay trees over each other and validate the result."""
    tree: Tree = {}
    for layer in (SMALL, *layers):
        tree = merged(tree, layer)
    return Scenario.model_validate(tree)


def changed(setup: Scenario, tree: Tree) -> Scenario:
    """Return a scenario with some of its sections' keys changed, unvalidated."""
    return setup.model_copy(
        update={
            name: getattr(setup, name).model_copy(update=values) for name, values in tree.items()
        }
    )


def fees(*given: Tree) -> Tree:
    """Return a contract with these fees."""
    return {"contract": {"fees": list(given)}}


def market(setup: Scenario, **options: Any) -> LabourMarket:
    """Return a market that has run to its end."""
    model = LabourMarket(setup=setup, **options)
    while model.running:
        model.step()
    return model


def pair(setup: Scenario, replication: int = 0) -> Pair:
    """Return a finished run beside its twin."""
    twin = market(setup, replication=replication, service=False)
    return Pair(market(setup, replication=replication), twin)


STATE_COLUMNS = (
    "ability", "motivation", "own_hazard", "refresh_week", "state", "since", "term_end",
    "planned_end", "separation_budget", "months_before", "job_kind",
    "hours_share", "job_of_provider", "scheme", "benefit_days", "clock_days", "uplift",
    "ever_eligible",
)  # fmt: skip
"""Columns that say how people live, not how the service treats them."""

SPELL_COLUMNS = ("person", "begin", "end", "state", "hours_share", "job_kind", "of_provider")


def differences(
    one: LabourMarket, other: LabourMarket, among: np.ndarray | None = None
) -> list[str]:
    """Return the names of columns in which two markets differ, bit for bit, spells included."""
    people = np.arange(len(one.columns)) if among is None else among
    found = [
        name
        for name in STATE_COLUMNS
        if not _same(getattr(one.columns, name)[people], getattr(other.columns, name)[people])
    ]
    spells = [_spells_of(model, people) for model in (one, other)]
    return found + [name for name in SPELL_COLUMNS if not _same(*(part[name] for part in spells))]


def _spells_of(model: LabourMarket, people: np.ndarray) -> dict[str, np.ndarray]:
    rows = np.flatnonzero(np.isin(model.spells.column("person"), people))
    rows = rows[
        np.lexsort((model.spells.column("begin")[rows], model.spells.column("person")[rows]))
    ]
    return {name: model.spells.column(name)[rows] for name in SPELL_COLUMNS}


def _same(one: np.ndarray, other: np.ndarray) -> bool:
    return one.dtype == other.dtype and one.tobytes() == other.tobytes()


def rows_of(columns: Jobseekers) -> int:
    """Return the number of people, arrived or not."""
    return len(columns)


# Generated scenarios


def _fee(groups: tuple[str, ...]) -> st.SearchStrategy[Tree]:
    """Return fees of every kind, with every optional key."""
    eur = st.integers(0, 300_000).map(lambda cents: cents / 100)
    week = st.integers(0, 6)
    factors = st.fixed_dictionaries(
        {name: st.floats(0, 4, allow_nan=False).map(lambda x: round(x, 2)) for name in groups}
    )
    priced = {"by_group": st.none() | factors}
    metered = priced | {
        "max_per_client": st.none() | st.floats(0.1, 8),
        "from_service_week": st.none() | week,
        "to_service_week": st.none() | week.map(lambda n: n + 6),
    }
    kinds = st.lists(
        st.sampled_from(["employment", "entrepreneurship", "education", "subsidised"]),
        min_size=1,
        max_size=4,
        unique=True,
    )
    days = st.integers(0, 20).map(lambda n: 7 * n)
    outcome = priced | {
        "outcome": kinds,
        "sustained_days": st.none() | st.integers(0, 120),
        "min_hours_share": st.none() | st.sampled_from([0.0, 0.5, 0.8, 1.0]),
        "starts_within": st.none() | st.just("service") | days.map(lambda n: f"service+{n}d"),
        "completed_within": st.none()
        | st.sampled_from(["contract", "service"])
        | days.map(lambda n: f"service+{n}d"),
    }
    return st.one_of(
        st.fixed_dictionaries({"on": st.just("start"), "eur": eur} | priced),
        st.fixed_dictionaries({"on": st.just("month"), "eur": eur} | metered),
        st.fixed_dictionaries({"on": st.just("hour"), "eur": eur} | metered),
        st.fixed_dictionaries(
            {"on": st.just("coach-month"), "eur": eur, "coaches": st.none() | st.floats(0.2, 6)}
        ),
        st.fixed_dictionaries({"on": st.just("outcome"), "eur": eur} | outcome),
        st.fixed_dictionaries({"on": st.just("outcome"), "eur": eur} | outcome),
    )


def _without_notice(fee: Tree, share: float | None) -> Tree:
    """Return an outcome fee with a share of it to be paid without notice; others as they are."""
    if fee["on"] != "outcome" or share is None:
        return fee
    return fee | {"eur_unnotified": round(fee["eur"] * share, 2)}


_GROUPS = [
    {"name": "young", "when": {"age_max": 34}},
    {"name": "long out", "when": {"unemployed_months_min": 6.0}},
]


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Generate small scenarios with contracts of every form."""
    groups = draw(st.sampled_from([[], _GROUPS]))
    names = tuple(group["name"] for group in groups) or ("near", "middle", "far")
    priced = draw(st.lists(_fee(names), max_size=5))
    proof = draw(st.sampled_from(["register", "notice", "sample"]))
    if proof == "notice":
        priced = [_without_notice(fee, draw(st.sampled_from([None, 0.25, 1.0]))) for fee in priced]
    weeks = draw(st.integers(20, 80))
    start, served = draw(st.integers(0, 6)), draw(st.integers(4, 30))
    tracking = draw(st.integers(0, 15))
    shares = draw(st.none() | st.floats(0.3, 3))
    rest = {} if shares is None else {"effect_scale": shares}
    return scenario(
        {
            "run": {
                "weeks": weeks,
                "seed": draw(st.integers(0, 2**40)),
                "start_date": date(2019, 1, 1) if draw(st.booleans()) else date(2024, 2, 26),
            },
            "population": {
                "register": draw(st.integers(50, 300)),
                "inflow_per_week": draw(st.none() | st.floats(0, 12)),
                "areas": draw(st.sampled_from([{"one": 1.0}, {"one": 0.75, "other": 0.25}])),
            },
            "labour_market": {
                "setting": draw(st.sampled_from(["2019", "2025"])),
                "matching_elasticity": draw(st.sampled_from([0.0, 0.6, 1.0])),
                "tightness_exponent": draw(st.sampled_from([0.0, 1.27])),
                "job_hazard_per_week": draw(st.sampled_from([0.02, 0.053, 0.3])),
            },
            "finance": {"rules": draw(st.sampled_from(["2019", "2025"]))},
            "coaching": {"dropout_per_week": draw(st.sampled_from([0.0, 0.004, 0.1])), **rest},
            "referral": {
                "regime": draw(
                    st.sampled_from(
                        [
                            "central",
                            "lottery",
                            "advisor",
                            "bulk",
                            "profiling",
                            "self",
                            "info-session",
                        ]
                    )
                ),
                "provider_choice": draw(
                    st.sampled_from(["single", "rotation", "office", "client", "lottery"])
                ),
                "volume": draw(st.integers(0, 250)),
                "start_week": draw(st.integers(0, 4)),
                "weeks": draw(st.integers(1, 15)),
                "wait_weeks": draw(st.integers(0, 3)),
            },
            "office": {
                "caseworkers": draw(st.sampled_from([2.0, 1_000.0])),
                "hold_back": draw(st.sampled_from([0.0, 0.3])),
                "knowledge_at_start": draw(st.sampled_from([0.0, 1.0])),
            },
            "contract": {
                "start_week": start,
                "weeks": served,
                "service_weeks_max": draw(st.integers(1, 20)),
                "tracking_weeks": tracking,
                "last_payable_week": draw(st.none() | st.integers(start, start + served + 20)),
                "minimum_hours": draw(st.sampled_from([0.0, 0.08, 0.6])),
                "verification": proof,
                "verification_lag_weeks": draw(st.integers(0, 6)),
                "notice_chance": draw(st.sampled_from([0.0, 0.6, 1.0])),
                "notice_weeks": draw(st.integers(0, 6)),
                "sample_share": draw(st.sampled_from([0.0, 0.4, 1.0])),
                "dispute_chance": draw(st.sampled_from([0.0, 0.5, 1.0])),
                "dispute_weeks": draw(st.integers(1, 6)),
                "dispute_lost_share": draw(st.sampled_from([0.0, 0.3, 1.0])),
                "groups": groups,
                "fees": [fee | {"name": f"fee {n}"} for n, fee in enumerate(priced)],
            },
            "providers": draw(
                st.sampled_from(
                    [
                        [{"name": "First"}],
                        [
                            {"name": "First", "planned_caseload": 25.0, "mission_eur": 0.0},
                            {
                                "name": "Second",
                                "hours_max": 1.0,
                                "skill": 1.4,
                                "honesty": 0.6,
                                "remote_share": 0.5,
                            },
                        ],
                    ]
                )
            ),
        }
    )
