"""Statistics over replications, against scipy and against hand-computed examples."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from labsim.study.summary import RATIOS, summarise, t_quantile

A = np.array([3.0, 5.0, 4.0, 8.0])
B = np.array([2.0, 6.0, 1.0, 9.0])


def runs(**designs):
    """Return a runs table from one dict of columns per design."""
    tables = [
        pd.DataFrame(columns).assign(
            design=name, scenario="s", seed=1, replication=range(len(next(iter(columns.values()))))
        )
        for name, columns in designs.items()
    ]
    return pd.concat(tables, ignore_index=True)


def row(summary, design, indicator):
    found = summary[(summary["design"] == design) & (summary["indicator"] == indicator)]
    assert len(found) == 1
    return found.iloc[0]


@pytest.fixture
def summary():
    return summarise(runs(a={"x": A}, b={"x": B}))


def test_t_quantile_is_students():
    for n in (2, 5, 30, 1000):
        assert t_quantile(n) == pytest.approx(stats.t.ppf(0.975, n - 1), rel=1e-12)
    assert np.isnan(t_quantile(1))


def test_interval_of_the_mean(summary):
    found = row(summary, "b", "x")
    interval = stats.ttest_1samp(B, 0).confidence_interval(0.95)
    assert found["mean"] == 4.5
    assert (found["mean_low"], found["mean_high"]) == pytest.approx((interval.low, interval.high))


def test_interval_of_the_paired_difference(summary):
    found = row(summary, "b", "x")
    interval = stats.ttest_rel(B, A).confidence_interval(0.95)
    # By hand: differences -1, 1, -3, 1 have mean -0.5, variance 11/3, standard error sqrt(11/12).
    assert found["difference"] == -0.5
    assert found["difference_high"] == pytest.approx(-0.5 + 3.182446 * np.sqrt(11 / 12), abs=1e-5)
    assert (found["difference_low"], found["difference_high"]) == pytest.approx(
        (interval.low, interval.high)
    )


def test_spread_and_percentiles(summary):
    found = row(summary, "a", "x")
    assert found["n"] == 4
    assert found["sd"] == pytest.approx(np.sqrt(14 / 3))
    # Linear between order statistics: of 3, 4, 5, 8 the 5 % point lies 0.15 of the way to the
    # second.
    assert found[["p05", "p50", "p95"]].tolist() == pytest.approx([3.15, 4.5, 7.55])


def test_the_reference_has_no_difference(summary):
    found = row(summary, "a", "x")
    assert found[["difference", "difference_low", "difference_high"]].isna().all()


def test_pairs_go_by_replication_and_not_by_row():
    table = runs(a={"x": A}, b={"x": B})
    mixed = table.sample(frac=1, random_state=3)
    mixed = pd.concat([mixed[mixed["design"] == "a"], mixed[mixed["design"] == "b"]])
    pd.testing.assert_frame_equal(summarise(mixed), summarise(table))


def test_the_first_design_is_the_reference():
    table = runs(z={"x": A}, a={"x": B})
    found = summarise(table)
    assert found["design"].tolist() == ["z", "a"]
    assert row(found, "a", "x")["difference"] == -0.5


def test_one_replication_has_no_interval():
    found = summarise(runs(a={"x": [3.0]}, b={"x": [5.0]}))
    for design in "ab":
        one = row(found, design, "x")
        assert (
            one[["sd", "mean_low", "mean_high", "difference_low", "difference_high"]].isna().all()
        )
    assert row(found, "b", "x")["difference"] == 2.0
    assert row(found, "b", "x")["p05"] == 5.0


def test_empty_cells_are_left_out_in_pairs():
    nan = np.nan
    found = summarise(runs(a={"x": [1.0, nan, 3.0, 4.0]}, b={"x": [2.0, 5.0, nan, 7.0]}))
    second = row(found, "b", "x")
    assert second["n"] == 3
    assert second["mean"] == pytest.approx(14 / 3)
    assert second["difference"] == 2.0  # of 2-1 and 7-4
    interval = stats.ttest_rel([2.0, 7.0], [1.0, 4.0]).confidence_interval(0.95)
    assert second["difference_low"] == pytest.approx(interval.low)


def test_an_indicator_without_values():
    found = row(summarise(runs(a={"x": [np.nan] * 3}, b={"x": [1.0, 2.0, 3.0]})), "b", "x")
    assert found["difference"] != found["difference"]
    assert found["mean"] == 2.0
    empty = row(summarise(runs(a={"x": [np.nan] * 3})), "a", "x")
    assert empty["n"] == 0
    assert empty.drop(["design", "indicator", "n"]).isna().all()


def test_no_difference_at_all():
    found = row(summarise(runs(a={"x": A}, b={"x": A})), "b", "x")
    assert found[["difference", "difference_low", "difference_high"]].tolist() == [0.0, 0.0, 0.0]


# Ratios


def money(fees, additional):
    ratio = [f / a if a > 0 else np.nan for f, a in zip(fees, additional, strict=True)]
    return {
        "fees_eur": fees, "admin_cost_purchaser_eur": [0.0] * len(fees),
        "started": [100] * len(fees), "net_jobs_90d": additional, "additional_outcomes": additional,
        "fees_per_additional_outcome_eur": ratio,
        "purchaser_cost_per_net_job_eur": ratio,
    }  # fmt: skip


RATIO = "fees_per_additional_outcome_eur"


def test_both_ratios_are_pooled():
    assert set(RATIOS) == {RATIO, "purchaser_cost_per_net_job_eur"}


def test_pooled_ratio_by_hand():
    # 600 / 30 = 20; without each replication 500/20 = 25, 400/20 = 20, 300/20 = 15. Jackknife: the
    # squares of 5, 0, -5 sum to 50, times 2/3; t(2) at 97.5 % is 4.302653.
    found = row(summarise(runs(a=money([100.0, 200.0, 300.0], [10, 10, 10]))), "a", RATIO)
    assert found["mean"] == 20.0
    half = 4.302653 * np.sqrt(50 * 2 / 3)
    assert (found["mean_low"], found["mean_high"]) == pytest.approx(
        (20 - half, 20 + half), abs=1e-4
    )


def test_pooled_difference_by_hand():
    table = runs(
        a=money([100.0, 200.0, 300.0], [10, 10, 10]), b=money([300.0, 300.0, 300.0], [9, 10, 11])
    )
    found = row(summarise(table), "b", RATIO)
    assert found["difference"] == 10.0
    copies = np.array([600 / 21 - 25, 600 / 20 - 20, 600 / 19 - 15])
    error = np.sqrt(((copies - copies.mean()) ** 2).sum() * 2 / 3)
    half = stats.t.ppf(0.975, 2) * error
    assert found["difference_high"] - 10.0 == pytest.approx(half)
    assert 10.0 - found["difference_low"] == pytest.approx(half)


def test_the_other_ratio_counts_all_costs_and_net_jobs():
    columns = money([100.0, 200.0, 300.0], [10, 10, 10]) | {
        "admin_cost_purchaser_eur": [30.0, 30.0, 30.0], "started": [50, 50, 50],
    }  # fmt: skip
    # 690 EUR for 3 x 10 net jobs per 100 starts of 50: 690 / 15.
    found = row(summarise(runs(a=columns)), "a", "purchaser_cost_per_net_job_eur")
    assert found["mean"] == pytest.approx(46.0)


@pytest.mark.parametrize("additional", [[5, -5, 1], [0, 0, 0], [-3, -4, -5], [20, 0, 0]])
def test_a_denominator_near_zero_gives_nothing(additional):
    table = runs(
        a=money([100.0, 200.0, 300.0], [10, 10, 10]), b=money([100.0, 200.0, 300.0], additional)
    )
    found = row(summarise(table), "b", RATIO)
    columns = ["mean", "mean_low", "mean_high", "difference", "difference_low", "difference_high"]
    assert found[columns].isna().all()


def test_a_pooled_ratio_of_one_replication():
    found = row(summarise(runs(a=money([100.0], [10]))), "a", RATIO)
    assert found["mean"] == 10.0
    assert found[["mean_low", "mean_high"]].isna().all()


def test_the_jackknife_covers():
    """Of 200 samples about 95 % have the true ratio in their interval."""
    rng = np.random.default_rng(4)
    inside = 0
    for _ in range(200):
        additional = rng.normal(10, 2, 12)
        fees = additional * 50 + rng.normal(500, 100, 12)  # true ratio (500 + 500) / 10
        found = row(summarise(runs(a=money(fees.tolist(), additional.tolist()))), "a", RATIO)
        inside += found["mean_low"] <= 100 <= found["mean_high"]
    # A binomial share has a standard error of 1.5 points here; four of them below, and all above,
    # as the ratio's own bias is of second order.
    assert inside / 200 > 0.89
