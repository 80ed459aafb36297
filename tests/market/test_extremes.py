"""Every number that the schema allows gives a market that runs, without warnings or NaN."""

from __future__ import annotations

from typing import Any

import annotated_types
import numpy as np
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from labsim.measure.indicators import indicators
from labsim.measure.tables import ledger_table, people_table
from labsim.scenario.parameter import Section
from labsim.scenario.sections.coaching import Coaching
from labsim.scenario.sections.finance import Finance
from labsim.scenario.sections.labour_market import (
    AgeFactors,
    EducationFactors,
    Jobs,
    LabourMarket,
    OtherSpells,
    Setting,
)
from labsim.scenario.sections.office import Office
from labsim.scenario.sections.population import Population
from labsim.scenario.sections.providers import Provider
from labsim.scenario.sections.referral import Acceptance
from tests.builders import pair, scenario

ELSEWHERE = {
    "registered", "inflow_per_week", "permanent_full_time", "permanent_part_time",
    "temporary_full_time", "temporary_part_time", "part_time_hours_min", "part_time_hours_max",
    "fixed_term_weeks_min", "fixed_term_weeks_max", "remote_difficult_share", "remote_liked_share",
    "came_from_work_share", "came_from_education_share",
}  # fmt: skip
"""Sizes, and values that must go together."""


def limits(metadata: list[Any]) -> tuple[float, float] | None:
    """Return the least and greatest value; a limit that is itself excluded is moved inwards."""
    found: dict[str, float] = {}
    for item in metadata:
        for kind in ("ge", "gt", "le", "lt"):
            if isinstance(item, getattr(annotated_types, kind.capitalize())):
                found[kind] = getattr(item, kind)
    low, high = found.get("ge", found.get("gt")), found.get("le", found.get("lt"))
    if low is None or high is None:
        return None
    margin = 1e-6 * (high - low)
    return low + margin * ("gt" in found), high - margin * ("lt" in found)


def extreme(section: type[Section]) -> st.SearchStrategy[dict[str, Any]]:
    """Return values of a section at and between the limits of its numbers, most left out."""
    choices: dict[str, st.SearchStrategy[Any]] = {}
    for name, info in section.model_fields.items():
        bounds = limits(info.metadata)
        if name in ELSEWHERE or bounds is None or info.annotation not in (int, float):
            continue
        low, high = bounds
        values = st.sampled_from([low, high]) | st.floats(low, high)
        choices[name] = values.map(round) if info.annotation is int else values
    return st.fixed_dictionaries({}, optional=choices)


@settings(
    derandomize=True, deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow]
)
@given(
    population=extreme(Population),
    market=extreme(LabourMarket),
    parts=st.fixed_dictionaries(
        {
            "age": extreme(AgeFactors),
            "education": extreme(EducationFactors),
            "jobs": extreme(Jobs),
            "other_spells": extreme(OtherSpells),
            "setting_2019": extreme(Setting),
        }
    ),
    coaching=extreme(Coaching),
    office=extreme(Office),
    acceptance=extreme(Acceptance),
    provider=extreme(Provider),
    finance=extreme(Finance),
    days=st.sampled_from([0, 28, 90]),
)
def test_extreme_parameters(
    population, market, parts, coaching, office, acceptance, provider, finance, days
):
    floor = coaching.get("ability_floor", 3.0)
    assume(floor < coaching.get("ability_full", 6.0))
    found = pair(
        scenario(
            {
                "run": {"weeks": 16},
                "population": population | {"register": 60},
                "labour_market": market | parts,
                "coaching": coaching,
                "office": office,
                "referral": {"acceptance": acceptance},
                "providers": [provider],
                "finance": finance,
                "contract": {
                    "fees": [
                        {"name": "m", "on": "month", "eur": 100.0},
                        {"name": "h", "on": "hour", "eur": 10.0},
                        {
                            "name": "o", "on": "outcome", "eur": 900.0, "sustained_days": days,
                            "outcome": ["employment", "education", "subsidised"],
                        },
                    ]
                },
            }
        )
    )  # fmt: skip
    assert not any(np.isinf(value) for value in indicators(found).values())
    people_table(found)
    ledger_table(found.run)
    columns = found.run.columns
    for name in ("ability", "motivation", "hours", "hours_total", "months_before", "uplift"):
        assert np.isfinite(getattr(columns, name)).all(), name
