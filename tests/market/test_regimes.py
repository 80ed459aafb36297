"""How people are chosen for referral: what every regime keeps, and what each does."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import numpy as np
import pytest

from labsim.market.draws import Draws, Stream
from labsim.market.jobs import NEVER
from labsim.market.model import LabourMarket
from labsim.market.regimes import REGIMES, Desk, quota
from labsim.scenario.sections.referral import Referral
from tests.builders import market, scenario

PEOPLE = np.arange(5_000)


def referral(**keys):
    return scenario({"referral": keys}).referral


def motivation(persons):
    return persons * 7919 % 101 / 10.1


def log_hazard(persons):
    return -(persons * 104_729 % 4_999) / 1_000.0


def wishes(persons):
    return persons * 6_007 % 97 / 97


def desk(regime="central", eligible=PEOPLE, places=300, seed=1, **changes):
    values = {
        "referral": referral(regime=regime),
        "draws": Draws(seed, 0), "week": 5, "places": places, "eligible": eligible,
        "motivation": motivation, "log_hazard": log_hazard, "wishes": wishes, "meets": 0.5,
        "readiness": 0.8, "drawn": lambda persons: persons % 4 == seed,
    }  # fmt: skip
    return Desk(**(values | changes))


def choose(regime, *args, **changes):
    return REGIMES[regime].choose(desk(regime, *args, **changes))


def test_every_choice_of_the_scenario_is_registered():
    assert set(REGIMES) == set(get_args(Referral.model_fields["regime"].annotation))


@pytest.mark.parametrize("regime", sorted(REGIMES))
class TestEveryRegime:
    """What every regime keeps."""

    def test_chooses_eligible_people_once(self, regime):
        eligible = PEOPLE[::3]
        chosen = choose(regime, eligible)
        assert np.unique(chosen).size == chosen.size == 300
        assert np.isin(chosen, eligible).all()

    def test_no_places_and_nobody(self, regime):
        assert choose(regime, places=0).size == 0
        assert choose(regime, PEOPLE[:0]).size == 0

    def test_more_places_than_people(self, regime):
        assert choose(regime, PEOPLE[:40], places=99).size <= 40

    def test_the_order_of_the_list_does_not_matter(self, regime):
        shuffled = np.random.default_rng(1).permutation(PEOPLE)
        assert choose(regime, shuffled).tolist() == choose(regime).tolist()

    def test_ties_do_not_hang_on_the_order_of_the_list(self, regime):
        alike = {"motivation": lambda p: np.full(p.size, 7.0), "log_hazard": lambda p: p * 0.0}
        found = choose(regime, PEOPLE[::-1], **alike)
        assert found.tolist() == choose(regime, **alike).tolist()

    def test_more_places_only_add(self, regime):
        assert np.array_equal(choose(regime, places=400)[:300], choose(regime))

    def test_whoever_leaves_the_list_moves_only_those_behind(self, regime):
        chosen = choose(regime)
        without = np.setdiff1d(PEOPLE, chosen[7:8])
        assert np.array_equal(np.delete(chosen, 7), choose(regime, without)[:299])

    def test_the_same_desk_gives_the_same_people(self, regime):
        assert np.array_equal(choose(regime), choose(regime))

    def test_another_seed_chooses_others(self, regime):
        if regime == "profiling":  # no luck but for ties
            return
        assert not np.array_equal(choose(regime), choose(regime, seed=2))


def test_quota_by_hand():
    terms = referral(volume=10, start_week=2, weeks=4)
    assert [quota(terms, week) for week in range(8)] == [0, 0, 2, 5, 7, 10, 10, 10]


def test_letters_open_the_whole_volume_at_once():
    terms = referral(regime="bulk", volume=10, start_week=2, weeks=4)
    assert [quota(terms, week) for week in range(8)] == [0, 0, 10, 10, 10, 10, 10, 10]


def test_who_comes_by_themselves_need_not_wait_for_a_share_of_the_volume():
    terms = referral(regime="self", volume=10, start_week=2, weeks=4)
    assert [quota(terms, week) for week in range(4)] == [0, 0, 10, 10]


def test_those_come_who_wish():
    chosen = choose("self", places=9_999)
    asks = Draws(1, 0).uniform(Stream.INQUIRY, 5, PEOPLE) < wishes(PEOPLE)
    assert np.array_equal(np.sort(chosen), PEOPLE[asks])
    assert choose("self", wishes=lambda p: p * 0.0).size == 0


def test_a_bound_on_wishes_changes_nothing_but_who_is_looked_at():
    seen = []

    def small(persons):
        seen.append(persons.size)
        return wishes(persons) / 50

    chosen = choose("self", places=9_999, wishes=small, most_wishes=0.02)
    assert np.array_equal(chosen, choose("self", places=9_999, wishes=small))
    assert seen[0] < seen[1] / 20


def test_a_lottery_takes_those_who_are_drawn():
    chosen = choose("lottery", places=10_000)
    assert np.array_equal(np.sort(chosen), PEOPLE[PEOPLE % 4 == 1])


def test_a_lottery_draws_its_share():
    model = LabourMarket(setup=scenario({"referral": {"regime": "lottery", "drawn_share": 0.25}}))
    some = np.arange(len(model.columns))[::3]
    expected = model.draws.uniform(Stream.LOTTERY, 0, some) < 0.25
    assert np.array_equal(model.office.drawn(some), expected)
    assert 0 < expected.mean() < 0.5


def test_those_not_drawn_are_never_referred():
    model = market(scenario({"referral": {"regime": "lottery", "volume": 5_000}}))
    people = np.arange(len(model.columns))
    drawn = model.draws.uniform(Stream.LOTTERY, 0, people) < 0.5
    assert not (model.columns.referred_week[~drawn] < NEVER).any()
    assert (model.columns.referred_week[drawn] < NEVER).any()


def test_profiling_takes_the_farthest_first_or_the_nearest():
    order = PEOPLE[np.argsort(log_hazard(PEOPLE), kind="stable")]
    far = choose("profiling", places=300)
    assert np.array_equal(log_hazard(far), log_hazard(order[:300]))
    near = choose("profiling", referral=referral(regime="profiling", profiling_first="near"))
    assert np.array_equal(log_hazard(near), log_hazard(order[::-1][:300]))


class TestAdvisor:
    """Advisers refer some of those they meet."""

    def test_nobody_without_readiness_or_meetings(self):
        assert choose("advisor", readiness=0.0).size == 0
        assert choose("advisor", meets=0.0).size == 0

    def test_everybody_when_all_is_certain(self):
        sure = {"meets": 1.0, "readiness": 1.0, "motivation": lambda p: np.full(p.size, 10.0)}
        assert np.array_equal(np.sort(choose("advisor", places=9_999, **sure)), PEOPLE)

    def test_the_share_is_meetings_times_readiness_times_motivation(self):
        chosen = choose("advisor", places=9_999)
        chance = 0.5 * 0.8 * motivation(PEOPLE) / 10
        error = np.sqrt((chance * (1 - chance)).sum())
        assert abs(chosen.size - chance.sum()) < 4.5 * error

    def test_the_motivated_are_referred_more(self):
        chosen = choose("advisor", places=9_999)
        assert motivation(chosen).mean() > motivation(PEOPLE).mean() + 1

    def test_more_readiness_only_adds(self):
        few, many = (choose("advisor", places=9_999, readiness=r) for r in (0.3, 0.7))
        assert np.isin(few, many).all()
        assert few.size < many.size

    def test_weeks_differ(self):
        one, other = (choose("advisor", places=9_999, week=week) for week in (5, 6))
        assert not np.array_equal(one, other)

    def test_the_hardest_are_held_back(self):
        limit = float(np.quantile(log_hazard(PEOPLE), 0.3))
        everybody = choose("advisor", places=9_999)
        chosen = choose("advisor", places=9_999, held_back=limit)
        assert np.array_equal(chosen, everybody[log_hazard(everybody) >= limit])
        assert chosen.size < everybody.size


def test_hold_back_is_the_advisers_own():
    for name in sorted(set(REGIMES) - {"advisor"}):
        held = REGIMES[name].choose(replace(desk(name), held_back=np.inf))
        assert np.array_equal(held, choose(name))
