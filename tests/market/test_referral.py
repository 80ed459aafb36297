"""Who is referred, in what order, and who accepts."""

from __future__ import annotations

import numpy as np
import pytest

from labsim.market.draws import Draws, Stream
from labsim.market.jobs import NEVER
from labsim.market.referral import REGIMES, acceptance_chance, quota
from labsim.market.states import Stage, State
from tests.builders import ALIKE, ALL_START, NO_EXITS, market, scenario

PEOPLE = np.arange(5_000)


def referral(**keys):
    return scenario({"referral": keys}).referral


def test_quota_by_hand():
    terms = referral(volume=10, start_week=2, weeks=4)
    assert [quota(terms, week) for week in range(8)] == [0, 0, 2, 5, 7, 10, 10, 10]


@pytest.mark.parametrize("regime", sorted(REGIMES))
class TestEveryRegime:
    """What every regime keeps."""

    def choose(self, regime, eligible=PEOPLE, places=300, seed=1):
        terms = referral(regime=regime, drawn_share=0.25)
        return REGIMES[regime](terms, Draws(seed, 0), eligible, places)

    def test_chooses_eligible_people_once(self, regime):
        eligible = PEOPLE[::3]
        chosen = self.choose(regime, eligible)
        assert np.unique(chosen).size == chosen.size == 300
        assert np.isin(chosen, eligible).all()

    def test_no_places_and_nobody(self, regime):
        assert self.choose(regime, places=0).size == 0
        assert self.choose(regime, PEOPLE[:0]).size == 0

    def test_more_places_than_people(self, regime):
        assert self.choose(regime, PEOPLE[:40], places=99).size <= 40

    def test_the_order_of_the_list_does_not_matter(self, regime):
        shuffled = np.random.default_rng(1).permutation(PEOPLE)
        assert self.choose(regime, shuffled).tolist() == self.choose(regime).tolist()

    def test_more_places_only_add(self, regime):
        assert np.array_equal(self.choose(regime, places=400)[:300], self.choose(regime))

    def test_whoever_leaves_the_list_moves_only_those_behind(self, regime):
        chosen = self.choose(regime)
        without = np.setdiff1d(PEOPLE, chosen[7:8])
        assert np.array_equal(np.delete(chosen, 7), self.choose(regime, without)[:299])

    def test_another_seed_chooses_others(self, regime):
        assert not np.array_equal(self.choose(regime), self.choose(regime, seed=2))


def test_a_lottery_draws_its_share():
    terms = referral(regime="lottery", drawn_share=0.25)
    chosen = REGIMES["lottery"](terms, Draws(1, 0), PEOPLE, 10_000)
    drawn = Draws(1, 0).uniform(Stream.LOTTERY, 0, PEOPLE) < 0.25
    assert np.array_equal(np.sort(chosen), PEOPLE[drawn])


def test_those_not_drawn_are_never_referred():
    model = market(scenario({"referral": {"regime": "lottery", "volume": 5_000}}))
    people = np.arange(len(model.columns))
    drawn = model.draws.uniform(Stream.LOTTERY, 0, people) < 0.5
    assert not (model.columns.referred_week[~drawn] < NEVER).any()
    assert (model.columns.referred_week[drawn] < NEVER).any()


def test_acceptance_by_hand():
    acceptance = referral().acceptance
    # 0.92 + 0.25*(8-7.5) - 0.35*(4.5-5.5) - 0.06*2 = 1.275; 1/(1+exp(-1.275)) = 0.781597
    found = acceptance_chance(acceptance, np.array([8.0]), np.array([4.5]), 2)
    assert found[0] == pytest.approx(0.781597, abs=1e-6)


def test_the_share_that_accepts():
    people = 4_000
    setup = scenario(
        ALIKE,
        NO_EXITS,
        {
            "population": {"register": people, "belief_mean": 5.5},
            "referral": {"volume": people, "start_week": 0, "weeks": 1, "wait_weeks": 3},
        },
    )
    model = market(setup)
    chance = 1 / (1 + np.exp(-(0.92 + 0.25 * 0.5 - 0.06 * 3)))
    error = np.sqrt(chance * (1 - chance) / people)
    assert abs(model.flows["started"].sum() / people - chance) < 4.5 * error


@pytest.mark.parametrize(
    ("target", "keeps"),
    [
        ({"age_min": 30, "age_max": 39}, lambda c: (c.age >= 30) & (c.age <= 39)),
        ({"education": ["basic", "tertiary"]}, lambda c: c.education != 1),
        ({"benefit": ["basic-allowance"]}, lambda c: c.scheme_at_entry == 1),
        ({"work_ability_max": 6.5}, lambda c: c.ability <= 6.5),
        ({"work_ability_min": 6.5}, lambda c: c.ability >= 6.5),
        ({"areas": ["south"]}, lambda c: c.area == 1),
        ({"unemployed_months_min": 6.0}, lambda c: c.months_before >= 6.0),
        ({"unemployed_months_max": 6.0}, lambda c: c.months_before <= 6.0),
    ],
)
def test_only_the_target_group_is_referred(target, keeps):
    setup = scenario(
        {
            "run": {"weeks": 1},
            "population": {
                "register": 1_000, "inflow_per_week": 0.0, "areas": {"north": 0.5, "south": 0.5},
            },
            "finance": {"earnings_related_days_max": 5_000},
            "referral": {
                "volume": 10_000, "start_week": 0, "weeks": 1, "wait_weeks": 3, "target": target,
            },
        }
    )  # fmt: skip
    columns = market(setup).columns
    # Every one of them is referred, in the only week, before anything has changed for anybody.
    expected = keeps(columns)
    assert 0 < expected.sum() < 1_000
    assert np.array_equal(columns.referred_week == 0, expected)
    assert np.array_equal(columns.ever_eligible, expected)


def test_days_of_support():
    setup = scenario(
        NO_EXITS,
        {
            "run": {"weeks": 1},
            "population": {"register": 1_000, "inflow_per_week": 0.0},
            "referral": {
                "volume": 10_000, "start_week": 0, "weeks": 1, "target": {"support_days_min": 300},
            },
        },
    )  # fmt: skip
    columns = market(setup).columns
    days = (columns.months_before * 21.5).astype(int)
    # People on another scheme at entry come to support after 400 days.
    days = np.where(columns.scheme_at_entry == 2, days, days - 400)
    assert np.array_equal(columns.referred_week == 0, days >= 300)


def test_people_who_find_work_while_they_wait_do_not_start():
    model = market(scenario(ALL_START, {"referral": {"wait_weeks": 5}}))
    gone = np.flatnonzero(model.columns.stage == Stage.GONE_BEFORE_START)
    assert gone.size
    assert not (model.columns.service_start[gone] < NEVER).any()
    referred = model.columns.referred_week[gone]
    person, begin = model.spells.column("person"), model.spells.column("begin")
    for one, week in zip(gone, referred, strict=True):
        assert ((begin[person == one] >= week) & (begin[person == one] < week + 6)).any()


def test_nobody_waits_beyond_the_contract():
    model = market(scenario({"contract": {"start_week": 3, "weeks": 4}}))
    started = model.columns.service_start[model.columns.service_start < NEVER]
    assert started.max() < 7
    waiting = model.columns.stage == Stage.REFERRED
    assert not waiting[model.columns.referred_week < 6].any()
    assert (model.columns.state[started] >= State.UNEMPLOYED).all()
