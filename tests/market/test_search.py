"""Finding work and displacement, against formulas worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labsim.market import search
from tests.builders import scenario


def labour(**keys):
    return scenario({"labour_market": keys}).labour_market


def hazard(market, *, log_base=0.0, ability=8.0, motivation=8.0, months=0.0):
    values = (np.array([value]) for value in (log_base, ability, motivation, months))
    return search.job_hazard(market, *values)[0]


def test_hazard_by_hand():
    market = labour(ability_exponent=1.2, motivation_exponent=0.5, duration_decay_per_month=0.04)
    assert hazard(market, log_base=np.log(0.05)) == pytest.approx(0.05, rel=1e-14)
    # (4/8)**1.2 = 0.435275..., (2/8)**0.5 = 0.5, exp(-0.04*5) = 0.818730...
    found = hazard(market, log_base=np.log(0.05), ability=4.0, motivation=2.0, months=5.0)
    assert found == pytest.approx(0.05 * 0.435275281648062 * 0.5 * 0.818730753077982, rel=1e-12)


def test_scores_are_floored_at_half_a_point():
    market = labour()
    assert hazard(market, ability=0.0) == hazard(market, ability=0.5) > 0
    assert hazard(market, motivation=0.0) == hazard(market, motivation=0.5) > 0


def test_the_hazard_is_flat_after_eight_months():
    market = labour()
    assert hazard(market, months=8.0) == hazard(market, months=90.0) < hazard(market, months=7.9)


@pytest.mark.parametrize("decay", [0.0, 0.04, 0.5])
def test_cumulative_exit_hazard_is_the_integral(decay):
    market = labour(duration_decay_per_month=decay)
    end, steps = 20.0, 200_000
    middle = (np.arange(steps) + 0.5) * end / steps
    falling = np.exp(-decay * np.minimum(middle, 8.0)).sum() * end / steps
    weeks_per_month = 365.2425 / 12 / 7
    found = search.cumulative_exit_hazard(market, np.array([end]))[0]
    # The midpoint rule is off by (h**2/24)*(f'(b)-f'(a)), under 1e-10 of the value here.
    assert found == pytest.approx(falling * weeks_per_month / 0.55, rel=1e-8)


# Displacement


@pytest.mark.parametrize(
    ("vacancies", "by_hand"),
    [
        # a / (a + (1-a) * (theta/0.43)**-1.27), a = 0.6
        (0.43, 0.6),  # the reference: a itself
        (0.19, 0.347098),  # (0.43/0.19)**1.27 = 2.821551; 0.6 / (0.6 + 0.4*2.821551)
        (0.10, 0.190467),  # 4.3**1.27 = 6.375363; 0.6 / (0.6 + 0.4*6.375363)
    ],
)
def test_local_elasticity_by_hand(vacancies, by_hand):
    market = labour(
        setting_2019={"cycle": 1.0, "vacancies_per_unemployed": vacancies}, matching_elasticity=0.6
    )
    assert search.local_elasticity(market) == pytest.approx(by_hand, abs=1e-6)


def test_elasticity_is_the_slope_of_matches_on_search():
    """One market: with S(1+d) of search, matches grow by the share `a` of d, for every slack."""
    for vacancies in (0.43, 0.19, 0.10):
        market = labour(setting_2019={"cycle": 1.0, "vacancies_per_unemployed": vacancies})
        a, step = search.local_elasticity(market), 1e-6
        matches = [
            (1 + d) * search.crowding(np.array([1 / (1 + d)]), a, market.tightness_exponent)[0]
            for d in (-step, step)
        ]
        slope = (np.log(matches[1]) - np.log(matches[0])) / (2 * step)
        assert slope == pytest.approx(a, abs=1e-6)


def test_one_market_by_hand():
    # Half of 100 equal seekers search 20 % better: S rises to 110, r = 100/110 = 0.909091.
    # x = (0.6 + 0.4 * r**-1.27)**(-1/1.27) = (0.6 + 0.4*1.128674)**-0.787402 = 0.961252
    factor = search.crowding(np.array([100 / 110]), 0.6, 1.27)[0]
    assert factor == pytest.approx(0.961252, abs=1e-6)
    # Of 100 h matches before, treated and untreated now have 60*x*h and 50*x*h.
    treated, untreated = 60 * factor - 50, 50 * factor - 50
    assert treated == pytest.approx(7.6751, abs=1e-4)
    assert untreated == pytest.approx(-1.9374, abs=1e-4)


@pytest.mark.parametrize("gamma", [0.0, 0.5, 1.27, 3.0])
def test_at_the_reference_nothing_changes(gamma):
    assert search.crowding(np.ones(3), 0.6, gamma) == pytest.approx(1.0, abs=1e-15)


@settings(derandomize=True, deadline=None)
@given(st.floats(0, 1), st.floats(0, 5))
def test_more_search_never_helps_others(a, gamma):
    ratios = np.array([0.05, 0.3, 0.9, 1.0, 1.1, 4.0, 20.0])
    factors = search.crowding(ratios, a, gamma)
    assert (np.diff(factors) >= -1e-12).all()
    assert np.isfinite(factors).all()
    # Nor do matches ever fall: r = 1/S, matches = S*x.
    assert (np.diff(factors / ratios) <= 1e-9 * factors[:-1] / ratios[:-1]).all()


@pytest.mark.parametrize("ratio", [0.05, 0.4, 1.0, 7.0, 20.0])
def test_gamma_zero_is_the_cobb_douglas_limit(ratio):
    limit = search.crowding(np.array([ratio]), 0.6, 0.0)[0]
    assert limit == pytest.approx(ratio**0.4, rel=1e-14)
    # The formula's next term is gamma * a * (1-a) * ln(r)**2 / 2: for r within 0.05-20 under
    # 1.1*gamma.
    assert search.crowding(np.array([ratio]), 0.6, 1e-5)[0] == pytest.approx(limit, rel=2e-5)


def test_matching_elasticity_one_displaces_nobody():
    ratios = np.array([1e-9, 0.2, 1.0, 1e9])
    assert np.array_equal(search.crowding(ratios, 1.0, 1.27), np.ones(4))
    assert search.local_elasticity(labour(matching_elasticity=1.0)) == 1.0


def test_elasticity_zero_keeps_the_number_of_matches():
    # a = 0: as many vacancies are filled whatever the search, x = r.
    ratios = np.array([0.1, 0.5, 1.0, 2.0])
    assert search.crowding(ratios, 0.0, 1.27) == pytest.approx(ratios, rel=1e-12)


def test_ratios_are_kept_within_limits():
    outside, limits = np.array([0.0, 1e-3, 1e6]), np.array([0.05, 0.05, 20.0])
    assert np.array_equal(search.crowding(outside, 0.6, 1.27), search.crowding(limits, 0.6, 1.27))


# Competing exits


def test_shares_of_exits():
    hazards = np.array([[0.3], [0.1], [0.2]]) * np.ones(200_000)
    grid = (np.arange(200_000) + 0.5) / 200_000
    kinds = search.competing_exits(hazards, grid)
    leave = -np.expm1(-0.6)
    # A grid instead of draws: counts are exact to one grid point per edge.
    for kind, share in ((0, 0.5), (1, 1 / 6), (2, 1 / 3)):
        assert (kinds == kind).mean() == pytest.approx(leave * share, abs=2e-5)
    assert (kinds == -1).mean() == pytest.approx(1 - leave, abs=2e-5)
    assert np.array_equal(
        kinds[kinds >= 0], np.sort(kinds[kinds >= 0])
    )  # jobs first in the interval


def test_nobody_leaves_without_hazard():
    kinds = search.competing_exits(np.zeros((3, 4)), np.array([1e-300, 0.2, 0.5, 1 - 1e-16]))
    assert (kinds == -1).all()


@settings(derandomize=True, deadline=None)
@given(st.floats(0, 1, exclude_min=True), st.floats(0, 3), st.floats(0, 3), st.floats(1, 4))
def test_better_search_alone_never_loses_a_job(uniform, job, other, factor):
    """Designs stay coupled: with a higher job hazard a job found is found again."""
    before = search.competing_exits(np.array([[job], [other]]), np.array([uniform]))[0]
    after = search.competing_exits(np.array([[job * factor], [other]]), np.array([uniform]))[0]
    if before == 0:
        assert after == 0
    if before == 1:
        assert after in (0, 1)
