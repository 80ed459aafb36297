"""Who the jobseekers are: against the parameters, and against a register filled by brute force."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from labsim.market.draws import Draws
from labsim.market.people import AGE_BANDS, benefit_days, draw_people, new_arrivals
from tests.builders import scenario

SIGMAS = 4.5
"""A right model is further off than this in 7 of a million cases."""
ALPHA = 1e-5


def close(found, expected, error):
    return abs(found - expected) <= SIGMAS * error


def draw(*layers, replication=0):
    setup = scenario(*layers)
    return draw_people(setup, Draws(setup.run.seed, replication))


@pytest.fixture(scope="module")
def entrants():
    """About 12,000 people who come to the register, scores kept clear of the limits 0 and 10."""
    people = draw(
        {
            "population": {
                "register": 1, "inflow_per_week": 500.0, "ability_mean": 5.0, "ability_sd": 0.8,
                "motivation_mean": 5.5, "motivation_sd": 0.7, "belief_mean": 4.5, "belief_sd": 0.9,
                "correlation": 0.4, "areas": {"north": 0.2, "south": 0.8},
            }
        }
    )  # fmt: skip
    rows = people.entry_week >= 0
    assert rows.sum() > 10_000
    return {name: column[rows] for name, column in vars(people).items()}


def test_shares_of_entrants(entrants):
    n = entrants["age"].size
    bands = [
        ((entrants["age"] >= low) & (entrants["age"] < high)).mean() for low, high in AGE_BANDS
    ]
    shares = {
        "age": (bands, [0.18, 0.26, 0.30, 0.26]),
        "education": (np.bincount(entrants["education"]) / n, [0.25, 0.48, 0.27]),
        "scheme": (np.bincount(entrants["scheme"]) / n, [0.58, 0.14, 0.28]),
        "area": (np.bincount(entrants["area"]) / n, [0.2, 0.8]),
    }
    for name, (found, expected) in shares.items():
        for share, wanted in zip(found, expected, strict=True):
            assert close(share, wanted, np.sqrt(wanted * (1 - wanted) / n)), name


def test_ages_are_even_within_bands(entrants):
    for low, high in AGE_BANDS:
        mine = entrants["age"][(entrants["age"] >= low) & (entrants["age"] < high)]
        counts = np.bincount(mine - low, minlength=high - low)
        assert stats.chisquare(counts).pvalue > ALPHA


@pytest.mark.parametrize(
    ("name", "mean", "sd"), [("ability", 5.0, 0.8), ("motivation", 5.5, 0.7), ("belief", 4.5, 0.9)]
)
def test_scores_have_their_mean_and_spread(entrants, name, mean, sd):
    values, n = entrants[name], entrants[name].size
    assert close(values.mean(), mean, sd / np.sqrt(n))
    assert close(values.std(ddof=1), sd, sd / np.sqrt(2 * n))  # of normal numbers
    assert stats.kstest((values - mean) / sd, "norm").pvalue > ALPHA


def test_scores_are_correlated_alike(entrants):
    scores = np.stack([entrants[name] for name in ("ability", "motivation", "belief")])
    found = np.corrcoef(scores)[np.triu_indices(3, 1)]
    error = (1 - 0.4**2) / np.sqrt(scores.shape[1])  # of a correlation of normal numbers
    assert all(close(value, 0.4, error) for value in found)


def test_nothing_else_is_correlated(entrants):
    unrelated = np.stack(
        [entrants[name].astype(float) for name in ("age", "education", "scheme", "area", "ability")]
    )
    found = np.corrcoef(unrelated)[np.triu_indices(5, 1)]
    assert np.abs(found).max() < SIGMAS / np.sqrt(unrelated.shape[1])


def test_entrants_have_just_come(entrants):
    assert not entrants["months"].any()


def test_scores_stay_within_limits():
    people = draw({"population": {"register": 3000, "ability_sd": 5.0, "motivation_mean": 10.0}})
    for score in (people.ability, people.motivation, people.belief):
        assert score.min() >= 0
        assert score.max() <= 10


# The stock


def by_brute_force(people: int, months: float = 240.0):
    """Let people enter for twenty years and return those who are still there, with their months.

    numpy's own generator and plain loops over the definitions; nothing of labsim but the defaults.
    """
    rng = np.random.default_rng(20)
    band = rng.choice(4, people, p=[0.18, 0.26, 0.30, 0.26])
    education = rng.choice(3, people, p=[0.25, 0.48, 0.27])
    common = rng.standard_normal(people) * np.sqrt(0.3)
    ability = np.clip(7.0 + 1.8 * (common + np.sqrt(0.7) * rng.standard_normal(people)), 0, 10)
    motivation = np.clip(7.5 + 2.0 * (common + np.sqrt(0.7) * rng.standard_normal(people)), 0, 10)
    hazard = 0.053 * np.array([1.1, 1.0, 0.85, 0.5])[band] * np.array([0.8, 1.0, 1.25])[education]
    hazard *= np.exp(0.5 * rng.standard_normal(people))
    hazard *= (np.maximum(ability, 0.5) / 8) ** 0.8 * (np.maximum(motivation, 0.5) / 8) ** 0.5
    since = rng.uniform(0, months, people)
    # Step through each person's time in tenths of a month, leaving at the hazard of the moment.
    there = np.ones(people, dtype=bool)
    step = 0.1
    for moment in np.arange(0, months, step):
        rows = np.flatnonzero(there & (since > moment))
        span = np.minimum(since[rows] - moment, step)
        leaving = hazard[rows] / 0.55 * np.exp(-0.04 * np.minimum(moment + step / 2, 8.0))
        chance = -np.expm1(-leaving * span * 365.2425 / 12 / 7)
        there[rows[rng.random(rows.size) < chance]] = False
    return {
        "months": since[there], "ability": ability[there], "motivation": motivation[there],
        "band": band[there], "education": education[there],
    }  # fmt: skip


@pytest.fixture(scope="module")
def stock():
    people = draw({"population": {"register": 12_000, "inflow_per_week": 0.0}})
    return vars(people) | {"band": np.searchsorted([25, 35, 50], people.age, side="right")}


@pytest.fixture(scope="module")
def filled():
    return by_brute_force(400_000)


def test_the_stock_has_the_durations_of_a_filled_register(stock, filled):
    assert filled["months"].size > 5_000
    # The model cuts off stays of over ten years; the steps of 0.1 month are far below what samples
    # of
    # this size can tell.
    under = filled["months"][filled["months"] < 120]
    assert under.size > 0.97 * filled["months"].size
    assert stats.ks_2samp(stock["months"], under).pvalue > ALPHA


@pytest.mark.parametrize("name", ["ability", "motivation"])
def test_the_stock_has_the_scores_of_a_filled_register(stock, filled, name):
    under = filled[name][filled["months"] < 120]
    assert stats.ks_2samp(stock[name], under).pvalue > ALPHA


@pytest.mark.parametrize("name", ["band", "education"])
def test_the_stock_has_the_composition_of_a_filled_register(stock, filled, name):
    under = filled[name][filled["months"] < 120]
    table = [np.bincount(stock[name]), np.bincount(under)]
    assert stats.chi2_contingency(table).pvalue > ALPHA


def test_the_stock_is_harder_to_place_than_entrants(stock):
    """Those who stay long are met more often."""
    assert (stock["band"] == 3).mean() > 0.30
    entering = draw({"population": {"register": 1, "inflow_per_week": 500.0}})
    assert stock["ability"].mean() < entering.ability[1:].mean() - 0.05


def test_hazard_at_entry_is_that_of_the_time_out_of_work(stock):
    decay = 0.04 * np.minimum(stock["months"], 8.0)
    logs = stock["log_base"] - decay
    logs = logs + 0.8 * np.log(np.maximum(stock["ability"], 0.5) / 8)
    logs += 0.5 * np.log(np.maximum(stock["motivation"], 0.5) / 8)
    assert stock["hazard_at_entry"] == pytest.approx(np.exp(logs), rel=1e-12)


def test_given_bands_of_duration():
    people = draw(
        {
            "population": {
                "register": 5_000, "inflow_per_week": 0.0,
                "unemployed_months_edges": [0, 3, 12, 24],
                "unemployed_months_shares": [0.5, 0.3, 0.2],
            }
        }
    )  # fmt: skip
    counts = np.histogram(people.months, bins=[0, 3, 12, 24])[0]
    assert counts.sum() == 5_000
    for count, share in zip(counts, [0.5, 0.3, 0.2], strict=True):
        assert close(count / 5_000, share, np.sqrt(share * (1 - share) / 5_000))
    for low, high in ((0, 3), (3, 12), (12, 24)):
        mine = people.months[(people.months >= low) & (people.months < high)]
        assert stats.kstest(mine, "uniform", args=(low, high - low)).pvalue > ALPHA


# Numbers and order


def test_the_register_is_as_large_as_asked():
    for size in (1, 2, 199):
        people = draw({"population": {"register": size}})
        assert (people.entry_week == -1).sum() == size
        assert (people.entry_week[:size] == -1).all()
        assert (np.diff(people.entry_week) >= 0).all()


def test_arrivals_are_counted_out_evenly():
    setup = scenario({"population": {"inflow_per_week": 7.3}})
    draws = Draws(setup.run.seed, 0)
    expected = new_arrivals(setup, draws)
    assert expected[0] == pytest.approx(7.3)
    assert (np.diff(expected) <= 0).all()
    people = draw_people(setup, draws)
    counts = np.bincount(people.entry_week[people.entry_week >= 0], minlength=40)
    assert np.abs(np.cumsum(counts) - np.cumsum(expected)).max() < 1


def test_no_inflow():
    assert len(draw({"population": {"inflow_per_week": 0.0}})) == 200


def test_default_inflow_replaces_those_who_leave():
    """In a steady state as many leave in a week as the exit hazards of the stock add up to."""
    setup = scenario({"population": {"register": 10_000}})
    draws = Draws(setup.run.seed, 0)
    people = draw_people(setup, draws)
    hazards = people.hazard_at_entry[:10_000] / 0.55
    expected = hazards.sum()
    # The stock is a sample, and so are the 5,000 entrants whose mean stay gives the inflow: their
    # stays have a coefficient of variation of about 1.
    error = expected * np.sqrt(hazards.var() / hazards.mean() ** 2 / 10_000 + 1 / 5_000)
    assert close(new_arrivals(setup, draws)[0], expected, error)


def test_replications_have_other_people():
    one, other = draw(), draw(replication=1)
    assert not np.array_equal(one.ability[:200], other.ability[:200])


def test_longer_runs_have_the_same_people():
    short, long = draw({"run": {"weeks": 20}}), draw({"run": {"weeks": 60}})
    n = len(short)
    for name, column in vars(short).items():
        assert np.array_equal(column, getattr(long, name)[:n]), name


def test_benefit_days():
    assert benefit_days(np.array([0.0, 1.0, 12.0, 120.0])).tolist() == [0, 21, 258, 2580]
