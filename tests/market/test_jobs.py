"""How long spells last: closed forms against jobs that are really drawn and really end."""

from __future__ import annotations

import numpy as np
import pytest

from labsim.market.draws import Draws, Stream
from labsim.market.jobs import (
    NEVER,
    chance_to_last,
    draw_jobs,
    ending_hazards,
    separation_by_kind,
    separation_curve,
    shares,
    still_away,
    survival_by_kind,
    weeks_until,
)
from tests.builders import scenario

SIGMAS = 4.5
"""A right model is further off than this in 7 of a million cases."""
WEEKS = 80
PEOPLE = np.arange(40_000)


def jobs(**keys):
    return scenario({"labour_market": {"jobs": keys}}).labour_market.jobs


def drawn(terms):
    """Return jobs begun in week 3, and how long each lasts."""
    draws, begin = Draws(5, 0), 3
    new = draw_jobs(terms, draws, begin, PEOPLE)
    lasted = np.minimum(new.term_end - begin, until_chance(terms, new.kind))
    return new, lasted


def until_chance(terms, law, factor=1.0):
    """Return how long spells of a law would last but for fixed terms, from one draw each."""
    table = np.cumsum(ending_hazards(labour_market(terms), WEEKS + 1), axis=1)
    luck = Draws(5, 0).uniform(Stream.SEPARATION, 3, PEOPLE)
    return weeks_until(table, law, -np.log(luck) / factor)


def labour_market(terms):
    return scenario().labour_market.model_copy(update={"jobs": terms})


@pytest.fixture(scope="module")
def default():
    terms = jobs()
    return terms, *drawn(terms)


def close(share, expected, people):
    """Whether shares are within sampling error (binomial) of what is expected."""
    error = np.sqrt(np.maximum(expected * (1 - expected), 1e-12) / people)
    return (np.abs(share - expected) <= SIGMAS * error + 1e-12).all()


def test_kinds_have_their_shares(default):
    terms, new, _ = default
    assert close(np.bincount(new.kind, minlength=4) / PEOPLE.size, shares(terms), PEOPLE.size)


def test_hours_are_full_or_within_the_limits_of_part_time(default):
    terms, new, _ = default
    part = np.isin(new.kind, [1, 3])
    assert (new.hours_share[~part] == 1.0).all()
    hours = new.hours_share[part]
    assert hours.min() >= terms.part_time_hours_min
    assert hours.max() <= terms.part_time_hours_max
    # A uniform number on [a, b] has the variance (b-a)**2/12.
    error = 0.45 / np.sqrt(12 * part.sum())
    assert abs(hours.mean() - 0.625) < SIGMAS * error


def test_fixed_terms_are_within_their_limits(default):
    terms, new, _ = default
    fixed = new.term_end < NEVER
    assert (new.kind[fixed] >= 2).all()
    temporary = (new.kind >= 2).sum()
    assert close(fixed.sum() / temporary, np.array(terms.fixed_term_share), temporary)
    length = new.term_end[fixed] - 3
    assert (length.min(), length.max()) == (4, 52)
    counts = np.bincount(length)[4:]
    assert close(counts / fixed.sum(), np.full(49, 1 / 49), fixed.sum())


def test_survival_by_kind_is_how_long_drawn_jobs_last(default):
    terms, new, lasted = default
    expected = survival_by_kind(terms, WEEKS)
    for kind in range(4):
        mine = lasted[new.kind == kind]
        share = (mine[:, None] > np.arange(WEEKS)).mean(axis=0)
        assert close(share, expected[kind], mine.size)


@pytest.mark.parametrize(
    ("weeks", "least"), [(1, 0.0), (4, 0.0), (13, 0.0), (13, 0.8), (26, 0.5), (52, 1.0), (70, 0.9)]
)
def test_chance_to_last_is_the_share_that_lasts(default, weeks, least):
    terms, new, lasted = default
    # A job lasts n weeks when it has not ended by the end of week n-1 after the first.
    share = ((lasted > weeks - 1) & (new.hours_share >= least)).mean()
    assert close(share, np.array(chance_to_last(terms, weeks, least)), PEOPLE.size)


def test_chance_to_last_by_hand():
    terms = jobs(
        permanent_full_time=0.5, permanent_part_time=0.0, temporary_full_time=0.5,
        temporary_part_time=0.0, separation_week_1=0.1, separation_week_13=0.1,
        separation_week_52=0.1, separation_later=0.1, permanent_factor=1.0, temporary_factor=2.0,
        fixed_term_share=0.5, fixed_term_weeks_min=2, fixed_term_weeks_max=3,
    )  # fmt: skip
    # One week: all. Two: a week at risk. Three: two at risk, and half of the fixed terms are over.
    assert chance_to_last(terms, 1, 0.0) == pytest.approx(1.0)
    assert chance_to_last(terms, 2, 0.0) == pytest.approx(0.5 * 0.9 + 0.5 * 0.8)
    assert chance_to_last(terms, 3, 0.0) == pytest.approx(0.5 * 0.81 + 0.5 * 0.64 * 0.75)
    assert chance_to_last(terms, 4, 0.0) == pytest.approx(0.5 * 0.729 + 0.5 * 0.512 * 0.5)


def test_certain_separation():
    terms = jobs(separation_week_1=1.0, separation_week_13=1.0, temporary_factor=10.0)
    survival = survival_by_kind(terms, 20)
    assert (survival >= 0).all()
    assert (survival[2:, 1:] == 0).all()


def test_part_time_of_one_length():
    terms = jobs(part_time_hours_min=0.5, part_time_hours_max=0.5)
    part = terms.permanent_part_time + terms.temporary_part_time
    assert chance_to_last(terms, 1, 0.5) == pytest.approx(1.0)
    assert chance_to_last(terms, 1, 0.51) == pytest.approx(1 - part)


def test_separation_curve():
    curve = separation_curve(jobs(), 200)
    levels = [0.00552, 0.0092, 0.00276, 0.002, 0.002]
    assert curve[[1, 13, 52, 53, 199]].tolist() == pytest.approx(levels)
    assert (np.diff(curve[1:14]) > 0).all()
    assert (np.diff(curve[13:54]) < 0).all()


def test_half_of_new_jobs_last_a_year():
    """Fixed terms and the factors of kinds included (P 2, about half)."""
    assert 0.49 < chance_to_last(jobs(), 52, 0.0) < 0.51


def test_the_first_year_has_the_shape_of_the_evidence():
    terms = jobs()
    levels = [terms.separation_week_1, terms.separation_week_13, terms.separation_week_52]
    # One factor on the levels of P 2.
    assert [0.46 * level for level in (0.012, 0.020, 0.006)] == pytest.approx(levels, rel=1e-12)


def test_one_draw_is_as_good_as_a_coin_a_week():
    """Jobs without a fixed term end with the weekly chances; so do businesses and absence."""
    terms = jobs()
    other, kinds = scenario().labour_market.other_spells, scenario().labour_market.businesses
    chance = np.vstack(
        [
            separation_by_kind(terms, WEEKS),
            np.full(WEEKS, other.business_end_per_week),
            np.full(WEEKS, kinds.light_end_per_week),
            np.full(WEEKS, kinds.gig_end_per_week),
            np.full(WEEKS, other.inactivity_end_per_week),
        ]
    )
    for law in range(8):
        lasted = until_chance(terms, np.full(PEOPLE.size, law))
        survives = np.cumprod(np.concatenate([[1.0], 1 - chance[law, 1:]]))
        assert close((lasted[:, None] > np.arange(WEEKS)).mean(axis=0), survives, PEOPLE.size)
        # The hazard has no memory: of those still there, each week's share ends.
        there = (lasted[:, None] >= np.arange(1, WEEKS)).sum(axis=0)
        ended = (lasted[:, None] == np.arange(1, WEEKS)).sum(axis=0)
        some = there > 100  # gig work is soon over for all
        assert close(ended[some] / there[some], chance[law, 1:][some], there[some])


def test_a_factor_on_separation_is_a_power_of_survival():
    lasted = until_chance(jobs(), np.full(PEOPLE.size, 2), factor=0.4)
    survives = np.cumprod(1 - separation_by_kind(jobs(), WEEKS)[2])
    survives /= survives[0]
    assert close((lasted[:, None] > np.arange(WEEKS)).mean(axis=0), survives**0.4, PEOPLE.size)


def test_budgets_by_hand():
    table = np.array([[0.0, 0.5, 1.0, 1.5]])
    budget = np.array([1e-9, 0.5, 0.6, 1.0, 1.5, 1.6])
    weeks = weeks_until(table, np.zeros(6, dtype=int), budget)
    assert weeks.tolist() == [1, 1, 2, 2, 3, NEVER]


def test_a_certain_end_comes_with_any_luck():
    terms = jobs(separation_week_1=1.0, separation_week_13=1.0)
    table = np.cumsum(ending_hazards(labour_market(terms), 20), axis=1)
    budget = -np.log(np.array([2.0**-53, 0.5, 1 - 2.0**-53]))
    assert weeks_until(table, np.full(3, 2), budget).tolist() == [1, 1, 1]
    # Nor does a job chosen to last, as far as that goes, outlive what is certain.
    assert weeks_until(table, np.full(3, 2), budget / np.exp(-5)).tolist() == [1, 1, 1]


def test_still_away_by_kind_of_exit():
    """Each kind of exit alone, against its own law."""
    week = np.arange(60)
    none = dict.fromkeys(("education", "subsidised", "entrepreneurship", "inactivity"), 0.0)

    def only(**exits):
        tree = {
            "exit_shares": none | {"employment": 0.5} | exits,
            "other_spells": {
                "education_weeks": 40, "subsidised_weeks": 26, "business_end_per_week": 0.02,
                "inactivity_end_per_week": 0.03,
            },
        }  # fmt: skip
        return scenario({"labour_market": tree}).labour_market

    market = scenario({"labour_market": {"exit_shares": none | {"employment": 1.0}}}).labour_market
    job = still_away(market, 60)
    mixed = (shares(market.jobs)[:, None] * survival_by_kind(market.jobs, 60)).sum(axis=0)
    assert job == pytest.approx(mixed, abs=1e-12)
    laws = {
        "education": week < 40,
        "subsidised": week < 26,
        "entrepreneurship": 0.98**week,
        "inactivity": 0.97**week,
    }
    for kind, law in laws.items():
        assert still_away(only(**{kind: 0.5}), 60) == pytest.approx((job + law) / 2, abs=1e-12)


def test_still_away_is_how_long_people_stay_away():
    from tests.builders import ALIKE, WORK_AT_ONCE, market

    people, weeks = 8_000, 50
    setup = scenario(
        ALIKE,
        WORK_AT_ONCE,
        {
            "run": {"weeks": weeks},
            "population": {"register": people},
            "referral": {"volume": 0},
        },
    )
    spells = market(setup).spells
    first = spells.column("begin") == 0  # all but one in 22,000 leave in week 0
    lasted = spells.column("end")[first]
    share = (lasted[:, None] > np.arange(weeks)).mean(axis=0)
    assert close(share, still_away(setup.labour_market, weeks), first.sum())
