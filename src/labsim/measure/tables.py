"""Tables of a run: weekly stocks and flows, money, and people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from labsim.market.arrays import Ints
from labsim.market.jobs import NEVER
from labsim.market.model import LabourMarket
from labsim.market.people import EDUCATION, SCHEMES
from labsim.market.states import Stage
from labsim.measure.pair import THIRDS, Pair


def weekly_table(market: LabourMarket) -> pd.DataFrame:
    """Return one row per week: stocks at its end, and flows."""
    return pd.DataFrame({"week": np.arange(market.weeks, dtype=np.int32), **market.flows})


def ledger_table(market: LabourMarket) -> pd.DataFrame:
    """Return one row per week and account with money in it; `cents` is int64."""
    table = pd.DataFrame(market.ledger.rows())
    return table.astype({"week": np.int32, "cents": np.int64})


def people_table(pair: Pair) -> pd.DataFrame:
    """Return one row per person with the twin's life beside the person's own."""
    people, columns, areas = pair.run.people, pair.run.columns, pair.run.areas
    fees = np.zeros(len(people), dtype=np.int64)
    for claim in pair.run.purchaser.claims:
        fees += claim.cents
    work, work_anyway = pair.weeks_in_work_ever
    return pd.DataFrame(
        {
            "person": np.arange(len(people)),
            "entry_week": people.entry_week,
            "age": people.age,
            "education": _named(people.education, EDUCATION),
            "area": _named(people.area, areas),
            "sector": _named(people.sector, pair.run.sectors),
            "language": _named(people.language, pair.run.names["languages"]),
            "needs": people.needs,
            "benefit": _named(people.scheme, SCHEMES),
            "work_ability": people.ability,
            "motivation": people.motivation,
            "belief": people.belief,
            "months_unemployed_at_entry": people.months,
            "job_hazard_at_entry": people.hazard_at_entry,
            "third": _named(pair.third, THIRDS),
            "stage": _named(
                columns.stage, [stage.name.lower().replace("_", "-") for stage in Stage]
            ),
            "came_by_themselves": columns.applied,
            "referred_week": _weeks(columns.referred_week),
            "service_start": _weeks(columns.service_start),
            "service_weeks": pair.service_weeks,
            "hours": columns.hours_total,
            "outcome_met": pair.met,
            "outcome_paid": pair.paid,
            "outcome_met_anyway": pair.met_anyway,
            "weeks_in_work": work,
            "weeks_in_work_anyway": work_anyway,
            "outcome_fees_cents": fees,
        }
    )


def _named(codes: Ints, names: Sequence[str]) -> Any:
    return pd.Categorical.from_codes(codes.astype(np.int64), categories=pd.Index(names))


def _weeks(weeks: Ints) -> pd.arrays.IntegerArray:
    """Return weeks with those that never came left empty."""
    return pd.arrays.IntegerArray(weeks.astype(np.int32), weeks >= NEVER)
