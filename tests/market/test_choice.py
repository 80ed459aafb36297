"""Which provider serves a client: what every way keeps, and what each does."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import numpy as np
import pytest

from labsim.market.choice import CHOICES, Counter, near
from labsim.market.draws import Draws
from labsim.scenario.sections.providers import Provider
from labsim.scenario.sections.referral import Choice, Referral
from tests.builders import market, scenario

PEOPLE = np.arange(6_000)
PROVIDERS = [
    Provider(name="A"), Provider(name="B", reputation=8.0), Provider(name="C", marketing=5.0),
]  # fmt: skip


def counter(providers=PROVIDERS, seed=1, persons=PEOPLE, **changes):
    values = {
        "draws": Draws(seed, 0), "persons": persons, "turn": 0,
        "near": np.ones((len(providers), persons.size), dtype=bool), "providers": providers,
        "numbers": np.arange(len(providers)), "trust": np.full(len(providers), 0.5),
        "weights": Choice(),
    }  # fmt: skip
    return Counter(**(values | changes))


def shares(chosen, providers=3):
    return np.bincount(chosen, minlength=providers) / chosen.size


def close(found, expected):
    error = np.sqrt(np.array(expected) * (1 - np.array(expected)) / PEOPLE.size)
    return bool((np.abs(found - expected) < 4.5 * error).all())


def logit(*worth):
    return np.exp(worth) / np.exp(worth).sum()


def test_every_choice_of_the_scenario_is_registered():
    assert set(CHOICES) == set(get_args(Referral.model_fields["provider_choice"].annotation))


@pytest.mark.parametrize("choice", sorted(CHOICES))
class TestEveryChoice:
    """What every way of choosing keeps."""

    def test_gives_each_client_one_provider(self, choice):
        chosen = CHOICES[choice](counter())
        assert chosen.shape == PEOPLE.shape
        assert np.isin(chosen, [0, 1, 2]).all()

    def test_one_provider_serves_everybody(self, choice):
        assert not CHOICES[choice](counter(PROVIDERS[:1])).any()

    def test_nobody(self, choice):
        assert CHOICES[choice](counter(persons=PEOPLE[:0])).size == 0

    def test_the_same_counter_gives_the_same(self, choice):
        assert np.array_equal(CHOICES[choice](counter()), CHOICES[choice](counter()))

    def test_in_a_market(self, choice):
        providers = [{"name": "A"}, {"name": "B"}, {"name": "C"}]
        model = market(scenario({"referral": {"provider_choice": choice}, "providers": providers}))
        served = np.bincount(model.columns.provider[model.columns.provider >= 0], minlength=3)
        assert (served > 0).tolist() == [True, choice != "single", choice != "single"]

    def test_one_provider_in_a_market(self, choice):
        alone = market(scenario())
        model = market(scenario({"referral": {"provider_choice": choice}}))
        assert np.array_equal(model.columns.provider, alone.columns.provider)
        assert model.ledger.rows() == alone.ledger.rows()


@pytest.mark.parametrize("choice", ["office", "client", "lottery"])
class TestChoiceByLuck:
    """What the ways that draw keep."""

    def test_the_others_do_not_matter(self, choice):
        everybody = CHOICES[choice](counter())
        some = CHOICES[choice](counter(persons=PEOPLE[::7]))
        assert np.array_equal(some, everybody[::7])

    def test_where_one_goes_out_of_business_only_its_clients_choose_again(self, choice):
        """Luck is the provider's by its number, wherever it stands among those that are left."""
        without_usual = Choice(usual=0.0)
        before = CHOICES[choice](counter(weights=without_usual))
        left = np.array([1, 2])
        others = counter([PROVIDERS[n] for n in left], numbers=left, weights=without_usual)
        after = left[CHOICES[choice](others)]
        assert np.array_equal(after[before != 0], before[before != 0])
        assert set(after[before == 0].tolist()) == {1, 2}

    def test_another_seed_chooses_otherwise(self, choice):
        assert not np.array_equal(CHOICES[choice](counter()), CHOICES[choice](counter(seed=2)))


def test_turns():
    assert CHOICES["rotation"](counter(turn=2, persons=PEOPLE[:5])).tolist() == [2, 0, 1, 2, 0]


def test_lots_are_equal():
    assert close(shares(CHOICES["lottery"](counter())), np.full(3, 1 / 3))


def test_officers_choose_by_trust():
    found = shares(CHOICES["office"](counter(trust=np.array([0.1, 0.5, 0.6]))))
    assert close(found, logit(0.4, 2.0, 2.4))


def test_equal_trust_is_a_lottery():
    assert np.array_equal(CHOICES["office"](counter()), CHOICES["lottery"](counter()))


def test_a_client_weighs_reputation_marketing_and_habit():
    # 0.2 a point of reputation (5, 8, 5), 0.1 a point of marketing (0, 0, 5), 1 for the usual one
    found = shares(CHOICES["client"](counter()))
    assert close(found, logit(1.0 + 1.0, 1.6, 1.0 + 0.5))


def test_a_client_weighs_distance():
    is_near = np.ones((3, PEOPLE.size), dtype=bool)
    is_near[0] = False  # so that B is the usual one
    found = shares(CHOICES["client"](counter(near=is_near)))
    assert close(found, logit(1.0 - 1.5, 1.6 + 1.0, 1.0 + 0.5))


def test_the_first_is_the_usual_one_where_none_is_near():
    found = shares(CHOICES["client"](counter(near=np.zeros((3, PEOPLE.size), dtype=bool))))
    assert close(found, logit(1.0 + 1.0, 1.6, 1.0 + 0.5))


def test_whoever_becomes_attractive_draws_clients_and_moves_nobody_else():
    before = CHOICES["client"](counter())
    better = [PROVIDERS[0], PROVIDERS[1], PROVIDERS[2].model_copy(update={"reputation": 9.0})]
    after = CHOICES["client"](counter(better))
    moved = before != after
    assert moved.any()
    assert (after[moved] == 2).all()


def test_who_is_near_by_hand():
    providers = [Provider(name="A"), Provider(name="B", areas=["south"])]
    found = near(providers, ["north", "south"], np.array([0, 1, 0]))
    assert found.tolist() == [[True, True, True], [False, True, False]]


def test_weights_of_nothing_make_lots_of_it_all():
    none = Choice(far=0.0, per_reputation_point=0.0, per_marketing_point=0.0, usual=0.0)
    chosen = CHOICES["client"](replace(counter(), weights=none))
    assert np.array_equal(chosen, CHOICES["lottery"](counter()))
