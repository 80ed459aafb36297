"""Findings say what the numbers say, and no more."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labsim.present import Results
from labsim.present.findings import FINDINGS, find
from labsim.present.view import View
from labsim.words import Words
from tests.present.frames import TWELVE, make_results

WORDS = Words("en")
BASE = make_results(TWELVE[:2], replications=4, weeks=4)
LEVEL, GAP = ("mean", "mean_low", "mean_high"), ("difference", "difference_low", "difference_high")


def with_cell(results: Results, design: str, indicator: str, **cells: float) -> Results:
    """Change cells of one row of the summary."""
    summary = results.summary.copy()
    row = (summary["design"] == design) & (summary["indicator"] == indicator)
    assert row.sum() == 1
    for column, value in cells.items():
        summary.loc[row, column] = value
    return replace(results, summary=summary)


def texts(results: Results) -> list[str]:
    return [finding.text.replace("\u00a0", " ") for finding in find(View(results, WORDS))]


def saying(results: Results, part: str) -> list[str]:
    return [text for text in texts(results) if part in text]


numbers = st.floats(-50, 50).map(lambda x: round(x, 3))


@given(numbers, numbers, numbers)
def test_no_clear_difference_exactly_when_the_interval_covers_zero(
    a: float, b: float, c: float
) -> None:
    low, value, high = sorted((a, b, c))
    cells = dict(zip(GAP, (value, low, high), strict=True))
    results = with_cell(BASE, "monthly", "net_jobs_90d", **cells)
    unclear = saying(results, "No clear difference in lasting jobs")
    clear = saying(results, "brings clearly more lasting") + saying(
        results, "clearly fewer lasting"
    )
    assert len(unclear) + len(clear) == 1
    assert bool(unclear) == (low <= 0 <= high)
    if clear:
        assert ("more" in clear[0]) == (low > 0)


@pytest.mark.parametrize("indicator", ["hours_far", "purchaser_cost_per_net_job_eur"])
@given(st.tuples(numbers, numbers, numbers))
def test_other_comparisons_keep_to_the_same_rule(
    indicator: str, ends: tuple[float, float, float]
) -> None:
    low, value, high = sorted(ends)
    cells = dict(zip(GAP, (value, low, high), strict=True))
    said = texts(with_cell(BASE, "monthly", indicator, **cells))
    part = "far from work" if indicator == "hours_far" else "cost of a lasting job between"
    unclear = [text for text in said if text.startswith("No clear difference") and part in text]
    assert bool(unclear) == (low <= 0 <= high)


def test_designs_with_the_same_verdict_share_a_sentence() -> None:
    results = make_results(TWELVE[:4], replications=4, weeks=4)
    for design in TWELVE[1:4]:
        cells = dict(zip(GAP, (0.1, -1.0, 1.2), strict=True))
        results = with_cell(results, design, "net_jobs_90d", **cells)
    (sentence,) = saying(results, "No clear difference in lasting jobs")
    assert all(design in sentence for design in TWELVE[1:4])
    assert "monthly (+0.1, -1.0 to 1.2), no-cure-no-pay" in sentence
    assert "and mixed" in sentence


def test_many_designs_are_named_without_numbers() -> None:
    results = make_results(TWELVE, replications=4, weeks=4)
    for design in TWELVE[1:]:
        cells = dict(zip(GAP, (0.1, -1.0, 1.2), strict=True))
        results = with_cell(results, design, "net_jobs_90d", **cells)
    (sentence,) = saying(results, "No clear difference in lasting jobs")
    assert "-1.0" not in sentence
    assert "per 100" not in sentence


@pytest.mark.parametrize(
    ("interval", "said"),
    [
        ((6.0, 5.0, 7.0), "6.0 more people per 100 clients"),
        ((-6.0, -7.0, -5.0), "6.0 fewer people per 100 clients"),
        ((0.5, -1.0, 2.0), "No clear effect of the service"),
        ((0.5, np.nan, np.nan), "0.5 lasting jobs per 100 clients come"),
    ],
)
def test_the_level_is_said_with_its_sign(interval: tuple[float, ...], said: str) -> None:
    cells = dict(zip(LEVEL, interval, strict=True))
    assert saying(with_cell(BASE, "hourly", "net_jobs_90d", **cells), said)


def test_hours_are_said_as_a_share_of_the_reference() -> None:
    results = with_cell(BASE, "hourly", "hours_far", mean=20.0)
    cells = dict(zip(GAP, (-6.2, -7.0, -5.0), strict=True))
    results = with_cell(results, "monthly", "hours_far", **cells)
    assert saying(results, "monthly gives clients far from work 31 % fewer hours than hourly")


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        (
            (0.81, 0.79),
            "About 8 in 10 outcomes would have come without the service, in every design.",
        ),
        ((0.55, 0.9), "6 in 10 outcomes (hourly, 55 %) to 9 in 10 (monthly, 90 %)"),
    ],
)
def test_deadweight_is_said_in_tenths(shares: tuple[float, float], said: str) -> None:
    results = with_cell(BASE, "hourly", "deadweight_share", mean=shares[0])
    results = with_cell(results, "monthly", "deadweight_share", mean=shares[1])
    assert saying(results, said)


def test_who_loses_and_who_gains() -> None:
    results = with_cell(BASE, "hourly", "net_state_eur", mean=-1.2e6, mean_low=-2e6, mean_high=-1e6)
    results = with_cell(results, "hourly", "net_funds_eur", mean=2e5, mean_low=1e5, mean_high=3e5)
    results = with_cell(results, "hourly", "net_public_eur", mean=1, mean_low=-9e5, mean_high=9e5)
    (sentence,) = saying(results, "Against no service")
    assert "the state loses 1.20 million EUR" in sentence
    assert "unemployment funds gain 200,000 EUR" in sentence
    assert "all together neither clearly gain nor lose" in sentence


def test_a_cost_that_cannot_be_told_is_not_told() -> None:
    nothing = dict.fromkeys((*LEVEL, *GAP), np.nan)
    results = with_cell(BASE, "monthly", "purchaser_cost_per_net_job_eur", **nothing)
    assert saying(results, "cannot be said for monthly: it may bring none")


def test_losses_of_providers_and_late_outcomes_are_told() -> None:
    cells: dict[str, float] = {"mean": -0.05, "mean_low": -0.06, "mean_high": -0.04}
    results = with_cell(BASE, "monthly", "provider_margin_share", **cells)
    results = with_cell(results, "monthly", "outcomes_after_service", mean=150)
    assert saying(results, "Providers lose money with monthly (-5.0 %")
    assert saying(results, "With monthly,")
    assert saying(results, "(150 began after the service")


def test_small_differences_are_told_late() -> None:
    small = dict(zip(GAP, (-0.1, -0.12, -0.08), strict=True))
    large = dict(zip(GAP, (-6.0, -7.0, -5.0), strict=True))
    first = texts(with_cell(BASE, "monthly", "hours_far", **small))
    second = texts(with_cell(BASE, "monthly", "hours_far", **large))
    place = [next(i for i, t in enumerate(s) if "far from work" in t) for s in (first, second)]
    assert place[0] > place[1]


def test_one_replication_claims_nothing() -> None:
    said = texts(make_results(TWELVE[:3], replications=1, weeks=4))
    assert said[0].startswith("Only one replication")
    assert not [text for text in said if "clearly" in text or "No clear" in text]


@pytest.mark.parametrize("name", FINDINGS)
def test_a_finding_without_numbers_is_silent(name: str) -> None:
    summary = BASE.summary.copy()
    summary.loc[:, "mean":] = np.nan
    results = replace(BASE, summary=summary)
    assert find(View(results, WORDS)) == []


def test_findings_come_by_importance(results: Results) -> None:
    weights = [finding.importance for finding in find(View(results, WORDS))]
    assert weights == sorted(weights, reverse=True)


@given(st.lists(st.sampled_from(sorted(BASE.summary["indicator"].unique())), max_size=30))
def test_any_missing_rows_are_survived(missing: list[str]) -> None:
    summary = BASE.summary[~BASE.summary["indicator"].isin(missing)]
    assert isinstance(texts(replace(BASE, summary=summary)), list)


def test_nothing_is_written_into_the_frames(results: Results) -> None:
    before: dict[str, Any] = {"summary": results.summary.copy(), "runs": results.runs.copy()}
    find(View(results, WORDS))
    pd.testing.assert_frame_equal(results.summary, before["summary"])
    pd.testing.assert_frame_equal(results.runs, before["runs"])
